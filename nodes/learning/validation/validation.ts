/** The metric that a `patience` rule looks at after every epoch, on rows that training does not see. */
import { Problem, type TensorBundle } from '../../../core/index.ts';
import type { Program, StopDeclaration } from '../declaration.ts';
import type { NumericEngine } from '../kernels/numeric.ts';
import type { TrainingRows } from '../sampling/samplers.ts';
import { scorer, servingOf } from '../serve.ts';
import { hitRate } from './hit-rate.ts';
import { loggedNdcg } from './logged-ndcg.ts';
import { rankAuc } from './rank-auc.ts';

/** Rows that a `patience` rule looks at; labelled where its metric needs labels. */
export interface ValidationRows {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rating?: Float32Array;
}
type Tensors = Parameters<typeof scorer>[0]['tensors'];
export interface Validation {
  /** Under which the training curve reports it. */
  readonly name: string;
  /** Epochs from one look to the next. */
  readonly every: number;
  /** @returns the metric of the served score; greater is better */
  of(tensors: Tensors): number;
}
type Patience = Extract<StopDeclaration, { readonly rule: 'patience' }>;

/** @throws Problem bad-data when there are no rows, or (once it is computed) when their labels leave the metric undefined */
export function validation(
  program: Program,
  train: TrainingRows,
  rows: ValidationRows | undefined,
  numeric: NumericEngine,
): Validation | undefined {
  const { stop } = program;
  if (stop.rule !== 'patience') return undefined;
  if (rows === undefined || rows.user.length === 0)
    throw new Problem('bad-data', 'there are no validation rows to stop on', { where: stop.on });
  const serving = servingOf(program);
  const { name, measure, lack } = metricOf(stop, rows, train, numeric);
  return {
    name: `${stop.on} ${name}`,
    every: 'every' in stop ? stop.every : 1,
    of(tensors) {
      const value = measure({ head: { serving }, tensors });
      if (Number.isNaN(value)) throw new Problem('bad-data', lack, { where: stop.on });
      return value;
    },
  };
}

interface Metric {
  readonly name: string;
  readonly measure: (model: TensorBundle<unknown>) => number;
  /** Why it is not a number. */
  readonly lack: string;
}

function metricOf(stop: Patience, rows: ValidationRows, train: TrainingRows, numeric: NumericEngine): Metric {
  if (stop.metric === 'hr') {
    const name = `hr@${stop.cutoff}`;
    return { name, measure: hitRate(rows, train, stop.cutoff, numeric), lack: 'no validation user can be ranked' };
  }
  const labels = rows.rating as Float32Array;
  const scores = new Float32Array(rows.user.length);
  const scored = (of: () => number) => (model: TensorBundle<unknown>) => {
    scorer(model, numeric).score(rows.user, rows.item, scores);
    return of();
  };
  if (stop.metric === 'ndcg') {
    const ndcg = loggedNdcg({ ...rows, rating: labels }, stop.cutoff);
    return {
      name: `ndcg@${stop.cutoff}`,
      measure: scored(() => ndcg(scores)),
      lack: 'no validation user has a positive, so there is no NDCG to stop on',
    };
  }
  return {
    name: 'auc',
    measure: scored(() => rankAuc(scores, labels)),
    lack: 'the validation rows have labels of one kind only, so there is no AUC to stop on',
  };
}
