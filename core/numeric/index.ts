/**
 * The parts of core that can change a number. Nodes import them from here and nowhere else in core, and the code digest of a
 * node takes them in; the rest of core stays outside every digest.
 */
export { canonicalJson } from './canonical-json.ts';
export type { ColumnValues } from './frame.ts';
export { filter, rowsOf, take } from './frame.ts';
export { type Imported, type ImportedColumn, importArrow } from './import-arrow.ts';
export { LegacyNumpy } from './legacy-numpy.ts';
export { descending, groupBy } from './order.ts';
export type { Random } from './random.ts';
export { randomOf, shuffle } from './random.ts';
