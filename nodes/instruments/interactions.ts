import { z } from 'zod';
import { node, Problem } from '../../core/index.ts';
import { UserVectors } from '../exposure/ports.ts';
import { Pairs, Shape } from '../ports.ts';
import { firstComponent } from './first-component.ts';
import { Treatments } from './ports.ts';

/**
 * Interactions rebuilt with treatments: X^re = X + T^re, whose sum the paper writes between vectors of different lengths. Two
 * readings, by name. I_u are the items of user u in the log.
 * `embedding` (design A): x_u = (1 / sqrt|I_u|) sum T_j, t_u = (1 / |I_u|) sum T^re_j, both over I_u; the vector is x_u + t_u, as
 * wide as a treatment.
 * `items` (design B): a number s_j an item, the first principal component of T^re, standardised; the vector has 1 + kappa s_j at the
 * items of I_u and 0 elsewhere.
 * `part` says which of the parts stands for T^re. Where treatments are of users (`instruments/two-stage-of-users`), t_u is the row of
 * the user, and there is no design B.
 *
 * @throws Problem bad-data when the log has ids outside of the shape, or the treatments another number of items or users;
 * bad-config for design B with treatments of users
 */
export const reconstructedInteractions = node('instruments/interactions', {
  doc: "A vector a user: the user's interactions, rebuilt with what two-stage least squares makes of the items.",
  source: 'Deng et al. 2024 (IViDR), eq. 10; the two readings are ours',
  in: { log: Pairs, treatments: Treatments, shape: Shape },
  out: { vectors: UserVectors },
  config: z.strictObject({
    design: z
      .enum(['embedding', 'items'])
      .default('embedding')
      .describe('A, in the space of treatments; or B, a number an item'),
    part: z
      .enum(['reconstructed', 'original', 'fitted', 'residual'])
      .default('reconstructed')
      .describe('what is added: T^re, or in its place T (ablation T), the fitted part (F) or the residual (R)'),
    kappa: z.number().default(0.5).describe('how much the number of an item counts in design B'),
  }),
  weight: 'light',
  run({ log, treatments, shape }, { design, part, kappa }) {
    const original = treatments.tensors.original;
    const added = treatments.tensors[part];
    const { of } = treatments.head;
    const [given, width = 0] = added?.shape ?? [];
    if (original === undefined || added === undefined || given !== shape[of])
      throw new Problem('bad-data', `treatments of ${given ?? 'no'} ${of} for a data set of ${shape[of]}`, {
        where: 'treatments',
        hint: 'make them with instruments/two-stage, on the same data set',
      });
    if (of === 'users' && design === 'items')
      throw new Problem('bad-config', 'there is no number an item where treatments depend on the user', {
        where: 'design',
        hint: 'take `design: embedding`, or instruments of items',
      });
    for (let n = 0; n < log.user.length; n++)
      if (log.user[n]! >= shape.users || log.item[n]! >= shape.items)
        throw new Problem('bad-data', `user ${log.user[n]}, item ${log.item[n]} lies outside of the shape`, {
          where: `log, row ${n}`,
          hint: 'wire log and shape from the same data set',
        });
    const T = original.data as ArrayLike<number>;
    const R = added.data as ArrayLike<number>;
    if (design === 'items') {
      const s = firstComponent(R, shape.items, width);
      const rows = new Float32Array(shape.users * shape.items);
      for (let n = 0; n < log.user.length; n++)
        rows[log.user[n]! * shape.items + log.item[n]!] = 1 + kappa * (s[log.item[n]!] as number);
      return vectorsOf(rows, shape.users, shape.items);
    }
    const count = new Uint32Array(shape.users);
    for (const user of log.user) count[user]!++;
    const rows = new Float32Array(shape.users * width);
    if (of === 'users') {
      for (let at = 0; at < rows.length; at++) {
        const own = count[Math.floor(at / width)] as number;
        rows[at] = Math.sqrt(own) * (T[at] as number) + (R[at] as number);
      }
      return vectorsOf(rows, shape.users, width);
    }
    for (let n = 0; n < log.user.length; n++) {
      const [user, item] = [log.user[n] as number, log.item[n] as number];
      const own = count[user] as number;
      for (let k = 0; k < width; k++)
        rows[user * width + k]! +=
          (T[item * width + k] as number) / Math.sqrt(own) + (R[item * width + k] as number) / own;
    }
    return vectorsOf(rows, shape.users, width);
  },
});

const vectorsOf = (data: Float32Array, users: number, width: number) => ({
  vectors: { head: {}, tensors: { rows: { shape: [users, width], data } } },
});
