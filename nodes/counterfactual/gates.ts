import { f32, node, Problem, table, u32 } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { scorer, servingIn } from '../learning/serve.ts';
import { Params, Shape } from '../ports.ts';

const ItemGates = table({ item: u32, gate: f32 });
const UserGates = table({ user: u32, gate: f32 });

/**
 * sigma(y_i) of every item and sigma(y_u) of every user. With the match y_k = e_u . e_i, whose vectors the model holds, they are all
 * that a counterfactual score needs: (y_k - c) sigma(y_i) sigma(y_u) can be ranked for another c, and c sigma(y_i) is the penalty
 * that an item pays. A branch that the model was trained without has gate 1 everywhere.
 * @throws Problem bad-config for a model that was not trained under gates
 */
export const gates = node('counterfactual/gates', {
  doc: 'The gate of every item and of every user: what popularity and activity alone say.',
  source: 'Wei et al. 2021 (KDD), equations 5 and 9, figures 11 and 12',
  in: { model: Params, shape: Shape },
  out: { items: ItemGates, users: UserGates },
  use: { numeric: Numeric },
  weight: 'light',
  run({ model, shape }, _, { numeric }) {
    const readouts = servingIn(model).readouts ?? {};
    if (!('match' in readouts))
      throw new Problem('bad-config', 'the model has no gates', {
        where: 'model',
        hint: 'train it with estimators/macr',
      });
    const item = Uint32Array.from({ length: shape.items }, (__, i) => i);
    const user = Uint32Array.from({ length: shape.users }, (__, u) => u);
    const of = (readout: string, users: Uint32Array, items: Uint32Array) => {
      const out = new Float32Array(users.length).fill(1);
      if (readout in readouts) scorer(model, numeric, readout).score(users, items, out);
      return out;
    };
    return {
      items: { item, gate: of('item gate', new Uint32Array(item.length), item) },
      users: { user, gate: of('user gate', user, new Uint32Array(user.length)) },
    };
  },
});
