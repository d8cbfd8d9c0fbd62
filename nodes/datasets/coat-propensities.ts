import { Files, node, Problem } from '../../core/index.ts';
import { Propensities } from '../ports.ts';

const users = 290;
const items = 300;
const file = 'coat/propensities.ascii';

/** The propensities that came with Coat, learnt by its authors from features: one for each of the 87,000 pairs, row by row. */
export const coatPropensities = node('datasets/coat-propensities', {
  doc: 'The propensities published with Coat, for all pairs; wire them to propensity/given.',
  source: 'Schnabel et al. 2016 (ICML), section 6.4',
  in: {},
  out: { propensities: Propensities },
  use: { files: Files },
  reads: () => [
    { name: 'propensities', path: file, sha256: 'a72e3142a413623c4a6b9d20c4f70fcc017e0db67cc3eb242116f69fb8fb9661' },
  ],
  run(_, __, { files }) {
    const words = files.text('propensities').trim().split(/\s+/);
    if (words.length !== users * items)
      throw new Problem('bad-data', `${file} holds ${words.length} numbers, and Coat has ${users * items} pairs`, {
        where: file,
      });
    const p = Float32Array.from(words, Number);
    const bad = p.findIndex((value) => !(value > 0 && value <= 1));
    if (bad >= 0)
      throw new Problem('bad-data', `'${words[bad]}' is not a probability above 0`, {
        where: `${file}, line ${Math.floor(bad / items) + 1}, column ${(bad % items) + 1}`,
      });
    const user = new Uint32Array(p.length);
    const item = new Uint32Array(p.length);
    for (let row = 0; row < p.length; row++) {
      user[row] = Math.floor(row / items);
      item[row] = row % items;
    }
    return { propensities: { user, item, p } };
  },
});
