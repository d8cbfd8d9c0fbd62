import { z } from 'zod';
import { part } from '../../core/method.ts';
import { propagatedFactors, propagationSettings } from './propagated-factors.ts';

/**
 * LightGCN: with E0 the user and item tables and A the bipartite graph of the train pairs, normalised by 1 / sqrt(degree of
 * user * degree of item), the score is the inner product of a user's and an item's row of (E0 + A E0 + ... + A^L E0) / (L + 1).
 * Only E0 is trained; decay and penalties are on E0 too. A user or item without edges keeps E0 / (L + 1).
 *
 * Edges are the pairs with label 1 (`positive`; every pair where train has no labels), or all pairs of train. A propensity on a
 * graph of the observed pairs would read what it predicts, and is refused unless `allowLeak`.
 * @throws Problem bad-data when a label is neither 0 nor 1 under `positive`, or the graph has no edge
 */
export const lightGcn = part('backbones/light-gcn', {
  slot: 'backbone',
  doc: 'LightGCN: factors averaged over the graph of the train pairs, layer by layer; the score is their inner product.',
  source: 'He et al. 2020 (SIGIR), eq. 3-8; two layers as in Wei et al. 2021 (KDD)',
  config: z.strictObject({
    ...propagationSettings,
    edges: z
      .enum(['positive', 'observed'])
      .default('positive')
      .describe('which pairs of train are joined: those with label 1, or all of them'),
    allowLeak: z
      .boolean()
      .default(false)
      .describe('lets a propensity read a graph of the observed pairs, which are what it predicts'),
  }),
  build: ({ edges, allowLeak, ...settings }) => propagatedFactors(settings, { edges, ...(allowLeak && { allowLeak }) }),
});
