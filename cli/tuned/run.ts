/** A tuned study: a search under one budget a method, then the chosen settings over the seeds, in one table. */
import type { OpenWorkshop } from '../../compose.ts';
import { Problem } from '../../core/errors.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import type { AnyStudy } from '../../core/pipeline/study.ts';
import { type FullTuning, tuningShape } from '../../core/pipeline/tuning.ts';
import { trialsOf } from '../../core/plan/trials.ts';
import { execute, firstFailure } from '../../core/run/run.ts';
import { metricRows } from '../../pipelines/results.ts';
import { searchTrials, select } from '../../pipelines/tuning/search.ts';
import type { CommandResult, Context, OptionValues } from '../command.ts';
import { onInterrupt } from '../interrupt.ts';
import { checkRunOptions, runWork } from '../run-work.ts';
import {
  floorsOf,
  list,
  parseSeeds,
  parseSet,
  protocolOfStudy,
  type Target,
  text,
  wholeNumber,
  workOf,
} from '../targets.ts';
import { selectionReport } from './report.ts';

/**
 * What the options and the study say about tuning; undefined when nobody asked for it.
 * @throws Problem usage for options that need --tune, or say what cannot be
 */
function tuningFor(study: AnyStudy, options: OptionValues): FullTuning | undefined {
  const given = {
    ...(options.budget !== undefined && { budget: wholeNumber('--budget', options.budget) }),
    ...(text(options.select) !== undefined && { on: text(options.select) }),
    ...(text(options.metric) !== undefined && { metric: text(options.metric) }),
  };
  if (options.tune !== true && study.tune === undefined) {
    const [stray] = Object.keys(given);
    if (stray === undefined) return undefined;
    throw new Problem('usage', `--${stray === 'on' ? 'select' : stray} belongs to --tune`, {
      hint: `add --tune, or give study '${study.name}' a \`tune:\` of its own`,
    });
  }
  if (Object.keys(study.grid).length > 0)
    throw new Problem('usage', `study '${study.name}' has a grid: it is tuned, or it shows a grid`, {
      hint: 'put the values of the grid into tune.spaces',
    });
  const read = tuningShape.safeParse({ ...study.tune, ...given });
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const at = String(issue?.path[0] ?? 'tune');
  throw new Problem('usage', `--${at === 'on' ? 'select' : at}: ${issue?.message ?? 'it is not what it should be'}`, {
    hint: '`counterpoise study --help` says what it takes',
  });
}

/** Runs pipelines or a study; a study that is to be tuned is searched first. */
export function runStudy(targets: readonly Target[], context: Context, shop: OpenWorkshop): Promise<CommandResult> {
  const [only] = targets;
  const study = targets.length === 1 && only?.is === 'study' ? only.value : undefined;
  const tuning = study && tuningFor(study, context.options);
  if (study && tuning) return runTuned(study, tuning, context, shop);
  return runWork(workOf(targets, context.options, shop), context, shop);
}

async function runTuned(
  study: AnyStudy,
  tuning: FullTuning,
  context: Context,
  shop: OpenWorkshop,
): Promise<CommandResult> {
  const { options } = context;
  const protocol = protocolOfStudy(study, options, shop);
  const seeds = text(options.seeds) === undefined ? study.seeds : parseSeeds(text(options.seeds) as string);
  const seed = seeds[0] as number;
  const dataSeed = wholeNumber('--data-seed', options.dataSeed ?? '0');
  const set = parseSet(list(options.set));
  const { methods } = study;
  const floors = options.floors === false ? [] : floorsOf(protocol, methods, shop);
  const final = { methods, floors, seeds, dataSeed, splitSeed: seed, set, grid: {} };
  const close = (pipeline: AnyStudy['methods'][number]) => closeChecked(pipeline, protocol);
  // the final trials are made once before the search, so that what cannot run is refused now
  const work = { protocol, methods, name: study.name, trials: trialsOf({ ...final, close }) };
  const settings = checkRunOptions(work, context.options);

  const trials = searchTrials({ methods, protocol, tuning, seed, dataSeed, set });
  context.note(`search: ${trials.length} trials of ${methods.length} methods`);
  let release = () => {};
  const report = await execute(
    trials.map(({ trial }) => trial),
    shop,
    {
      command: context.line,
      ...settings,
      started: (run) => {
        release = onInterrupt(run, context.note);
      },
    },
  ).finally(() => release());
  const rows = await metricRows(trials, report);
  report.keep({ metrics: rows, labels: trials.map(({ label }) => label), floors: [] });
  if (report.outcome === 'cancelled') throw firstFailure(report) ?? new Problem('cancelled', 'stopped on request');
  const selection = select(trials, rows, tuning);
  const searched = { tuning, selection, protocol: protocol.name, seed, run: report.id, record: report.record };
  const chosen = new Map(selection.methods.map(({ pipeline, settings: of }) => [pipeline, of]));
  return await runWork(
    { ...work, trials: trialsOf({ ...final, close, chosen }), selection: selectionReport(searched) },
    context,
    shop,
  );
}
