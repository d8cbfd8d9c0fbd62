/** What the gates of MACR say of popularity and activity: the model of macr-mf, cached with it, measured by its gates. */
import { pipeline } from '../../core/index.ts';
import { lightGcn } from '../../nodes/backbones/light-gcn.ts';
import { gates } from '../../nodes/counterfactual/gates.ts';
import { macr } from '../../nodes/estimators/macr.ts';
import { gateGroups } from '../../nodes/evaluation/gate-groups.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { stoppedNeeds } from '../needs.ts';
import { readmeMacr } from './batches.ts';

const { train, valid, shape, evaluation } = stoppedNeeds;

export const macrMfGates = pipeline('macr-mf-gates', {
  doc: 'Gates of macr-mf by the popularity of items and the activity of users.',
  needs: { train, valid, shape, evaluation },
})
  .step('model', learner(macr), (up) => ({ train: up.train, selection: up.valid, shape: up.shape }))
  .step('gates', gates, (up) => ({ model: up.model.params, shape: up.shape }))
  .step('metrics', gateGroups, (up) => ({
    items: up.gates.items,
    users: up.gates.users,
    train: up.train,
    shape: up.shape,
    evaluation: up.evaluation,
  }))
  .settings(readmeMacr);

export const macrMfPairedGates = macrMfGates
  .as('macr-mf-paired-gates', { doc: 'Gates of macr-mf-paired by the popularity of items and the activity of users.' })
  .method('model', (m) => m.with({ fusion: 'paired', c: 10 }));

export const macrLightGcnGates = macrMfGates
  .as('macr-lightgcn-gates', { doc: 'Gates of macr-lightgcn by the popularity of items and the activity of users.' })
  .method('model', (m) => m.with({ backbone: lightGcn({ layers: 2, start: 'xavier' }) }))
  .configure({ model: { alpha: 1e-2 } });
