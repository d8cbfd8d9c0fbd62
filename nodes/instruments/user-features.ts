import { z } from 'zod';
import { node, Rng } from '../../core/index.ts';
import { levelsOf } from '../features/field-levels.ts';
import { Features, Pairs, Shape } from '../ports.ts';
import { Instruments } from './ports.ts';
import { orthonormal } from './projection.ts';

/**
 * Instruments from user features. Each level of each field of features has a fixed random embedding, N(0, 1) / sqrt(width) an
 * entry. Column f of an item's instruments is the mean, over the users who interacted with it, of the embeddings of their levels
 * in field f; an item without interactions has none (zeros), so that nothing of its treatment is fitted. Column f of a user's
 * instruments is the embedding of the user's own level: what is rebuilt then depends on the user, and not on the item alone.
 *
 * @throws Problem bad-data for a feature outside of the fields, a user outside of the shape, or a user without a level in a field
 */
export const userFeatureInstruments = node('instruments/user-features', {
  doc: "Instruments: a column a field of user features, the mean embedding of the levels of an item's users, or of a user's own.",
  source: 'Deng et al. 2024 (IViDR), eq. 1-3; Si et al. 2022 (IV4Rec)',
  in: { log: Pairs, userFeatures: Features, shape: Shape },
  out: { instruments: Instruments },
  config: z.strictObject({
    fields: z
      .array(z.number().int().positive())
      .min(1)
      .default([2, 6, 3, 3])
      .describe('levels of each field, whose features are numbered field by field; Coat has 2, 6, 3, 3'),
    width: z.number().int().positive().default(32).describe('numbers in an embedding; that of the treatments'),
    of: z
      .enum(['items', 'users'])
      .default('items')
      .describe('whose instruments: of items, from their users; or of users, from their own features'),
    seed: z.number().int().nonnegative().optional().describe('fixes the seed of this step, whatever the run says'),
  }),
  use: { rng: Rng },
  stream: 'train',
  run({ log, userFeatures, shape }, { fields, width, of }, { rng }) {
    const rows = of === 'items' ? shape.items : shape.users;
    const levels = levelsOf(userFeatures, fields, shape.users);
    const tensors: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
    const columns = fields.map((count, f) => {
      const draws = rng.for(`field/${f}`);
      const embeddings = Float64Array.from({ length: count * width }, () => draws.normal() / Math.sqrt(width));
      const level = levels[f] as Int32Array;
      return of === 'items'
        ? meanOfItems(log, level, embeddings, width, shape.items)
        : Float64Array.from({ length: rows * width }, (_, at) => {
            const k = at % width;
            return embeddings[(level[(at - k) / width] as number) * width + k] as number;
          });
    });
    const bases = columns.map(() => new Float32Array(rows * width));
    for (let row = 0; row < rows; row++)
      orthonormal(columns.map((column) => column.subarray(row * width, (row + 1) * width))).forEach((direction, f) => {
        (bases[f] as Float32Array).set(direction, row * width);
      });
    const dims = [rows, width];
    columns.forEach((column, f) => {
      tensors[`Z${f}`] = { shape: dims, data: Float32Array.from(column) };
      tensors[`Q${f}`] = { shape: dims, data: bases[f] as Float32Array };
    });
    return { instruments: { head: { columns: fields.length, of }, tensors } };
  },
});

function meanOfItems(
  log: { readonly user: Uint32Array; readonly item: Uint32Array },
  level: Int32Array,
  embeddings: Float64Array,
  width: number,
  items: number,
): Float64Array {
  const mean = new Float64Array(items * width);
  const rows = new Uint32Array(items);
  for (let n = 0; n < log.item.length; n++) {
    const item = log.item[n] as number;
    const from = (level[log.user[n] as number] as number) * width;
    rows[item]!++;
    for (let k = 0; k < width; k++) mean[item * width + k]! += embeddings[from + k] as number;
  }
  return mean.map((sum, at) => sum / Math.max(1, rows[Math.floor(at / width)] as number));
}
