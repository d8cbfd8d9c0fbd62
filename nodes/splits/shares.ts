/** Shares of rows, as every split's config spells them. */
import { z } from 'zod';
import { Problem } from '../../core/index.ts';

export const shares = {
  test: z.number().gt(0).lt(1).default(0.2).describe('share of the rows for the test part'),
  validation: z.number().min(0).lt(1).default(0).describe('share of the rows for the validation part; 0: none'),
};

/** @throws Problem bad-config when nothing is left for training */
export function checkShares({ test, validation }: { readonly test: number; readonly validation: number }): void {
  if (test + validation < 1) return;
  throw new Problem('bad-config', `test ${test} and validation ${validation} leave nothing for train`, {
    hint: 'their sum must stay below 1',
  });
}

/** The nearest whole number of rows; halves go up. */
export const rowsFor = (share: number, rows: number): number => Math.floor(share * rows + 0.5);
