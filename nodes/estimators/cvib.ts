import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { type Backbone, built } from '../learning/composition.ts';
import { program } from '../learning/declaration.ts';
import { logisticLoss as ce } from '../learning/expression/losses.ts';
import { constant } from '../learning/expression/tree.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { Ratings, Shape } from '../ports.ts';

/** Under logarithms of means, which reach 0 and 1 only when a model has diverged. */
const shift = 1e-12;

/**
 * Counterfactual variational information bottleneck. With m the mean prediction of a batch B of observed pairs and m' that of as
 * many pairs S of all:
 * mean_B CE(r, y) + contrast * [-m log m' - (1 - m) log(1 - m')] + confidence * mean_B r log r.
 * The stopping rule follows the first term.
 */
export const cvib = method('estimators/cvib', {
  doc: 'Information bottleneck: observed and unobserved pairs shall be predicted alike on average, without overconfidence.',
  source: 'Wang et al. 2020, eq. 12; code of Li et al. 2024',
  in: { train: Ratings, shape: Shape },
  settings: z.strictObject({
    width: widthSetting,
    batch: batchSetting,
    rate: rateSetting,
    l2: l2Setting.default(1e-4),
    contrast: z.number().nonnegative().default(0.1).describe('alpha: weight of the contrast of the two means'),
    confidence: z
      .number()
      .nonnegative()
      .default(0.05)
      .describe('gamma: weight of the penalty on confident predictions'),
    ...stopSettings,
  }),
  parts: { backbone: factors() },
  build: (s, parts) => {
    const z = built<Backbone>(parts.backbone).score('', s.width);
    return program({
      tables: z.tables,
      scores: { z: z.score },
      streams: { B: { draw: 'observed', batch: s.batch }, S: { draw: 'pairs', per: 'B', ratio: 1 } },
      groups: { prediction: { own: z.own, rate: s.rate, l2: s.l2 } },
      batch: ({ score, column, mean }) => {
        const r = score('z').sigmoid();
        const [seen, all] = [mean('B', r), mean('S', r)];
        const other = constant(1).minus(seen).times(constant(1).minus(all).log(shift));
        const risk = mean('B', ce(score('z'), column('y')));
        return [
          {
            loss: {
              risk,
              contrast: seen.times(all.log(shift)).plus(other).times(-s.contrast),
              confidence: mean('B', r.times(r.log(shift))).times(s.confidence),
            },
            move: ['prediction'],
            track: risk,
          },
        ];
      },
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
