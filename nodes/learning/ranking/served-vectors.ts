/** The vectors behind a served score: what a serving index needs, and what the ranking kernels read. */
import type { TensorBundle } from '../../../core/index.ts';
import type { Tree } from '../expression/tree.ts';
import type { NumericEngine } from '../kernels/numeric.ts';
import { type Serving, scorer, servingIn } from '../serve.ts';
import { orderForm } from './order-form.ts';

export interface ServedVectors {
  readonly width: number;
  /** Row-major, without padding: users x width, items x width. */
  readonly users: Float32Array;
  readonly items: Float32Array;
  /** A user's items come in the order of (users[u] . items[i] + shift[i]) scale[i]; absent: 0 and 1. */
  readonly shift?: Float32Array | undefined;
  readonly scale?: Float32Array | undefined;
  /** Whether the served score is the inner product alone, to the bit. */
  readonly bare: boolean;
}

/**
 * @param counts rows of the user and of the item tables
 * @returns undefined where no inner product orders the items of a user
 * @throws Problem bad-data as `scorer` does
 */
export function servedVectors(
  model: TensorBundle<unknown>,
  counts: { readonly users: number; readonly items: number },
  numeric: NumericEngine,
): ServedVectors | undefined {
  const serving = servingIn(model);
  const form = orderForm(serving);
  if (form === undefined) return undefined;
  const width = serving.tables[form.users]!.width;
  const table = (name: string, rows: number) => {
    const { data } = model.tensors[name]!;
    return (data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>)).subarray(
      0,
      rows * width,
    );
  };
  const ofItems = (tree: Tree | undefined) =>
    tree &&
    itemValues({ ...serving, scores: { ...serving.scores, ...form.scores } }, tree, model, numeric, counts.items);
  return {
    width,
    users: table(form.users, counts.users),
    items: table(form.items, counts.items),
    shift: ofItems(form.shift),
    scale: ofItems(form.scale),
    bare: serving.serve.op === 'score' && 'dot' in serving.scores[serving.serve.name]!,
  };
}

/** Values of a tree that depends on the item alone. */
export function itemValues(
  serving: Serving,
  serve: Tree,
  model: TensorBundle<unknown>,
  numeric: NumericEngine,
  items: number,
): Float32Array {
  const out = new Float32Array(items);
  const ids = Uint32Array.from({ length: items }, (_, i) => i);
  scorer({ head: { serving: { ...serving, serve } }, tensors: model.tensors }, numeric).score(
    new Uint32Array(items),
    ids,
    out,
  );
  return out;
}
