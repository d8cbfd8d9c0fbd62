/** Yahoo! R3 as Li et al. 2024 (ICDE) use it: ratings of at least 3 are positive, the whole uniform set is the test. */
import { protocol } from '../../core/index.ts';
import { yahooR3 } from '../../nodes/datasets/yahoo-r3.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';

export const yahooDt = protocol('yahoo-dt', {
  dataset: 'yahoo',
  default: true,
  evaluation: 'dt-icde24',
  candidates: 'rated',
  floors: ['random', 'popularity', 'item-mean', 'item-user-mean'],
  doc: 'Yahoo! R3: biased ratings train, all uniform ratings test, positive from 3 on.',
})
  .step('raw', yahooR3, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 3 })
  .step('test', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 3 })
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({
    train: up.train.labels,
    test: up.test.labels,
    candidates: up.test.labels,
    log: up.raw.log,
    randomised: up.raw.uniform,
    shape: up.raw.shape,
    evaluation: up.evaluation.evaluation,
    userIds: up.raw.userIds,
    itemIds: up.raw.itemIds,
  }));
