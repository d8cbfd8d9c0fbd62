/**
 * Runs trials against a store. Ready steps wait in a queue with counters, so the work is O(steps + wires); equal keys are
 * computed once; independent branches go on when one fails; whatever is found broken in the store is computed again.
 */
import { asProblem, Problem, problemJson } from '../errors.ts';
import type { Event, Reporter } from '../events.ts';
import { fixedSeed, type Identity, identify, type Surroundings } from '../plan/identify.ts';
import { terminal, type Wanted } from '../plan/plan.ts';
import type { ResolvedInput, ResolvedStep, Trial } from '../plan/resolve.ts';
import { stepSeed } from '../seeds.ts';
import { type CoreService, coreServices } from '../services/services.ts';
import type { Artifact, Key, Lock, StepStatus, Store } from '../store.ts';
import type { Token } from '../tokens.ts';
import type { Executor, StepMessage, StepTask, TaskInput } from './executor.ts';
import { inOrderOfTrials } from './ready-queue.ts';
import { isDone, outcomeOf, prepare, type State, type StepOutcome } from './run-state.ts';
import { savedSteps } from './saved-steps.ts';
import { fetch, publish, type Value } from './values.ts';

export interface RunnerOptions {
  readonly store: Store;
  readonly around: Surroundings;
  /** For heavy steps. */
  readonly executor: Executor;
  /** For light steps, and for those that no worker knows. */
  readonly inline: Executor;
  readonly report: Reporter;
  /** The value bound to a token that is not core's own. */
  readonly service: (token: Token<string, unknown>) => unknown;
  readonly wanted?: Wanted;
  readonly force?: (step: ResolvedStep) => boolean;
  readonly onError?: 'continue' | 'stop';
  /** Least time between two checkpoints of a step; 0 saves none, and is what holds unless given. */
  readonly checkpointMs?: number;
}
export interface Execution {
  readonly outcome: 'ok' | 'failed' | 'cancelled';
  readonly steps: readonly (readonly StepOutcome[])[];
  /** Reads an output of a finished run, computing it again if the store lost it. */
  output(trial: number, step: string, output: string): Promise<Value>;
}
export interface Run {
  readonly finished: Promise<Execution>;
  /** Starts no further step and lets the running ones finish. */
  drain(): void;
  /** Asks running steps to stop, and ends those that do not. */
  abort(): void;
}

export function startRun(trials: readonly Trial[], options: RunnerOptions): Run {
  const { store, around, executor, inline, wanted = terminal, force, onError = 'continue', checkpointMs = 0 } = options;
  const report: Reporter = (event) => options.report(event);
  const states = prepare(trials, wanted);
  const saved = savedSteps(store, checkpointMs, report);
  const ready: State[] = [];
  const flights = new Map<Key, State[]>();
  const forcedDone = new Set<Key>();
  const heals = new Map<string, Promise<Record<string, Value>>>();
  let running = 0;
  let stopping: 'no' | 'drain' | 'abort' | 'failed' = 'no';
  let wake: () => void = () => {};

  const tell = (state: State, event: Record<string, unknown>) =>
    report({
      pipeline: state.trial.pipeline.name,
      seed: state.trial.seed,
      step: state.step.name,
      node: state.step.node.id,
      ...event,
    } as Event);
  const stateOf = (at: number, step: ResolvedStep) => states[at]![step.index] as State;

  function settle(state: State, status: StepStatus, more: Partial<State> = {}) {
    Object.assign(state, more, { status });
    tell(state, {
      event: 'step-ended',
      status,
      ms: state.ms,
      ...(state.reason !== undefined && { reason: state.reason }),
      ...(state.problem && { problem: state.problem }),
    });
    for (const reader of state.readers) if (--reader.waiting === 0) ready.push(reader);
    for (const { from } of state.step.inputs) {
      if (!from) continue;
      const up = stateOf(state.at, from.step);
      if (--up.unread === 0 && !up.wanted) up.values = undefined;
    }
    if (state.unread === 0 && !state.wanted) state.values = undefined;
  }

  const artifactOf = (at: number) => (input: ResolvedInput) =>
    input.from && stateOf(at, input.from.step).artifacts[input.from.output];

  const isForced = ({ step, identity }: State): boolean =>
    force?.(step) === true && identity !== undefined && !forcedDone.has(identity.key);

  /** A memo serves when nobody wants an output that the store lost. */
  const serves = (state: State, outputs: Readonly<Record<string, Artifact>>) =>
    !state.wanted || Object.values(outputs).every(({ object }) => store.objects.has(object));

  /** Settles a step that needs no computing; false when it has to be computed. */
  function settleAtOnce(state: State): boolean {
    const lost = state.step.inputs.find(({ from }) => from && !isDone(stateOf(state.at, from.step)));
    if (lost?.from) {
      const up = stateOf(state.at, lost.from.step);
      settle(state, up.status === 'cancelled' ? 'cancelled' : 'skipped', {
        reason: `it reads '${up.step.name}', which ${up.status === 'failed' ? 'failed' : 'did not run'}`,
      });
      return true;
    }
    if (stopping !== 'no') {
      settle(state, stopping === 'failed' ? 'skipped' : 'cancelled', {
        reason: stopping === 'failed' ? 'another step failed' : 'the run was stopped',
      });
      return true;
    }
    try {
      state.identity = identify(state.step, state.trial, artifactOf(state.at), around);
    } catch (error) {
      fail(state, error);
      return true;
    }
    const key = state.identity?.key;
    if (key === undefined) {
      report({
        event: 'warning',
        message: `step '${state.step.name}' (${state.step.node.id}) is not cached: no loaded module exports its code`,
        hint: 'put it into a plugin file and name that in counterpoise.config.json',
      });
      return false;
    }
    if (isForced(state)) return false;
    const memo = store.memos.find(key);
    if (!memo || !serves(state, memo.outputs)) return false;
    settle(state, 'cached', { artifacts: memo.outputs });
    return true;
  }

  function fail(state: State, error: unknown) {
    const problem = asProblem(error);
    if (problem.code === 'cancelled' && stopping === 'failed')
      return settle(state, 'skipped', { reason: 'another step failed' });
    if (problem.code === 'cancelled') {
      const from = state.saved === undefined ? '' : `; the next run goes on from ${state.saved}`;
      return settle(state, 'cancelled', { reason: `${problem.message}${from}` });
    }
    if (onError === 'stop' && stopping === 'no') stopping = 'failed';
    settle(state, 'failed', { problem: problemJson(problem), reason: problem.message });
    failures.set(state, error);
  }

  const failures = new Map<State, unknown>();

  async function compute(state: State): Promise<void> {
    const key = state.identity?.key;
    let lock: Lock | undefined;
    try {
      if (key !== undefined) {
        lock = await lockOrWait(state, key);
        store.memos.refresh();
        const memo = store.memos.find(key);
        if (memo && serves(state, memo.outputs) && !isForced(state))
          return settle(state, 'cached', { artifacts: memo.outputs });
      }
      const values = await execute(state, { fresh: isForced(state), anyway: false });
      const artifacts = await publishAll(values);
      const ms = Math.round((performance.now() - (state.began as number)) * 1000) / 1000;
      if (state.identity && key !== undefined) {
        remember(state, state.identity, artifacts, ms);
        saved.forget(state);
        forcedDone.add(key);
      }
      settle(state, 'computed', { artifacts, values: { ...values }, ms });
    } catch (error) {
      fail(state, error);
    } finally {
      lock?.release();
    }
  }

  async function lockOrWait(state: State, key: Key): Promise<Lock | undefined> {
    for (let told = false; ; told = true) {
      const lock = store.locks.acquire(key);
      if (lock) return lock;
      if (!told) tell(state, { event: 'step-waiting', reason: 'another run is computing it' });
      await store.locks.released(key, 1_000);
      if (stopping !== 'no') throw new Problem('cancelled', 'stopped on request');
      store.memos.refresh();
      if (store.memos.find(key)) return undefined;
    }
  }

  function remember(state: State, identity: Identity, artifacts: Readonly<Record<string, Artifact>>, ms: number) {
    store.memos.append(
      {
        key: identity.key,
        node: state.step.node.id,
        pipeline: state.trial.pipeline.name,
        step: state.step.name,
        outputs: artifacts,
        at: new Date().toISOString(),
        ms,
      },
      identity.material,
    );
  }

  async function publishAll(values: Readonly<Record<string, Value>>): Promise<Record<string, Artifact>> {
    const artifacts: Record<string, Artifact> = {};
    for (const [name, value] of Object.entries(values)) artifacts[name] = await publish(value, store.objects);
    return artifacts;
  }

  /**
   * @param fresh from the beginning, whatever an earlier run saved
   * @param anyway even if the run was told to start nothing more while the step waited for a worker
   */
  async function execute(
    state: State,
    { fresh, anyway }: { readonly fresh: boolean; readonly anyway: boolean },
  ): Promise<Readonly<Record<string, Value>>> {
    const { step, trial } = state;
    const inputs: Record<string, TaskInput> = {};
    for (const input of step.inputs) {
      if (!input.from) continue;
      const up = stateOf(state.at, input.from.step);
      if (!(input.from.output in up.artifacts)) continue; // an output that its node left out
      inputs[input.name] = {
        port: input.port,
        source: input.from.port,
        value: await materialise(up, input.from.output),
      };
    }
    const { node, config, method } = step;
    const task: StepTask = {
      pipeline: trial.pipeline.name,
      step: step.name,
      node,
      method,
      config,
      inputs,
      seed: node.stream && stepSeed(trial.seeds, node.stream, step.name, fixedSeed(config)),
      files: node.reads ? around.files.find(node.reads(config as never), step.name) : [],
      services: Object.fromEntries(
        Object.entries(node.use as Readonly<Record<string, Token<string, unknown>>>)
          .filter(([, token]) => !coreServices.includes(token.id as CoreService))
          .map(([name, token]) => [name, options.service(token)]),
      ),
      checkpoint: saved.task(state, fresh),
    };
    const where = executor.takes(task) ? executor : inline;
    return where.run(
      task,
      (said) => hear(state, said),
      (worker) => {
        if (stopping !== 'no' && !anyway) throw new Problem('cancelled', 'the run was stopped before the step began');
        state.began = performance.now();
        tell(state, { event: 'step-started', worker });
      },
    );
  }

  function hear(state: State, said: StepMessage) {
    if (said.say === 'checkpoint') return saved.save(state, said);
    if (said.say === 'resumed') Object.assign(state, { reason: `went on from ${said.at}`, saved: said.at });
    tell(state, eventOf(said));
  }

  /** The value of a settled step's output: held, read from the store, or computed again when the store lost it. */
  async function materialise(state: State, output: string): Promise<Value> {
    const held = state.values?.[output];
    if (held) return held;
    const artifact = state.artifacts[output];
    if (!artifact) throw new Problem('internal', `step '${state.step.name}' has no output '${output}'`);
    const fetched = await fetch(artifact, store.objects);
    if (fetched.outcome === 'found') {
      if (state.unread > 0 || state.wanted) (state.values ??= {})[output] = fetched.value;
      return fetched.value;
    }
    report({
      event: 'healed',
      object: artifact.object,
      reason: fetched.reason,
      step: `${state.trial.pipeline.name}.${state.step.name}`,
    });
    const values = await heal(state);
    return values[output] as Value;
  }

  function heal(state: State): Promise<Record<string, Value>> {
    const name = state.identity?.key ?? `${state.at}.${state.step.name}`;
    const under = heals.get(name);
    if (under) return under;
    const work = (async () => {
      const values = await execute(state, { fresh: false, anyway: true });
      const artifacts = await publishAll(values);
      const differs = Object.keys(artifacts).find((port) => artifacts[port]?.object !== state.artifacts[port]?.object);
      if (differs !== undefined)
        report({
          event: 'warning',
          message: `step '${state.step.name}' gave other bytes on '${differs}' than before: it is not repeatable`,
          hint: 'look for randomness or time that it does not declare',
        });
      if (state.identity) {
        remember(state, state.identity, artifacts, 0);
        saved.forget(state);
      }
      state.artifacts = artifacts;
      state.values = { ...values };
      return state.values;
    })();
    heals.set(name, work);
    return work.finally(() => heals.delete(name));
  }

  /** Starts a step, or lets it follow one with the same key that is on its way. */
  function launch(state: State) {
    const key = state.identity?.key;
    const leaders = key === undefined ? undefined : flights.get(key);
    if (leaders) {
      leaders.push(state);
      return;
    }
    const followers: State[] = [];
    if (key !== undefined) flights.set(key, followers);
    running++;
    void compute(state).finally(() => {
      running--;
      if (key !== undefined) flights.delete(key);
      for (const follower of followers) {
        if (state.status === 'computed' || state.status === 'cached')
          settle(follower, 'cached', { artifacts: state.artifacts, values: state.values && { ...state.values } });
        else settle(follower, state.status ?? 'failed', { problem: state.problem, reason: state.reason });
      }
      wake();
    });
  }

  async function loop(): Promise<Execution> {
    for (const row of states) for (const state of row) if (state.waiting === 0) ready.push(state);
    const slots = executor.slots + inline.slots;
    const queue = inOrderOfTrials(trials.length);
    for (;;) {
      for (let i = 0; i < ready.length; i++) if (!settleAtOnce(ready[i] as State)) queue.add(ready[i] as State);
      ready.length = 0;
      while (running < slots) {
        const state = queue.take();
        if (state === undefined) break;
        if (stopping === 'no') launch(state);
        else settle(state, stopping === 'failed' ? 'skipped' : 'cancelled', { reason: 'the run was stopped' });
      }
      if (ready.length > 0) continue;
      if (running === 0 && queue.empty) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const all = states.flat();
    const outcome = all.some(({ status }) => status === 'failed')
      ? 'failed'
      : all.some(({ status }) => status === 'cancelled')
        ? 'cancelled'
        : 'ok';
    return {
      outcome,
      steps: states.map((row) => row.map(outcomeOf)),
      output: async (at, step, output) => {
        const state = states[at]?.find((s) => s.step.name === step);
        if (!state) throw new Problem('unknown-name', `the pipeline has no step '${step}'`);
        if (!isDone(state))
          throw (
            failures.get(state) ?? new Problem('step-failed', state.reason ?? 'the step did not run', { where: step })
          );
        return materialise(state, output);
      },
    };
  }

  return {
    finished: loop(),
    drain: () => {
      if (stopping === 'no') stopping = 'drain';
      const under = states.flat().filter(({ began, status }) => began !== undefined && status === undefined);
      report({ event: 'draining', running: under.length });
      wake();
    },
    abort: () => {
      stopping = 'abort';
      executor.abort();
      inline.abort();
      wake();
    },
  };
}

function eventOf(said: Exclude<StepMessage, { readonly say: 'checkpoint' }>): Record<string, unknown> {
  const { say, ...rest } = said;
  return { event: `step-${say}`, ...rest };
}
