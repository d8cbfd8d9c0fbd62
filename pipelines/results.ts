/** What trials measured, as tidy rows: one a pipeline, seed, metric and cut-off. */

import { textValues } from '../core/numeric/frame.ts';
import type { NamedTrial } from '../core/plan/trials.ts';
import type { Report } from '../core/run/run.ts';
import type { Value } from '../core/run/values.ts';
import type { MetricRow } from '../nodes/statistics/tidy.ts';

/** The step whose output `metrics` holds a pipeline's results. */
export const resultStep = 'metrics';

/** Rows of every trial whose results are there, in the order of the trials. */
export async function metricRows(trials: readonly NamedTrial[], report: Report): Promise<readonly MetricRow[]> {
  const rows: MetricRow[] = [];
  for (const [at, named] of trials.entries()) {
    const done = report.steps[at]?.find(({ step }) => step.name === resultStep);
    if (!done?.artifacts.metrics || (done.status !== 'computed' && done.status !== 'cached')) continue;
    const value = await report.output(at, resultStep, 'metrics');
    rows.push(...rowsOf(named, value));
  }
  return rows;
}

function rowsOf({ trial, label, seed }: NamedTrial, value: Value): readonly MetricRow[] {
  if (value.port !== 'table') return [];
  const { graph } = trial.pipeline;
  const { metric, k, definition, value: values, reason } = value.frame.columns;
  if (metric?.kind !== 'utf8' || definition?.kind !== 'utf8' || reason?.kind !== 'utf8') return [];
  if (k?.kind !== 'u32' || values?.kind !== 'f64') return [];
  const [names, definitions, reasons] = [textValues(metric), textValues(definition), textValues(reason)];
  return names.map((name, row) => {
    const measured = Number(values.values[row]);
    const cutoff = Number(k.values[row]);
    return {
      pipeline: label,
      dataset: graph.evaluation?.dataset ?? '',
      protocol: graph.protocol ?? '',
      seed,
      metric: name,
      k: cutoff === 0 ? null : cutoff,
      definition: definitions[row] as string,
      value: Number.isFinite(measured) ? measured : null,
      ...(!Number.isFinite(measured) && { reason: reasons[row] || 'not a number' }),
    };
  });
}

/** Trials that gave no result, so that a summary can count them. */
export const failedTrials = (trials: readonly NamedTrial[], report: Report) =>
  trials.flatMap(({ label, seed }, at) => {
    const done = report.steps[at]?.find(({ step }) => step.name === resultStep);
    return done && done.status !== 'computed' && done.status !== 'cached' ? [{ pipeline: label, seed }] : [];
  });
