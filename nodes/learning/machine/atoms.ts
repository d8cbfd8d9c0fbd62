/** Declared scores taken apart into the elementary ones that kernels compute; equal ones are computed once a batch. */
import { Problem } from '../../../core/index.ts';
import type { Edge, LayerDeclaration, ScoreDeclaration, TableShape } from '../declaration.ts';
import { notYet } from '../not-yet.ts';
import { isPropagate, type PropagationDeclaration, propagationOf } from '../propagation/edge.ts';
import { bagName, type Made, sourcesOf } from './made-rows.ts';

export interface AtomEdge {
  /** A declared table, one that a propagation makes, or rows that are made for a batch. */
  readonly table: string;
  readonly rows: TableShape['rows'] | 'batch';
  readonly stopped: boolean;
  /** What a gradient is multiplied with on its way back: 1, or what reversal makes of it. */
  readonly factor: number;
  /** The state column that names the row, instead of a user or an item. */
  readonly at?: string;
}
export type Atom =
  | { readonly dot: readonly [AtomEdge, AtomEdge] }
  | { readonly bias: AtomEdge }
  | { readonly dense: readonly AtomEdge[]; readonly layers: readonly LayerDeclaration[] }
  | { readonly input: string };

type MadeEdge = Extract<Edge, { readonly times: unknown } | { readonly noisy: unknown } | { readonly bag: unknown }>;

export class Atoms {
  readonly #known = new Map<string, Atom>();
  readonly #of = new Map<string, readonly string[]>();
  readonly #tables: Readonly<Record<string, TableShape>>;
  /** By the names of the tables that they make. */
  readonly propagations = new Map<string, PropagationDeclaration>();
  /** Rows that are made for a batch, by key; what a row is made from comes before it. */
  readonly made = new Map<string, Made>();

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
  /** Declared tables whose gradient the rows of a table carry: itself, those that are propagated, or those it is made from. */
  behind(table: string): readonly string[] {
    const spread = this.propagations.get(table);
    if (spread !== undefined) return [spread.user, spread.item];
    const made = this.made.get(table);
    if (made === undefined) return [table];
    return sourcesOf(made).flatMap((edge) => (edge.stopped ? [] : this.behind(edge.table)));
  }
  /** What the elementary score reads rows of, made rows taken apart. */
  sources(key: string): readonly AtomEdge[] {
    const apart = (edge: AtomEdge): readonly AtomEdge[] => {
      const made = this.made.get(edge.table);
      if (made === undefined) return [edge];
      return sourcesOf(made)
        .flatMap(apart)
        .map((source) => ({ ...source, stopped: source.stopped || edge.stopped }));
    };
    return this.edges(key).flatMap(apart);
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
      if (edges.some(({ factor }) => factor !== 1)) throw notYet(`'reverse' into the dense layers of score '${name}'`);
      this.#checkLayers(
        score.layers,
        edges.reduce((sum, edge) => sum + this.widthOf(edge.table), 0),
        name,
      );
      return { dense: edges, layers: score.layers };
    }
    const [a, b] = [this.#edge(score.dot[0], name), this.#edge(score.dot[1], name)];
    this.#checkSame(a, b, name);
    return { dot: [a, b] };
  }

  #checkSame(a: AtomEdge, b: AtomEdge, score: string): void {
    const [left, right] = [this.widthOf(a.table), this.widthOf(b.table)];
    if (left !== right)
      throw new TypeError(`score '${score}': '${a.table}' has width ${left} and '${b.table}' width ${right}`);
  }

  #edge(of: Edge, score: string): AtomEdge {
    if (isPropagate(of)) {
      const made = propagationOf(of, this.#tables);
      for (const name of Object.values(made.propagated)) this.propagations.set(name, made);
      return { table: made.propagated[of.side], rows: of.side, stopped: false, factor: 1 };
    }
    if (typeof of === 'string') return { table: of, rows: this.#table(of, score).rows, stopped: false, factor: 1 };
    if ('stop' in of) return { ...this.#edge(of.stop, score), stopped: true };
    if ('reverse' in of) {
      const edge = this.#edge(of.reverse, score);
      return { ...edge, factor: -of.by * edge.factor };
    }
    if ('rows' in of) return { ...this.#edge(of.rows, score), at: of.at };
    const made = this.#made(of, score);
    this.made.set(made.key, made);
    return { table: made.key, rows: 'batch', stopped: false, factor: 1 };
  }

  #made(of: MadeEdge, score: string): Made {
    const key = JSON.stringify(of);
    const one = (edge: Edge) => this.#edge(edge, score);
    const same = (a: AtomEdge, b: AtomEdge): number => {
      this.#checkSame(a, b, score);
      return this.widthOf(a.table);
    };
    if ('times' in of) {
      const [a, b] = [one(of.times[0]), one(of.times[1])];
      return { key, width: same(a, b), times: [a, b] };
    }
    if ('noisy' in of) {
      const [noisy, sd] = [one(of.noisy), one(of.sd)];
      return { key, width: same(noisy, sd), noisy, sd, draws: of.draws };
    }
    const bag = one(of.bag);
    if (typeof bag.rows !== 'number')
      throw new TypeError(`score '${score}': '${bag.table}' must have a row a feature, and has a row ${bag.rows}`);
    return {
      key,
      width: this.widthOf(bag.table),
      bag,
      name: bagName(of),
      features: of.features,
      side: of.side,
      from: of.from ?? 0,
    };
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
    if (layers.at(-1)?.activation === 'tanh')
      throw new TypeError(`score '${name}': the last layer has no tanh; take it of the score`);
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
  widthOf = (table: string): number =>
    (this.propagations.get(table) ?? this.made.get(table) ?? (this.#tables[table] as TableShape)).width;
}
