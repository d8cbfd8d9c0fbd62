/** Wei et al. 2021 (KDD): MACR, and the methods against popularity bias that it is compared with. */
import type { Reproduction } from '../declaration.ts';
import { figure1, figure7, figure8, figure9, figure10, figure11, figure12 } from './figures.ts';
import { authorsCode } from './rows.ts';
import { table2 } from './table-2.ts';
import { table3, table4, table5 } from './tables-3-4-5.ts';

export const macrReproduction: Reproduction = {
  name: 'macr',
  paper: 'Wei et al. 2021, Model-Agnostic Counterfactual Reasoning for Eliminating Popularity Bias (KDD)',
  code: authorsCode,
  tables: { 2: table2, 3: table3, 4: table4, 5: table5 },
  figures: { 1: figure1, 7: figure7, 8: figure8, 9: figure9, 10: figure10, 11: figure11, 12: figure12 },
};
