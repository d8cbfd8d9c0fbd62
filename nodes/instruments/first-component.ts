/** The first principal component of the rows of a table, by the eigenvectors of its covariance. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * @param rows row-major, `count` x `width`
 * @returns the coordinate of each row along the direction of largest variance, with mean 0 and standard deviation 1 (0 where all
 * rows are equal); its sign makes the largest coordinate positive
 */
export function firstComponent(rows: ArrayLike<number>, count: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let r = 0; r < count; r++) for (let k = 0; k < width; k++) mean[k]! += (rows[r * width + k] as number) / count;
  const covariance = Matrix.zeros(width, width);
  for (let r = 0; r < count; r++)
    for (let j = 0; j < width; j++)
      for (let k = 0; k <= j; k++) {
        const product = ((rows[r * width + j] as number) - mean[j]!) * ((rows[r * width + k] as number) - mean[k]!);
        covariance.set(j, k, covariance.get(j, k) + product / count);
        if (j !== k) covariance.set(k, j, covariance.get(j, k));
      }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const at = realEigenvalues.indexOf(Math.max(...realEigenvalues));
  const along = Float64Array.from({ length: count }, (_, r) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += ((rows[r * width + k] as number) - mean[k]!) * eigenvectorMatrix.get(k, at);
    return sum;
  });
  const sd = Math.sqrt(along.reduce((sum, x) => sum + x * x, 0) / count);
  if (sd === 0) return along;
  const largest = along.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  return along.map((x) => (Math.sign(largest) * x) / sd);
}
