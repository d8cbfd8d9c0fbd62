/** Runs trials and turns what they measured into one honest table and one JSON document. */
import type { OpenWorkshop } from '../compose.ts';
import { Problem } from '../core/errors.ts';
import type { ResolvedStep } from '../core/plan/resolve.ts';
import { didYouMean } from '../core/registry.ts';
import { execute, firstFailure, type Report } from '../core/run/run.ts';
import { compareMethods, type SignificanceTest, significanceTests } from '../nodes/statistics/compare.ts';
import type { MetricRow, SummaryRow } from '../nodes/statistics/tidy.ts';
import { failedTrials, metricRows, resultStep } from '../pipelines/results.ts';
import type { CommandResult, Context, OptionValues } from './command.ts';
import { onInterrupt } from './interrupt.ts';
import { metricTable } from './tables.ts';
import { list, text, type Work } from './targets.ts';

export async function runWork(work: Work, context: Context, shop: OpenWorkshop): Promise<CommandResult> {
  const settings = checkRunOptions(work, context.options);
  let release = () => {};
  const report = await execute(
    work.trials.map(({ trial }) => trial),
    shop,
    {
      command: context.line,
      ...settings,
      started: (run) => {
        release = onInterrupt(run, context.note);
      },
    },
  ).finally(() => release());
  const rows = await metricRows(work.trials, report);
  const summary = rows.length === 0 ? [] : await summarise(rows, work, report, context.options);
  report.keep({
    metrics: rows,
    summary,
    floors: floorLabels(work),
    labels: work.trials.map(({ label }) => label),
    test: testOf(context.options),
    ...(work.selection && { selection: work.selection.json }),
  });
  const failure = firstFailure(report);
  return {
    json: {
      run: report.id,
      record: report.record,
      steps: stepRows(work, report),
      metrics: rows,
      summary,
      ...(work.selection && { selection: work.selection.json }),
    },
    text: () => textOf(work, report, rows, summary, context),
    ...(failure && { exitCode: failure.exitCode, error: failure }),
  };
}

/**
 * What can be refused is refused before the first step runs, not after hours.
 * @throws Problem usage or unknown-name
 */
export function checkRunOptions(work: Work, options: OptionValues) {
  testOf(options);
  checkBaseline(work, options);
  return { onError: onErrorOf(options), ...forceOf(options, work.trials) };
}

const floorLabels = (work: Work) => [...new Set(work.trials.filter(({ floor }) => floor).map(({ label }) => label))];

function summarise(
  rows: readonly MetricRow[],
  work: Work,
  report: Report,
  options: OptionValues,
): Promise<SummaryRow[]> {
  const floors = new Set(floorLabels(work));
  return compareMethods(rows, {
    baseline: baselineOf(work, options),
    test: testOf(options),
    isFloor: (pipeline) => floors.has(pipeline),
    failed: failedTrials(work.trials, report),
  });
}

/** The first-named pipeline that measures something, unless `--baseline` says another. */
const baselineOf = (work: Work, options: OptionValues): string =>
  text(options.baseline) ??
  ((work.trials.find(({ trial }) => trial.steps.some(({ name }) => name === resultStep)) ?? work.trials[0])
    ?.label as string);

function checkBaseline(work: Work, { baseline }: OptionValues): void {
  const given = text(baseline);
  const labels = [...new Set(work.trials.map(({ label }) => label))];
  if (given === undefined || labels.includes(given)) return;
  throw new Problem('unknown-name', `--baseline ${given}: there is no such pipeline in this run`, {
    hint: `${didYouMean(given, labels)}name one of ${labels.join(', ')}`,
  });
}

function testOf(options: OptionValues): SignificanceTest {
  const given = text(options.test) ?? 't';
  const known = significanceTests.find((name) => name === given);
  if (known) return known;
  throw new Problem('usage', `--test takes ${significanceTests.join(', ')}, and not '${given}'`);
}

function onErrorOf(options: OptionValues): 'continue' | 'stop' {
  const given = options.onError ?? 'continue';
  if (given === 'continue' || given === 'stop') return given;
  throw new Problem('usage', `--on-error takes continue or stop, and not '${String(given)}'`);
}

/**
 * `--force` alone means every step; with names, those steps.
 * @throws Problem unknown-name when no pipeline has a step of that name
 */
export function forceOf(options: OptionValues, trials: Work['trials']): { force?: (step: ResolvedStep) => boolean } {
  if (options.force === undefined) return {};
  const names = list(options.force);
  const steps = [...new Set(trials.flatMap(({ trial }) => trial.steps.map(({ name }) => name)))];
  const stranger = names.find((name) => !steps.includes(name));
  if (stranger !== undefined)
    throw new Problem('unknown-name', `--force ${stranger}: there is no such step`, {
      hint: `${didYouMean(stranger, steps)}the steps are ${steps.join(', ')}`,
    });
  return { force: names.length === 0 ? () => true : ({ name }) => names.includes(name) };
}

export function stepRows(work: Work, report: Report) {
  return report.steps.flatMap((row, at) =>
    row.map(({ step, key, status, reason, ms }) => ({
      pipeline: work.trials[at]?.label,
      seed: work.trials[at]?.seed ?? null,
      step: step.name,
      node: step.node.id,
      key: key ?? null,
      status,
      ...(reason !== undefined && { reason }),
      ms,
    })),
  );
}

function textOf(
  work: Work,
  report: Report,
  rows: readonly MetricRow[],
  summary: readonly SummaryRow[],
  context: Context,
): string {
  const counts = new Map<string, number>();
  for (const row of report.steps) for (const { status } of row) counts.set(status, (counts.get(status) ?? 0) + 1);
  const steps = [...counts].map(([status, n]) => `${n} ${status}`).join(', ');
  const table =
    rows.length === 0
      ? ''
      : `${metricTable({
          rows,
          summary,
          floors: floorLabels(work),
          usesTestLabels: work.methods.filter((m) => m.graph.usesTestLabels).map((m) => m.name),
          protocol: work.protocol.name,
          dataset: work.protocol.evaluation.dataset,
          test: testOf(context.options),
          baseline: baselineOf(work, context.options),
          color: context.terminal,
        })}\n\n`;
  const selected = work.selection ? `${work.selection.text}\n\n` : '';
  return `${table}${selected}steps: ${steps}; ${(report.ms / 1000).toFixed(2)} s\nrun record: ${report.record}`;
}
