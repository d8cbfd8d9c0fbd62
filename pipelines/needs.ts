/** The roles that every method on rated pairs asks a protocol for. */
import { optional } from '../core/index.ts';
import { Evaluation, Pairs, Ratings, Shape } from '../nodes/ports.ts';

export const ratedNeeds = {
  train: Ratings,
  test: Ratings,
  candidates: Pairs,
  shape: Shape,
  evaluation: Evaluation,
  /** A slice of uniformly random ratings that may be learnt from. */
  uniform: optional(Ratings),
};
