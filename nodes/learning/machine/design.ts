/** What a program needs of memory. All places are taken here, before there is a memory; then the layout is built. */
import type { Program, StreamDeclaration, TableDeclaration } from '../declaration.ts';
import { Graph } from '../expression/graph.ts';
import { graphEdges } from '../propagation/graph-edges.ts';
import type { TrainingRows } from '../sampling/samplers.ts';
import { Atoms } from './atoms.ts';
import { BatchRows } from './batch-rows.ts';
import { declaredIn, placedTables } from './declared-tables.ts';
import { type FeatureRows, featureRows } from './features.ts';
import type { BindOptions, BoundTable } from './machine.ts';
import { Layout } from './memory.ts';
import type { Rows } from './optimiser.ts';
import { propagationsOf } from './propagated.ts';
import { scratchOf } from './scores.ts';
import { batchSizes, knownItem } from './sizes.ts';
import { Tally } from './tally.ts';

export type Side = 'user' | 'item';
/** The rows of one side that are counted before a step, over the batches of some streams. */
export interface Counted {
  readonly key: string;
  readonly tally: Tally;
  readonly streams: readonly string[];
  readonly side: Side;
}

export class Design {
  readonly program: Program;
  readonly rows: TrainingRows;
  readonly options: BindOptions;
  readonly layout = new Layout();
  readonly declared: Readonly<Record<string, TableDeclaration>>;
  readonly tables: ReadonlyMap<string, BoundTable>;
  /** Rows of the batches of each stream. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly atoms: Atoms;
  readonly propagations: ReturnType<typeof propagationsOf>;
  readonly madeRows: BatchRows;
  readonly scratches = new Map<string, ReturnType<typeof scratchOf>>();
  readonly #tallies = new Map<string, Tally>();

  /** @throws Problem bad-config when the data cannot fill the program's batches */
  constructor(program: Program, rows: TrainingRows, options: BindOptions) {
    this.program = program;
    this.rows = rows;
    this.options = options;
    this.declared = declaredIn(program);
    this.tables = placedTables(this.declared, rows, this.layout);
    this.sizes = batchSizes(program.streams, rows);
    this.atoms = new Atoms(this.declared, program.scores);
    this.propagations = propagationsOf(
      this.atoms,
      this.tables,
      (kind) => graphEdges(kind, rows, options.clicks),
      this.layout,
      options.shortcut ?? true,
    );
    this.madeRows = new BatchRows(this.atoms, this.layout, true, featuresOf(this.atoms, rows, options));
  }

  /** A table, or one that propagation makes. */
  cells = (name: string): Rows => this.tables.get(name) ?? (this.propagations.cells.get(name) as Rows);

  newGraph(): Graph {
    const { sizes, rows, options, atoms } = this;
    return new Graph(
      {
        size: (stream) => {
          const size = sizes.get(stream);
          if (size === undefined) throw new TypeError(`there is no stream '${stream}'`);
          return size;
        },
        count: (name) => {
          if (name === 'observed') return rows.user.length;
          if (name === 'pairs') return rows.users * rows.items;
          if (name === 'ids') return largest(rows.user) * largest(rows.item);
          return (rows.columns.y ?? new Float32Array(0)).reduce((a, b) => a + b, 0);
        },
        given: (name) => {
          const value = options.givens?.[name];
          if (value === undefined) throw new TypeError(`number '${name}' is read by the method and was not given`);
          return value;
        },
      },
      atoms.of,
    );
  }

  /** Takes room for what the scores of a graph are computed in. */
  reserveScores(graph: Graph): void {
    for (const { op, name, on, at } of graph.nodes) {
      if (op !== 'score' || this.scratches.has(scratchName(on as string, name, at))) continue;
      knownItem(this.program.streams[on as string] as StreamDeclaration, on as string, at);
      const wide = (table: string) => ({
        width: this.atoms.widthOf(table),
        rows: this.atoms.made.has(table) ? 0 : this.cells(table).rows,
      });
      const scratch = scratchOf(this.atoms.atom(name), wide, graph.size(on as string), true, this.layout);
      this.scratches.set(scratchName(on as string, name, at), scratch);
    }
    this.madeRows.reserve(graph);
  }
  scratch = (stream: string, score: string, at: number) => this.scratches.get(scratchName(stream, score, at));

  /** Ids of the side in a row of the stream's batch. */
  idsIn(stream: string, side: Side): number {
    const of = this.program.streams[stream];
    return side === 'item' && of?.draw === 'triples' ? 1 + of.negatives : 1;
  }
  /** Room to count the distinct rows of a side in some streams' batches; all who ask for the same share it. */
  tallyOf(streams: readonly string[], side: Side): Counted {
    const key = `${side} ${[...streams].sort().join(' ')}`;
    const most = streams.reduce((sum, stream) => sum + (this.sizes.get(stream) ?? 0) * this.idsIn(stream, side), 0);
    const rows = side === 'user' ? this.rows.users : this.rows.items;
    const tally = this.#tallies.get(key) ?? new Tally(rows, most, this.layout);
    this.#tallies.set(key, tally);
    return { key, tally, streams, side };
  }
}

const scratchName = (stream: string, score: string, at: number): string => `${stream}/${score}/${at}`;
const largest = (ids: Uint32Array): number => ids.reduce((a, b) => Math.max(a, b), 0);

/** Side features by port, indexed when they are first asked for. */
function featuresOf(atoms: Atoms, rows: TrainingRows, options: BindOptions): (port: string) => FeatureRows {
  const sides = new Map<string, Side>();
  for (const of of atoms.made.values()) if ('bag' in of) sides.set(of.features, of.side);
  const features = new Map<string, FeatureRows>();
  return (port) => {
    const table = options.features?.[port];
    if (table === undefined) throw new TypeError(`a score reads features at port '${port}', which was not given`);
    const known = features.get(port) ?? featureRows(table, sides.get(port) === 'user' ? rows.users : rows.items, port);
    features.set(port, known);
    return known;
  };
}
