/** Yahoo! R3 as Li et al. 2024 (ICDE) use it: ratings of at least 3 are positive, the whole uniform set is the test. */
import { protocol } from '../../core/index.ts';
import { yahooR3 } from '../../nodes/datasets/yahoo-r3.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { ratedPairs, uniformTest } from '../roles.ts';

export const yahooDt = protocol('yahoo-dt', {
  dataset: 'yahoo',
  default: true,
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'Yahoo! R3: biased ratings train, all uniform ratings test, positive from 3 on.',
})
  .step('raw', yahooR3, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 3 })
  .step('test', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 3 })
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({ ...uniformTest(up), userIds: up.raw.userIds, itemIds: up.raw.itemIds }));
