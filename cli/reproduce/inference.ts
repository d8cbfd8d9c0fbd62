/** How long a trained model takes to score a pair, measured here and now. */
import type { OpenWorkshop } from '../../compose.ts';
import type { Report } from '../../core/run/run.ts';
import { Numeric } from '../../nodes/learning/kernels/numeric.ts';
import { scorer } from '../../nodes/learning/serve.ts';
import type { SeedResult } from './measure.ts';

const repeats = 5;

/** Milliseconds a pair, of the best of some scorings of all candidates; undefined for what is no trained model. */
export async function inferenceMs(
  { steps, at }: SeedResult,
  report: Report,
  { services }: OpenWorkshop,
): Promise<number | undefined> {
  const has = (name: string, output: string) =>
    steps.some(({ step, artifacts }) => step.name === name && output in artifacts);
  if (!has('model', 'params') || !has('scores', 'scores')) return undefined;
  const model = await report.output(at, 'model', 'params');
  const scored = await report.output(at, 'scores', 'scores');
  if (model.port !== 'tensors' || scored.port !== 'table') return undefined;
  const { user, item } = scored.frame.columns;
  if (user?.kind !== 'u32' || item?.kind !== 'u32' || scored.frame.rows === 0) return undefined;
  const served = scorer(model.bundle, services.get(Numeric));
  const scores = new Float32Array(scored.frame.rows);
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const began = performance.now();
    served.score(user.values as Uint32Array, item.values as Uint32Array, scores);
    best = Math.min(best, performance.now() - began);
  }
  return best / scores.length;
}
