/** Projection on the columns of a tall matrix by thin QR: never a square matrix of its height. */
import { Matrix, QrDecomposition } from 'ml-matrix';

/** Columns whose diagonal in R is below this share of the largest one depend on the columns before them. */
const dependent = 1e-6;

/**
 * An orthonormal basis of the span of some columns, by Householder QR (Golub and Van Loan 2013, 5.2), in the columns' places.
 * @param columns of equal length
 * @returns a vector a column; zeros for a column that depends on the ones before it
 */
export function orthonormal(columns: readonly ArrayLike<number>[]): Float64Array[] {
  const height = columns[0]?.length ?? 0;
  const kept: number[] = [];
  const out = columns.map(() => new Float64Array(height));
  let largest = 0;
  // a dependent column would leave an arbitrary direction in Q, so that columns enter one by one
  for (let n = 0; n < columns.length && kept.length < height; n++) {
    const { R } = decomposed(columns, [...kept, n]);
    const size = Math.abs(R.get(kept.length, kept.length));
    largest = Math.max(largest, size);
    if (size > 0 && size >= dependent * largest) kept.push(n);
  }
  if (kept.length === 0) return out;
  const { Q } = decomposed(columns, kept);
  kept.forEach((n, at) => {
    for (let k = 0; k < height; k++) (out[n] as Float64Array)[k] = Q.get(k, at);
  });
  return out;
}

function decomposed(columns: readonly ArrayLike<number>[], of: readonly number[]): { Q: Matrix; R: Matrix } {
  const height = columns[0]?.length ?? 0;
  const matrix = new Matrix(height, of.length);
  of.forEach((n, at) => {
    for (let k = 0; k < height; k++) matrix.set(k, at, (columns[n] as ArrayLike<number>)[k] as number);
  });
  const qr = new QrDecomposition(matrix);
  return { Q: qr.orthogonalMatrix, R: qr.upperTriangularMatrix };
}

/** The part of a vector in the span of an orthonormal basis. */
export function projected(vector: ArrayLike<number>, basis: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(vector.length);
  for (const direction of basis) {
    let along = 0;
    for (let k = 0; k < out.length; k++) along += (vector[k] as number) * (direction[k] as number);
    for (let k = 0; k < out.length; k++) out[k]! += along * (direction[k] as number);
  }
  return out;
}
