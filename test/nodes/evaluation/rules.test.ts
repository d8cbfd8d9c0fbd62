import { describe, expect, test } from 'vitest';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { measured, type Row } from './measured.ts';

const shape = { users: 3, items: 6 };
const rated: Row[] = [
  [0, 0, 1],
  [0, 1, 0],
  [0, 2, 1],
  [1, 3, 0],
  [1, 4, 0],
];
const scored = (...values: number[]): Row[] => rated.map(([u, i], row) => [u, i, values[row] as number]);

describe('ranking', () => {
  test('equal scores rank the lower item id first', async () => {
    const definition = definitionOf('dt-icde24', { cutoffs: [1] });
    const tie = (positive: number): Row[] => [
      [0, 2, positive === 2 ? 1 : 0],
      [0, 5, positive === 5 ? 1 : 0],
    ];
    const scores: Row[] = [
      [0, 5, 0.5],
      [0, 2, 0.5],
    ];
    expect((await measured({ shape, scores, test: tie(2) }, definition)).values['hr@1']).toBe(1);
    expect((await measured({ shape, scores, test: tie(5) }, definition)).values['hr@1']).toBe(0);
  });

  test('a user without positives has NDCG 1 and recall 0 under dt-icde24, and is left out under autodebias', async () => {
    const data = { shape, scores: scored(0.9, 0.1, 0.8, 0.5, 0.4), test: rated };
    const dt = await measured(data, definitionOf('dt-icde24'));
    const own = (metric: string) =>
      [...dt.perUser.value].filter((_, r) => dt.perUser.metric[r] === metric && dt.perUser.user[r] === 1);
    expect([own('ndcg'), own('recall'), own('precision'), own('map'), own('mrr'), own('hr')]).toEqual([
      [1],
      [0],
      [0],
      [0],
      [0],
      [0],
    ]);
    expect(dt.values).toMatchObject({ 'ndcg@5': 1, 'recall@5': 0.5 });
    const other = await measured(data, definitionOf('autodebias'));
    expect([...other.perUser.user]).not.toContain(1);
    expect(other.values).toMatchObject({ 'ndcg@5': 1, 'recall@5': 1 });
  });

  test('under idcf recall divides by all positives, and scores only order', async () => {
    const six = [5, 4, 3, 2, 1, 0].map((value, item): Row => [0, item, value]);
    const test = six.map(([u, i]): Row => [u, i, i === 1 || i === 5 ? 1 : 0]);
    const { values } = await measured({ shape, scores: six, test }, definitionOf('idcf'));
    expect(values['ndcg@5']).toBeCloseTo(0.3869, 4);
    expect(values['recall@5']).toBe(0.5);
    expect(values['mse@0']).toBeNaN();
  });

  test('over all items an unrated item is a negative, and what was trained on is neither candidate nor test', async () => {
    const definition = definitionOf('dt-icde24', { candidates: 'all', cutoffs: [1, 2] });
    const scores = Array.from({ length: 6 }, (_, i): Row => [0, i, 1 - i / 10]);
    const test: Row[] = [
      [0, 0, 1],
      [0, 2, 1],
    ];
    const plain = await measured({ shape, scores, test }, definition);
    expect(plain.values).toMatchObject({ 'recall@1': 0.5, 'recall@2': 0.5 });
    // 8 pairs of a positive and a negative; only (2, 1) is the wrong way round
    expect(plain.values['auc@0']).toBeCloseTo(7 / 8, 12);
    const seen = await measured(
      {
        shape,
        scores,
        test,
        train: [
          [0, 0],
          [0, 1],
        ],
      },
      definition,
    );
    expect(seen.values).toMatchObject({ 'recall@1': 1, 'auc@0': 1 });
    expect(seen.warnings).toEqual(['1 test pairs were left out because the training set has them too']);
  });

  test('over all items a positive that was not scored is missed, and the log says so', async () => {
    const definition = definitionOf('dt-icde24', { candidates: 'all', cutoffs: [2] });
    const { values, warnings } = await measured({ shape, scores: [[0, 0, 1]], test: rated.slice(0, 3) }, definition);
    expect(values['recall@2']).toBe(0.5);
    expect(warnings).toEqual(['2 test pairs were not ranked; their positives count as missed']);
  });

  test('an empty test set defines nothing and says so', async () => {
    const { metrics, warnings } = await measured({ shape, scores: [], test: [] });
    expect(metrics.value.every(Number.isNaN)).toBe(true);
    expect(metrics.reason.every((reason) => reason !== '')).toBe(true);
    expect(warnings).toEqual(['the test set is empty: no metric is defined']);
  });
});

describe('scores that cannot be judged are refused with a place', () => {
  const refused = async (scores: Row[], test: Row[] = rated) =>
    measured({ shape, scores, test }).then(
      () => 'accepted',
      (problem: Error) => problem.message,
    );
  test.each([
    [
      'NaN',
      scored(0.1, Number.NaN, 0.2, 0.3, 0.4),
      '1 of 5 scores is not a number, the first in row 1 (user 0, item 1)',
    ],
    [
      'a pair that occurs twice',
      [...scored(1, 1, 1, 1, 1), [0, 0, 1] as Row],
      'a pair occurs twice: (user 0, item 0) in rows 0 and 5',
    ],
    [
      'an id outside of the shape',
      [...scored(1, 1, 1, 1, 1), [0, 6, 1] as Row],
      "item 6 in row 5 is outside the data set's 6 items",
    ],
    [
      'a test pair without a score',
      scored(1, 1, 1, 1, 1).slice(1),
      "'dt-icde24' ranks the rated test items of a user, but 1 test pair has no score",
    ],
    [
      'a score without a test pair',
      [...scored(1, 1, 1, 1, 1), [2, 0, 1] as Row],
      "'dt-icde24' ranks the rated test items of a user, but 1 scored pair has no test rating",
    ],
  ])('%s', async (_, scores, message) => {
    expect(await refused(scores)).toBe(message);
  });
});

describe('errors of scores as numbers', () => {
  const test4: Row[] = [
    [0, 0, 1],
    [0, 1, 0],
    [0, 2, 1],
    [0, 3, 0],
  ];
  const at = (...values: number[]) => ({
    shape,
    scores: test4.map(([u, i], r): Row => [u, i, values[r] as number]),
    test: test4,
  });

  test('log loss is the mean negative log likelihood in nats, and one sure mistake is finite', async () => {
    const { values } = await measured(at(0.5, 0.25, 1, 0.5));
    expect(values['logloss@0']).toBeCloseTo((2 * Math.log(2) - Math.log(0.75)) / 4, 6);
    const wrong = await measured(at(0, 0, 1, 0));
    expect(wrong.values['logloss@0']).toBeCloseTo((23 * Math.log(2)) / 4, 5);
  });

  test('calibration error compares mean score and share of positives in equal-width bins; 1 is in the last one', async () => {
    // bins of width 0.1: {0.25, 0.25} with one positive, {1, 0.95} with one positive
    const { values } = await measured(at(0.25, 0.25, 1, 0.95));
    expect(values['ece@0']).toBeCloseTo(0.5 * Math.abs(0.25 - 0.5) + 0.5 * Math.abs(0.975 - 0.5), 6);
    const one = await measured(at(0.25, 0.25, 1, 0.95), definitionOf('dt-icde24', { bins: 1 }));
    expect(one.values['ece@0']).toBeCloseTo(Math.abs(2.45 / 4 - 0.5), 6);
  });

  test('squared and absolute error are means over pairs', async () => {
    const { values } = await measured(at(0.5, 0, 1, 1));
    expect(values).toMatchObject({ 'mse@0': 1.25 / 4, 'mae@0': 1.5 / 4 });
  });

  test('scores outside [0, 1] still rank, and have no errors but a reason', async () => {
    const { values, reasons } = await measured(at(3, 1, 2, 0));
    expect(values['auc@0']).toBe(1);
    for (const cell of ['mse@0', 'mae@0', 'logloss@0', 'ece@0']) {
      expect(values[cell]).toBeNaN();
      expect(reasons[cell]).toBe('scores are not probabilities: some lie outside [0, 1]');
    }
  });

  test('scores that are ratings are compared with ratings, and have no likelihood', async () => {
    const { values, reasons } = await measured(at(3, 1, 2, 0), definitionOf('dt-icde24', { scale: 'rating' }));
    expect(values['mse@0']).toBe((4 + 1 + 1 + 0) / 4);
    expect(reasons['logloss@0']).toBe('scores are ratings, not probabilities');
  });

  test('scores that only order leave the four out', async () => {
    const { values } = await measured(at(3, 1, 2, 0), undefined, { scores: 'order' });
    expect(Object.keys(values).filter((cell) => /mse|mae|logloss|ece/.test(cell))).toEqual([]);
  });
});

test('a definition is named after its preset and what differs from it', () => {
  expect(definitionOf('dt-icde24').name).toBe('dt-icde24');
  expect(definitionOf('dt-icde24', { cutoffs: [5, 10] }).name).toBe('dt-icde24');
  expect(definitionOf('dt-icde24', { recall: 'positives' }).name).toBe('dt-icde24');
  expect(definitionOf('autodebias', { recall: 'achievable', gain: 'linear' }).name).toBe(
    'autodebias{gain=linear,recall=achievable}',
  );
  expect(definitionOf('dt-icde24', { zeroPositive: { ndcg: 'skip' } }).name).toBe('dt-icde24{zeroPositive.ndcg=skip}');
});
