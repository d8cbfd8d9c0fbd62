/**
 * Seeds. Every random step follows one stream of the run, and its own seed depends on that stream's seed and the step's
 * name alone: adding a step, reordering steps or changing the number of threads never changes another step's numbers.
 */
import { createHash } from 'node:crypto';

/** `data`: simulation and subsampling. `split`: how data are divided. `train`: everything that learns. */
export type Stream = 'data' | 'split' | 'train';
export type StreamSeeds = Readonly<Record<Stream, number>>;

declare const seedBrand: unique symbol;
/** 64 bits as 16 lower-case hexadecimal digits. */
export type Seed = string & { readonly [seedBrand]: true };

/**
 * `--seed` and `--seeds` set `train` and `split`; `data` stays 0 unless `--data-seed`. A tuned study keeps one split for all
 * its seeds, so that no seed is tested on what another was selected on.
 */
export const streamSeeds = (seed: number, dataSeed = 0, splitSeed = seed): StreamSeeds => ({
  data: dataSeed,
  split: splitSeed,
  train: seed,
});

/** The seed of a step: H(seed of its stream, step name), or H(fixed seed) where the step's config fixes one. */
export function stepSeed(streams: StreamSeeds, stream: Stream, step: string, fixed?: number): Seed {
  const text = fixed === undefined ? `${stream}\0${streams[stream]}\0${step}` : `fixed\0${fixed}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 16) as Seed;
}
