/** Declared scores taken apart into the elementary ones that kernels compute; equal ones are computed once a batch. */
import { Problem } from '../../../core/index.ts';
import type { Edge, LayerDeclaration, ScoreDeclaration, TableShape } from '../declaration.ts';
import { notYet } from '../not-yet.ts';
import { isPropagate, type PropagationDeclaration, propagationOf } from '../propagation/edge.ts';

export interface AtomEdge {
  /** A declared table, or one that a propagation makes. */
  readonly table: string;
  readonly rows: TableShape['rows'];
  readonly stopped: boolean;
}
export type Atom =
  | { readonly dot: readonly [AtomEdge, AtomEdge] }
  | { readonly bias: AtomEdge }
  | { readonly dense: readonly AtomEdge[]; readonly layers: readonly LayerDeclaration[] }
  | { readonly input: string };

const reasons: Readonly<Record<string, string>> = {
  reverse: 'gradient reversal on the way into a score',
  times: 'a product of two tables on the way into a score',
  rows: 'rows that a state column names',
  noisy: 'noise on the way into a score',
  bag: 'sums over the features of a row',
};

export class Atoms {
  readonly #known = new Map<string, Atom>();
  readonly #of = new Map<string, readonly string[]>();
  readonly #tables: Readonly<Record<string, TableShape>>;
  /** By the names of the tables that they make. */
  readonly propagations = new Map<string, PropagationDeclaration>();

  /**
   * @throws TypeError for a score that names no table, or tables whose widths do not fit
   * @throws Problem bad-config for an edge that the engine does not run yet
   */
  constructor(tables: Readonly<Record<string, TableShape>>, scores: Readonly<Record<string, ScoreDeclaration>>) {
    this.#tables = tables;
    for (const [name, score] of Object.entries(scores)) this.#of.set(name, this.#flat(score, name));
  }

  /** The elementary scores whose sum is score `name`. */
  of = (name: string): readonly string[] => {
    const atoms = this.#of.get(name);
    if (atoms === undefined)
      throw new TypeError(`there is no score '${name}'; there are ${[...this.#of.keys()].join(', ')}`);
    return atoms;
  };
  atom = (key: string): Atom => this.#known.get(key) as Atom;
  /** What the elementary score reads rows of. */
  edges(key: string): readonly AtomEdge[] {
    const atom = this.atom(key);
    if ('input' in atom) return [];
    return 'bias' in atom ? [atom.bias] : 'dot' in atom ? atom.dot : atom.dense;
  }
  /** Declared tables behind a table that a score reads: itself, or those that are propagated. */
  behind(table: string): readonly string[] {
    const made = this.propagations.get(table);
    return made === undefined ? [table] : [made.user, made.item];
  }
  /** Tables that a gradient of the elementary score reaches. */
  reached(key: string): readonly string[] {
    const atom = this.atom(key);
    const open = this.edges(key)
      .filter((edge) => !edge.stopped)
      .flatMap((edge) => this.behind(edge.table));
    if (!('layers' in atom)) return open;
    return [...open, ...atom.layers.flatMap(({ weights, bias }) => (bias === undefined ? [weights] : [weights, bias]))];
  }

  #flat(score: ScoreDeclaration, name: string): string[] {
    if ('sum' in score) return score.sum.flatMap((part) => this.#flat(part, name));
    const key = JSON.stringify(score);
    this.#known.set(key, this.#atomOf(score, name));
    return [key];
  }

  #atomOf(score: Exclude<ScoreDeclaration, { sum: unknown }>, name: string): Atom {
    if ('input' in score) return score;
    if ('bias' in score) {
      const bias = this.#edge(score.bias, name);
      if (this.widthOf(bias.table) !== 1)
        throw new TypeError(`score '${name}': bias '${bias.table}' must have width 1`);
      return { bias };
    }
    if ('dense' in score) {
      const edges = score.dense.map((edge) => this.#edge(edge, name));
      this.#checkLayers(
        score.layers,
        edges.reduce((sum, edge) => sum + this.widthOf(edge.table), 0),
        name,
      );
      return { dense: edges, layers: score.layers };
    }
    const [a, b] = [this.#edge(score.dot[0], name), this.#edge(score.dot[1], name)];
    if (this.widthOf(a.table) !== this.widthOf(b.table))
      throw new TypeError(
        `score '${name}': '${a.table}' has width ${this.widthOf(a.table)} and '${b.table}' width ${this.widthOf(b.table)}`,
      );
    return { dot: [a, b] };
  }

  #edge(of: Edge, score: string): AtomEdge {
    if (isPropagate(of)) {
      const made = propagationOf(of, this.#tables);
      for (const name of Object.values(made.propagated)) this.propagations.set(name, made);
      return { table: made.propagated[of.side], rows: of.side, stopped: false };
    }
    if (typeof of !== 'string' && !('stop' in of)) {
      const word = Object.keys(of).find((key) => key in reasons) as string;
      throw notYet(`'${word}' in score '${score}' (${reasons[word]})`);
    }
    if (typeof of !== 'string') return { ...this.#edge(of.stop, score), stopped: true };
    return { table: of, rows: this.#table(of, score).rows, stopped: false };
  }

  #checkLayers(layers: readonly LayerDeclaration[], inputs: number, name: string): void {
    if (layers.length < 1 || layers.length > 3)
      throw new Problem('bad-config', `score '${name}' has ${layers.length} dense layers, and can have one to three`);
    let wide = inputs;
    for (const { weights, bias } of layers) {
      const table = this.#table(weights, name);
      const outputs = table.rows === 'one' ? 1 : table.rows;
      if (typeof outputs !== 'number' || table.width !== wide)
        throw new TypeError(`score '${name}': layer '${weights}' must have a fixed number of rows of width ${wide}`);
      if (bias !== undefined && (this.#table(bias, name).rows !== 'one' || this.#table(bias, name).width !== outputs))
        throw new TypeError(`score '${name}': bias '${bias}' must be one row of width ${outputs}`);
      wide = outputs;
    }
    if (wide !== 1) throw new TypeError(`score '${name}': the last layer must have one output, and has ${wide}`);
  }

  #table(name: string, score: string): TableShape {
    const declared = this.#tables[name];
    if (declared === undefined)
      throw new TypeError(
        `score '${score}' reads table '${name}', which is not declared; there are ${Object.keys(this.#tables).join(', ')}`,
      );
    return declared;
  }
  widthOf = (table: string): number => (this.propagations.get(table) ?? (this.#tables[table] as TableShape)).width;
}
