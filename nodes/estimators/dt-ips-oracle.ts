import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { type Backbone, built } from '../learning/composition.ts';
import { program } from '../learning/declaration.ts';
import { squaredError } from '../learning/expression/losses.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { oracleColumns, oracleLink, oraclePorts } from './oracle-link.ts';

/**
 * "DT-IPS" as the semi-synthetic notebooks have it: one matrix factorisation r = sigmoid(z) and a propensity that is not
 * learnt but is the generator's link of it, p = clip(2^r - 1, clip, 1). Per batch B of observed pairs
 * alpha (1/|B|) sum_B (y - r)^2 / p + (1/|B|) sum_B (p - o)^2, where o is `indicator` (in that code an unrelated pair's).
 * Gradients flow through p and 1/p. No auxiliary vectors, no disentangling. The stopping rule follows the whole loss.
 */
export const dtIpsOracle = method('estimators/dt-ips-oracle', {
  doc: "IPS whose propensity is the generator's own link of the prediction, as in the semi-synthetic code of DT-IPS.",
  source: 'code of Li et al. 2024 (ICDE), semi-synthetic notebooks',
  in: oraclePorts,
  settings: z.strictObject({
    width: widthSetting.default(8),
    batch: batchSetting.default(4096),
    rate: rateSetting,
    l2: l2Setting.default(1e-5),
    clip: z.number().gt(0).lt(1).default(0.05).describe('smallest propensity'),
    alpha: z.number().nonnegative().default(0.5).describe('weight of the weighted prediction error'),
    ...stopSettings,
    tolerance: stopSettings.tolerance.default(1e-5),
    epochs: stopSettings.epochs.default(300),
  }),
  parts: { backbone: factors() },
  build: (s, parts) => {
    const z = built<Backbone>(parts.backbone).score('', s.width);
    return program({
      tables: z.tables,
      scores: { z: z.score },
      columns: oracleColumns,
      streams: { B: { draw: 'observed', batch: s.batch } },
      groups: { prediction: { own: z.own, rate: s.rate, l2: s.l2 } },
      batch: ({ score, column, mean }) => {
        const r = score('z').sigmoid();
        const p = oracleLink(r, s.clip);
        const prediction = mean('B', squaredError(r, column('y')).over(p));
        const propensity = mean('B', squaredError(p, column('indicator')));
        return [{ loss: prediction.times(s.alpha).plus(propensity), move: ['prediction'] }];
      },
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
