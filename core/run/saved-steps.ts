/** The checkpoints of a run's steps: what an earlier run saved, what this one saves, and when they go. */
import { asProblem } from '../errors.ts';
import type { Reporter } from '../events.ts';
import type { ResolvedStep } from '../plan/resolve.ts';
import { Checkpoints } from '../services/services.ts';
import type { Store } from '../store.ts';
import type { Token } from '../tokens.ts';
import type { CheckpointTask, StepMessage } from './executor.ts';
import type { State } from './run-state.ts';

export type SavedSteps = ReturnType<typeof savedSteps>;

/** @param everyMs least time between two checkpoints of a step; 0 saves none */
export function savedSteps(store: Store, everyMs: number, report: Reporter) {
  return {
    /** @param fresh from the beginning, whatever an earlier run saved @returns undefined for a step that saves none */
    task({ identity, step }: State, fresh: boolean): CheckpointTask | undefined {
      const key = identity?.key;
      if (key === undefined || !savesCheckpoints(step)) return undefined;
      const saved = fresh
        ? undefined
        : attempt(`the checkpoint of step '${step.name}' cannot be read`, () => store.checkpoints.read(key));
      return { key, everyMs, saved };
    },
    save(state: State, { at, bytes }: Extract<StepMessage, { readonly say: 'checkpoint' }>): void {
      const key = state.identity?.key;
      if (key === undefined) return;
      attempt(`step '${state.step.name}' cannot save a checkpoint, and goes on without`, () => {
        store.checkpoints.write(key, bytes);
        state.saved = at;
      });
    },
    /** Once the step's results are stored. */
    forget({ identity, step }: State): void {
      if (identity && savesCheckpoints(step))
        attempt(`the checkpoint of step '${step.name}' cannot be removed`, () =>
          store.checkpoints.remove(identity.key),
        );
    },
  };

  /** Checkpoints only save time: whatever goes wrong with one is no reason to fail. */
  function attempt<T>(message: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const { message: why, hint } = asProblem(error);
      report({ event: 'warning', message: `${message}: ${why}`, ...(hint !== undefined && { hint }) });
      return undefined;
    }
  }
}

const savesCheckpoints = ({ node }: ResolvedStep): boolean =>
  Object.values(node.use as Readonly<Record<string, Token<string, unknown>>>).some(
    ({ key }) => key === Checkpoints.key,
  );
