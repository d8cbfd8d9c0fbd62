/** What parts of methods contribute: the seams between an estimator and its backbone, weights and imputation. */
import type { ColumnDeclaration, GivenDeclaration, ScoreDeclaration, TableDeclaration } from './declaration.ts';
import type { Num, Rows } from './expression/tree.ts';

/** A score with the tables behind it. */
export interface ScoreParts {
  readonly tables: Readonly<Record<string, TableDeclaration>>;
  readonly score: ScoreDeclaration;
  /** Names of the tables, for an optimiser group. */
  readonly own: readonly string[];
}
/** Part `backbone`: makes scores of a width. `name` keeps the tables of several scores of one method apart; '' for the prediction. */
export interface Backbone {
  score(name: string, width: number): ScoreParts;
}
/** Part `weight`: a weight for every observed row, or none. */
export interface ObservedWeight {
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
  /** `undefined` stands for the weight 1. */
  readonly of: ((column: (name: string) => Rows) => Rows) | undefined;
}
/** Part `imputation` that no gradient reaches: one imputed label for every pair. */
export interface ImputedLabel {
  readonly givens: Readonly<Record<string, GivenDeclaration>>;
  readonly of: (given: (name: string) => Num) => Num;
}
/** What a method's `build` receives a part as. */
export const built = <T>(part: { readonly build: unknown }): T => part.build as T;
