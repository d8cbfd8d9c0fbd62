/** The tables of an exposure model as matrices, and the users that stop its training. */
import type { Tensor2D } from '@tensorflow/tfjs';
import { Problem } from '../../core/index.ts';
import type { Random } from '../../core/numeric/index.ts';
import type { TensorFlow } from '../learning/tensor/backend.ts';
import { beside, type MultiHot, rowsAt } from '../learning/tensor/multi-hot.ts';
import type { Shape } from '../ports.ts';
import type { Batch } from './network.ts';

/** Dense rows, one a user. */
export interface DenseRows {
  readonly columns: number;
  readonly values: Float32Array;
}
export interface ExposureData {
  readonly users: number;
  readonly items: number;
  readonly exposed: MultiHot;
  readonly proxies: MultiHot | undefined;
  /** What the encoder sees of a user beside the proxies; the exposure itself unless given. */
  readonly given: DenseRows | undefined;
}

interface Entries {
  readonly row: Uint32Array;
  readonly column: Uint32Array;
  readonly value?: Float32Array;
}
/**
 * Sorts entries into rows; of equal ones the first stays, and those with the value 0 go.
 * @throws Problem bad-data for a row or column that is not there
 */
export function matrixOf({ row, column, value }: Entries, rows: number, columns: number, name: string): MultiHot {
  const byRow: Map<number, number>[] = Array.from({ length: rows }, () => new Map());
  for (let at = 0; at < row.length; at++) {
    const [r, c] = [row[at] as number, column[at] as number];
    if (r >= rows || c >= columns)
      throw new Problem('bad-data', `row ${at} of '${name}' is (${r}, ${c}), and there are ${rows} x ${columns}`);
    if (value?.[at] !== 0 && !byRow[r]!.has(c)) byRow[r]!.set(c, value === undefined ? 1 : (value[at] as number));
  }
  const start = new Uint32Array(rows + 1);
  for (let r = 0; r < rows; r++) start[r + 1] = start[r]! + byRow[r]!.size;
  const sorted = byRow.flatMap((entries) => [...entries].sort(([a], [b]) => a - b));
  return {
    rows,
    columns,
    start,
    column: Uint32Array.from(sorted, ([c]) => c),
    value: Float32Array.from(sorted, ([, v]) => v),
  };
}

/**
 * Divides the users: those that occur in the table are held out, or a share of all, drawn.
 * @throws Problem bad-data when nobody is left on one side
 */
export function divide(
  users: number,
  heldOut: { readonly user: Uint32Array } | undefined,
  share: number,
  rng: Random,
): { readonly train: Uint32Array; readonly heldOut: Uint32Array } {
  const out = new Uint8Array(users);
  if (heldOut !== undefined)
    for (const user of heldOut.user) {
      if (user >= users)
        throw new Problem('bad-data', `user ${user} is held out, and there are ${users} users`, { where: 'heldOut' });
      out[user] = 1;
    }
  else
    for (const user of rng
      .for('held-out')
      .permutation(users)
      .subarray(0, Math.round(share * users)))
      out[user] = 1;
  const all = Uint32Array.from(out.keys());
  const parts = { train: all.filter((user) => out[user] === 0), heldOut: all.filter((user) => out[user] === 1) };
  if (parts.train.length === 0 || parts.heldOut.length === 0)
    throw new Problem('bad-data', `${parts.train.length} users train and ${parts.heldOut.length} are held out`, {
      hint: 'both sides need users: what is held out stops the training',
    });
  return parts;
}

/** What the network sees of these users, until it is released. */
export function batchOf(tf: TensorFlow, { exposed, proxies, given }: ExposureData, users: Uint32Array): Batch {
  const target = rowsAt(exposed, users);
  const known = proxies && rowsAt(proxies, users);
  return {
    target,
    proxies: known,
    input: given === undefined ? (known ? beside(target, known) : target) : denseInput(tf, given, known, users),
  };
}

export function release({ input }: Batch): void {
  if (!('start' in input)) input.dispose();
}

function denseInput(tf: TensorFlow, given: DenseRows, known: MultiHot | undefined, users: Uint32Array): Tensor2D {
  const width = given.columns + (known?.columns ?? 0);
  const values = new Float32Array(users.length * width);
  for (const [row, user] of users.entries()) {
    values.set(given.values.subarray(user * given.columns, (user + 1) * given.columns), row * width);
    if (known)
      for (let at = known.start[row] as number; at < (known.start[row + 1] as number); at++)
        values[row * width + given.columns + (known.column[at] as number)] = known.value[at] as number;
  }
  return tf.tensor2d(values, [users.length, width]);
}

/** Width of the encoder's input. */
export const inputsOf = ({ items, proxies, given }: ExposureData): number =>
  (given?.columns ?? items) + (proxies?.columns ?? 0);

/** As many columns as the largest feature needs: one that nobody has adds nothing anywhere. */
export function proxiesOf(
  { row, feature, value }: { row: Uint32Array; feature: Uint32Array; value: Float32Array },
  { users }: Shape,
): MultiHot {
  const columns = feature.reduce((most, f) => Math.max(most, f + 1), 0);
  if (columns === 0)
    throw new Problem('bad-data', 'no user has a feature', {
      where: 'proxies',
      hint: 'a model without proxies is exposure/vae',
    });
  return matrixOf({ row, column: feature, value }, users, columns, 'proxies');
}
