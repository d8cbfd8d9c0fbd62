import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { AddedTerms } from '../learning/composition.ts';
import { Features } from '../ports.ts';

/**
 * Features of users and items as embedding bags: x_u and y_i are sums of the embeddings of their features, each times its value,
 * and the score gets x_u . y_i, x_u . g_i and h_u . y_i with vectors g and h of items and users, and a bias a feature. The tables
 * have a row for every feature that the ports hold.
 */
export const embeddedFeatures = part('features/embedded', {
  slot: 'features',
  doc: 'User and item features as embedding bags: with each other, with the other side, and a bias a feature.',
  source: 'Rendle 2010 (factorization machines), between the two sides',
  in: { userFeatures: Features, itemFeatures: Features },
  config: z.strictObject({
    width: z.number().int().positive().default(16).describe('numbers in an embedding'),
    bound: z.number().positive().default(0.01).describe('largest first value'),
  }),
  build: ({ width, bound }): AddedTerms => {
    const start = { uniform: bound };
    const ofUsers = { rows: 1, start, fit: { rows: 'userFeatures' } };
    const ofItems = { rows: 1, start, fit: { rows: 'itemFeatures' } };
    const tables = {
      X: { ...ofUsers, width },
      Y: { ...ofItems, width },
      bx: { ...ofUsers, width: 1 },
      by: { ...ofItems, width: 1 },
      gx: { rows: 'item', width, start },
      hy: { rows: 'user', width, start },
    } as const;
    const user = (bag: string) => ({ bag, features: 'userFeatures', side: 'user' }) as const;
    const item = (bag: string) => ({ bag, features: 'itemFeatures', side: 'item' }) as const;
    return {
      tables,
      scores: [
        { dot: [user('X'), item('Y')] },
        { dot: [user('X'), 'gx'] },
        { dot: ['hy', item('Y')] },
        { bias: user('bx') },
        { bias: item('by') },
      ],
      own: Object.keys(tables),
    };
  },
});
