/** The latent confounders of the published simulation: classes of users, and a normal law of two latents in each class. */
import { LegacyNumpy } from '../../../core/numeric/index.ts';

export const classes = 5;
export const latents = 2;

export interface ClassLaw {
  /** By latent and class. */
  readonly mean: readonly Float64Array[];
  readonly variance: readonly Float64Array[];
}
/**
 * Means uniform on (-10, 10) and variances uniform on (1, 5), by latent and class.
 * @param random numpy's generator, which goes on from there
 */
export function classLaw(random: LegacyNumpy): ClassLaw {
  const table = (low: number, high: number) =>
    Array.from({ length: latents }, () => Float64Array.from({ length: classes }, () => random.uniform(low, high)));
  return { mean: table(-10, 10), variance: table(1, 5) };
}

/** @returns the latents of rows by latent, drawn one latent after the other */
export const latentsOf = (
  { mean, variance }: ClassLaw,
  ofRow: Uint8Array,
  normal: (mean: number, sd: number) => number,
): readonly Float64Array[] =>
  Array.from({ length: latents }, (_, k) =>
    Float64Array.from(ofRow, (c) => normal(mean[k]?.[c] as number, Math.sqrt(variance[k]?.[c] as number))),
  );

/** Classes of users in turn, and their confounders: bit for bit those of the published generator with that seed. */
export function publishedConfounders(users: number, seed: number) {
  const random = new LegacyNumpy(seed);
  const law = classLaw(random);
  const ofUser = Uint8Array.from({ length: users }, (_, u) => u % classes);
  return { law, ofUser, C: latentsOf(law, ofUser, (mean, sd) => random.normal(mean, sd)) };
}
