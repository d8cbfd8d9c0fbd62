/** Mean squared error: the mean of (score - target)^2. NaN when there is no pair. */
export function meanSquaredError(scores: ArrayLike<number>, targets: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += ((scores[i] as number) - (targets[i] as number)) ** 2;
  return sum / scores.length;
}
