import type { Kernels } from '../kernels/kernels.ts';
import type { Scorer } from '../serve.ts';
import type { Atom, AtomEdge } from './atoms.ts';
import { counting, type DistinctRoom, distinctRoom } from './distinct.ts';
import type { RowOperation } from './lower.ts';
import { type Layout, type Memory, strideOf } from './memory.ts';

/** A table in memory. */
export interface Place {
  readonly values: number;
  /** Where its gradient lies, or -1 where it takes none. */
  readonly gradient: number;
  readonly stride: number;
  readonly width: number;
  readonly rows: number;
}
/** What a batch and its machine give to a score. */
export interface Surroundings {
  readonly kernels: Kernels;
  readonly memory: Memory;
  readonly place: (table: string) => Place;
  /** Position of the ids of a side: users, items, places in the batch, or zeros. */
  readonly ids: (side: AtomEdge['rows']) => number;
  /** Position of the rows that a state column names. */
  readonly state: (column: string) => number;
  readonly input: (port: string) => Scorer;
}
/** Position of the ids by which an edge reads its table. */
export const idsOf = (edge: AtomEdge, s: Surroundings): number =>
  edge.at === undefined ? s.ids(edge.rows) : s.state(edge.at);
/** Rows of a dense score between its layers, and their gradients: level 0 holds the inputs. */
export interface Scratch {
  readonly values: readonly number[];
  readonly gradients: readonly number[];
  readonly strides: readonly number[];
  /** One level's slopes of tanh, where a layer has that activation; -1 otherwise. */
  readonly slopes: number;
  /** Where all inputs are of one user or one item: their distinct ids, for each of which the layers run once. */
  readonly distinct: DistinctRoom | undefined;
}

/** @param rows of the largest batch @param trains whether `pushBack` will be called */
export function scratchOf(
  atom: Atom,
  table: (name: string) => { readonly width: number; readonly rows: number },
  rows: number,
  trains: boolean,
  layout: Layout,
): Scratch | undefined {
  if (!('layers' in atom)) return undefined;
  const inputs = atom.dense.reduce((sum, edge) => sum + table(edge.table).width, 0);
  const strides = [inputs, ...atom.layers.slice(0, -1).map((layer) => table(layer.weights).rows)].map(strideOf);
  return {
    strides,
    values: strides.map((stride) => layout.takeFloats(stride * rows)),
    gradients: strides.map((stride) => (trains ? layout.takeFloats(stride * rows) : -1)),
    slopes:
      trains && atom.layers.some(({ activation }) => activation === 'tanh')
        ? layout.takeFloats(Math.max(...strides) * rows)
        : -1,
    distinct: distinctRoom(atom, rows, trains, layout),
  };
}

/** Computes the score of rows `from .. from + n` into `out`. */
export function scoreRows(atom: Atom, s: Surroundings, out: number, scratch: Scratch | undefined): RowOperation {
  const { kernels, memory } = s;
  if ('input' in atom) {
    const { score } = s.input(atom.input);
    const [users, items] = [s.ids('user'), s.ids('item')];
    const { floats, ids } = memory;
    return (from, n) =>
      score(
        ids.subarray(users + from, users + from + n),
        ids.subarray(items + from, items + from + n),
        floats.subarray(out + from, out + from + n) as Float32Array,
      );
  }
  if ('bias' in atom) {
    const { values, stride } = s.place(atom.bias.table);
    const at = idsOf(atom.bias, s);
    return (from, n) => kernels.gather(values, at + from, stride, out + from, n);
  }
  if ('dot' in atom) {
    const [a, b] = atom.dot.map((edge) => ({ ...s.place(edge.table), at: idsOf(edge, s) }));
    return (from, n) => kernels.gatherDot(a!.values, a!.at + from, b!.values, b!.at + from, a!.stride, out + from, n);
  }
  const { values, strides, distinct } = scratch as Scratch;
  const inputs = sideBySide(atom.dense, s, distinct?.ids);
  const layers = atom.layers.map((layer, level) => {
    const weights = s.place(layer.weights);
    const bias = layer.bias === undefined ? -1 : s.place(layer.bias).values;
    const to = values[level + 1];
    return { weights, bias, activation: layer.activation, to, wide: strides[level + 1] ?? 1 };
  });
  const through = (last: number): RowOperation => {
    const [first = 0, stride = 0] = [values[0], strides[0]];
    return (from, n) => {
      for (const { table, at, offset } of inputs)
        kernels.gatherRows(
          table.values,
          at + from,
          table.width,
          table.stride,
          first + from * stride + offset,
          stride,
          n,
        );
      layers.forEach(({ weights, bias, activation, to, wide }, level) => {
        const x = values[level]! + from * strides[level]!;
        const y = to === undefined ? last + from : to + from * wide;
        kernels.dense(x, weights.values, weights.stride, bias, weights.rows, activation === 'relu', y, wide, n);
        if (activation === 'tanh') kernels.tanh(y, y, n * wide);
      });
    };
  };
  if (distinct === undefined) return through(out);
  const count = counting(distinct, memory, s.ids(distinct.side), inputs[0]!.table.rows);
  const once = through(distinct.scores);
  return (from, n) => {
    once(from, count(from, n));
    kernels.gather(distinct.scores + from, distinct.places + from, 1, out + from, n);
  };
}

/**
 * Adds what `slope`, the gradient of each of the batch's `rows` scores, means for the tables; runs after `scoreRows`.
 * @param turned position of `rows` floats that hold the slope of reversed edges meanwhile
 */
export function pushBack(
  atom: Atom,
  s: Surroundings,
  slope: number,
  rows: number,
  scratch: Scratch | undefined,
  turned: number,
): () => void {
  const { kernels } = s;
  const goesTo = (edge: AtomEdge) => (edge.stopped ? -1 : s.place(edge.table).gradient);
  if ('input' in atom) return () => {};
  if ('bias' in atom) {
    const { stride } = s.place(atom.bias.table);
    const to = goesTo(atom.bias);
    const at = idsOf(atom.bias, s);
    if (to < 0) return () => {};
    return byFactor([atom.bias.factor], kernels, slope, turned, rows, (from) =>
      kernels.scatter(to, at, stride, from, rows),
    );
  }
  if ('dot' in atom) {
    const [a, b] = atom.dot.map((edge) => ({ ...s.place(edge.table), to: goesTo(edge), at: idsOf(edge, s) }));
    const factors = atom.dot.map(({ factor }) => factor);
    return byFactor(factors, kernels, slope, turned, rows, (from, takes) =>
      kernels.scatterDot(
        a!.values,
        takes(0) ? a!.to : -1,
        a!.at,
        b!.values,
        takes(1) ? b!.to : -1,
        b!.at,
        a!.stride,
        from,
        rows,
      ),
    );
  }
  const { values, gradients, strides, slopes, distinct } = scratch as Scratch;
  const inputs = sideBySide(atom.dense, s, distinct?.ids)
    .map((input, n) => ({ ...input, to: goesTo(atom.dense[n] as AtomEdge) }))
    .filter(({ to }) => to >= 0);
  const layers = atom.layers.map((layer, level) => ({
    weights: s.place(layer.weights),
    bias: layer.bias === undefined ? -1 : s.place(layer.bias).gradient,
    activation: layer.activation,
    level,
  }));
  /** Of the rows `from .. from + n` of the layers, whose scores have the slopes at `of`. */
  const back = (of: number, from: number, n: number) => {
    const row = (places: readonly number[], level: number) => places[level]! + from * strides[level]!;
    for (const { weights, bias, activation, level } of layers.toReversed()) {
      const last = level === layers.length - 1;
      if (activation === 'tanh') {
        // d tanh(x) = 1 - tanh(x)^2; what lies in the padding is 0 on both sides
        const [y, d, count] = [row(values, level + 1), row(gradients, level + 1), strides[level + 1]! * n];
        kernels.mul(y, y, slopes, count);
        kernels.affine(slopes, -1, 1, slopes, count);
        kernels.mul(d, slopes, d, count);
      }
      kernels.denseBack(
        row(values, level),
        row(gradients, level),
        weights.values,
        weights.gradient,
        weights.stride,
        bias,
        weights.rows,
        activation === 'relu' ? row(values, level + 1) : -1,
        last ? of + from : row(gradients, level + 1),
        last ? 1 : strides[level + 1]!,
        n,
      );
    }
    for (const { table, at, offset, to } of inputs)
      kernels.scatterRows(to, at + from, table.width, table.stride, row(gradients, 0) + offset, strides[0]!, n);
  };
  if (distinct === undefined) return () => back(slope, 0, rows);
  return () => {
    for (const [from, block] of distinct.blocks) {
      kernels.fill(distinct.slopes + from, block.count, 0);
      kernels.scatter(distinct.slopes + from, distinct.places + from, 1, slope + from, block.rows);
      back(distinct.slopes, from, block.count);
    }
  };
}

/** Pushes once for each factor that the edges have, on a slope that is multiplied with it. */
function byFactor(
  factors: readonly number[],
  kernels: Kernels,
  slope: number,
  turned: number,
  rows: number,
  push: (slope: number, takes: (edge: number) => boolean) => void,
): () => void {
  const passes = [...new Set(factors)].map((factor) => ({ factor, takes: (edge: number) => factors[edge] === factor }));
  return () => {
    for (const { factor, takes } of passes) {
      if (factor !== 1) kernels.affine(slope, factor, 0, turned, rows);
      push(factor === 1 ? slope : turned, takes);
    }
  };
}

/** @param distinct position of the ids that are read in the place of the batch's */
function sideBySide(edges: readonly AtomEdge[], s: Surroundings, distinct?: number) {
  let offset = 0;
  return edges.map((edge) => {
    const table = s.place(edge.table);
    const input = { table, at: distinct ?? idsOf(edge, s), offset };
    offset += table.width;
    return input;
  });
}
