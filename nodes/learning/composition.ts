/** What parts of methods contribute: the seams between an estimator and its backbone, weights, imputation and penalty. */
import { Problem } from '../../core/index.ts';
import type {
  ColumnDeclaration,
  Edge,
  GivenDeclaration,
  PenaltyDeclaration,
  ScoreDeclaration,
  TableDeclaration,
} from './declaration.ts';
import type { ScoreEntropy } from './expression/losses.ts';
import type { At, Num, Rows } from './expression/tree.ts';

/** The words of a program as parts see them: by plain names. */
export interface PartWords {
  score(name: string, at?: At): Rows;
  column(name: string): Rows;
  given(name: string): Num;
  sum(on: string, rows: Rows): Num;
}
/** A score with the tables behind it. */
export interface ScoreParts {
  readonly tables: Readonly<Record<string, TableDeclaration>>;
  readonly score: ScoreDeclaration;
  /** Names of the tables, for an optimiser group. */
  readonly own: readonly string[];
}
/**
 * Part `backbone`: makes scores of a width. `name` keeps the tables of several scores of one method apart; '' for the
 * prediction. `beside` is the prediction's score when another score of the method is made.
 */
export interface Backbone {
  score(name: string, width: number, beside?: ScoreParts): ScoreParts;
  /** Whether it makes every score of a method, rather than the prediction alone. */
  readonly makesAll?: boolean;
  /** For one that adds to the prediction: the same with what it adds made by another backbone. */
  readonly addedBy?: (other: Backbone) => Backbone;
}
/** The backbone of a score beside the prediction: its own part, unless the prediction's makes every score. */
export function besides(prediction: Backbone, own: Backbone): Backbone {
  if (prediction.makesAll !== true) return own;
  return own.addedBy?.(prediction) ?? prediction;
}
/** Parts `features` and `confounder`: what is added to the prediction's score, whatever its backbone. */
export interface AddedTerms {
  readonly tables: Readonly<Record<string, TableDeclaration>>;
  readonly scores: readonly ScoreDeclaration[];
  /** Names of the tables that the prediction's group moves; the others stay as they start. */
  readonly own: readonly string[];
}
/** A prediction's score with terms beside it. */
export const withTerms = (of: ScoreParts, ...added: readonly AddedTerms[]): ScoreParts => ({
  tables: Object.assign({}, of.tables, ...added.map(({ tables }) => tables)),
  score: added.every(({ scores }) => scores.length === 0)
    ? of.score
    : { sum: [of.score, ...added.flatMap(({ scores }) => scores)] },
  own: [...of.own, ...added.flatMap(({ own }) => own)],
});
/** Part `weight`: a weight for every observed row. */
export interface ObservedWeight {
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
  /** Scores that the weight reads, which make it known for every pair. */
  readonly scores?: Readonly<Record<string, ScoreDeclaration>>;
  readonly of: (words: PartWords) => Rows;
}
/** Part `scale`: what becomes of an item's score before a pairwise loss sees it. */
export interface ScoreScale {
  readonly tables: Readonly<Record<string, TableDeclaration>>;
  readonly scores: Readonly<Record<string, ScoreDeclaration>>;
  readonly of: (words: PartWords, y: Rows, at: At) => Rows;
}
/** Part `regulariser`: a penalty on the vectors that a backbone reads of users and items, and tables that it needs. */
export interface Regulariser {
  readonly tables: Readonly<Record<string, TableDeclaration>>;
  readonly penalties: (k: ScoreParts, weight: number) => readonly PenaltyDeclaration[];
}
/** Part `imputation`: an imputed label for every pair, given from outside or learnt in a step of its own. */
export interface ImputedLabel {
  readonly givens: Readonly<Record<string, GivenDeclaration>>;
  /** The score that is learnt; absent where no gradient reaches the label. */
  readonly learns?: (backbone: Backbone, width: number) => ScoreParts;
  /** The label as the prediction's step sees it; the learnt score is called `i`. */
  readonly of: (words: PartWords) => Rows | Num;
  /**
   * The loss of the imputation's own step on stream B: `z` is the prediction's logit, `w` its weight, `entropy` the form of
   * cross-entropy that the prediction learns by.
   */
  readonly loss?: (words: PartWords, z: Rows, w: Rows, entropy: ScoreEntropy) => Num;
}
/** Part `penalty`: what a joint method adds on the tables of its prediction and its propensity, for each stream it draws. */
export type JointPenalty = (
  prediction: ScoreParts,
  propensity: ScoreParts,
  streams: readonly string[],
  weight: number,
) => readonly PenaltyDeclaration[];
/** What a method's `build` receives a part as. */
export const built = <T>(part: { readonly build: unknown }): T => part.build as T;
/**
 * The vectors of user and item that a score multiplies, for heads that read them.
 * @param reader what wants them, for the message
 * @throws Problem bad-config for a score without such vectors
 */
export function representation(
  { tables, score }: ScoreParts,
  reader: string,
): { user: Edge; item: Edge; width: number } {
  const products = 'sum' in score ? score.sum.filter((part) => 'dot' in part) : [score];
  const [only] = products;
  const sides = (only && 'dot' in only ? only.dot : []).map((edge) => ({ edge, table: tables[tableOf(edge)] }));
  const of = (rows: 'user' | 'item') => sides.find(({ table }) => table?.rows === rows);
  const [user, item] = [of('user'), of('item')];
  if (products.length !== 1 || user === undefined || item === undefined)
    throw new Problem('bad-config', 'the backbone does not multiply one vector of the user with one of the item', {
      where: reader,
      hint: 'choose a backbone such as backbones/factors',
    });
  return { user: user.edge, item: item.edge, width: (item.table as TableDeclaration).width };
}
/** The table whose rows an edge stands for. */
export function tableOf(edge: Edge): string {
  if (typeof edge === 'string') return edge;
  if ('stop' in edge) return tableOf(edge.stop);
  if ('propagate' in edge) return tableOf(edge.propagate[edge.side === 'user' ? 0 : 1]);
  return '';
}
