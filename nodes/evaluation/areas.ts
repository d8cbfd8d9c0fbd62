/** AUC of judged candidates: pooled over all users, or the mean of the users that have both classes. */
import type { Judged } from './judged.ts';
import { auc } from './metrics/auc.ts';
import type { MetricRows, UserRows } from './rows.ts';
import type { Definition } from './schema.ts';

export const oneClass = {
  pooled: 'all candidates belong to one class',
  users: 'no user has both positive and negative candidates',
} as const;

/** Copies the scores of a user's positive and negative candidates behind what is there already. */
function split({ start, score, rating }: Judged, user: number, threshold: number, into: Classes) {
  for (let at = start[user]!; at < start[user + 1]!; at++)
    if (rating[at]! >= threshold) into.positive[into.positives++] = score[at]!;
    else into.negative[into.negatives++] = score[at]!;
}
interface Classes {
  positive: Float32Array;
  negative: Float32Array;
  positives: number;
  negatives: number;
}

export function addAuc(judged: Judged, definition: Definition, rows: MetricRows, perUser: UserRows): void {
  const { users, score } = judged;
  const classes: Classes = {
    positive: new Float32Array(score.length),
    negative: new Float32Array(score.length),
    positives: 0,
    negatives: 0,
  };
  const area = () =>
    auc(classes.positive.subarray(0, classes.positives), classes.negative.subarray(0, classes.negatives));
  if (definition.auc === 'pooled') {
    for (const user of users) split(judged, user, definition.threshold, classes);
    rows.add('auc', 0, area(), oneClass.pooled);
    return;
  }
  let sum = 0;
  let counted = 0;
  for (const user of users) {
    classes.positives = 0;
    classes.negatives = 0;
    split(judged, user, definition.threshold, classes);
    const value = area();
    if (Number.isNaN(value)) continue;
    sum += value;
    counted++;
    perUser.add(user, 'auc', 0, value);
  }
  rows.add('auc', 0, counted === 0 ? Number.NaN : sum / counted, oneClass.users);
}
