/** Li et al. 2024 (ICDE): DT-IPS, DT-DR and the methods that they are compared with. */
import type { Reproduction } from '../declaration.ts';
import { figure3, figure4, figure5 } from './figures.ts';
import { authorsCode } from './ranking.ts';
import { tableIII } from './table-iii.ts';
import { tableIV } from './table-iv.ts';
import { tableV } from './table-v.ts';
import { tableVI } from './table-vi.ts';

export const dtReproduction: Reproduction = {
  name: 'dt',
  paper: 'Li et al. 2024, Uncovering the Propensity Identification Problem in Debiased Recommendations (ICDE)',
  code: authorsCode,
  tables: { III: tableIII, IV: tableIV, V: tableV, VI: tableVI },
  figures: { 3: figure3, 4: figure4, 5: figure5 },
};
