/**
 * Rows that stand between tables and a score: made anew for each batch, one a row of the batch, and read by any number of
 * scores. A product entry by entry, a sum over the features of a user or an item, or a normal draw around a row.
 */
import { Problem } from '../../../core/index.ts';
import type { Random } from '../../../core/numeric/index.ts';
import type { Sampler } from '../sampling/samplers.ts';
import type { Edge } from '../vocabulary.ts';
import type { AtomEdge } from './atoms.ts';
import type { FeatureRows } from './features.ts';
import type { Layout, Memory } from './memory.ts';
import { idsOf, type Place, type Surroundings } from './scores.ts';

/** How rows are made; `key` names them, as a table's name names its rows. */
export type Made = { readonly key: string; readonly width: number } & (
  | { readonly times: readonly [AtomEdge, AtomEdge] }
  | {
      readonly bag: AtomEdge;
      readonly name: string;
      readonly features: string;
      readonly side: 'user' | 'item';
      readonly from: number;
    }
  | { readonly noisy: AtomEdge; readonly sd: AtomEdge; readonly draws: number }
);

export type BagEdge = Extract<Edge, { readonly bag: unknown }>;
/** The name of the table that holds a bag's sums for every user or item, once training has written them down. */
export const bagName = ({ bag, features, from = 0 }: BagEdge): string => `${bag} of ${features} from ${from}`;

/** What the rows are made from. */
export const sourcesOf = (made: Made): readonly AtomEdge[] =>
  'times' in made ? made.times : 'bag' in made ? [made.bag] : [made.noisy, made.sd];

/** Memory of one stream's rows. */
export interface MadeCells {
  readonly made: Made;
  readonly values: number;
  readonly gradient: number;
  readonly stride: number;
  readonly size: number;
  /** What forward keeps for backward, and what backward needs beside. */
  readonly work: readonly number[];
  /** Standard normals, `size` rows of them; -1 for rows without noise. */
  readonly noise: number;
}

export function reserveMade(made: Made, stride: number, size: number, trains: boolean, layout: Layout): MadeCells {
  const take = () => layout.takeFloats(stride * size);
  const pieces = 'times' in made ? 3 : 'noisy' in made ? 1 : 0;
  return {
    made,
    values: take(),
    gradient: trains ? take() : -1,
    stride,
    size,
    work: Array.from({ length: pieces }, take),
    noise: 'noisy' in made && trains ? take() : -1,
  };
}

/** @returns what makes the rows of a batch whose ids are there */
export function makeRows(cells: MadeCells, s: Surroundings, features: (port: string) => FeatureRows): () => void {
  const { made, values, stride, size, work, noise } = cells;
  const { kernels, memory } = s;
  const gather = (edge: AtomEdge, to: number) => {
    const from = s.place(edge.table);
    const at = idsOf(edge, s);
    return () => kernels.gatherRows(from.values, at, from.width, from.stride, to, stride, size);
  };
  if ('times' in made) {
    const [a = 0, b = 0] = work;
    const [first, second] = [gather(made.times[0], a), gather(made.times[1], b)];
    return () => {
      first();
      second();
      kernels.mul(a, b, values, stride * size);
    };
  }
  if ('noisy' in made) {
    const [spread = 0] = work;
    const [centre, sd] = [gather(made.noisy, values), gather(made.sd, spread)];
    if (noise < 0) return centre;
    const scale = 1 / Math.sqrt(made.draws);
    return () => {
      centre();
      sd();
      kernels.mul(spread, noise, spread, stride * size);
      kernels.affine(spread, scale, 0, spread, stride * size);
      kernels.add(values, spread, values, stride * size);
    };
  }
  const table = s.place(made.bag.table);
  const at = s.ids(made.side);
  const known = features(made.features);
  return () => {
    kernels.fill(values, stride * size, 0);
    const { floats, ids } = memory;
    eachFeature(known, made.from, table.rows, ids, at, size, (row, feature, value) => {
      for (let k = 0; k < table.width; k++)
        floats[values + row * stride + k] =
          (floats[values + row * stride + k] as number) +
          value * (floats[table.values + feature * table.stride + k] as number);
    });
  };
}

/** @returns what pushes the gradient of the rows back into what they were made from, and zeroes it */
export function unmakeRows(cells: MadeCells, s: Surroundings, features: (port: string) => FeatureRows): () => void {
  const { made, gradient, stride, size, work } = cells;
  const { kernels, memory } = s;
  const clear = () => kernels.fill(gradient, stride * size, 0);
  const targetOf = (edge: AtomEdge): Place | undefined => {
    const place = s.place(edge.table);
    return edge.stopped || place.gradient < 0 ? undefined : place;
  };
  if ('times' in made) {
    const [a = 0, b = 0, share = 0] = work;
    const push = (edge: AtomEdge, other: number) => {
      const to = targetOf(edge);
      if (to === undefined) return () => {};
      const at = idsOf(edge, s);
      return () => {
        kernels.mul(gradient, other, share, stride * size);
        if (edge.factor !== 1) kernels.affine(share, edge.factor, 0, share, stride * size);
        kernels.scatterRows(to.gradient, at, to.width, to.stride, share, stride, size);
      };
    };
    const [first, second] = [push(made.times[0], b), push(made.times[1], a)];
    return () => {
      first();
      second();
      clear();
    };
  }
  if ('noisy' in made) {
    const to = targetOf(made.noisy);
    if (targetOf(made.sd) !== undefined)
      throw new Problem('bad-config', `the sd '${made.sd.table}' of a noisy row moves, and only its centre can`, {
        hint: 'leave the table out of every group',
      });
    if (to === undefined) return clear;
    const at = idsOf(made.noisy, s);
    return () => {
      if (made.noisy.factor !== 1) kernels.affine(gradient, made.noisy.factor, 0, gradient, stride * size);
      kernels.scatterRows(to.gradient, at, to.width, to.stride, gradient, stride, size);
      clear();
    };
  }
  const to = targetOf(made.bag);
  if (to === undefined) return clear;
  const at = s.ids(made.side);
  const known = features(made.features);
  const { factor } = made.bag;
  return () => {
    const { floats, ids } = memory;
    eachFeature(known, made.from, to.rows, ids, at, size, (row, feature, value) => {
      for (let k = 0; k < to.width; k++)
        floats[to.gradient + feature * to.stride + k] =
          (floats[to.gradient + feature * to.stride + k] as number) +
          factor * value * (floats[gradient + row * stride + k] as number);
    });
    clear();
  };
}

/** The sums of a bag for every user or item, row by row. */
export function bagSums(
  made: Extract<Made, { readonly bag: unknown }>,
  table: { readonly values: number; readonly stride: number; readonly rows: number },
  known: FeatureRows,
  { floats }: Memory,
): { readonly shape: readonly [number, number]; readonly data: Float32Array } {
  const rows = known.start.length - 1;
  const data = new Float32Array(rows * made.width);
  const all = Uint32Array.from({ length: rows }, (_, id) => id);
  eachFeature(known, made.from, table.rows, all, 0, rows, (row, feature, value) => {
    for (let k = 0; k < made.width; k++)
      data[row * made.width + k]! += value * (floats[table.values + feature * table.stride + k] as number);
  });
  return { shape: [rows, made.width], data };
}

/** Visits the features `from .. from + count` of each row's user or item, numbered from 0. */
function eachFeature(
  { start, feature, value }: FeatureRows,
  from: number,
  count: number,
  ids: Uint32Array,
  at: number,
  size: number,
  visit: (row: number, feature: number, value: number) => void,
): void {
  for (let row = 0; row < size; row++) {
    const id = ids[at + row] as number;
    for (let n = start[id] as number; n < (start[id + 1] as number); n++) {
      const local = (feature[n] as number) - from;
      if (local >= 0 && local < count) visit(row, local, value[n] as number);
    }
  }
}

/** Fills the noise of some rows: a function of the seed, the rows' name, the epoch and the step alone. */
export function noiseSampler(name: string, cells: MadeCells, { floats }: Memory, random: Random): Sampler {
  const { made, noise, stride, size } = cells;
  let epoch = 0;
  return {
    steps: Number.POSITIVE_INFINITY,
    startEpoch(next) {
      epoch = next;
    },
    draw(step) {
      const draws = random.for(`noise/${name}/${epoch}/${step}`);
      for (let row = 0; row < size; row++)
        for (let k = 0; k < made.width; k++) floats[noise + row * stride + k] = draws.normal();
    },
  };
}

/** A kernel's view of the rows, as of a table. */
export const placeOf = ({ made, values, gradient, stride, size }: MadeCells, moves: boolean): Place => ({
  values,
  gradient: moves ? gradient : -1,
  stride,
  width: made.width,
  rows: size,
});
