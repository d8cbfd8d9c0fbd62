/** Mean absolute error: the mean of |score - target|. NaN when there is no pair. */
export function meanAbsoluteError(scores: ArrayLike<number>, targets: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.abs((scores[i] as number) - (targets[i] as number));
  return sum / scores.length;
}
