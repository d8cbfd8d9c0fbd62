/** Area under the ROC curve over all rows at once (ties count half); NaN unless there are labels above and below one half. */
export function rankAuc(scores: Float32Array, labels: Float32Array): number {
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let r = 0; r < scores.length; r++)
    ((labels[r] as number) >= 0.5 ? positives : negatives).push(scores[r] as number);
  if (positives.length === 0 || negatives.length === 0) return Number.NaN;
  const up = Float32Array.from(positives).sort();
  const down = Float32Array.from(negatives).sort();
  let below = 0;
  let upTo = 0;
  let wins = 0;
  for (const score of up) {
    while (below < down.length && (down[below] as number) < score) below++;
    while (upTo < down.length && (down[upTo] as number) <= score) upTo++;
    wins += below + (upTo - below) / 2;
  }
  return wins / (up.length * down.length);
}
