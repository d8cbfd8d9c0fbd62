/** Deng et al. 2024: IViDR and the methods that it is compared with. */
import type { Reproduction } from '../declaration.ts';
import { predecessor } from './coat.ts';
import { figure3, figure6, table5 } from './simulation.ts';
import { table3, table4 } from './table-3.ts';

export const ividrReproduction: Reproduction = {
  name: 'ividr',
  paper: 'Deng et al. 2024, Mitigating Dual Latent Confounding Biases in Recommender Systems (arXiv 2410.12451)',
  code: predecessor,
  tables: { 3: table3, 4: table4, 5: table5 },
  figures: { 3: figure3, 6: figure6 },
};
