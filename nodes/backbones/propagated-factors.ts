/** Factors that are averaged over a graph: what LightGCN is, whatever its graph is made of. */
import { z } from 'zod';
import type { Backbone } from '../learning/composition.ts';
import type { Edge } from '../learning/declaration.ts';

export const propagationSettings = {
  layers: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(2)
    .describe('how often neighbours are averaged; the score reads the mean of all layers, the 0-th included'),
  sd: z.number().positive().default(0.1).describe('standard deviation of the first values'),
  start: z.enum(['normal', 'xavier']).default('normal').describe('how first values are drawn; `xavier` knows no sd'),
  scores: z
    .enum(['prediction', 'all'])
    .default('prediction')
    .describe('which scores of a method it makes: the prediction alone, or its propensity and imputation too'),
};
type Settings = z.output<z.ZodObject<typeof propagationSettings>>;

export const propagatedFactors = (
  { layers, sd, start, scores }: Settings,
  graph: { readonly edges: 'positive' | 'observed' | 'clicks'; readonly allowLeak?: boolean },
): Backbone => ({
  makesAll: scores === 'all',
  score: (name, width) => {
    const first = start === 'normal' ? { normal: sd } : { xavier: 1 };
    const [P, Q] = [`P${name}`, `Q${name}`];
    const side = (of: 'user' | 'item'): Edge => ({ propagate: [P, Q], side: of, layers, ...graph });
    return {
      tables: {
        [P]: { rows: 'user', width, start: first },
        [Q]: { rows: 'item', width, start: first },
      },
      score: { dot: [side('user'), side('item')] },
      own: [P, Q],
    };
  },
});
