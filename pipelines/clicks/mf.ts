/** Matrix factorisation on clicks, and the same under other losses: nothing is done about popularity. */
import { pipeline } from '../../core/index.ts';
import { clickLoss } from '../../nodes/estimators/click-loss.ts';
import { evaluateLists } from '../../nodes/evaluation/evaluate-lists.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { testRanks } from '../../nodes/ranking/test-ranks.ts';
import { topLists } from '../../nodes/ranking/top-lists.ts';
import { stoppedNeeds, whyValid } from '../needs.ts';
import { listsJudged, ranked } from '../wires.ts';
import { readmeBatches } from './batches.ts';

export const clicksMf = pipeline('clicks-mf', {
  doc: 'Matrix factorisation on clicks, cross-entropy against uniform negatives.',
  needs: stoppedNeeds,
  reasons: whyValid,
})
  .step('model', learner(clickLoss), (up) => ({ train: up.train, selection: up.valid, shape: up.shape }))
  .step('lists', topLists, ranked)
  .step('ranks', testRanks, ranked)
  .step('metrics', evaluateLists, listsJudged)
  .settings(readmeBatches);

export const clicksBprMf = clicksMf
  .as('clicks-bpr-mf', { doc: 'Matrix factorisation on clicks, BPR against uniform negatives.' })
  .method('model', (m) => m.with({ loss: 'bpr' }))
  .settings(readmeBatches);

export const clicksSoftmaxMf = clicksMf
  .as('clicks-softmax-mf', { doc: 'Matrix factorisation on clicks, softmax over the click and 16 uniform negatives.' })
  .method('model', (m) => m.with({ loss: 'softmax', negatives: 16 }))
  .settings(readmeBatches);

export const clicksBsMf = clicksMf
  .as('clicks-bs-mf', {
    doc: 'Biased score (BS): an item bias takes up popularity in training and is left out when serving.',
  })
  .method('model', (m) => m.with({ itemBias: 'training' }))
  .settings(readmeBatches);
