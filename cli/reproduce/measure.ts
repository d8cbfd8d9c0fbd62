/** Runs the work of a reproduction, within a time if one is given, and reads what its cells want to know. */
import type { OpenWorkshop } from '../../compose.ts';
import { execute, firstFailure, type Report } from '../../core/run/run.ts';
import type { StepOutcome } from '../../core/run/run-state.ts';
import type { Run } from '../../core/run/runner.ts';
import type { Artifact } from '../../core/store.ts';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import { metricRows, resultStep } from '../../pipelines/results.ts';
import type { Context } from '../command.ts';
import { onInterrupt } from '../interrupt.ts';
import type { PlacedTrial, Work } from './units.ts';

/** What one seed of a unit gave. */
export interface SeedResult {
  /** Null where the result is the same for every seed. */
  readonly seed: number | null;
  readonly at: number;
  readonly status: 'done' | 'failed' | 'not reached';
  readonly reason?: string;
  readonly metrics: readonly MetricRow[];
  readonly steps: readonly StepOutcome[];
}
export interface Measured {
  readonly report: Report;
  /** Tidy rows of everything that was run, floors among them. */
  readonly metrics: readonly MetricRow[];
  readonly byUnit: ReadonlyMap<string, readonly SeedResult[]>;
  /** Whether the time ran out before everything was run. */
  readonly outOfTime: boolean;
  /** What went wrong besides time running out. */
  readonly failure: ReturnType<typeof firstFailure>;
}

/** Steps that still run when the time is over may end within this share of it, and at least within five seconds. */
const grace = { share: 0.1, ms: 5000 };

export async function measure(
  work: Work,
  shop: OpenWorkshop,
  context: Context,
  budgetMs: number | undefined,
): Promise<Measured> {
  let release = () => {};
  let outOfTime = false;
  const timers: NodeJS.Timeout[] = [];
  const bound = (run: Run) => {
    if (budgetMs === undefined) return;
    const left = Math.max(0, budgetMs - performance.now() + begun);
    timers.push(
      setTimeout(() => {
        outOfTime = true;
        context.note('the time is over: running steps may end, nothing more is started');
        run.drain();
        timers.push(setTimeout(() => run.abort(), Math.max(grace.ms, budgetMs * grace.share)));
      }, left),
    );
  };
  const begun = performance.now();
  const report = await execute(
    work.trials.map(({ named }) => named.trial),
    shop,
    {
      command: context.line,
      started: (run) => {
        release = onInterrupt(run, context.note);
        bound(run);
      },
    },
  ).finally(() => {
    release();
    for (const timer of timers) clearTimeout(timer);
  });
  const rows = await metricRows(
    work.trials.map(({ named }) => named),
    report,
  );
  const byUnit = new Map<string, SeedResult[]>();
  for (const [at, placed] of work.trials.entries()) {
    const held = byUnit.get(placed.unit.id) ?? [];
    held.push(seedResult(placed, at, report.steps[at] ?? [], rows));
    byUnit.set(placed.unit.id, held);
  }
  const labels = new Map([...work.units.values()].map(({ id, label }) => [id, label]));
  const metrics = rows.map((row) => ({ ...row, pipeline: labels.get(row.pipeline) ?? row.pipeline }));
  report.keep({
    metrics,
    summary: [],
    floors: [...new Set(work.trials.filter(({ named }) => named.floor).map(({ unit }) => unit.label))],
    labels: work.trials.map(({ unit }) => unit.label),
  });
  const failure = firstFailure(report);
  const stopped = report.steps.some((row) => row.some(({ status }) => status === 'cancelled'));
  return {
    report,
    metrics,
    byUnit,
    outOfTime: outOfTime && stopped,
    failure: outOfTime && failure?.code === 'cancelled' ? undefined : failure,
  };
}

function seedResult(
  { unit, named }: PlacedTrial,
  at: number,
  steps: readonly StepOutcome[],
  rows: readonly MetricRow[],
): SeedResult {
  const result = steps.find(({ step }) => step.name === resultStep);
  const metrics = rows.filter((row) => row.pipeline === unit.id && row.seed === named.seed);
  const base = { seed: named.seed, at, metrics, steps };
  if (result?.status === 'computed' || result?.status === 'cached') return { ...base, status: 'done' };
  if (result?.status === 'cancelled')
    return { ...base, status: 'not reached', reason: 'not reached before the run was stopped' };
  const cause = steps.find(({ problem }) => problem !== undefined);
  return { ...base, status: 'failed', reason: cause?.problem?.message ?? result?.reason ?? 'it gave no result' };
}

/** Steps that a method trains or fits before it scores: those that the model stands on, the data's own left out. */
function trainingSteps(steps: readonly StepOutcome[]): readonly StepOutcome[] {
  const model = steps.find(({ step }) => step.name === 'model');
  const upstream = new Set<string>();
  const visit = (outcome: StepOutcome | undefined) => {
    if (!outcome || upstream.has(outcome.step.name)) return;
    upstream.add(outcome.step.name);
    for (const { from } of outcome.step.inputs) if (from) visit(steps.find(({ step }) => step === from.step));
  };
  visit(model);
  return steps.filter(({ step }) => upstream.has(step.name) && !step.name.startsWith('data.'));
}

/** When the step was computed, now or in an earlier run. */
function millisecondsOf({ key, ms, status }: StepOutcome, shop: OpenWorkshop): number | undefined {
  if (status === 'computed') return ms;
  return key === undefined ? undefined : shop.store.memos.find(key)?.ms;
}

/** Seconds of the steps that lead to the model; undefined where one has no time. */
export function trainingSeconds({ steps }: SeedResult, shop: OpenWorkshop): number | undefined {
  const times = trainingSteps(steps).map((step) => millisecondsOf(step, shop));
  if (times.length === 0 || times.includes(undefined)) return undefined;
  return (times as number[]).reduce((sum, ms) => sum + ms, 0) / 1000;
}

/** Numbers in the trained tables that the model stands on, its own among them. */
export async function parametersOf({ steps, at }: SeedResult, report: Report): Promise<number | undefined> {
  let count = 0;
  for (const { step, artifacts } of trainingSteps(steps))
    for (const [output, artifact] of Object.entries(artifacts) as [string, Artifact][]) {
      if (artifact.port !== 'tensors') continue;
      const value = await report.output(at, step.name, output);
      if (value.port === 'tensors')
        for (const { shape } of Object.values(value.bundle.tensors)) count += shape.reduce((n, side) => n * side, 1);
    }
  return count === 0 ? undefined : count;
}
