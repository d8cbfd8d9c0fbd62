import { z } from 'zod';
import { method } from '../../core/method.ts';
import { biasedFactors } from '../backbones/biased-factors.ts';
import { noConfounder } from '../confounding/none.ts';
import { noFeatures } from '../features/none.ts';
import { type AddedTerms, type Backbone, built, type ObservedWeight, withTerms } from '../learning/composition.ts';
import { program } from '../learning/declaration.ts';
import { logisticLoss, squaredError as square } from '../learning/expression/losses.ts';
import { rawScoreSettings, untilNdcg } from '../learning/settings.ts';
import { Labels, Ratings, Shape } from '../ports.ts';
import { none } from '../weighting/none.ts';

/**
 * Squared error of the raw score against the label over batches of observed pairs, each pair weighted: (1/|B|) sum_B w (s - y)^2.
 * The score has no sigmoid and no offset: from first values near 0, often exposed items climb first, and under early stopping
 * that serves as a popularity signal. Side features and a latent confounder add terms to the score of any backbone.
 * Training stops on NDCG over the logged candidates of the validation users; the best epoch is restored.
 * `loss: 'cross-entropy'` is what IViDR's paper writes.
 */
export const squaredErrorMethod = method('estimators/squared-error', {
  doc: 'Weighted squared error of raw scores on observed pairs, with terms for side features and latent confounders.',
  source: 'Zhang et al. 2023 (iDCF, KDD), code; Deng et al. 2024 (IViDR), eq. 23-25',
  in: { train: Ratings, shape: Shape, validation: Labels },
  settings: z.strictObject({
    ...rawScoreSettings,
    loss: z.enum(['squared', 'cross-entropy']).default('squared').describe('on the raw score, or on it as a logit'),
  }),
  parts: {
    backbone: biasedFactors({ start: 'uniform', global: false }),
    weight: none(),
    features: noFeatures(),
    confounder: noConfounder(),
  },
  build: (s, parts) => {
    const z = withTerms(
      built<Backbone>(parts.backbone).score('', s.width),
      built<AddedTerms>(parts.features),
      built<AddedTerms>(parts.confounder),
    );
    const weight = built<ObservedWeight>(parts.weight);
    return program({
      tables: z.tables,
      scores: { z: z.score, ...weight.scores },
      columns: weight.columns,
      streams: { B: { draw: 'observed', batch: s.batch, last: 'fill' } },
      groups: { prediction: { own: z.own, rate: s.rate, l2: s.l2 } },
      batch: (words) => {
        const { score, column, mean } = words;
        const error = (s.loss === 'squared' ? square : logisticLoss)(score('z'), column('y'));
        return [{ loss: mean('B', weight.of(words).times(error)), move: ['prediction'] }];
      },
      watch: (words) => [{ on: 'B', weights: weight.of(words) }],
      stop: untilNdcg(s),
      serve: ({ score }) => score('z'),
    });
  },
});
