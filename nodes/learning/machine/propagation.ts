/**
 * Propagation over a graph (LightGCN): with A the normalised adjacency and X the user and item tables one above the other,
 * E = (X + A X + ... + A^L X) / (L + 1), by Horner's rule: T = X + A X, then X + A T, ... . A is symmetric, so the gradient
 * goes back through the same sum.
 *
 * A step reads the rows of its batch alone, so the last product forwards and the first one backwards are made on those. Two
 * layers need one product less where S = R'R is sparse enough, R being the user-item block of A:
 *   T = I + R'U;  items (T + S I) / 3;  users (U + R T) / 3;  and back, with H = dI + R'dU:  (H + S dI) / 3 and (dU + R H) / 3.
 * Both ways agree to rounding, and which one is taken depends on the graph alone.
 */
import type { Kernels } from '../kernels/kernels.ts';
import type { PropagationDeclaration } from '../propagation/edge.ts';
import { bipartite, type Edges, type SparseMatrix, transposed, twoSteps } from '../propagation/sparse-matrix.ts';
import type { Layout, Memory } from './memory.ts';
import { Sparse } from './sparse.ts';
import type { RowList } from './tally.ts';

/** A table, or one that propagation makes: positions of its values and of its gradient. */
interface Cells {
  readonly values: number;
  readonly gradient: number;
  readonly count: number;
  readonly stride: number;
  readonly rows: number;
}
/** Tables that propagation writes on its way; all propagations of one stride share them. */
export type Scratch = (name: string, count: number) => number;

/** What a table may take to be near at hand, as it is while sums are scattered over it: half of a common second cache. */
const nearBytes = 2 ** 18;

/** A graph in memory: its user-item block R, the transpose, and R'R where two layers gain by it. */
export class BipartiteGraph {
  readonly R: Sparse;
  readonly back: Sparse;
  readonly #parts: Sparse[];
  readonly #from: { readonly R: SparseMatrix; readonly back: SparseMatrix };
  readonly #layout: Layout;
  #twice: Sparse | undefined | null = null;

  constructor(edges: Edges, users: number, items: number, layout: Layout) {
    const R = bipartite(edges, users, items);
    this.#from = { R, back: transposed(R) };
    this.#layout = layout;
    this.R = new Sparse(R, layout);
    this.back = new Sparse(this.#from.back, layout);
    this.#parts = [this.R, this.back];
  }
  /** S = R'R if it has at most twice the entries of R, and costs no more to make than some products with a table. */
  twice(): Sparse | undefined {
    if (this.#twice === null) {
      const entries = this.#from.R.columns.length;
      const S = twoSteps(this.#from.R, this.#from.back, 2 * entries, 256 * entries);
      this.#twice = S && new Sparse(S, this.#layout);
      if (this.#twice !== undefined) this.#parts.push(this.#twice);
    }
    return this.#twice;
  }
  /** out = base + R'x for a table x by user. */
  toItems(k: Kernels, x: number, base: number, out: number, stride: number): void {
    const { rows, width } = this.#from.R;
    if (4 * stride * width <= nearBytes && rows > 2 * width) this.R.turned(k, x, base, out, stride);
    else this.back.times(k, x, base, out, stride, 1, false);
  }
  /** out = base + R x for a table x by item. */
  toUsers(k: Kernels, x: number, base: number, out: number, stride: number): void {
    const { rows, width } = this.#from.R;
    if (4 * stride * rows <= nearBytes && width > 2 * rows) this.back.turned(k, x, base, out, stride);
    else this.R.times(k, x, base, out, stride, 1, false);
  }
  write(memory: Memory): void {
    for (const part of this.#parts) part.write(memory);
  }
}

export class Propagation {
  readonly declared: PropagationDeclaration;
  readonly user: Cells;
  readonly item: Cells;
  readonly #from: { readonly user: Cells; readonly item: Cells };
  readonly #graph: BipartiteGraph;
  readonly #twice: Sparse | undefined;
  /** One or two pairs of tables for the sums on their way. */
  readonly #sums: readonly { readonly user: number; readonly item: number }[];

  /** @param shortcut whether two layers may be taken at once where that is less work */
  constructor(
    declared: PropagationDeclaration,
    from: { readonly user: Cells; readonly item: Cells },
    graph: BipartiteGraph,
    layout: Layout,
    scratch: Scratch,
    shortcut: boolean,
  ) {
    this.declared = declared;
    this.#from = from;
    this.#graph = graph;
    this.#twice = shortcut && declared.layers === 2 ? graph.twice() : undefined;
    const cells = ({ count, stride, rows }: Cells): Cells => ({
      values: layout.takeFloats(count),
      gradient: layout.takeFloats(count),
      count,
      stride,
      rows,
    });
    this.user = cells(from.user);
    this.item = cells(from.item);
    const { stride } = from.user;
    const pair = (n: number) => ({
      user: this.#twice ? -1 : scratch(`user ${n} ${stride}`, from.user.count),
      item: scratch(`item ${n} ${stride}`, from.item.count),
    });
    this.#sums = Array.from({ length: Math.min(2, declared.layers - 1) }, (_, n) => pair(n));
  }

  /** Makes the listed rows of the propagated tables, or all of them. */
  forward(k: Kernels, users?: RowList, items?: RowList): void {
    const [U, I] = [this.#from.user.values, this.#from.item.values];
    const { stride } = this.#from.user;
    const { R, back } = this.#graph;
    const share = 1 / (this.declared.layers + 1);
    const last = (A: Sparse, x: number, base: number, out: number, rows: RowList | undefined) =>
      rows ? A.timesAt(k, x, base, out, stride, share, rows) : A.times(k, x, base, out, stride, share, false);
    if (this.#twice !== undefined) {
      const T = this.#sums[0]!.item;
      this.#graph.toItems(k, U, I, T, stride);
      last(R, T, U, this.user.values, users);
      last(this.#twice, I, T, this.item.values, items);
      return;
    }
    let [u, i] = [U, I];
    for (let layer = 1; layer < this.declared.layers; layer++) {
      const to = this.#sums[layer % this.#sums.length]!;
      this.#graph.toUsers(k, i, U, to.user, stride);
      this.#graph.toItems(k, u, I, to.item, stride);
      [u, i] = [to.user, to.item];
    }
    last(R, i, U, this.user.values, users);
    last(back, u, I, this.item.values, items);
  }

  /**
   * Adds what the gradients of the listed rows mean for the tables that were propagated, and zeroes them.
   * @param toUser position of the user table's gradient, or -1 where it takes none; `toItem` likewise
   */
  backward(k: Kernels, users: RowList, items: RowList, toUser: number, toItem: number): void {
    const [dU, dI] = [this.user.gradient, this.item.gradient];
    const { stride } = this.user;
    const { R, back } = this.#graph;
    const share = 1 / (this.declared.layers + 1);
    if (this.#twice !== undefined) {
      const H = this.#sums[0]!.item;
      k.copy(dI, H, this.item.count);
      R.back(k, dU, H, stride, 1, users);
      if (toItem >= 0) this.#twice.times(k, dI, H, toItem, stride, share, true);
      if (toUser >= 0) this.#addProduct(k, R, H, dU, users, toUser);
    } else if (this.declared.layers === 1) {
      if (toUser >= 0) {
        k.addRowsAt(dU, toUser, stride, share, users.list, users.n);
        back.back(k, dI, toUser, stride, share, items);
      }
      if (toItem >= 0) {
        k.addRowsAt(dI, toItem, stride, share, items.list, items.n);
        R.back(k, dU, toItem, stride, share, users);
      }
    } else {
      let { user: u, item: i } = this.#sums[0]!;
      k.copy(dU, u, this.user.count);
      k.copy(dI, i, this.item.count);
      back.back(k, dI, u, stride, 1, items);
      R.back(k, dU, i, stride, 1, users);
      for (let layer = 2; layer < this.declared.layers; layer++) {
        const to = this.#sums[(layer - 1) % 2]!;
        this.#graph.toUsers(k, i, dU, to.user, stride);
        this.#graph.toItems(k, u, dI, to.item, stride);
        [u, i] = [to.user, to.item];
      }
      if (toUser >= 0) this.#addProduct(k, R, i, dU, users, toUser);
      if (toItem >= 0) this.#addProduct(k, back, u, dI, items, toItem);
    }
    k.clearRowsAt(dU, stride, users.list, users.n);
    k.clearRowsAt(dI, stride, items.list, items.n);
  }

  /** out += share (own + A x): `own` is 0 but in the listed rows, and the others are not read. */
  #addProduct(k: Kernels, A: Sparse, x: number, own: number, rows: RowList, out: number): void {
    const { stride } = this.user;
    const share = 1 / (this.declared.layers + 1);
    k.addRowsAt(own, out, stride, share, rows.list, rows.n);
    A.times(k, x, -1, out, stride, share, true);
  }
}
