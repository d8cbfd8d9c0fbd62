/** Scores joined with test ratings: who is evaluated, on which candidates, and what is known about each of them. */
import { Problem } from '../../core/index.ts';
import type { Shape } from '../ports.ts';
import { matchPairs, type OrderedPairs, orderPairs } from './pair-order.ts';
import type { Definition } from './schema.ts';

export interface Judged {
  /** Users with at least one row in the test set, ascending. */
  readonly users: Uint32Array;
  /** Candidates of user u, by ascending item: places `start[u] .. start[u + 1]` of `item`, `score` and `rating`. */
  readonly start: Uint32Array;
  readonly item: Uint32Array;
  readonly score: Float32Array;
  /** The candidate's rating in the test set; NaN where there is none. */
  readonly rating: Float32Array;
  /** All test ratings of user u, candidates or not: places `testStart[u] .. testStart[u + 1]`. */
  readonly testStart: Uint32Array;
  readonly testItem: Uint32Array;
  readonly testRating: Float32Array;
  /** Test pairs left out because the training set has them too (only when all items are ranked). */
  readonly inTrain: number;
  /** Test pairs that are no candidates: their positives count as missed (only when all items are ranked). */
  readonly notRanked: number;
}

interface Pairs {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}
interface Input {
  /** Without `score` every candidate scores 0: enough for what does not depend on scores. */
  readonly candidates: Pairs & { readonly score?: Float32Array };
  readonly test: Pairs & { readonly rating: Float32Array };
  readonly train?: Pairs | undefined;
}

/**
 * Joins candidates and test ratings. Where the definition ranks the rated items, candidates and test pairs must be the same
 * set; where it ranks all items, a candidate without a test row is a negative, and pairs of `train` are no candidates: whether
 * they are test pairs is a choice of the definition (`knownTest`).
 * @throws Problem `bad-data` for NaN scores or ratings, duplicate pairs, ids outside the shape, and sets that do not match
 */
export function judge({ candidates, test, train }: Input, definition: Definition, shape: Shape): Judged {
  refuseNaN(candidates.score, candidates, 'score', 'scores');
  refuseNaN(test.rating, test, 'rating', 'test');
  const lists = orderPairs(candidates, shape, 'scores');
  const truth = orderPairs(test, shape, 'test');
  const history = definition.candidates === 'all' && train ? orderPairs(train, shape, 'train') : undefined;
  const ranked = keep(lists, history);
  const wanted = keep(truth, definition.knownTest === 'dropped' ? history : undefined);
  const label = matchPairs(ranked, wanted);
  let labelled = 0;
  for (const at of label) if (at >= 0) labelled++;
  const notRanked = wanted.user.length - labelled;
  if (definition.candidates === 'rated') refuseDifferentSets(label.length - labelled, notRanked, definition);

  const rating = new Float32Array(label.length);
  const score = new Float32Array(label.length);
  for (let at = 0; at < label.length; at++) {
    rating[at] = label[at]! < 0 ? Number.NaN : test.rating[wanted.row[label[at]!]!]!;
    score[at] = candidates.score?.[ranked.row[at]!] ?? 0;
  }
  return {
    users: Uint32Array.from(
      Array.from({ length: shape.users }, (_, u) => u).filter((u) => wanted.start[u]! < wanted.start[u + 1]!),
    ),
    start: ranked.start,
    item: ranked.item,
    score,
    rating,
    testStart: wanted.start,
    testItem: wanted.item,
    testRating: Float32Array.from(wanted.row, (row) => test.rating[row] as number),
    inTrain: truth.user.length - wanted.user.length,
    notRanked,
  };
}

/** The pairs that `without` does not hold. */
function keep(pairs: OrderedPairs, without: OrderedPairs | undefined): OrderedPairs {
  if (without === undefined) return pairs;
  const drop = matchPairs(pairs, without);
  const start = new Uint32Array(pairs.start.length);
  let kept = 0;
  for (let u = 0; u + 1 < start.length; u++) {
    for (let at = pairs.start[u]!; at < pairs.start[u + 1]!; at++) if (drop[at]! < 0) kept++;
    start[u + 1] = kept;
  }
  const stays = (_: number, at: number) => drop[at]! < 0;
  return { user: pairs.user.filter(stays), item: pairs.item.filter(stays), row: pairs.row.filter(stays), start };
}

function refuseNaN(values: Float32Array | undefined, { user, item }: Pairs, what: string, where: string) {
  if (values === undefined) return;
  let bad = 0;
  let first = -1;
  for (let row = 0; row < values.length; row++)
    if (Number.isNaN(values[row])) {
      if (bad === 0) first = row;
      bad++;
    }
  if (bad === 0) return;
  throw new Problem(
    'bad-data',
    `${bad} of ${values.length} ${what}s ${bad === 1 ? 'is' : 'are'} not a number, the first in row ${first} (user ${user[first]}, item ${item[first]})`,
    {
      where,
      hint:
        what === 'score'
          ? 'the model diverged or was given bad input: look at its loss, and lower its learning rate'
          : 'a pair without a rating does not belong in the test set',
    },
  );
}

function refuseDifferentSets(unlabelled: number, unscored: number, { name }: Definition) {
  if (unlabelled === 0 && unscored === 0) return;
  const what =
    unscored > 0
      ? `${unscored} test pair${unscored === 1 ? ' has' : 's have'} no score`
      : `${unlabelled} scored pair${unlabelled === 1 ? ' has' : 's have'} no test rating`;
  throw new Problem('bad-data', `'${name}' ranks the rated test items of a user, but ${what}`, {
    where: 'scores',
    hint: "score exactly the pairs of the test set, or rank all items with `candidates: 'all'` in evaluation/definition",
  });
}
