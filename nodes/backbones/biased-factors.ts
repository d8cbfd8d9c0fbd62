import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { Backbone } from '../learning/composition.ts';
import type { ScoreDeclaration, TableDeclaration } from '../learning/declaration.ts';

/**
 * Matrix factorisation with biases: score = p_u . q_i + b_u + b_i + c. With `start: 'normal'` factors come from N(0, sd^2) and
 * biases start at 0; with `fan-out` both are Kaiming normal, sd = sqrt(2 / rows of the table); with `uniform` both are uniform
 * on (-bound, bound).
 */
export const biasedFactors = part('backbones/biased-factors', {
  slot: 'backbone',
  doc: 'Matrix factorisation with a user bias, an item bias and a global one.',
  source:
    'Koren et al. 2009; the fan-out start: code of Li et al. 2023 (ICML); the uniform one: code of Zhang et al. 2023 (KDD)',
  config: z.strictObject({
    sd: z.number().positive().default(1).describe('standard deviation of the first values of the factors'),
    start: z.enum(['normal', 'fan-out', 'uniform']).default('normal').describe('how first values are drawn'),
    bound: z.number().positive().optional().describe('largest first value of the uniform start; .01 unless given'),
    global: z.boolean().default(true).describe('whether there is a global bias'),
  }),
  build: ({ sd, start, bound, global }): Backbone => {
    const both = start === 'uniform' ? { uniform: bound ?? 0.01 } : { fanOut: Math.SQRT2 };
    const [ofFactors, ofBiases] = start === 'normal' ? [{ normal: sd }, { constant: 0 }] : [both, both];
    return {
      score: (name, width) => {
        const tables: Record<string, TableDeclaration> = {
          [`P${name}`]: { rows: 'user', width, start: ofFactors },
          [`Q${name}`]: { rows: 'item', width, start: ofFactors },
          [`bu${name}`]: { rows: 'user', width: 1, start: ofBiases },
          [`bi${name}`]: { rows: 'item', width: 1, start: ofBiases },
          ...(global && { [`c${name}`]: { rows: 'one', width: 1, start: { constant: 0 } } as const }),
        };
        const score: ScoreDeclaration[] = [
          { dot: [`P${name}`, `Q${name}`] },
          { bias: `bu${name}` },
          { bias: `bi${name}` },
          ...(global ? [{ bias: `c${name}` }] : []),
        ];
        return { tables, score: { sum: score }, own: Object.keys(tables) };
      },
    };
  },
});
