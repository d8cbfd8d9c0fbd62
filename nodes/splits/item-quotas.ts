/** How many rows each item gives to a part of which no item may take much. */
import { z } from 'zod';
import { idsBelow } from './parts.ts';

export const quotaOptions = {
  cap: z.number().int().positive().default(5).describe('most test rows an item'),
  share: z.number().gt(0).lt(1).default(0.9).describe("most of an item's rows that may be test rows"),
};

/** Products such as 0.7 x 10 may fall short of the whole number that they mean. */
const rounding = 1e-9;

/** min(floor(share n), n - 1, cap) for an item with n rows: an item with a single row keeps it. */
export const quotaOf = (rows: number, { cap, share }: { readonly cap: number; readonly share: number }): number =>
  Math.max(0, Math.min(Math.floor(share * rows + rounding), rows - 1, cap));

/** Rows of each item. */
export function rowsPerItem(item: Uint32Array): Uint32Array {
  const rows = new Uint32Array(idsBelow(item));
  for (const i of item) rows[i]!++;
  return rows;
}
