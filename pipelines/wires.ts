/**
 * Wires that methods of a family draw alike: from a trained model to what it scores or ranks, and from there to its metrics.
 * A pipeline names the step and the node, so its chain still reads as the graph; only what would be said again is here.
 */

/** The model's scores of the protocol's candidates: inputs of `scoring/score`. */
export const scored = <M, C>(up: { readonly model: { readonly params: M }; readonly candidates: C }) => ({
  model: up.model.params,
  candidates: up.candidates,
});

/** Metrics of scores: inputs of `evaluation/evaluate`. */
export const judged = <S, Test, E, Shape, Train>(up: {
  readonly scores: { readonly scores: S };
  readonly test: Test;
  readonly evaluation: E;
  readonly shape: Shape;
  readonly train: Train;
}) => ({ scores: up.scores.scores, test: up.test, evaluation: up.evaluation, shape: up.shape, train: up.train });

/** All items ranked by a model for the users of the test: inputs of `ranking/top-lists` and `ranking/test-ranks`. */
export const ranking = <M, Test, K, Shape>(
  model: M,
  up: { readonly test: Test; readonly known: K; readonly shape: Shape },
) => ({ model, test: up.test, known: up.known, shape: up.shape });

/** The same where the step that trains is called `model`. */
export const ranked = <M, Test, K, Shape>(up: {
  readonly model: { readonly params: M };
  readonly test: Test;
  readonly known: K;
  readonly shape: Shape;
}) => ranking(up.model.params, up);

/** Metrics of lists: inputs of `evaluation/evaluate-lists`. */
export const listsJudged = <L, R, Test, K, Train, E, Shape>(up: {
  readonly lists: { readonly lists: L };
  readonly ranks: { readonly ranks: R };
  readonly test: Test;
  readonly known: K;
  readonly train: Train;
  readonly evaluation: E;
  readonly shape: Shape;
}) => ({
  lists: up.lists.lists,
  test: up.test,
  known: up.known,
  train: up.train,
  ranks: up.ranks.ranks,
  evaluation: up.evaluation,
  shape: up.shape,
});
