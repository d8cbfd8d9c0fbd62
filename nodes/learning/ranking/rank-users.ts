/** The best items of many users under a trained model, in memory that does not grow with users times items. */
import { type Cancellation, Problem, type StepProgress, type TensorBundle } from '../../../core/index.ts';
import type { NumericEngine } from '../kernels/numeric.ts';
import { Layout, strideOf } from '../machine/memory.ts';
import { type Scorer, scorer } from '../serve.ts';
import type { KnownRows } from './known-rows.ts';
import { type RankedBlock, type Ranker, RankRoom, usersAtOnce } from './rank-room.ts';
import { type ServedVectors, servedVectors } from './served-vectors.ts';

export interface RankRequest {
  readonly model: TensorBundle<unknown>;
  /** Dense ids, in the order of the result. */
  readonly users: Uint32Array;
  readonly shape: { readonly users: number; readonly items: number };
  /** Items a user. */
  readonly top: number;
  /** Items that are left out of a user's list. */
  readonly known?: KnownRows | undefined;
}
export interface RankServices {
  readonly numeric: NumericEngine;
  readonly cancel: Cancellation;
  readonly progress: StepProgress;
}
export interface TopRows {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rank: Uint32Array;
  readonly score: Float32Array;
}

/**
 * Lists of the best items, best first, one user after the other; equal scores go to the lower item id, and a user with fewer
 * items left gets fewer rows. Where an inner product orders a user's items, ranking by it decides who is in the list and in
 * which order scores come that the served score does not tell apart; other scores are computed block by block. `score` is the
 * served score in either case.
 * @throws Problem bad-data when the model knows fewer users or items than the shape, or a score is not a number
 */
export function rankUsers(request: RankRequest, { numeric, cancel, progress }: RankServices): TopRows {
  const { model, users, shape, known } = request;
  const { items } = shape;
  const served = scorer(model, numeric);
  checkFits(served, shape);
  const vectors = servedVectors(model, served, numeric);
  const top = Math.min(request.top, items);
  const layout = new Layout();
  const stride = vectors ? strideOf(vectors.width) : 0;
  const room = new RankRoom(layout, { items, stride, top, known }, vectors ? 'dots' : 'scores');
  const arena = numeric.arena(layout.bytes);
  const memory = layout.build(arena.buffer);
  const ranker = room.bind(arena.kernels(memory), memory);

  const rows = rowsFor(users.length * top);
  const names = new Uint32Array(usersAtOnce * top);
  const scores = new Float32Array(usersAtOnce * top);
  const visit = ({ first, count, item, score }: RankedBlock) => {
    cancel.check();
    if (!vectors?.bare) {
      // who has fewer items left than places keeps an item 0 there, which is scored and not read
      for (let r = 0; r < count; r++) names.fill(users[first + r]!, r * top, (r + 1) * top);
      for (let at = 0; at < count * top; at++) if (score[at] === Number.NEGATIVE_INFINITY) item[at] = 0;
      const filled = count * top;
      served.score(names.subarray(0, filled), item, scores.subarray(0, filled));
    }
    const servedScores = vectors?.bare ? score : scores;
    for (let r = 0; r < count; r++) {
      let length = 0;
      while (length < top && score[r * top + length]! > Number.NEGATIVE_INFINITY) length++;
      rows.add(users[first + r]!, item, servedScores, r * top, length);
    }
    progress.report(first + count, users.length, 'users');
  };
  const whole = vectors
    ? byVectors(ranker, vectors, memory.floats as Float32Array, { stride, items, users }, visit)
    : ranker.scores(users, blockScores(served), visit);
  if (!whole) throw notANumber(served, users, items);
  return rows.table();
}

/** @throws Problem bad-data when the model knows fewer users or items than the shape */
export function checkFits({ users, items }: Scorer, shape: RankRequest['shape']): void {
  if (users >= shape.users && items >= shape.items) return;
  throw new Problem(
    'bad-data',
    `the model knows ${users} users and ${items} items, and the data set has ${shape.users} and ${shape.items}`,
    { where: 'model', hint: 'model and shape must come from one protocol' },
  );
}

interface Places {
  readonly stride: number;
  readonly items: number;
  readonly users: Uint32Array;
}
function byVectors(
  ranker: Ranker,
  { width, users: ofUsers, items: ofItems, shift, scale }: ServedVectors,
  floats: Float32Array,
  { stride, items, users }: Places,
  visit: (block: RankedBlock) => void,
): boolean {
  const copy = (from: Float32Array, row: number, to: number) => {
    for (let k = 0; k < width; k++) floats[to + k] = from[row * width + k]!;
  };
  ranker.take((to) => {
    for (let i = 0; i < items; i++) copy(ofItems, i, to + i * stride);
  });
  if (shift) ranker.shift.set(shift.subarray(0, items));
  if (scale) ranker.scale.set(scale.subarray(0, items));
  const load = (block: Uint32Array, to: number) => {
    for (let r = 0; r < block.length; r++) copy(ofUsers, block[r]!, to + r * stride);
  };
  return ranker.dots(users, load, { shift: shift !== undefined, scale: scale !== undefined }, visit);
}

/** Writes the scores of all pairs of a block of users and a span of items. */
function blockScores(served: Scorer) {
  let user = new Uint32Array(0);
  let item = user;
  return (users: Uint32Array, from: number, to: number, out: Float32Array): void => {
    const wide = to - from;
    if (user.length < out.length) [user, item] = [new Uint32Array(out.length), new Uint32Array(out.length)];
    for (let r = 0, at = 0; r < users.length; r++)
      for (let i = from; i < to; i++, at++) {
        user[at] = users[r]!;
        item[at] = i;
      }
    served.score(user.subarray(0, users.length * wide), item.subarray(0, users.length * wide), out);
  };
}

/** Rows of the result, as many as there can be. */
function rowsFor(most: number) {
  const [user, item, rank] = [new Uint32Array(most), new Uint32Array(most), new Uint32Array(most)];
  const score = new Float32Array(most);
  let rows = 0;
  return {
    /** Adds a list; scores that rise by a rounding are put into order, equal ones keep theirs. */
    add(u: number, items: Uint32Array, scores: Float32Array, at: number, length: number) {
      const begin = rows;
      for (let r = 0; r < length; r++, rows++) {
        const [thisItem, thisScore] = [items[at + r]!, scores[at + r]!];
        let place = rows;
        for (; place > begin && score[place - 1]! < thisScore; place--) {
          item[place] = item[place - 1]!;
          score[place] = score[place - 1]!;
        }
        item[place] = thisItem;
        score[place] = thisScore;
        user[rows] = u;
        rank[rows] = r + 1;
      }
    },
    table: (): TopRows => ({
      user: user.subarray(0, rows),
      item: item.subarray(0, rows),
      rank: rank.subarray(0, rows),
      score: score.subarray(0, rows),
    }),
  };
}

function notANumber(served: Scorer, users: Uint32Array, items: number): Problem {
  const item = Uint32Array.from({ length: items }, (_, i) => i);
  const score = new Float32Array(items);
  let which = 'a user and an item';
  for (const u of users) {
    served.score(new Uint32Array(items).fill(u), item, score);
    const at = score.findIndex(Number.isNaN);
    if (at < 0) continue;
    which = `user ${u} and item ${at}`;
    break;
  }
  return new Problem('bad-data', `the model's score of ${which} is not a number`, {
    where: 'model',
    hint: 'its training diverged: try a lower `rate` or a higher `l2`',
  });
}
