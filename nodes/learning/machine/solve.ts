/** Small symmetric systems, solved by elimination with row pivots in 64-bit floats. */

/** @param count n^2 + n: the matrix row by row, then the right side @returns entry `index` of the solution */
export function solver(count: number): (s: Float64Array, args: readonly number[], index: number) => number {
  const n = Math.round(Math.sqrt(count + 0.25) - 0.5);
  const wide = n + 1;
  const rows = new Float64Array(n * wide);
  return (s, args, index) => {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) rows[j * wide + k] = s[args[j * n + k]!]!;
      rows[j * wide + n] = s[args[n * n + j]!]!;
    }
    for (let step = 0; step < n; step++) {
      let pivot = step;
      for (let j = step + 1; j < n; j++)
        if (Math.abs(rows[j * wide + step]!) > Math.abs(rows[pivot * wide + step]!)) pivot = j;
      for (let k = 0; k <= n; k++) {
        const held = rows[step * wide + k]!;
        rows[step * wide + k] = rows[pivot * wide + k]!;
        rows[pivot * wide + k] = held;
      }
      for (let j = 0; j < n; j++) {
        if (j === step) continue;
        const factor = rows[j * wide + step]! / rows[step * wide + step]!;
        if (factor !== 0)
          for (let k = step; k <= n; k++) rows[j * wide + k] = rows[j * wide + k]! - factor * rows[step * wide + k]!;
      }
    }
    return rows[index * wide + n]! / rows[index * wide + index]!;
  };
}
