/** What a run knows of each step, from its first wire to its outcome. */
import type { ProblemJson } from '../errors.ts';
import type { Identity } from '../plan/identify.ts';
import type { Wanted } from '../plan/plan.ts';
import type { ResolvedStep, Trial } from '../plan/resolve.ts';
import type { Artifact, Key, StepStatus } from '../store.ts';
import type { Value } from './values.ts';

export interface StepOutcome {
  readonly trial: Trial;
  readonly step: ResolvedStep;
  readonly status: StepStatus;
  readonly key: Key | undefined;
  readonly artifacts: Readonly<Record<string, Artifact>>;
  readonly ms: number;
  readonly reason: string | undefined;
  readonly problem: ProblemJson | undefined;
}

export interface State {
  readonly trial: Trial;
  readonly at: number;
  readonly step: ResolvedStep;
  /** Upstream steps that are not settled. */
  waiting: number;
  readonly readers: State[];
  /** Readers that are not settled; the values are dropped with the last one. */
  unread: number;
  readonly wanted: boolean;
  status: StepStatus | undefined;
  identity: Identity | undefined;
  artifacts: Readonly<Record<string, Artifact>>;
  values: Record<string, Value> | undefined;
  reason: string | undefined;
  problem: ProblemJson | undefined;
  ms: number;
  /** When it began to compute; waiting for a worker is before that. */
  began: number | undefined;
  /** Where its latest checkpoint stands. */
  saved: string | undefined;
}

/** @returns a row of states for each trial, in the order of its steps */
export function prepare(trials: readonly Trial[], wanted: Wanted): State[][] {
  return trials.map((trial, at) => {
    const row = trial.steps.map(
      (step): State => ({
        trial,
        at,
        step,
        waiting: 0,
        readers: [],
        unread: 0,
        wanted: wanted(trial, step),
        status: undefined,
        identity: undefined,
        artifacts: {},
        values: undefined,
        reason: undefined,
        problem: undefined,
        ms: 0,
        began: undefined,
        saved: undefined,
      }),
    );
    for (const state of row)
      for (const { from } of state.step.inputs) {
        if (!from) continue;
        const up = row[from.step.index] as State;
        up.readers.push(state);
        up.unread++;
        state.waiting++;
      }
    return row;
  });
}

export const isDone = ({ status }: State) => status === 'computed' || status === 'cached';

export const outcomeOf = (state: State): StepOutcome => ({
  trial: state.trial,
  step: state.step,
  status: state.status ?? 'skipped',
  key: state.identity?.key,
  artifacts: state.artifacts,
  ms: state.ms,
  reason: state.reason,
  problem: state.problem,
});
