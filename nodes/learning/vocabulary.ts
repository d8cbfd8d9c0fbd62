/** The nouns of a program: tables, what stands between a table and a score, scores, streams, groups, penalties, stopping rules. */
import type { Tree } from './expression/tree.ts';

/** How a table's entries are set before the first step. */
export type Initialiser =
  | { readonly normal: number }
  /** Uniform on (-bound, bound). */
  | { readonly uniform: number }
  | { readonly constant: number }
  /** Normal with sd = gain / sqrt(rows of the table): PyTorch's Kaiming normal with mode fan_out has gain sqrt(2). */
  | { readonly fanOut: number }
  /** Xavier uniform: uniform on (-b, b) with b = gain sqrt(6 / (rows + width)), rows and width those of the table. */
  | { readonly xavier: number }
  /** The tensor `tensor` of the model at port `given`. */
  | { readonly given: string; readonly tensor: string };
/** One row a user, an item, a fixed number of rows (`one`: a single row shared by all pairs). */
export interface TableDeclaration {
  readonly rows: 'user' | 'item' | 'one' | number;
  readonly width: number;
  readonly start: Initialiser;
  /**
   * Ports that know the size when training begins: `rows`, a port of features (a row a feature), `width`, a port with a posterior
   * of latents (an entry a dimension). What `rows` and `width` say is not read then.
   */
  readonly fit?: { readonly rows?: string; readonly width?: string };
}
export type TableShape = Pick<TableDeclaration, 'rows' | 'width'>;
/**
 * A table on its way into a score. `stop` lets no gradient back into it; `reverse` multiplies the gradient with -by; `rows` reads
 * the row that a state column names. `propagate` averages a user and an item table over the neighbours of a graph, `layers`
 * times, and means the rows of one side (see machine/propagation.ts).
 * Three forms make a row for each row of the batch: `times` multiplies entry by entry; `bag` sums rows of a table with a row
 * a feature, each times its value, over the features of the pair's user or item: feature `from` of port `features` is row 0, and
 * features beyond the table are left out; `noisy` is the mean of `draws` normal draws with centre `noisy` and standard deviation
 * `sd` (drawn as one, with sd / sqrt(draws)) while training, and the centre when served.
 */
export type Edge =
  | string
  | { readonly stop: Edge }
  | { readonly reverse: Edge; readonly by: number }
  | { readonly times: readonly [Edge, Edge] }
  | { readonly rows: string; readonly at: string }
  | {
      /** The user table and the item table. */
      readonly propagate: readonly [Edge, Edge];
      readonly side: 'user' | 'item';
      readonly layers: number;
      /**
       * Who is joined: the pairs of train with label 1 (all of them where train has no labels), all pairs of train, or the
       * pairs of port `clicks`.
       */
      readonly edges: 'positive' | 'observed' | 'clicks';
      /** Whether a propensity may read the graph although it is made of the very pairs that it predicts. */
      readonly allowLeak?: boolean;
    }
  | { readonly noisy: string; readonly sd: string; readonly draws: number }
  | { readonly bag: string; readonly features: string; readonly side: 'user' | 'item'; readonly from?: number };
/** A dense layer: `weights` has a row an output and an entry an input, `bias` an entry an output. */
export interface LayerDeclaration {
  readonly weights: string;
  readonly bias?: string;
  readonly activation?: 'relu' | 'tanh';
}
/** How ids become one number a pair. */
export type ScoreDeclaration =
  /** Inner product of two rows of equal width. */
  | { readonly dot: readonly [Edge, Edge] }
  /** The only entry of a row of width 1. */
  | { readonly bias: Edge }
  /**
   * Dense layers (one to three) on rows side by side; the last layer has one output. With a hidden layer and rows of users alone,
   * or of items alone, they run once for each distinct id in a block of the batch.
   */
  | { readonly dense: readonly Edge[]; readonly layers: readonly LayerDeclaration[] }
  /** What the model at a port scores; no gradient. */
  | { readonly input: string }
  | { readonly sum: readonly ScoreDeclaration[] };

export type StreamDeclaration =
  /**
   * Batches of observed rows, in a new order each epoch. An incomplete last batch is dropped, or (`last: 'fill'`) filled up
   * with the first rows of that order.
   */
  | { readonly draw: 'observed'; readonly batch: number; readonly last?: 'drop' | 'fill' }
  /** `ratio` times as many pairs of all user-item pairs as stream `per` draws: positions [t n, t n + n) of a new permutation each epoch. */
  | { readonly draw: 'pairs'; readonly per: string; readonly ratio: number }
  | { readonly draw: 'pairs'; readonly batch: number }
  /**
   * All pairs of a block of users and a block of items; an epoch visits each pair of blocks once, users and items shuffled
   * anew. Blocks have at most `users` x `items` pairs and are all of one size, so that fewer users than there are blocks of
   * them (and fewer items) are left out of an epoch.
   */
  | { readonly draw: 'blocks'; readonly users: number; readonly items: number }
  /**
   * `batch` clicks, each with `negatives` items that the user has no row of. Users are uniform, without repeats in a batch
   * where there are enough of them, and then one of the user's rows; or rows are uniform (`interaction`). Negatives are uniform,
   * or drawn in proportion to (rows of the item) ^ `popularity`. Everything is drawn anew each step, and an epoch has
   * floor(rows / batch) + 1 of them. Users without a row, and those who have every item that can be drawn, are left out.
   */
  | {
      readonly draw: 'triples';
      readonly batch: number;
      readonly user: 'uniform' | 'interaction';
      readonly negatives: number;
      readonly popularity: number;
    };

/** A column of observed rows, read from a port. `y` (the label) and `o` (1 where the pair is observed) need no declaration. */
export interface ColumnDeclaration {
  readonly port: string;
  readonly column: string;
}
/** A number read from a JSON port when training begins. */
export interface GivenDeclaration {
  readonly port: string;
  readonly field: string;
}

/**
 * Who moves, and how. Groups may overlap: each keeps moments of its own. `l2` is coupled, as weight decay in PyTorch's Adam.
 * `adam-tf` is TensorFlow's form; `adam-lazy` moves the rows that a batch reads alone, so its result differs from `adam`.
 */
export interface GroupDeclaration {
  readonly own: readonly string[];
  readonly rate: number;
  readonly l2?: number;
  readonly by?: 'adam' | 'sgd' | 'adam-tf' | 'adam-lazy';
  /** Momentum of `sgd`. */
  readonly momentum?: number;
  /** Climbs instead of descending. */
  readonly ascend?: true;
  /** Numbers (of constants and given numbers) between which every entry is kept after each move. */
  readonly within?: readonly [low: Tree, high: Tree];
}

/** A penalty on the table rows that a stream's batch touches, each as often as it occurs; `table`: on every row once. */
export type PenaltyDeclaration<T extends string = string, D extends string = string> = {
  readonly weight: number;
  readonly on: D | 'table';
} & (
  | {
      /** Mean over rows and entries of the squared entries of the tables, taken side by side. */
      readonly meanSquare: readonly T[];
    }
  | {
      /** Mean over entries of the squared cross-Gram: (sum over rows of a b')^2 / (width a * width b). */
      readonly crossGram: readonly [T, T];
      /** `sum`: the squared Frobenius norm of A'B instead of its mean over entries. */
      readonly reduce?: 'mean' | 'sum';
    }
  | {
      /**
       * Mean over all pairs of a row of one set and a row of the other of their squared distance, in the first table; `on: 'table'`.
       * The second has two columns, one a set: 1 / size of the set for its members, 0 for others.
       */
      readonly betweenSets: readonly [T, T];
    }
  | {
      /** The squared Frobenius norm of A B' over all pairs of rows, from two Gram matrices; `on: 'table'`. */
      readonly allPairs: readonly [T, T];
    }
);

/** A column of observed rows that training reassigns: classes `0 .. classes - 1`, uniformly random at first. */
export interface StateDeclaration {
  readonly classes: number;
}

/** What happens besides the steps of a batch, in every `every`-th epoch (counted from 1). */
export type Act<Step> =
  /**
   * After the epoch: each train row gets the class of state column `assign` for which `argmin`, an expression of stream `over`
   * (of observed rows), is smallest; the lowest of equal ones.
   */
  | { readonly every: number; readonly assign: string; readonly argmin: Tree; readonly over: string }
  /** Before the epoch: these steps on each of its batches. */
  | { readonly every: number; readonly pass: readonly Step[] };

/**
 * When training ends.
 *
 * `plateau` (Li et al., ICDE 2024): an epoch counts when (previous - current) / (previous + 1e-10) < tolerance; training ends
 * when it happens after `patience` + 1 earlier ones. The counter is never reset, and the last parameters are kept.
 * `rebound`: training ends when the loss of an epoch's last batch has been above the lowest one so far `times` times in all.
 * `patience`: a metric on the rows of port `on`: AUC over all of them, or NDCG@cutoff over the rows of each user. Training ends
 * after `patience` epochs without a better one, and a copy of the best state is restored. With metric `hr` it looks every
 * `every` epochs: the share of the users of port `on` with one of their rows among the `cutoff` best of all items that train
 * does not have for them (Wei et al., KDD 2021, code). Training ends after `patience` looks in a row below the best; a tie
 * counts as better.
 */
export type StopDeclaration =
  | { readonly rule: 'plateau'; readonly tolerance: number; readonly patience: number; readonly epochs: number }
  | { readonly rule: 'rebound'; readonly times: number; readonly epochs: number }
  | ({
      readonly rule: 'patience';
      readonly on: string;
      readonly patience: number;
      readonly epochs: number;
      /** Which state is kept; the best one unless said. */
      readonly restore?: 'best' | 'last';
    } & (
      | { readonly metric: 'auc' }
      | { readonly metric: 'ndcg'; readonly cutoff: number }
      /** `every`: epochs from one look to the next; `patience` then counts looks in a row below the best one. */
      | { readonly metric: 'hr'; readonly cutoff: number; readonly every: number }
    ));
