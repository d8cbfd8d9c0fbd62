import { z } from 'zod';
import { method } from '../../core/method.ts';
import { biasedFactors } from '../backbones/biased-factors.ts';
import { type Backbone, built } from '../learning/composition.ts';
import { program } from '../learning/declaration.ts';
import { squaredError } from '../learning/expression/losses.ts';
import { constant, type Num } from '../learning/expression/tree.ts';
import { withoutLeak } from '../learning/propagation/leak.ts';
import { l2Setting, rateSetting, widthSetting } from '../learning/settings.ts';
import { Labels, Ratings, Shape } from '../ports.ts';

/**
 * Propensities learnt together with the prediction r and balanced by it, with squared errors on probabilities over blocks D of
 * users x items (all their pairs):
 *
 *   mean (p - o)^2 + conversion * mean (p r - o y)^2 + risk * R + balance * (mean (o/p - (1-o)/(1-p)) r)^2
 *
 * where R = mean o (r - y)^2 / p, or, doubly robust with the imputed label t, e = (r - y)^2 and eh = (r - t)^2,
 * R = mean (eh + o (e - eh) / p), and imputation * mean o (eh - e)^2 / p is added. Nothing is detached, nothing is clipped.
 * Training stops on the AUC of the validation rows; the best state is restored.
 */
export const balanced = method('estimators/balanced', {
  doc: 'IPS-V2 and DR-V2: propensity and prediction learnt together, the propensity balanced by the prediction.',
  source: 'Li et al. 2023 (ICML), "Propensity matters", eqs. 8-10, and its code',
  in: { train: Ratings, shape: Shape, validation: Labels },
  settings: z.strictObject({
    width: widthSetting.default(256),
    users: z.number().int().positive().default(64).describe('users a block, at most'),
    items: z.number().int().positive().default(64).describe('items a block, at most'),
    rate: rateSetting.default(1e-3),
    propensityRate: rateSetting.default(1e-2),
    imputationRate: rateSetting.default(1e-3),
    l2: l2Setting.default(1e-5),
    propensityL2: l2Setting.default(0.1),
    imputationL2: l2Setting.default(1e-6),
    conversion: z.number().nonnegative().default(1).describe('alpha: weight of the error of p r'),
    risk: z.number().nonnegative().default(1).describe('beta: weight of the debiased risk'),
    balance: z.number().nonnegative().default(1e-2).describe('gamma: weight of the balancing error'),
    robust: z.boolean().default(false).describe('doubly robust, with an imputed label of its own'),
    imputation: z.number().nonnegative().default(1e-3).describe('weight of the imputation error'),
    patience: z.number().int().positive().default(60).describe('epochs without a better validation AUC'),
    restore: z.enum(['best', 'last']).default('best').describe('which state is kept once training stops'),
    epochs: z.number().int().positive().default(500).describe('largest number of epochs'),
  }),
  parts: { backbone: biasedFactors({ start: 'fan-out', global: false }) },
  build: (s, parts) => {
    const backbone = built<Backbone>(parts.backbone);
    const prediction = backbone.score('', s.width);
    const propensity = withoutLeak(backbone.score('x', s.width, prediction));
    const imputation = s.robust ? backbone.score('i', s.width, prediction) : undefined;
    return program({
      tables: { ...prediction.tables, ...propensity.tables, ...imputation?.tables },
      scores: { z: prediction.score, x: propensity.score, ...(imputation && { i: imputation.score }) },
      streams: { D: { draw: 'blocks', users: s.users, items: s.items } },
      groups: {
        prediction: { own: prediction.own, rate: s.rate, l2: s.l2 },
        propensity: { own: propensity.own, rate: s.propensityRate, l2: s.propensityL2 },
        ...(imputation && { imputation: { own: imputation.own, rate: s.imputationRate, l2: s.imputationL2 } }),
      },
      batch: ({ score, column, mean }) => {
        const [r, p, o, y] = [score('z').sigmoid(), score('x').sigmoid(), column('o'), column('y')];
        const w = o.over(p);
        const e = squaredError(r, y);
        const terms: Record<string, Num> = {
          observation: mean('D', squaredError(p, o)),
          conversion: mean('D', squaredError(p.times(r), y)).times(s.conversion),
        };
        if (s.robust) {
          const eh = squaredError(r, score('i').sigmoid());
          terms.risk = mean('D', eh.plus(w.times(e.minus(eh)))).times(s.risk);
          terms.imputation = mean('D', w.times(eh.minus(e).squared())).times(s.imputation);
        } else terms.risk = mean('D', w.times(e)).times(s.risk);
        const contrast = w.minus(constant(1).minus(o).over(constant(1).minus(p)));
        terms.balance = mean('D', contrast.times(r)).squared().times(s.balance);
        const move = ['prediction', 'propensity', ...(s.robust ? ['imputation' as const] : [])] as const;
        return [{ loss: terms, move }];
      },
      watch: ({ score, column }) => [{ on: 'D', weights: column('o').over(score('x').sigmoid()) }],
      stop: {
        rule: 'patience',
        metric: 'auc',
        on: 'validation',
        patience: s.patience,
        epochs: s.epochs,
        restore: s.restore,
      },
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
