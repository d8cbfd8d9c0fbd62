/** A run as a whole: its record, its events, its report. What `run()` of the library and every command stand on. */
import { Problem } from '../errors.ts';
import type { Event, Reporter } from '../events.ts';
import { canonicalJson } from '../numeric/canonical-json.ts';
import { type NormalisedPipeline, normalisedPipeline } from '../pipeline/normalise.ts';
import type { AnyClosed } from '../pipeline/pipeline.ts';
import { dataFiles } from '../plan/data-files.ts';
import type { Digests, Surroundings } from '../plan/identify.ts';
import { type Plan, type PlanOptions, plan, terminal, type Wanted } from '../plan/plan.ts';
import type { ResolvedStep, Trial } from '../plan/resolve.ts';
import { checkServices, type Services } from '../services/container.ts';
import type { RunRecord, RunStep, RunWriter, Store } from '../store.ts';
import { environment, gitDirty } from './environment.ts';
import type { Executor } from './executor.ts';
import { type Execution, type Run, startRun } from './runner.ts';

/** Everything that a run stands on; the composition root makes it. */
export interface Workshop {
  readonly version: string;
  readonly store: Store;
  readonly services: Services;
  readonly digests: Digests;
  /** The folder that holds the data sets. */
  readonly dataFolder: string | undefined;
  readonly executor: Executor;
  readonly inline: Executor;
  readonly reporters: readonly Reporter[];
  /** What whoever runs anything here should know, said as a warning at the beginning of each run. */
  readonly notes?: readonly { readonly message: string; readonly hint?: string }[];
  /** Least time between two checkpoints of a step; 0 saves none. */
  readonly checkpointMs?: number;
}
export interface ExecuteOptions {
  readonly command: string;
  readonly wanted?: Wanted;
  readonly force?: (step: ResolvedStep) => boolean;
  readonly onError?: 'continue' | 'stop';
  /** Receives the run as soon as it can be drained or aborted. */
  readonly started?: (run: Run) => void;
}
export interface Report extends Execution {
  readonly id: string;
  /** Where the run record lies. */
  readonly record: string;
  readonly ms: number;
  /** Adds results to the record: metrics, a summary. */
  keep(results: Readonly<Record<string, unknown>>): void;
}

export const surroundings = (shop: Workshop): Surroundings => ({
  digests: shop.digests,
  files: dataFiles(shop.dataFolder, shop.store.hints),
  identity: (token) => shop.services.identity(token),
});

/** What a run would do. */
export function makePlan(trials: readonly Trial[], shop: Workshop, options: PlanOptions = {}): Plan {
  checkServices(nodesOf(trials), shop.services);
  shop.store.memos.refresh();
  return plan(trials, shop.store, surroundings(shop), options);
}

/**
 * Runs trials and writes the run record. A failing step does not reject: it is in the report.
 * @throws Problem missing-service, or what the store says when it cannot be written
 */
export async function execute(trials: readonly Trial[], shop: Workshop, options: ExecuteOptions): Promise<Report> {
  checkServices(nodesOf(trials), shop.services);
  const { store } = shop;
  const began = performance.now();
  const started = new Date().toISOString();
  const base: RunRecord = {
    format: 1,
    command: options.command,
    started,
    outcome: 'running',
    environment: environment(shop.version),
    pipelines: [],
    results: {},
  };
  store.memos.refresh();
  const writer = store.runs.begin(base);
  const report = reporter(shop.reporters, writer);
  report({
    event: 'run-started',
    command: options.command,
    pipelines: trials.length,
    steps: trials.reduce((n, t) => n + t.steps.length, 0),
  });
  for (const note of shop.notes ?? []) report({ event: 'warning', ...note });
  const run = startRun(trials, {
    store,
    around: surroundings(shop),
    executor: shop.executor,
    inline: shop.inline,
    report,
    service: (token) => shop.services.get(token),
    wanted: options.wanted ?? terminal,
    ...(shop.checkpointMs !== undefined && { checkpointMs: shop.checkpointMs }),
    ...(options.force && { force: options.force }),
    ...(options.onError && { onError: options.onError }),
  });
  options.started?.(run);
  const execution = await run.finished;
  const ms = performance.now() - began;
  const computed = execution.steps.some((row) => row.some(({ status }) => status === 'computed'));
  const record: RunRecord = {
    ...base,
    environment: computed ? { ...base.environment, uncommittedChanges: await gitDirty() } : base.environment,
    ended: new Date().toISOString(),
    outcome: execution.outcome,
    pipelines: execution.steps.map((row, at) => recordOf(trials[at] as Trial, row)),
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  writer.end(record);
  store.hints.flush();
  report({ event: 'run-ended', outcome: execution.outcome, ms, record: writer.path });
  return {
    ...execution,
    id: writer.id,
    record: writer.path,
    ms,
    keep: (results) => writer.update({ ...record, results: { ...record.results, ...results } }),
  };
}

function recordOf(trial: Trial, row: Execution['steps'][number]): RunRecord['pipelines'][number] {
  const { graph, name } = trial.pipeline;
  return {
    pipeline: name,
    protocol: graph.protocol ?? null,
    dataset: graph.evaluation?.dataset ?? null,
    seed: trial.seed,
    definition: definitionOf(trial),
    steps: row.map(
      ({ step, status, key, artifacts, ms, reason }): RunStep => ({
        step: step.name,
        node: step.node.id,
        key: key ?? null,
        status,
        ms,
        ...(reason !== undefined && { reason }),
        outputs: artifacts,
      }),
    ),
  };
}

const definitions = new WeakMap<AnyClosed, Map<string, NormalisedPipeline>>();
/** The pipeline with the settings that its trial was given; seeds share it. */
function definitionOf({ pipeline, set }: Trial): NormalisedPipeline {
  const known = definitions.get(pipeline) ?? new Map<string, NormalisedPipeline>();
  definitions.set(pipeline, known);
  const name = canonicalJson(set);
  const made = known.get(name) ?? normalisedPipeline(pipeline.graph, set);
  known.set(name, made);
  return made;
}

/** Passes events on; those that only repeat the record (cached steps) or flicker (progress) are not written to the log. */
function reporter(reporters: readonly Reporter[], writer: RunWriter): Reporter {
  return (event: Event) => {
    const noise = event.event === 'step-progress' || (event.event === 'step-ended' && event.status === 'cached');
    if (!noise) writer.event({ at: new Date().toISOString(), ...event });
    for (const tell of reporters) tell(event);
  };
}

function* nodesOf(trials: readonly Trial[]) {
  for (const { steps } of trials) for (const { node } of steps) yield node;
}

/** The first failure of a report as an error, for callers that want one. */
export function firstFailure(execution: Execution): Problem | undefined {
  for (const row of execution.steps)
    for (const { problem, trial, step } of row)
      if (problem)
        return new Problem(problem.code, problem.message, {
          where: problem.where ?? `${trial.pipeline.name}.${step.name}`,
          ...(problem.hint !== null && { hint: problem.hint }),
        });
  return execution.outcome === 'cancelled'
    ? new Problem('cancelled', 'the run was stopped; finished steps are kept')
    : undefined;
}
