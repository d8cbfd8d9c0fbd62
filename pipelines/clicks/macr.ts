/** MACR: matches trained under gates of item and user, served as a counterfactual; and what it is made of, taken away. */
import { pipeline } from '../../core/index.ts';
import { counterfactualScorer } from '../../nodes/counterfactual/scorer.ts';
import { macr } from '../../nodes/estimators/macr.ts';
import { evaluateLists } from '../../nodes/evaluation/evaluate-lists.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { testRanks } from '../../nodes/ranking/test-ranks.ts';
import { topLists } from '../../nodes/ranking/top-lists.ts';
import { stoppedNeeds, whyValid } from '../needs.ts';
import { listsJudged, ranking } from '../wires.ts';
import { readmeMacr } from './batches.ts';

export const macrMf = pipeline('macr-mf', {
  doc: 'MACR on matrix factorisation, gates crossed with all matches of a batch as the authors code does, c = 40.',
  needs: stoppedNeeds,
  reasons: whyValid,
})
  .step('model', learner(macr), (up) => ({ train: up.train, selection: up.valid, shape: up.shape }))
  .step('counterfactual', counterfactualScorer, (up) => ({
    model: up.model.params,
    selection: up.valid,
    train: up.train,
    shape: up.shape,
  }))
  .step('lists', topLists, (up) => ranking(up.counterfactual.model, up))
  .step('ranks', testRanks, (up) => ranking(up.counterfactual.model, up))
  .step('metrics', evaluateLists, listsJudged)
  .settings(readmeMacr);

/** Equation 7 as the paper prints it: its best constant on Adressa is about 10, and 40 is far too much. */
export const macrMfPaired = macrMf
  .as('macr-mf-paired', {
    doc: 'MACR on matrix factorisation, each gate with its own match as the paper writes, c = 10.',
  })
  .method('model', (m) => m.with({ fusion: 'paired', c: 10 }))
  .configure({ counterfactual: { c: 10 } })
  .settings(readmeMacr);

/** Table 5 of the paper. */
export const macrMfNoUserBranch = macrMf
  .as('macr-mf-no-user-branch', { doc: 'MACR on matrix factorisation without the gate of the user.' })
  .method('model', (m) => m.with({ userBranch: false }))
  .settings(readmeMacr);
export const macrMfNoItemBranch = macrMf
  .as('macr-mf-no-item-branch', { doc: 'MACR on matrix factorisation without the gate of the item: c moves nothing.' })
  .method('model', (m) => m.with({ itemBranch: false }))
  .settings(readmeMacr);
export const macrMfNoItemLoss = macrMf
  .as('macr-mf-no-item-loss', { doc: 'MACR on matrix factorisation without the loss of the item gate (alpha = 0).' })
  .method('model', (m) => m.with({ alpha: 0 }))
  .settings({
    adressa: { model: { batch: 1024, alpha: 0 } },
    'ml-10m-clicks': { model: { batch: 8192, alpha: 0 } },
    globo: { model: { batch: 4096, alpha: 0 } },
    gowalla: { model: { batch: 4096, alpha: 0 } },
    yelp2018: { model: { batch: 4096, alpha: 0 } },
  });
export const macrMfNoUserLoss = macrMf
  .as('macr-mf-no-user-loss', { doc: 'MACR on matrix factorisation without the loss of the user gate (beta = 0).' })
  .method('model', (m) => m.with({ beta: 0 }))
  .settings(readmeMacr);
