/** The kernels of the learning engine; kernels/kernels.ts says what each does, kernels/plain.ts is their twin. */
// @ts-nocheck
export { add, affine, clip, div, exp, fill, inside, log, mul, sigmoid, softplus, sub, tanh, under, where } from './_elementwise';
export { chebyshevMoments, chebyshevSums, softplusSums } from './_cross';
export { dense, denseBack, gatherRows, scatterRows } from './_dense';
export { crossGram, scatterCrossGram } from './_gram';
export { adam, adamRows, sgd } from './_optimisers';
export { max, sum, sumSquares } from './_reduce';
export { rankDots, rankScores, sketchItems, sketchUsers } from './_ranking';
export { tally, untally } from './_tally';
export { gather, gatherDot, scatter, scatterDot, scatterSquares, sumSquaresAt } from './_rows';
export { addRowsAt, clearRowsAt, copy, sparse, sparseAt, sparseBack, sparseBackRows } from './_sparse';

/** The first byte that static data leaves free. */
export function heapBase(): usize {
  return __heap_base;
}
