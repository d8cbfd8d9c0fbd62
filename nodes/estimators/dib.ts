import { z } from 'zod';
import { method } from '../../core/method.ts';
import { program } from '../learning/declaration.ts';
import { logisticLoss as ce } from '../learning/expression/losses.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { Ratings, Shape } from '../ports.ts';

/**
 * Debiased information bottleneck: every user and item has an unbiased part c and a biased part b, and
 * (1 - alpha) mean_B CE(c . c, y) + gamma mean_B CE(b . b, y) + alpha mean_B CE(all, y)
 * where all = (b_u + c_u) . (b_i + c_i), cross terms included (`cross: true`, the code), or c . c + b . b for parts in
 * orthogonal halves (the paper, where gamma is subtracted and only c decays). The model serves c . c.
 * Its tables are its own: there is no backbone to exchange.
 */
export const dib = method('estimators/dib', {
  doc: 'Debiased information bottleneck: the unbiased half of each embedding predicts, the biased half takes the rest.',
  source: 'Liu et al. 2021, eq. 9; code of Li et al. 2024',
  in: { train: Ratings, shape: Shape },
  settings: z.strictObject({
    width: widthSetting.default(4),
    batch: batchSetting.default(256),
    rate: rateSetting,
    l2: l2Setting.default(1e-3),
    alpha: z.number().min(0).max(1).default(1).describe('weight of the combined prediction'),
    gamma: z.number().default(1).describe('weight of the biased prediction; negative: it shall predict badly'),
    cross: z.boolean().default(true).describe('whether the combined score has the products of unlike parts'),
    decay: z.enum(['all', 'unbiased']).default('all').describe('which tables the weight decay is on'),
    ...stopSettings,
    tolerance: stopSettings.tolerance.default(1e-5),
  }),
  parts: {},
  build: (s) => {
    const table = (rows: 'user' | 'item') => ({ rows, width: s.width, start: { normal: 1 } });
    const [unbiased, biased] = [{ dot: ['P', 'Q'] }, { dot: ['Pb', 'Qb'] }] as const;
    const unlike = [{ dot: ['P', 'Qb'] }, { dot: ['Pb', 'Q'] }] as const;
    return program({
      tables: { P: table('user'), Q: table('item'), Pb: table('user'), Qb: table('item') },
      scores: {
        c: unbiased,
        b: biased,
        all: { sum: [unbiased, biased, ...(s.cross ? unlike : [])] },
      },
      streams: { B: { draw: 'observed', batch: s.batch } },
      groups: {
        unbiased: { own: ['P', 'Q'], rate: s.rate, l2: s.l2 },
        biased: { own: ['Pb', 'Qb'], rate: s.rate, l2: s.decay === 'all' ? s.l2 : 0 },
      },
      batch: ({ score, column, mean }) => {
        const risk = (name: 'c' | 'b' | 'all') => mean('B', ce(score(name), column('y')));
        return [
          {
            loss: {
              unbiased: risk('c').times(1 - s.alpha),
              biased: risk('b').times(s.gamma),
              combined: risk('all').times(s.alpha),
            },
            move: ['unbiased', 'biased'],
          },
        ];
      },
      stop: plateau(s),
      serve: ({ score }) => score('c').sigmoid(),
    });
  },
});
