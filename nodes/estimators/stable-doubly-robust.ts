import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { learntLabel } from '../imputing/learnt-label.ts';
import { type Backbone, built, type ImputedLabel } from '../learning/composition.ts';
import { program } from '../learning/declaration.ts';
import { logisticLoss as ce, crossEntropyOf } from '../learning/expression/losses.ts';
import { naiveBayes } from '../learning/expression/naive-bayes.ts';
import { constant } from '../learning/expression/tree.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { Prior, Ratings, Shape } from '../ports.ts';

/** As PyTorch's cross-entropy, but for probabilities within 1e-10 of 0 or 1. */
const shift = 1e-12;

/**
 * Stable doubly robust: three steps a batch, each seeing what the one before has moved. The propensity is naive Bayes with one
 * trainable smoothing m, evaluated on every pair.
 * 1. imputation: sum_B w (CE(z, y) - CE(i, r))^2 with w and r held;
 * 2. m: sum_S CE(p, o) + eta (sum_S (1 - o w)(eh - mean eh))^2 with eh = CE(i, r) held;
 * 3. prediction: sum_B w CE(z, y) / sum_B w with w held. The stopping rule follows mean_B w CE(z, y).
 */
export const stableDoublyRobust = method('estimators/stable-doubly-robust', {
  doc: 'Stable doubly robust: self-normalised, with a propensity whose one number balances the imputed errors.',
  source: 'Li et al. 2023 (Stable-DR); code of Li et al. 2024',
  in: { train: Ratings, shape: Shape, prior: Prior },
  settings: z.strictObject({
    width: widthSetting.default(4),
    batch: batchSetting,
    ratio: z.number().positive().default(3).describe('pairs of S for each pair of B'),
    rate: rateSetting,
    smoothingRate: z.number().positive().default(0.01).describe("Adam's rate of the smoothing"),
    l2: l2Setting.default(5e-5),
    eta: z.number().nonnegative().default(100).describe('weight of the balancing constraint'),
    pairs: z.enum(['pairs', 'ids']).default('pairs').describe('all pairs, or the product of the largest ids as coded'),
    ...stopSettings,
  }),
  parts: { backbone: factors(), imputation: learntLabel() },
  build: (s, parts) => {
    const backbone = built<Backbone>(parts.backbone);
    const imputation = built<ImputedLabel>(parts.imputation);
    const z = backbone.score('', s.width);
    const i = backbone.score('i', s.width);
    return program({
      tables: { ...z.tables, ...i.tables },
      scores: { z: z.score, i: i.score },
      parameters: { smoothing: 0 },
      givens: { prior: { port: 'prior', field: 'positive' } },
      streams: { B: { draw: 'observed', batch: s.batch }, S: { draw: 'pairs', per: 'B', ratio: s.ratio } },
      groups: {
        imputation: { own: i.own, rate: s.rate, l2: s.l2 },
        smoothing: { own: ['smoothing'], rate: s.smoothingRate },
        prediction: { own: z.own, rate: s.rate, l2: s.l2 },
      },
      batch: (words) => {
        const { score, column, given, parameter, sum, mean } = words;
        const p = naiveBayes(column('y'), given('prior'), s.pairs, parameter('smoothing'));
        const w = constant(1).over(p);
        const fixed = w.stop();
        const imputed = ce(score('i'), score('z').sigmoid()).stop();
        const off = constant(1).minus(column('o').times(w));
        const we = fixed.times(ce(score('z'), column('y')));
        return [
          {
            loss: (imputation.loss as NonNullable<ImputedLabel['loss']>)(words, score('z'), fixed, ce),
            move: ['imputation'],
            track: constant(0),
          },
          {
            loss: {
              observation: sum('S', crossEntropyOf(p, column('o'), shift)),
              balance: sum('S', off.times(imputed.minus(mean('S', imputed))))
                .squared()
                .times(s.eta),
            },
            move: ['smoothing'],
            track: constant(0),
          },
          { loss: sum('B', we).over(sum('B', fixed)), move: ['prediction'], track: mean('B', we) },
        ];
      },
      watch: ({ column, given, parameter }) => [
        {
          on: 'B',
          weights: constant(1).over(naiveBayes(column('y'), given('prior'), s.pairs, parameter('smoothing'))),
        },
      ],
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
