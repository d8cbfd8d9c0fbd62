import { type Random, randomOf } from '../../core/numeric/index.ts';
import { distributions } from './distributions.ts';
import { isRounding, mean, standardDeviation } from './moments.ts';
import { noResult, type TestResult } from './test-result.ts';

export interface BootstrapOptions {
  /** Number of resamples. */
  readonly resamples?: number;
  /** Any text or number; equal seeds give equal results. */
  readonly seed?: string | number;
}
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Writes a sample with replacement of `from` into `into`. */
function resample(from: Float64Array, into: Float64Array, random: Random) {
  for (let i = 0; i < into.length; i++) into[i] = from[random.below(from.length)]!;
}

/** Quantile of sorted values by linear interpolation between order statistics. */
function quantile(sorted: Float64Array, p: number): number {
  const at = Math.min(Math.max(p, 0), 1) * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}

/**
 * Bootstrap interval of the mean of paired differences.
 *
 * `percentile`: quantiles of the resampled means at (1 -+ level)/2. `bca` (default): bias-corrected and accelerated, the same
 * quantiles moved by z0 = quantile of the share of resampled means below the mean (ties one half) and by the acceleration a of
 * the jackknife: Phi(z0 + (z0 + z) / (1 - a (z0 + z))).
 * NaN below two differences; both ends are the mean where there is no spread. Below some ten pairs both are too short.
 * Source: Efron and Tibshirani 1993, sections 13.3 and 14.3.
 */
export async function bootstrapInterval(
  paired: ArrayLike<number>,
  options: BootstrapOptions & { readonly level?: number; readonly method?: 'percentile' | 'bca' } = {},
): Promise<Interval> {
  const { resamples = 9999, seed = 'bootstrap', level = 0.95, method = 'bca' } = options;
  const d = Float64Array.from(paired);
  if (d.length < 2) return { low: Number.NaN, high: Number.NaN };
  const centre = mean(d);
  if (isRounding(standardDeviation(d), d)) return { low: centre, high: centre };
  const random = randomOf(seed).for('interval');
  const sample = new Float64Array(d.length);
  const means = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    resample(d, sample, random);
    means[b] = mean(sample);
  }
  means.sort();
  const tail = (1 - level) / 2;
  if (method === 'percentile') return { low: quantile(means, tail), high: quantile(means, 1 - tail) };
  const { normalCdf, normalQuantile } = await distributions();
  const shift = normalQuantile(shareBelow(means, centre));
  const bend = acceleration(d, centre);
  const moved = (p: number) => {
    const z = shift + normalQuantile(p);
    return normalCdf(shift + z / (1 - bend * z));
  };
  return { low: quantile(means, moved(tail)), high: quantile(means, moved(1 - tail)) };
}

/** The share of values below `centre`, ties one half, kept away from 0 and 1. */
function shareBelow(values: Float64Array, centre: number): number {
  let twice = 0;
  for (const value of values) twice += value < centre ? 2 : value === centre ? 1 : 0;
  return Math.min(Math.max(twice / (2 * values.length), 0.5 / values.length), 1 - 0.5 / values.length);
}

/** Acceleration of the mean: its jackknife values differ from their own mean by (centre - d) / (n - 1). */
function acceleration(d: Float64Array, centre: number): number {
  let cubes = 0;
  let squares = 0;
  for (const value of d) {
    const influence = value - centre;
    cubes += influence ** 3;
    squares += influence ** 2;
  }
  return cubes / (6 * squares ** 1.5);
}

/**
 * Bootstrap test that the mean of paired differences is zero, two-sided: the share of resamples of the centred differences
 * whose |t| is at least the observed one, (1 + count) / (1 + resamples). A resample without spread counts as extreme unless
 * its mean is zero, which errs on the safe side. NaN below two differences or without spread.
 * Source: Efron and Tibshirani 1993, algorithm 16.2, with Student's t as the statistic.
 */
export function bootstrapTest(paired: ArrayLike<number>, options: BootstrapOptions = {}): TestResult {
  const { resamples = 9999, seed = 'bootstrap' } = options;
  const d = Float64Array.from(paired);
  const spread = standardDeviation(d);
  if (d.length < 2 || isRounding(spread, d)) return noResult;
  const centre = mean(d);
  const statistic = centre / (spread / Math.sqrt(d.length));
  const null0 = d.map((value) => value - centre);
  const random = randomOf(seed).for('test');
  const sample = new Float64Array(d.length);
  let extreme = 0;
  for (let b = 0; b < resamples; b++) {
    resample(null0, sample, random);
    const size = Math.abs(mean(sample));
    const error = standardDeviation(sample) / Math.sqrt(sample.length);
    if (isRounding(error, sample) ? !isRounding(size, d) : size >= Math.abs(statistic) * error) extreme++;
  }
  return { statistic, p: (1 + extreme) / (1 + resamples) };
}
