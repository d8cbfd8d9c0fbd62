/** The batches of all streams: where their rows lie, and who draws them. */
import type { StreamDeclaration } from '../declaration.ts';
import type { Graph } from '../expression/graph.ts';
import { ObservedPairs } from '../sampling/observed.ts';
import { type Batch, blockSampler, observedSampler, pairSampler, type Sampler } from '../sampling/samplers.ts';
import { tripleSampler } from '../sampling/triples.ts';
import type { Design } from './design.ts';
import type { Memory } from './memory.ts';
import { knownColumn } from './sizes.ts';

/** @param graphs all that read columns of batches @throws Problem bad-config for a column that the data do not have */
export function placedBatches(design: Design, graphs: Iterable<Graph>): ReadonlyMap<string, Batch> {
  const { program, rows, sizes, layout } = design;
  const columnsOf = new Map<string, Set<string>>([...sizes.keys()].map((stream) => [stream, new Set<string>()]));
  for (const graph of graphs)
    for (const node of graph.nodes) if (node.op === 'column') columnsOf.get(node.on as string)?.add(node.name);
  const batches = new Map<string, Batch>();
  for (const [streamName, size] of sizes) {
    const stream = program.streams[streamName] as StreamDeclaration;
    const columns = [...(columnsOf.get(streamName) as Set<string>)].map((name) => {
      knownColumn(name, stream, streamName, rows);
      return [name, layout.takeFloats(size)] as const;
    });
    batches.set(streamName, {
      size,
      user: layout.takeIds(size),
      item: layout.takeIds(size),
      ...(stream.draw === 'triples' && {
        negatives: Array.from({ length: design.idsIn(streamName, 'item') - 1 }, () => layout.takeIds(size)),
      }),
      columns: Object.fromEntries(columns),
      states: Object.fromEntries(
        stream.draw === 'observed'
          ? Object.keys(program.state ?? {}).map((column) => [column, layout.takeIds(size)])
          : [],
      ),
    });
  }
  return batches;
}

export function samplersOf(design: Design, batches: ReadonlyMap<string, Batch>, memory: Memory): readonly Sampler[] {
  const { program, rows, options, madeRows } = design;
  let pairs: ObservedPairs | undefined;
  const observed = () => (pairs ??= new ObservedPairs(rows.user, rows.item, rows.users, rows.items));
  const drawn = Object.entries(program.streams).map(([name, stream]) => {
    const batch = batches.get(name) as Batch;
    if (stream.draw === 'observed') return observedSampler(name, batch, rows, memory, options.random, stream.last);
    if (stream.draw === 'triples') return tripleSampler(name, batch, rows, memory, options.random, stream);
    if (stream.draw === 'blocks') return blockSampler(name, batch, rows, memory, options.random, observed, stream);
    return pairSampler(name, batch, rows, memory, options.random, observed);
  });
  return [...drawn, ...madeRows.samplers(memory, options.random)];
}
