import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { AddedTerms } from '../learning/composition.ts';
import type { ScoreDeclaration, TableDeclaration } from '../learning/declaration.ts';
import { Features } from '../ports.ts';

/**
 * A term a field of user features: E_f[x_uf] . G_f[i], the embedding of the user's level in field f times a vector that the item
 * keeps for that field. Features of port `userFeatures` are numbered field by field; `fields` says how many levels each has.
 * The published code keeps these tables where its optimiser does not find them: `frozen` is that, and then the terms are next
 * to nothing (both start on (-bound, bound)).
 */
export const crossedFeatures = part('features/crossed', {
  slot: 'features',
  doc: "An inner product a field of user features: the level's embedding times the item's vector for the field.",
  source: 'Zhang et al. 2023 (iDCF, KDD), MF-WF',
  in: { userFeatures: Features },
  config: z.strictObject({
    fields: z
      .array(z.number().int().positive())
      .min(1)
      .default([2, 6, 3, 3])
      .describe('levels of each field; Coat has 2, 6, 3, 3'),
    width: z.number().int().positive().default(32).describe('numbers in an embedding'),
    bound: z.number().positive().default(0.01).describe('largest first value'),
    frozen: z.boolean().default(false).describe('leave the tables as they start, as the published code does'),
  }),
  build: ({ fields, width, bound, frozen }): AddedTerms => {
    const tables: Record<string, TableDeclaration> = {};
    const scores: ScoreDeclaration[] = [];
    let from = 0;
    fields.forEach((levels, f) => {
      tables[`E${f}`] = { rows: levels, width, start: { uniform: bound } };
      tables[`G${f}`] = { rows: 'item', width, start: { uniform: bound } };
      scores.push({ dot: [{ bag: `E${f}`, features: 'userFeatures', side: 'user', from }, `G${f}`] });
      from += levels;
    });
    return { tables, scores, own: frozen ? [] : Object.keys(tables) };
  },
});
