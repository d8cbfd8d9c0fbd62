import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { ImputedLabel } from '../learning/composition.ts';
import type { Rows } from '../learning/expression/tree.ts';

/**
 * A pseudo-label t = sigmoid(i) from a score of its own, on the backbone of the prediction and with its rate and decay. After
 * each step of the prediction it takes one with loss sum_B phi(w) (CE(z, y) - CE(i, r))^2, r = sigmoid(z) held fixed: the
 * imputed error is the one with which the label predicts the prediction. phi is
 * w (`none`, DR-JL), w (w - 1) (`variance`, MRDR), w (w - 1)^2 (`bias`), or (1 - mix) of the second + mix of the third (`both`).
 */
export const learntLabel = part('imputing/learnt-label', {
  slot: 'imputation',
  doc: 'A learnt pseudo-label that alternates with the prediction inside each batch (joint learning).',
  source: 'Wang et al. 2019 (DR-JL); Guo et al. 2021 (MRDR); Dai et al. 2022 (DR-BIAS, DR-MSE); code of Li et al. 2024',
  config: z.strictObject({
    emphasis: z
      .enum(['none', 'variance', 'bias', 'both'])
      .default('none')
      .describe('what the errors of the imputation are weighted for, beside the risk itself'),
    mix: z.number().min(0).max(1).default(0.5).describe('share of bias against variance under `both`'),
  }),
  build: ({ emphasis, mix }): ImputedLabel => ({
    givens: {},
    learns: (backbone, width) => backbone.score('i', width),
    of: ({ score }) => score('i').sigmoid().stop(),
    loss: ({ score, column, sum }, z, w, ce) => {
      const error = ce(z.stop(), column('y'));
      const imputed = ce(score('i'), z.sigmoid().stop());
      return sum(
        'B',
        error
          .minus(imputed)
          .squared()
          .times(emphasised(w, emphasis, mix)),
      );
    },
  }),
});

function emphasised(w: Rows, emphasis: 'none' | 'variance' | 'bias' | 'both', mix: number): Rows {
  const variance = w.times(w.minus(1));
  const bias = variance.times(w.minus(1));
  if (emphasis === 'both') return bias.times(mix).plus(variance.times(1 - mix));
  return emphasis === 'none' ? w : emphasis === 'variance' ? variance : bias;
}
