/** The rows that a program makes for its batches: where they lie, what makes them before a step, what takes them back after it. */
import type { Random } from '../../../core/numeric/index.ts';
import type { Graph } from '../expression/graph.ts';
import type { Sampler } from '../sampling/samplers.ts';
import type { AtomEdge, Atoms } from './atoms.ts';
import type { FeatureRows } from './features.ts';
import { bagSums, type MadeCells, makeRows, noiseSampler, reserveMade, sourcesOf, unmakeRows } from './made-rows.ts';
import { type Layout, type Memory, strideOf } from './memory.ts';
import type { Rows } from './optimiser.ts';
import type { Surroundings } from './scores.ts';

/** The sums of a bag for every user or item, as a tensor under a name. */
export interface BagTable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export class BatchRows {
  readonly #atoms: Atoms;
  readonly #layout: Layout;
  readonly #trains: boolean;
  readonly #features: (port: string) => FeatureRows;
  readonly #cells = new Map<string, MadeCells>();

  /** @param trains whether gradients come back and noise is drawn */
  constructor(atoms: Atoms, layout: Layout, trains: boolean, features: (port: string) => FeatureRows) {
    this.#atoms = atoms;
    this.#layout = layout;
    this.#trains = trains;
    this.#features = features;
  }

  /** Reserves memory for what the scores of a graph read; before the layout is built. */
  reserve(graph: Graph): void {
    for (const { stream, at, key } of this.#readBy(graph)) {
      const made = this.#atoms.made.get(key);
      const name = nameOf(stream, at, key);
      if (made === undefined || this.#cells.has(name)) continue;
      const size = graph.size(stream);
      this.#cells.set(name, reserveMade(made, strideOf(made.width), size, this.#trains, this.#layout));
    }
  }

  /** Rows made for a stream at one of its items, by key; undefined for a table that is not made. */
  cells = (stream: string, at: number, key: string): MadeCells | undefined => this.#cells.get(nameOf(stream, at, key));

  /** @returns what makes all rows that the scores of a graph read */
  making(graph: Graph, surroundings: (stream: string, at: number) => Surroundings): () => void {
    const all = [...this.#readBy(graph)].map(({ stream, at, key }) =>
      makeRows(this.cells(stream, at, key) as MadeCells, surroundings(stream, at), this.#features),
    );
    return () => {
      for (let i = 0; i < all.length; i++) (all[i] as () => void)();
    };
  }

  /** @returns what pushes their gradients back, those of rows made from other rows first */
  unmaking(graph: Graph, surroundings: (stream: string, at: number) => Surroundings): () => void {
    const all = [...this.#readBy(graph)].toReversed().map(({ stream, at, key }) => {
      const s = surroundings(stream, at);
      if (s.place(key).gradient < 0) return () => {};
      return unmakeRows(this.cells(stream, at, key) as MadeCells, s, this.#features);
    });
    return () => {
      for (let i = 0; i < all.length; i++) (all[i] as () => void)();
    };
  }

  samplers(memory: Memory, random: Random): readonly Sampler[] {
    return [...this.#cells].flatMap(([name, cells]) =>
      cells.noise < 0 ? [] : [noiseSampler(name, cells, memory, random)],
    );
  }

  /** The sums of all bags as they are now. */
  bags(memory: Memory, table: (name: string) => Rows): readonly BagTable[] {
    return [...this.#atoms.made.values()].flatMap((made) =>
      'bag' in made
        ? [{ name: made.name, ...bagSums(made, table(made.bag.table), this.#features(made.features), memory) }]
        : [],
    );
  }

  /** Made rows that a graph reads, each after what it is made from. */
  #readBy(graph: Graph): Iterable<Read> {
    const found = new Map<string, Read>();
    const note = (stream: string, at: number, { table }: AtomEdge): void => {
      const made = this.#atoms.made.get(table);
      if (made === undefined) return;
      for (const source of sourcesOf(made)) note(stream, at, source);
      found.set(nameOf(stream, at, table), { stream, at, key: table });
    };
    for (const { op, name, on, at } of graph.nodes)
      if (op === 'score') for (const edge of this.#atoms.edges(name)) note(on as string, at, edge);
    return found.values();
  }
}

/** Made rows that a score reads: on a stream, at its item `at`. */
interface Read {
  readonly stream: string;
  readonly at: number;
  readonly key: string;
}
const nameOf = (stream: string, at: number, key: string): string => `${stream}/${at}/${key}`;
