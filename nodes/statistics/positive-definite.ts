/** Linear equations with a symmetric positive definite matrix. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/**
 * x with A x = b, by Cholesky.
 * @param a n x n, row by row; its lower triangle is read
 * @returns undefined where A is not positive definite, or holds what is no number
 */
export function solvePositiveDefinite(a: Float64Array, b: Float64Array): Float64Array | undefined {
  const n = b.length;
  const whole = new Matrix(n, n);
  for (let j = 0; j < n; j++)
    for (let k = 0; k <= j; k++) {
      const entry = a[j * n + k] as number;
      if (!Number.isFinite(entry)) return undefined;
      whole.set(j, k, entry);
      whole.set(k, j, entry);
    }
  const decomposition = new CholeskyDecomposition(whole);
  if (!decomposition.isPositiveDefinite()) return undefined;
  return Float64Array.from(decomposition.solve(Matrix.columnVector(b)).to1DArray());
}
