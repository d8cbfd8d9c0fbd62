import { z } from 'zod';
import { Cancel, Log, node, optional, Problem, Progress } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { likelyVectors, propagatedVectors } from '../learning/ranking/fold-in.ts';
import { type KnownRows, knownRows } from '../learning/ranking/known-rows.ts';
import { orderForm } from '../learning/ranking/order-form.ts';
import { itemValues } from '../learning/ranking/served-vectors.ts';
import { scorer, servingIn } from '../learning/serve.ts';
import { Ids, Pairs, Params, Shape } from '../ports.ts';

/**
 * A model for users that it was not trained on, from items that they liked; its items and all else stay as they are.
 * `by: 'fit'` gives each user the most probable vector under the logistic loss, with the trained users' vectors as a normal
 * prior; `by: 'propagation'` the normalised sum of the liked items' vectors, as a graph layer would (formulas in
 * learning/ranking/fold-in). Terms of the user beside the vector, a bias say, are the mean of the trained users.
 *
 * `likes` name items by `likedIds`, external ids row by row; they are looked up in `itemIds`, the ids that the model was trained
 * with (dense ids as text where the data have no others). Likes of items that the model does not know are left out, and the log
 * says how many. Out: `model`, with a row a new user in its tables of users; `known`, the likes by the model's item ids, which a
 * list should leave out; `shape`.
 *
 * @throws Problem bad-config for a score that no inner product orders; bad-data when no like is of a known item
 */
export const foldIn = node('ranking/fold-in', {
  doc: 'Vectors for new users from what they liked, without training anew.',
  source: 'fit: maximum a posteriori of the logistic loss; propagation: a layer of He et al. 2020 (SIGIR), LightGCN',
  in: { model: Params, train: Pairs, shape: Shape, itemIds: optional(Ids), likes: Pairs, likers: Ids, likedIds: Ids },
  out: { model: Params, known: Pairs, shape: Shape },
  config: z.strictObject({
    by: z.enum(['fit', 'propagation']).default('fit').describe('how a vector is made of likes'),
    others: z
      .number()
      .int()
      .nonnegative()
      .default(1024)
      .describe('items that were not liked and count as disliked, at equal distances among all, by `fit`; 0: none'),
  }),
  use: { log: Log, cancel: Cancel, progress: Progress, numeric: Numeric },
  run({ model, train, shape, itemIds, likes, likers, likedIds }, { by, others }, { log, cancel, progress, numeric }) {
    const serving = servingIn(model);
    const form = orderForm(serving);
    if (form === undefined)
      throw new Problem('bad-config', 'the score of this model is no inner product, so new users cannot be folded in', {
        where: 'model',
        hint: 'methods on the backbones factors, biased-factors and lightgcn can; train anew with the new users in the data',
      });
    const known = translated(likes, likers.id.length, likedIds.id, itemIds?.id, shape, log.warn);
    const { items } = scorer(model, numeric);
    const { width } = serving.tables[form.users]!;
    const frozen = { width, users: model.tensors[form.users]!.data, items: model.tensors[form.items]!.data };
    const count = likers.id.length;
    const besides = Object.entries(serving.tables).filter(([name, { rows }]) => rows === 'user' && name !== form.users);
    const means = Object.fromEntries(
      besides.map(([name, { width: wide }]) => [name, repeated(model.tensors[name]!.data, wide, count)]),
    );
    // what a user without a vector scores: all that the score adds to the inner product
    const zero = { shape: [count, width], data: new Float32Array(count * width) };
    const without = { ...model, tensors: { ...model.tensors, ...means, [form.users]: zero } };
    const offset = itemValues(serving, { op: 'score', name: form.score }, without, numeric, items);
    const vectorOf =
      by === 'fit' ? likelyVectors(frozen, offset, others) : propagatedVectors(frozen, knownRows({ train }, shape));
    const data = new Float32Array(count * width);
    for (let u = 0; u < count; u++) {
      cancel.check();
      data.set(vectorOf(known.item.subarray(known.start[u]!, known.start[u + 1]!)), u * width);
      progress.report(u + 1, count, 'new users');
    }
    return {
      model: {
        head: model.head,
        tensors: { ...model.tensors, ...means, [form.users]: { shape: [count, width], data } },
      },
      known: { user: Uint32Array.from(known.item, userOf(known)), item: known.item },
      shape: { users: count, items: shape.items },
    };
  },
});

/** Likes by the model's item ids, sorted. */
function translated(
  likes: { readonly user: Uint32Array; readonly item: Uint32Array },
  users: number,
  names: readonly string[],
  itemIds: readonly string[] | undefined,
  shape: Shape,
  warn: (message: string, fields: object) => void,
): KnownRows {
  const dense = new Map((itemIds ?? Array.from({ length: shape.items }, (_, i) => String(i))).map((id, i) => [id, i]));
  const of = names.map((name) => dense.get(name));
  const rows = Array.from(likes.item.keys()).filter((row) => of[likes.item[row]!] !== undefined);
  const lost = likes.item.length - rows.length;
  if (rows.length === 0)
    throw new Problem('bad-data', 'the new users like no item that the model knows', {
      where: 'likes',
      hint: `item ids must be those of the training data, such as ${[...dense.keys()].slice(0, 3).join(', ')}`,
    });
  if (lost > 0)
    warn(`${lost} of ${likes.item.length} likes are of items that the model does not know: left out`, { lost });
  return knownRows(
    {
      likes: {
        user: Uint32Array.from(rows, (row) => likes.user[row]!),
        item: Uint32Array.from(rows, (row) => of[likes.item[row]!]!),
      },
    },
    { users, items: shape.items },
  );
}

const userOf = ({ start }: KnownRows) => {
  let u = 0;
  return (_: number, at: number): number => {
    while (start[u + 1]! <= at) u++;
    return u;
  };
};

/** The mean row, for each of `count` users. */
function repeated(rows: Float32Array, width: number, count: number) {
  const mean = new Float64Array(width);
  for (let at = 0; at < rows.length; at++) mean[at % width]! += rows[at]! / (rows.length / width);
  return { shape: [count, width], data: Float32Array.from({ length: count * width }, (_, at) => mean[at % width]!) };
}
