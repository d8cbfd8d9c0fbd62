/** Declared scores taken apart into the elementary ones that kernels compute; equal ones are computed once a batch. */
import type { Edge, ScoreDeclaration, TableDeclaration } from '../declaration.ts';

export interface AtomEdge {
  readonly table: string;
  readonly rows: TableDeclaration['rows'];
  readonly stopped: boolean;
}
export type Atom = { readonly dot: readonly [AtomEdge, AtomEdge] } | { readonly bias: AtomEdge };

export class Atoms {
  readonly #known = new Map<string, Atom>();
  readonly #of = new Map<string, readonly string[]>();

  /** @throws TypeError for a score that names no table, or tables of different widths */
  constructor(tables: Readonly<Record<string, TableDeclaration>>, scores: Readonly<Record<string, ScoreDeclaration>>) {
    const edge = (of: Edge, score: string): AtomEdge => {
      const table = typeof of === 'string' ? of : of.stop;
      const declared = tables[table];
      if (declared === undefined)
        throw new TypeError(
          `score '${score}' reads table '${table}', which is not declared; there are ${Object.keys(tables).join(', ')}`,
        );
      return { table, rows: declared.rows, stopped: typeof of !== 'string' };
    };
    const flat = (score: ScoreDeclaration, name: string): string[] => {
      if ('sum' in score) return score.sum.flatMap((part) => flat(part, name));
      const key = JSON.stringify(score);
      if ('bias' in score) {
        const bias = edge(score.bias, name);
        if (tables[bias.table]!.width !== 1)
          throw new TypeError(`score '${name}': bias '${bias.table}' must have width 1`);
        this.#known.set(key, { bias });
      } else {
        const [a, b] = [edge(score.dot[0], name), edge(score.dot[1], name)];
        if (tables[a.table]!.width !== tables[b.table]!.width)
          throw new TypeError(
            `score '${name}': '${a.table}' has width ${tables[a.table]!.width} and '${b.table}' width ${tables[b.table]!.width}`,
          );
        this.#known.set(key, { dot: [a, b] });
      }
      return [key];
    };
    for (const [name, score] of Object.entries(scores)) this.#of.set(name, flat(score, name));
  }

  /** The elementary scores whose sum is score `name`. */
  of = (name: string): readonly string[] => {
    const atoms = this.#of.get(name);
    if (atoms === undefined)
      throw new TypeError(`there is no score '${name}'; there are ${[...this.#of.keys()].join(', ')}`);
    return atoms;
  };
  atom = (key: string): Atom => this.#known.get(key) as Atom;
}
