/** A search as trials, and what came out of it: every method has the same budget, and what selects is never the test. */
import { Problem } from '../../core/errors.ts';
import type { AnyPipeline } from '../../core/pipeline/pipeline.ts';
import type { AnyProtocol } from '../../core/pipeline/protocol.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import type { FullTuning } from '../../core/pipeline/tuning.ts';
import { type Overrides, type Trial, trial } from '../../core/plan/resolve.ts';
import { axesOf, searchPoints } from '../../core/plan/search.ts';
import { type Assignment, mergeOverrides, type NamedTrial, overridesFor, restrict } from '../../core/plan/trials.ts';
import { pointMetrics, rankingMetrics } from '../../nodes/evaluation/schema.ts';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import { resultStep } from '../results.ts';
import { selectionPipeline, selectionProtocol } from './selection.ts';
import { usualSpaces } from './usual-spaces.ts';

export interface SearchPlan {
  readonly methods: readonly AnyPipeline[];
  readonly protocol: AnyProtocol;
  readonly tuning: FullTuning;
  /** Of the draws, of the trials and of the split. */
  readonly seed: number;
  readonly dataSeed: number;
  readonly set: readonly Assignment[];
}
/** A trial of the search, under a label of its own. */
export interface SearchTrial extends NamedTrial {
  readonly method: string;
  /** What the search set; empty for the method's own settings. */
  readonly settings: Overrides;
}

/**
 * All trials of a search.
 * @throws Problem missing-role or usage when the study cannot be selected so, bad-config for a space that a node refuses
 */
export function searchTrials({ methods, protocol, tuning, seed, dataSeed, set }: SearchPlan): readonly SearchTrial[] {
  checkMetric(tuning);
  const selecting = selectionProtocol(protocol, tuning.on);
  return methods.flatMap((method) => {
    const closed = closeChecked(selectionPipeline(method, tuning.on), selecting);
    const { overrides } = overridesFor(closed, set);
    const seeds = { seed, dataSeed, splitSeed: seed };
    const own = trial(closed, { ...seeds, set: overrides });
    const declared = [method.graph.spaces ?? {}, tuning.spaces];
    const axes = axesOf(own.steps, { defaults: usualSpaces, declared, fixed: overrides });
    return searchPoints(axes, tuning.budget, seed).map((point): SearchTrial => {
      const made = trial(closed, { ...seeds, set: mergeOverrides(point.set, overrides) });
      const needed = restrict(made, [resultStep], 'only');
      refuseTest(needed, method, protocol);
      return {
        method: method.name,
        label: `${method.name}[${point.label}]`,
        settings: point.set,
        trial: needed,
        seed,
        floor: false,
      };
    });
  });
}

/** A guard behind the construction: no step of a selection reads what the test or its candidates are wired from. */
function refuseTest({ steps }: Trial, { name }: AnyPipeline, protocol: AnyProtocol): void {
  const { test, candidates, train, validation } = protocol.roles;
  const open = new Set([train?.from, validation?.from]);
  const closed = [test, candidates].flatMap((wire) => (wire && !open.has(wire.from) ? [`data.${wire.from}`] : []));
  for (const step of steps)
    for (const { from } of step.inputs)
      if (from && closed.includes(`${from.step.name}.${from.output}`))
        throw new Problem('internal', `the selection of '${name}' reads the test through step '${step.name}'`, {
          where: `${from.step.name}.${from.output}`,
        });
}

/** What a metric's text names. */
export function metricOf({ metric }: FullTuning): { readonly name: string; readonly k: number | null } {
  const [name = '', k] = metric.split('@');
  return { name, k: k === undefined ? null : Number(k) };
}

function checkMetric(tuning: FullTuning): void {
  const { name, k } = metricOf(tuning);
  const lists: readonly string[] = rankingMetrics;
  const others: readonly string[] = tuning.on === 'snips' ? ['auc', 'mse', 'mae', 'logloss'] : ['auc', ...pointMetrics];
  const known = tuning.on === 'snips' ? others : [...others, ...lists.map((list) => `${list}@K`)];
  const fits = k === null ? others.includes(name) : tuning.on === 'validation' && lists.includes(name);
  if (!fits)
    throw new Problem('usage', `'${tuning.metric}' cannot select on ${tuning.on}`, {
      hint: `${tuning.on} selects on ${known.join(', ')}`,
    });
}

const lowerIsBetter = new Set<string>(pointMetrics);

export interface MethodSelection {
  readonly pipeline: string;
  readonly trials: number;
  /** Trials without a value. */
  readonly failed: number;
  /** What the method's own settings gave; null when that trial failed. */
  readonly own: number | null;
  readonly value: number;
  /** What was chosen; empty when the method's own settings were best. */
  readonly settings: Overrides;
}
export interface TrialValue {
  readonly pipeline: string;
  readonly settings: Overrides;
  readonly value: number | null;
  readonly reason?: string;
}
export interface Selection {
  readonly methods: readonly MethodSelection[];
  readonly trials: readonly TrialValue[];
  /** Under which definition the metric was measured. */
  readonly definition: string;
}

/**
 * The best trial of each method; of equal ones the first.
 * @param rows what the trials measured
 * @throws Problem step-failed when no trial of a method has a value
 */
export function select(trials: readonly SearchTrial[], rows: readonly MetricRow[], tuning: FullTuning): Selection {
  const { name, k } = metricOf(tuning);
  const sign = lowerIsBetter.has(name) ? -1 : 1;
  const found = new Map(rows.filter((row) => row.metric === name && row.k === k).map((row) => [row.pipeline, row]));
  const values = trials.map(({ label, method, settings }): TrialValue => {
    const row = found.get(label);
    const value = row?.value ?? null;
    const reason = row === undefined ? 'the trial failed, or does not measure this' : row.reason;
    return { pipeline: method, settings, value, ...(value === null && reason !== undefined && { reason }) };
  });
  const methods = [...new Set(trials.map(({ method }) => method))].map((pipeline): MethodSelection => {
    const mine = values.filter((value) => value.pipeline === pipeline);
    let best: TrialValue | undefined;
    for (const one of mine)
      if (one.value !== null && (!best || sign * one.value > sign * (best.value as number))) best = one;
    if (!best) {
      const measured = [...new Set(rows.map((row) => (row.k === null ? row.metric : `${row.metric}@${row.k}`)))];
      throw new Problem(
        'step-failed',
        `none of the ${mine.length} trials of '${pipeline}' has a value of ${tuning.metric}`,
        {
          hint:
            measured.length === 0
              ? 'look at the failures above'
              : `what was measured: ${measured.join(', ')}; ${mine[0]?.reason}`,
        },
      );
    }
    return {
      pipeline,
      trials: mine.length,
      failed: mine.filter(({ value }) => value === null).length,
      own: mine[0]?.value ?? null,
      value: best.value as number,
      settings: best.settings,
    };
  });
  return { methods, trials: values, definition: [...found.values()][0]?.definition ?? '' };
}
