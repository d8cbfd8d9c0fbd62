/** What every method must beat: floors on the same protocol, measured by the same evaluator. Sources: the usual practice. */
import { pipeline } from '../core/index.ts';
import { evaluate } from '../nodes/evaluation/evaluate.ts';
import { evaluateLists } from '../nodes/evaluation/evaluate-lists.ts';
import { coOccurrenceFloor } from '../nodes/floors/co-occurrence.ts';
import { itemMeanFloor } from '../nodes/floors/item-mean.ts';
import { itemOrderFloor } from '../nodes/floors/item-order.ts';
import { itemUserMeanFloor } from '../nodes/floors/item-user-mean.ts';
import { leastPopularFloor } from '../nodes/floors/least-popular.ts';
import { meanFloor } from '../nodes/floors/mean.ts';
import { popularityFloor } from '../nodes/floors/popularity.ts';
import { randomFloor } from '../nodes/floors/random.ts';
import { randomListsFloor } from '../nodes/floors/random-lists.ts';
import { Evaluation, Pairs, Ratings, Shape } from '../nodes/ports.ts';
import { judged } from './wires.ts';

const needs = { train: Ratings, test: Ratings, candidates: Pairs, shape: Shape, evaluation: Evaluation };

export const floorRandom = pipeline('floor-random', {
  doc: 'The mean result of a uniformly random order, in closed form.',
  needs,
}).step('metrics', randomFloor, (up) => ({
  candidates: up.candidates,
  test: up.test,
  train: up.train,
  evaluation: up.evaluation,
  shape: up.shape,
}));

export const floorMean = pipeline('floor-mean', { doc: 'The mean label for every pair: errors only.', needs }).step(
  'metrics',
  meanFloor,
  (up) => ({
    candidates: up.candidates,
    test: up.test,
    train: up.train,
    evaluation: up.evaluation,
    shape: up.shape,
  }),
);

export const floorPopularity = pipeline('floor-popularity', { doc: 'Items by their number of train rows.', needs })
  .step('scores', popularityFloor, (up) => ({ train: up.train, candidates: up.candidates, shape: up.shape }))
  .step('metrics', evaluate, judged, { scores: 'order' });

export const floorItemMean = pipeline('floor-item-mean', { doc: 'Items by their shrunk mean label.', needs })
  .step('scores', itemMeanFloor, (up) => ({ train: up.train, candidates: up.candidates, shape: up.shape }))
  .step('metrics', evaluate, judged);

export const floorItemUserMean = pipeline('floor-item-user-mean', {
  doc: 'Shrunk mean label of the item plus that of the user.',
  needs,
})
  .step('scores', itemUserMeanFloor, (up) => ({ train: up.train, candidates: up.candidates, shape: up.shape }))
  .step('metrics', evaluate, judged, { scores: 'order' });

export const floorLeastPopular = pipeline('floor-least-popular', {
  doc: 'Items by their number of train rows, the rarest first.',
  needs,
})
  .step('scores', leastPopularFloor, (up) => ({ train: up.train, candidates: up.candidates, shape: up.shape }))
  .step('metrics', evaluate, judged, { scores: 'order' });

export const floorCoOccurrence = pipeline('floor-co-occurrence', {
  doc: "Items by how often they were clicked together with the user's, over their popularity.",
  needs,
})
  .step('scores', coOccurrenceFloor, (up) => ({ train: up.train, candidates: up.candidates, shape: up.shape }))
  .step('metrics', evaluate, judged, { scores: 'order' });

/** The same without a table of candidates, for data sets with too many pairs of users and items to write them down. */
const listed = { train: Pairs, test: Pairs, known: Pairs, shape: Shape, evaluation: Evaluation };

export const floorListedRandom = pipeline('floor-listed-random', {
  doc: 'The mean result of a uniformly random order of all items, in closed form.',
  needs: listed,
}).step('metrics', randomListsFloor, (up) => ({
  test: up.test,
  known: up.known,
  evaluation: up.evaluation,
  shape: up.shape,
}));

export const floorListedPopularity = pipeline('floor-listed-popularity', {
  doc: 'All items by their number of train rows.',
  needs: listed,
})
  .step('lists', itemOrderFloor, (up) => ({ train: up.train, test: up.test, known: up.known, shape: up.shape }))
  .step('metrics', evaluateLists, (up) => ({
    lists: up.lists.lists,
    test: up.test,
    known: up.known,
    train: up.train,
    evaluation: up.evaluation,
    shape: up.shape,
  }));

export const floorListedLeastPopular = floorListedPopularity
  .as('floor-listed-least-popular', { doc: 'All items by their number of train rows, the rarest first.' })
  .configure({ lists: { by: 'rarity' } });
