/**
 * Roles that protocols of rated pairs give alike, by the names of the steps that make them: `raw` the data, `train` and `test` its
 * labels, `split` what divides the uniform ratings. A protocol adds the roles that are its own.
 */

/** What protocols say of themselves whose test ranks the pairs that were rated. */
export const ratedPairs = {
  candidates: 'rated',
  floors: ['random', 'popularity', 'item-mean', 'item-user-mean'],
} as const;

interface Raw<Log, Uniform, Shape> {
  readonly raw: { readonly log: Log; readonly uniform: Uniform; readonly shape: Shape };
}
interface Labelled<Train, Evaluation> {
  readonly train: { readonly labels: Train };
  readonly evaluation: { readonly evaluation: Evaluation };
}

/** Labels of the biased ratings, which train, the ratings themselves and those of the randomised experiment, and what is measured. */
const biased = <Log, Uniform, Shape, Train, Evaluation>(
  up: Raw<Log, Uniform, Shape> & Labelled<Train, Evaluation>,
) => ({
  train: up.train.labels,
  log: up.raw.log,
  randomised: up.raw.uniform,
  shape: up.raw.shape,
  evaluation: up.evaluation.evaluation,
});

/** All uniform ratings test. */
export const uniformTest = <Log, Uniform, Shape, Train, Evaluation, Test>(
  up: Raw<Log, Uniform, Shape> & Labelled<Train, Evaluation> & { readonly test: { readonly labels: Test } },
) => ({ ...biased(up), test: up.test.labels, candidates: up.test.labels });

interface Candidates<Pairs> {
  readonly candidates: { readonly pairs: Pairs };
}
/** Some uniform ratings may be learnt from, some validate, the others test. */
export const uniformBudget = <Log, Uniform, Shape, Train, Evaluation, Learnt, Validation, Test, Pairs>(
  up: Raw<Log, Uniform, Shape> &
    Labelled<Train, Evaluation> &
    Candidates<Pairs> & {
      readonly split: { readonly uniform: Learnt; readonly validation: Validation; readonly test: Test };
    },
) => ({
  ...biased(up),
  uniform: up.split.uniform,
  validation: up.split.validation,
  test: up.split.test,
  candidates: up.candidates.pairs,
});

/** Users of the uniform ratings are divided: the first part tests, the rest validates. */
export const dividedUsers = <First, Rest, Pairs, Evaluation>(
  up: Candidates<Pairs> & {
    readonly split: { readonly first: First; readonly rest: Rest };
    readonly evaluation: { readonly evaluation: Evaluation };
  },
) => ({
  validation: up.split.rest,
  test: up.split.first,
  candidates: up.candidates.pairs,
  evaluation: up.evaluation.evaluation,
});

/** A part of the log itself tests, so there is no randomised experiment. */
export const heldOutLog = <Log, Shape, Users, Items, Train, Test, Pairs, Evaluation>(
  up: Candidates<Pairs> & {
    readonly raw: { readonly log: Log; readonly shape: Shape; readonly userIds: Users; readonly itemIds: Items };
    readonly split: { readonly train: Train; readonly test: Test };
    readonly evaluation: { readonly evaluation: Evaluation };
  },
) => ({
  train: up.split.train,
  test: up.split.test,
  candidates: up.candidates.pairs,
  log: up.raw.log,
  shape: up.raw.shape,
  evaluation: up.evaluation.evaluation,
  userIds: up.raw.userIds,
  itemIds: up.raw.itemIds,
});
