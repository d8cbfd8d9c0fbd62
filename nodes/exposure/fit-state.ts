/** Where a fit of several runs stands between two epochs, and how it gets back there: its checkpoints. */
import type { Checkpoint } from '../../core/index.ts';
import type { Parameters } from '../learning/tensor/parameters.ts';
import { checkAlike } from '../learning/training-state.ts';
import type { Training, TrainingState } from './train.ts';

/** A run that is done. */
export interface Run extends Training {
  /** Its held-out negative ELBO, on samples that are the same for all runs. */
  readonly compared: number;
  readonly values: Float32Array;
}
export interface FitState {
  readonly runs: Run[];
  /** The run that is under way. */
  present: TrainingState | undefined;
}

interface Head {
  readonly runs: readonly Omit<Run, 'values'>[];
  readonly present: Omit<TrainingState, 'kept'>;
  /** Steps of the optimiser. */
  readonly adam: number;
}
const ofRun = (run: number): string => `run ${run}`;
const kept = 'best';

export function checkpointOf(runs: readonly Run[], present: TrainingState, parameters: Parameters): Checkpoint {
  const { steps: adam, arrays } = parameters.moving;
  const { kept: best, ...rest } = present;
  return {
    at: `run ${runs.length + 1}, epoch ${present.history.length}`,
    head: { runs: runs.map(({ values, ...run }) => run), present: rest, adam } satisfies Head,
    arrays: {
      ...arrays,
      [kept]: best,
      ...Object.fromEntries(runs.map(({ values }, run) => [ofRun(run), values])),
    },
  };
}

/**
 * Puts the parameters where they were.
 * @throws Problem store-corrupt, before anything is changed, when the checkpoint is one of another network
 */
export function restore({ head, arrays }: Checkpoint, parameters: Parameters): FitState {
  const { runs, present, adam } = head as Head;
  const all = parameters.copy();
  for (const [name, values] of Object.entries(parameters.moving.arrays)) checkAlike(name, arrays[name], values);
  for (const name of [kept, ...runs.map((_, run) => ofRun(run))]) checkAlike(name, arrays[name], all);
  const copyOf = (name: string) => Float32Array.from(arrays[name] as Float32Array);
  parameters.goOn(adam, arrays as Readonly<Record<string, Float32Array>>);
  return {
    runs: runs.map((run, n) => ({ ...run, values: copyOf(ofRun(n)) })),
    present: { ...present, history: [...present.history], kept: copyOf(kept) },
  };
}
