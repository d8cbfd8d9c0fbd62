import { z } from 'zod';
import { part } from '../../core/method.ts';
import { Pairs } from '../ports.ts';
import { propagatedFactors, propagationSettings } from './propagated-factors.ts';

/**
 * LightGCN (see backbones/light-gcn) on a graph from outside: the pairs at port `clicks` are joined, and ratings are not looked
 * at. Where a data set has both clicks and ratings, this keeps the graph apart from what is trained on.
 * @throws Problem bad-data when an id at `clicks` is outside of the shape, or there is no pair
 */
export const lightGcnOnClicks = part('backbones/light-gcn-on-clicks', {
  slot: 'backbone',
  doc: 'LightGCN on the graph of the pairs at port `clicks`.',
  source: 'He et al. 2020 (SIGIR), eq. 3-8',
  in: { clicks: Pairs },
  config: z.strictObject(propagationSettings),
  build: (settings) => propagatedFactors(settings, { edges: 'clicks' }),
});
