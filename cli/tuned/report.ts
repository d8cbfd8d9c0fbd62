/** How settings were chosen: as JSON, and as the lines under the table that it belongs to. */
import type { FullTuning } from '../../core/pipeline/tuning.ts';
import type { Overrides } from '../../core/plan/resolve.ts';
import { metricOf, type Selection } from '../../pipelines/tuning/search.ts';
import { selectedOnText } from '../../pipelines/tuning/selection.ts';
import { plainTable } from '../tables.ts';

export interface SelectionReport {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
}
export interface Searched {
  readonly tuning: FullTuning;
  readonly selection: Selection;
  readonly protocol: string;
  readonly seed: number;
  /** The run of the search. */
  readonly run: string;
  readonly record: string;
}

export function selectionReport({ tuning, selection, protocol, seed, run, record }: Searched): SelectionReport {
  const { name, k } = metricOf(tuning);
  const { methods, trials, definition } = selection;
  const label = selectedOnText(tuning.on, protocol);
  const json = {
    on: tuning.on,
    label,
    metric: name,
    k,
    definition,
    budget: tuning.budget,
    seed,
    run,
    record,
    methods,
    trials,
  };
  const rows = methods.map((m) => [
    m.pipeline,
    String(m.trials),
    String(m.failed),
    m.own === null ? '–' : m.own.toFixed(4),
    m.value.toFixed(4),
    settingsText(m.settings),
  ]);
  const text = [
    `settings selected on ${label},`,
    `by ${tuning.metric} (${definition}), never on the test; ${tuning.budget} trials a method at most, seed ${seed}, one split for all seeds`,
    '',
    plainTable(['method', 'trials', 'failed', 'own settings', 'chosen', 'settings'], rows),
    '',
    `record of the search: ${record}`,
  ].join('\n');
  return { json, text };
}

const settingsText = (settings: Overrides): string =>
  Object.entries(settings)
    .flatMap(([step, keys]) => Object.entries(keys).map(([key, value]) => `${step}.${key}=${JSON.stringify(value)}`))
    .join(' ') || 'its own';
