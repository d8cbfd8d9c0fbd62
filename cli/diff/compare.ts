/** Two runs compared: environment, keys step by step, metrics. */
import type { KeyMaterial } from '../../core/keys/material.ts';
import { type Difference, differences, fieldMeaning } from '../../core/plan/explain.ts';
import type { Key, RunStep } from '../../core/store.ts';
import { type FoundRun, type LabelledPipeline, labelled } from '../opening.ts';
import type { TableRow } from '../tables.ts';

export interface StepChange {
  readonly step: string;
  readonly change: 'changed' | 'added' | 'removed';
  readonly differences: readonly (Difference & { readonly meaning: string })[];
}
export interface PipelineChange {
  readonly pipeline: string;
  readonly seed: number;
  readonly in: 'both' | 'before' | 'now';
  /** The first step whose key differs. */
  readonly first: string | null;
  readonly steps: readonly StepChange[];
}
export interface MetricChange extends Pick<TableRow, 'pipeline' | 'seed' | 'metric' | 'k' | 'definition'> {
  readonly before: number | null;
  readonly now: number | null;
  readonly delta: number | null;
}
export interface RunDiff {
  readonly before: string;
  readonly now: string;
  readonly environment: readonly Difference[];
  /** Those that are in one run only, and those with a step that differs. */
  readonly pipelines: readonly PipelineChange[];
  /** Those whose value differs. */
  readonly metrics: readonly MetricChange[];
}
type MaterialOf = (key: Key) => KeyMaterial | undefined;

export function compareRuns(before: FoundRun, now: FoundRun, material: MaterialOf): RunDiff {
  return {
    before: before.id,
    now: now.id,
    environment: environmentOf(before.record.environment, now.record.environment),
    pipelines: pipelinesOf(labelled(before.record), labelled(now.record), material),
    metrics: metricsOf(before, now),
  };
}

type Environment = Readonly<Record<string, unknown>>;
const environmentOf = (before: Environment, now: Environment): readonly Difference[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((field) =>
    JSON.stringify(before[field]) === JSON.stringify(now[field])
      ? []
      : [{ field, before: before[field] ?? null, now: now[field] ?? null }],
  );

const nameOf = ({ label, seed }: LabelledPipeline) => `${label} ${seed}`;

/** Two runs of one pipeline are compared even when their seeds differ: the seed then is the difference. */
function pipelinesOf(
  before: readonly LabelledPipeline[],
  now: readonly LabelledPipeline[],
  material: MaterialOf,
): readonly PipelineChange[] {
  const left = new Map(before.map((row) => [nameOf(row), row]));
  const changes: PipelineChange[] = [];
  const only = (row: LabelledPipeline, where: 'before' | 'now'): PipelineChange => ({
    pipeline: row.label,
    seed: row.seed,
    in: where,
    first: null,
    steps: [],
  });
  for (const row of now) {
    const same = left.get(nameOf(row)) ?? aloneUnder(row.label, before, now);
    if (!same) changes.push(only(row, 'now'));
    else {
      left.delete(nameOf(same));
      const steps = stepsOf(same, row, material);
      if (steps.length > 0)
        changes.push({ pipeline: row.label, seed: row.seed, in: 'both', first: steps[0]?.step ?? null, steps });
    }
  }
  return [...changes, ...[...left.values()].map((row) => only(row, 'before'))];
}

function aloneUnder(label: string, before: readonly LabelledPipeline[], now: readonly LabelledPipeline[]) {
  const [mine, ...more] = before.filter((row) => row.label === label);
  return more.length === 0 && now.filter((row) => row.label === label).length === 1 ? mine : undefined;
}

/** In the order of the wires, so the first is a cause. */
function stepsOf(before: LabelledPipeline, now: LabelledPipeline, material: MaterialOf): readonly StepChange[] {
  const held = new Map(before.steps.map((step) => [step.step, step]));
  const changes: StepChange[] = [];
  for (const step of now.steps) {
    const was = held.get(step.step);
    held.delete(step.step);
    if (was === undefined) changes.push({ step: step.step, change: 'added', differences: [] });
    else if (was.key !== step.key || (step.key === null && was.status !== step.status))
      changes.push({
        step: step.step,
        change: 'changed',
        differences: reasons([before, was], [now, step], material).map((d) => ({
          ...d,
          meaning: fieldMeaning(d.field),
        })),
      });
  }
  for (const { step } of held.values()) changes.push({ step, change: 'removed', differences: [] });
  return changes;
}

type Placed = readonly [pipeline: LabelledPipeline, step: RunStep];
/** From the stored materials; from the definitions in the records where a material is gone or there was no key. */
function reasons(before: Placed, now: Placed, material: MaterialOf): readonly Difference[] {
  const [then, today] = [before, now].map(([, { key }]) => (key === null ? undefined : material(key as Key)));
  if (then && today) return differences(then, today);
  const status: Difference = { field: 'status', before: before[1].status, now: now[1].status };
  const written = differences(definedIn(before) as unknown as KeyMaterial, definedIn(now) as unknown as KeyMaterial);
  return before[1].status === now[1].status ? written : [...written, status];
}

function definedIn([{ definition }, { step, node }]: Placed): Readonly<Record<string, unknown>> {
  const steps = (definition as { steps?: Readonly<Record<string, { with?: unknown; method?: unknown }>> } | undefined)
    ?.steps;
  const { with: config, method } = steps?.[step] ?? {};
  return { node, config, ...(method !== undefined && { method }) };
}

function metricsOf(before: FoundRun, now: FoundRun): readonly MetricChange[] {
  const rowsOf = ({ record }: FoundRun) => (record.results.metrics ?? []) as readonly TableRow[];
  const id = (row: TableRow) => JSON.stringify([row.pipeline, row.seed, row.metric, row.k, row.definition]);
  const was = new Map(rowsOf(before).map((row) => [id(row), row.value]));
  return rowsOf(now).flatMap((row): MetricChange[] => {
    const then = was.get(id(row));
    if (then === undefined || then === row.value) return [];
    const { pipeline, seed, metric, k, definition, value } = row;
    const delta = then === null || value === null ? null : value - then;
    return [{ pipeline, seed, metric, k, definition, before: then, now: value, delta }];
  });
}
