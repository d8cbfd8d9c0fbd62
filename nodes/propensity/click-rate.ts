import { node, type View } from '../../core/index.ts';
import { Pairs, Params, Shape } from '../ports.ts';

/** p_i = (clicks of the item + 1) / (users + 1): a model that scores every pair by the rate of its item. */
export const clickRate = node('propensity/click-rate', {
  doc: 'The share of users who clicked an item, as a propensity of every pair.',
  source: 'the class IPS_BPRMF in the code of Wei et al. 2021 (KDD)',
  in: { train: Pairs, shape: Shape },
  out: { params: Params },
  weight: 'light',
  run({ train, shape }) {
    const data = new Float32Array(shape.items).fill(1);
    for (const item of train.item) data[item]!++;
    for (let i = 0; i < data.length; i++) data[i] = data[i]! / (shape.users + 1);
    const head = {
      method: { use: 'propensity/click-rate' },
      shape,
      serving: {
        tables: { p: { rows: 'item', width: 1 } },
        scores: { p: { bias: 'p' } },
        serve: { op: 'score', name: 'p' },
      },
    };
    return { params: { head, tensors: { p: { shape: [shape.items, 1], data } } } as unknown as View<typeof Params> };
  },
});
