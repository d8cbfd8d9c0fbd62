import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { type Backbone, built, type ObservedWeight } from '../learning/composition.ts';
import { program } from '../learning/declaration.ts';
import { logisticLoss as ce } from '../learning/expression/losses.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { Ratings, Shape } from '../ports.ts';
import { none } from '../weighting/none.ts';

/**
 * Cross-entropy over batches B of observed pairs, each pair weighted: (1/|B|) sum_B w CE(r, y). With weight 1 the naive
 * estimator, with inverse propensities IPS; `normalise: 'batch'` divides by sum_B w instead (SNIPS).
 * The stopping rule follows the sum of the batches' losses.
 */
export const crossEntropy = method('estimators/cross-entropy', {
  doc: 'Weighted cross-entropy on observed pairs: naive, IPS or SNIPS, by its weight and normalisation.',
  source: 'Schnabel et al. 2016, eq. 4; Swaminathan & Joachims 2015 (SNIPS); settings as in the code of Li et al. 2024',
  in: { train: Ratings, shape: Shape },
  settings: z.strictObject({
    width: widthSetting,
    batch: batchSetting,
    rate: rateSetting,
    l2: l2Setting.default(1e-4),
    normalise: z
      .enum(['none', 'batch'])
      .default('none')
      .describe('divide by the rows of the batch, or by the sum of their weights'),
    ...stopSettings,
  }),
  parts: { backbone: factors(), weight: none() },
  build: (s, parts) => {
    const z = built<Backbone>(parts.backbone).score('', s.width);
    const weight = built<ObservedWeight>(parts.weight);
    return program({
      tables: z.tables,
      scores: { z: z.score, ...weight.scores },
      columns: weight.columns,
      streams: { B: { draw: 'observed', batch: s.batch } },
      groups: { prediction: { own: z.own, rate: s.rate, l2: s.l2 } },
      batch: (words) => {
        const { score, column, sum, mean } = words;
        const e = ce(score('z'), column('y'));
        const w = weight.of(words);
        const loss = s.normalise === 'batch' ? sum('B', w.times(e)).over(sum('B', w)) : mean('B', w.times(e));
        return [{ loss, move: ['prediction'] }];
      },
      watch: (words) => [{ on: 'B', weights: weight.of(words) }],
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
