import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Pairs, Propensities, Shape } from '../ports.ts';

/**
 * Propensities from means of the observation indicator o: of the user (n_u / items), of the item (n_i / users), or their
 * product over the overall mean, n_u n_i / |O|, which is what independence of rows and columns gives. At most 1.
 */
export const observationRates = node('propensity/observation-rates', {
  doc: 'How often the user rates, how often the item is rated, or both.',
  source: 'the maximum likelihood estimate under independence of users and items',
  in: { train: Pairs, shape: Shape },
  out: { p: Propensities },
  config: z.strictObject({
    by: z.enum(['user', 'item', 'both']).default('both').describe('whose observation rate stands for the pair'),
  }),
  weight: 'light',
  run({ train, shape }, { by }) {
    const ofUser = new Uint32Array(shape.users);
    const ofItem = new Uint32Array(shape.items);
    const rows = train.user.length;
    for (let row = 0; row < rows; row++) {
      ofUser[train.user[row]!]!++;
      ofItem[train.item[row]!]!++;
    }
    const p = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const u = ofUser[train.user[row]!]!;
      const i = ofItem[train.item[row]!]!;
      p[row] = Math.min(1, by === 'user' ? u / shape.items : by === 'item' ? i / shape.users : (u * i) / rows);
    }
    return { p: { user: train.user, item: train.item, p } };
  },
});
