/** Whether the latents say anything: a collapsed dimension is the prior again, the same for every user. */
import type { StepLog, View } from '../../core/index.ts';
import { mean, standardDeviation } from '../statistics/moments.ts';
import { columnOf, type Posterior } from './latents.ts';
import type { Dimensions } from './ports.ts';

/** @param divergences of each user and dimension from the prior; warns when every dimension is collapsed */
export function diagnose(
  { size, mean: means, sd }: Posterior,
  divergences: Float32Array,
  limit: number,
  log: StepLog,
): View<typeof Dimensions> {
  const dimensions = Array.from({ length: size }, (_, dimension) => dimension);
  const spread = Float64Array.from(dimensions, (d) => standardDeviation(columnOf(means, size, d)));
  const live = Uint8Array.from(spread, (s) => (s > limit ? 1 : 0));
  const count = live.reduce((sum, is) => sum + is, 0);
  if (count === 0)
    log.warn(
      `every latent dimension is collapsed: the widest spreads ${Math.max(...spread).toFixed(3)} between users; treat this run as failed to train`,
    );
  else log.info(`${count} of ${size} latent dimensions are live`, { live: count, size });
  return {
    dimension: Uint32Array.from(dimensions),
    kl: Float64Array.from(dimensions, (d) => mean(columnOf(divergences, size, d))),
    spread,
    sd: Float64Array.from(dimensions, (d) => mean(columnOf(sd, size, d))),
    live,
  };
}
