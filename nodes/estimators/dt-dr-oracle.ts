import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { priorLabel } from '../imputing/prior-label.ts';
import { type Backbone, built, type ImputedLabel } from '../learning/composition.ts';
import { program } from '../learning/declaration.ts';
import { squaredError } from '../learning/expression/losses.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { oracleColumns, oracleLink, oraclePorts } from './oracle-link.ts';

/**
 * "DT-DR" as the semi-synthetic notebooks have it: r = sigmoid(z), p = clip(2^r - 1, clip, 1) and a constant imputed label
 * t. With e = (y - r)^2 and e' = (t - r)^2, per batch B and a sample S of all pairs:
 * [sum_B e / p - sum_B e' + sum_S e'] / |S| + theta (1/|B|) sum_B (e - e')^2 / p + alpha (1/|B|) sum_B (p - o)^2, where o
 * is `indicator` (in that code an unrelated pair's). Nothing is stopped. The stopping rule follows the whole loss.
 */
export const dtDrOracle = method('estimators/dt-dr-oracle', {
  doc: "Doubly robust with the generator's own link as propensity, as in the semi-synthetic code of DT-DR.",
  source: 'code of Li et al. 2024 (ICDE), semi-synthetic notebooks',
  in: oraclePorts,
  settings: z.strictObject({
    width: widthSetting.default(8),
    batch: batchSetting.default(4096),
    rate: rateSetting,
    l2: l2Setting.default(1e-5),
    clip: z.number().gt(0).lt(1).default(0.05).describe('smallest propensity'),
    ratio: z.number().positive().default(1).describe('pairs of S for each pair of B'),
    alpha: z.number().nonnegative().default(0.5).describe('weight of the propensity error'),
    theta: z.number().nonnegative().default(1).describe('weight of the imputation error'),
    ...stopSettings,
    tolerance: stopSettings.tolerance.default(1e-5),
    epochs: stopSettings.epochs.default(300),
  }),
  parts: { backbone: factors(), imputation: priorLabel() },
  build: (s, parts) => {
    const z = built<Backbone>(parts.backbone).score('', s.width);
    const imputed = built<ImputedLabel>(parts.imputation);
    return program({
      tables: z.tables,
      scores: { z: z.score },
      columns: oracleColumns,
      givens: imputed.givens,
      streams: { B: { draw: 'observed', batch: s.batch }, S: { draw: 'pairs', per: 'B', ratio: s.ratio } },
      groups: { prediction: { own: z.own, rate: s.rate, l2: s.l2 } },
      batch: ({ score, column, given, sum, mean, size }) => {
        const r = score('z').sigmoid();
        const p = oracleLink(r, s.clip);
        const e = squaredError(r, column('y'));
        const eh = squaredError(r, imputed.of({ score, column, given, sum }));
        const robust = sum('B', e.over(p).minus(eh)).plus(sum('S', eh)).over(size('S'));
        const imputation = mean('B', squaredError(e, eh).over(p));
        const propensity = mean('B', squaredError(p, column('indicator')));
        return [{ loss: robust.plus(imputation.times(s.theta)).plus(propensity.times(s.alpha)), move: ['prediction'] }];
      },
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
