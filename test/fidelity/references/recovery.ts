/** What exposure models must recover of the latents of two simulations: Zhang et al. 2023 (iDCF) and Deng et al. 2024 (IViDR). */
import { noises, shippedPosteriors } from '../../../pipelines/reproductions/ividr/simulation.ts';

/** Exposure and ratings are drawn anew by each; the latents stay those of the published seed. */
export const draws = [0, 1, 2];
/** Of the training; each trains three times and keeps the run with the smallest held-out negative ELBO. */
export const seed = 1230;
/** Hidden widths of the networks among which each model and level of noise is tuned, by held-out negative ELBO alone. */
export const widths = [8, 16, 32, 64];
/** At these levels of noise the mean over draws is judged; above them the held-out ELBO hardly tells good latents from bad ones. */
export const judgedNoises: readonly number[] = [0, 5];
export const leastMcc = 0.75;
/** How far the iVAE must stand above the VAE without proxies. */
export const leastGap = 0.2;

/** MCC of the posteriors that the code of iDCF ships, each the best of a search. */
export const levels = noises.map((noise, at) => ({
  noise,
  shipped: { ivae: shippedPosteriors.iDCF[at] as string, vae: shippedPosteriors.VAE[at] as string },
}));

/** Seconds that the simulation of IViDR may take, from nothing to MCC, on two cores. */
export const wholeLimit = 600;
