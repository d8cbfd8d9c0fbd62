/** KuaiRec as Li et al. 2024 (ICDE) use it: a video watched at least once in full is positive, lists are cut at 50. */
import { protocol } from '../../core/index.ts';
import { kuairec } from '../../nodes/datasets/kuairec.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { ratedPairs, uniformTest } from '../roles.ts';

export const kuairecDt = protocol('kuairec-dt', {
  dataset: 'kuairec',
  default: true,
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'KuaiRec: the log trains, the fully watched matrix tests; positive where the whole part of the watch ratio is at least 1.',
})
  .step('raw', kuairec, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 1 })
  .step('test', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 1 })
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [50] })
  .gives(uniformTest);
