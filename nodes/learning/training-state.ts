/** Where a training stands between two epochs, and how it gets back there: its checkpoints. */
import { type Checkpoint, Problem } from '../../core/index.ts';
import { type Kept, type KeptArray, keptOf } from './machine/kept.ts';
import type { StoppingRule } from './stopping.ts';
import type { Trained } from './train.ts';

type Tensors = Trained['tensors'];
type History = Readonly<Record<string, number>>[];

/** What changes from epoch to epoch. */
export interface TrainingState {
  /** Epochs that are done. */
  epoch: number;
  readonly history: History;
  /** The copied state of the best epoch, for rules that restore it. */
  best: Tensors | undefined;
}
export const beginning = (): TrainingState => ({ epoch: 0, history: [], best: undefined });

/** Names of what is kept beside the machine; a colon keeps them apart from its own. */
const rule = 'stop:rule';
const best = 'best:';
const historyNames = ['history:epoch', 'history:quantity', 'history:value'] as const;
interface Head {
  readonly epoch: number;
  readonly quantities: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

export function checkpointOf(state: TrainingState, machine: Kept, stopping: StoppingRule): Checkpoint {
  const quantities = [...new Set(state.history.flatMap((values) => Object.keys(values)))];
  const position = new Map(quantities.map((name, i) => [name, i]));
  const rows = state.history.flatMap((values, i) =>
    Object.entries(values).map(([name, value]) => [i, position.get(name) as number, value] as const),
  );
  const bestOnes = Object.entries(state.best ?? {});
  return {
    at: `epoch ${state.epoch}`,
    head: {
      epoch: state.epoch,
      quantities,
      shapes: Object.fromEntries(bestOnes.map(([name, { shape }]) => [name, shape])),
    } satisfies Head,
    arrays: {
      ...Object.fromEntries(keptOf(machine, [[rule, stopping.state]])),
      ...Object.fromEntries(bestOnes.map(([name, { data }]) => [best + name, data])),
      [historyNames[0]]: Uint32Array.from(rows, ([epoch]) => epoch),
      [historyNames[1]]: Uint32Array.from(rows, ([, quantity]) => quantity),
      [historyNames[2]]: Float64Array.from(rows, ([, , value]) => value),
    },
  };
}

/**
 * Puts machine and rule where they were.
 * @throws Problem store-corrupt, before anything is changed, when the checkpoint is one of another machine
 */
export function restore({ head, arrays }: Checkpoint, machine: Kept, stopping: StoppingRule): TrainingState {
  const { epoch, quantities, shapes } = head as Head;
  const mine = [...keptOf(machine, [[rule, stopping.state]])];
  for (const [name, values] of mine) checkAlike(name, arrays[name], values);
  for (const [name, values] of mine) values.set(arrays[name] as KeptArray);
  const bestOnes = Object.entries(shapes).map(([name, shape]) => {
    return [name, { shape, data: Float32Array.from(arrays[best + name] as Float32Array) }] as const;
  });
  const [at, quantity, value] = historyNames.map((name) => arrays[name] as KeptArray);
  const history: Record<string, number>[] = Array.from({ length: epoch }, () => ({}));
  for (let row = 0; row < value!.length; row++)
    history[at![row] as number]![quantities[quantity![row] as number] as string] = value![row] as number;
  return { epoch, history, best: bestOnes.length === 0 ? undefined : Object.fromEntries(bestOnes) };
}

/** @throws Problem store-corrupt when an array is no replacement for ours */
export function checkAlike(name: string, saved: ArrayLike<unknown> | undefined, mine: KeptArray): void {
  if (saved?.constructor === mine.constructor && saved.length === mine.length) return;
  throw new Problem(
    'store-corrupt',
    saved === undefined
      ? `it holds no '${name}'`
      : `'${name}' has ${saved.length} values there, and ${mine.length} here`,
  );
}
