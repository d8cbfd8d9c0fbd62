/** The roles that methods on rated pairs ask a protocol for, and why where it does not go without saying. */
import { optional } from '../core/index.ts';
import { Clicks, Evaluation, Pairs, Ratings, Shape } from '../nodes/ports.ts';

/** Why the methods that ask for it cannot do without a uniform slice. */
export const whyUniform = {
  uniform:
    'naive Bayes propensities take P(rating) over all pairs from uniformly random ratings: the biased log cannot show it',
};
export const whyValidation = {
  validation: 'training stops on the AUC of uniformly random ratings: on the biased log the best epoch is another one',
};

/** What every method on rated pairs asks for. */
export const ratedNeeds = {
  train: Ratings,
  test: Ratings,
  candidates: Pairs,
  shape: Shape,
  evaluation: Evaluation,
  /** A slice of uniformly random ratings that may be learnt from. */
  uniform: optional(Ratings),
};

/** The roles that every method on clicks asks a protocol for. All items are ranked, so that there are no candidates. */
export const clickNeeds = {
  train: Clicks,
  test: Clicks,
  /** What epochs and constants are chosen on. A protocol that chooses on the test, as authors do, gives the test here. */
  valid: optional(Clicks),
  /** Pairs that are not ranked when the test is measured: train, and clicks that were kept from it for `valid`. */
  known: Clicks,
  shape: Shape,
  evaluation: Evaluation,
};

/** Why methods on clicks cannot do without held-out clicks. */
export const whyValid = {
  valid: 'epochs are chosen by the hit rate on clicks that training does not see',
};
/** Roles of methods on clicks that stop on `valid`, and so cannot do without it. */
export const stoppedNeeds = { ...clickNeeds, valid: Clicks };
