/** `step`: one step of a written plan, for engines that run steps elsewhere. May be repeated safely. */
import { readFileSync } from 'node:fs';
import { Problem } from '../../core/errors.ts';
import { restrict } from '../../core/plan/trials.ts';
import { checkUnchanged, readPlan, trialFrom, type WrittenPlan } from '../../core/plan/written.ts';
import { execute, firstFailure, makePlan, surroundings } from '../../core/run/run.ts';
import type { CommandResult, Context } from '../command.ts';
import { onInterrupt } from '../interrupt.ts';
import { list, openFor, text, wholeNumber } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [file, name] = context.args as [string, string];
  const written = readPlan(readText(file), file);
  const shop = await openFor({
    ...context,
    options: { ...context.options, plugin: [...written.plugins, ...list(context.options.plugin)] },
  });
  try {
    const at = trialAt(written, context);
    const whole = trialFrom(written.trials[at]!, shop.registry);
    const trial = restrict(whole, [name], 'only');
    const step = trial.steps.find((s) => s.name === name)!;
    const around = surroundings(shop);
    const files = step.node.reads ? around.files.digests(step.node.reads(step.config as never), name) : {};
    checkUnchanged(written, at, name, step.node, around, files);
    const planned = makePlan([trial], shop, { wanted: (_, s) => s.name === name, reasons: false }).steps[0]!;
    const missing = planned.find((p) => p.step.name !== name && p.status !== 'cached');
    if (missing)
      throw new Problem(
        'upstream-missing',
        `step '${name}' reads from '${missing.step.name}', which is not in the store`,
        {
          where: shop.store.location,
          hint: `run \`counterpoise step ${file} ${missing.step.name}\` first`,
        },
      );
    let release = () => {};
    const report = await execute([trial], shop, {
      command: context.line,
      wanted: (_, s) => s.name === name,
      started: (run) => {
        release = onInterrupt(run, context.note);
      },
    }).finally(() => release());
    const done = report.steps[0]!.find((s) => s.step.name === name)!;
    const failure = firstFailure(report);
    const row = {
      step: name,
      node: step.node.id,
      key: done.key ?? null,
      status: done.status,
      ms: done.ms,
      ...(done.reason && { reason: done.reason }),
    };
    return {
      json: { steps: [row], outputs: done.artifacts },
      text: () => `${name}: ${done.status}${done.key ? ` as ${done.key.slice(0, 12)}` : ''}`,
      ...(failure && { exitCode: failure.exitCode, error: failure }),
    };
  } finally {
    await shop.close();
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('missing-data', `the plan '${file}' cannot be read`, { where: file, cause });
  }
}

/** The only trial, or the one that --pipeline and --seed choose. */
function trialAt(written: WrittenPlan, { options }: Context): number {
  const label = text(options.pipeline);
  const seed = options.seed === undefined ? undefined : wholeNumber('--seed', options.seed);
  const fitting = written.trials.flatMap((t, at) =>
    (label === undefined || t.label === label) && (seed === undefined || t.seed === seed) ? [at] : [],
  );
  if (fitting.length === 1 || (fitting.length > 1 && label === undefined && seed === undefined && oneMethod(written)))
    return fitting[0]!;
  throw new Problem('usage', `the plan holds ${written.trials.length} trials, and ${fitting.length} fit`, {
    hint: `choose one with --pipeline and --seed: ${written.trials
      .slice(0, 5)
      .map((t) => `${t.label} (seed ${t.seed})`)
      .join(', ')}`,
  });
}

/** Beside its floors a plan of one pipeline and seed has one trial that is meant. */
const oneMethod = ({ trials }: WrittenPlan) => trials.slice(1).every(({ label }) => label.startsWith('floor-'));
