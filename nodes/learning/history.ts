/** The training curve as a table, and a word about curves that never came down. */
import type { StepLog } from '../../core/index.ts';
import type { Trained } from './train.ts';
import { rankAuc } from './validation/rank-auc.ts';

/** One row an epoch and quantity; epochs count from 1. */
export function historyTable(history: Trained['history']) {
  const epoch: number[] = [];
  const quantity: string[] = [];
  const value: number[] = [];
  history.forEach((values, i) => {
    for (const [name, x] of Object.entries(values)) {
      epoch.push(i + 1);
      quantity.push(name);
      value.push(x);
    }
  });
  return { epoch: Uint32Array.from(epoch), quantity, value: Float64Array.from(value) };
}

/** Below this AUC on its own training rows a model has learnt next to nothing: training stopped on the initial plateau. */
const plateauAuc = 0.6;

/**
 * Whether the model tells its own training positives from its training negatives. Warns when it does not.
 * @returns the AUC on the training rows, NaN when all labels are equal or not binary
 */
export function checkLearnt(
  scores: Float32Array,
  labels: Float32Array,
  epochs: number,
  log: StepLog,
): { auc: number; learnt: boolean } {
  const auc = rankAuc(scores, labels);
  const learnt = !(auc < plateauAuc);
  if (!learnt)
    log.warn(
      `the model never left its initial plateau: after ${epochs} epochs its AUC on its own training rows is ${auc.toFixed(3)}; treat this run as failed to train`,
      { epochs, trainAuc: auc },
    );
  return { auc, learnt };
}
