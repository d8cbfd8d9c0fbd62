import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { ScoreScale } from '../learning/composition.ts';
import { Params } from '../ports.ts';

/** Scores are divided by the propensity of their item before they enter the loss: the score, and not the loss, is weighted. */
export const byRate = part('scaling/by-rate', {
  slot: 'scale',
  doc: 'Scores divided by the propensity of their item, from a step propensity/click-rate.',
  source: 'the class IPS_BPRMF in the code of Wei et al. 2021 (KDD)',
  in: { rate: Params },
  config: z.strictObject({}),
  build: (): ScoreScale => ({
    tables: { p: { rows: 'item', width: 1, start: { given: 'rate', tensor: 'p' } } },
    scores: { p: { bias: 'p' } },
    of: ({ score }, y, at) => y.over(score('p', at)),
  }),
});
