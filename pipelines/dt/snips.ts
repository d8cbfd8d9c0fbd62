/**
 * IPS normalised by the weights of the batch instead of its size. Weights of Coat average about ten, so the loss is that much
 * smaller and the same decay would drown it: the decay is IPS's divided by ten, which weighs as much as it does there.
 */
import { ips } from './ips.ts';

export const snips = ips
  .as('snips', { doc: 'Self-normalised IPS: each batch is divided by the sum of its weights.' })
  .method('model', (m) => m.with({ normalise: 'batch' }))
  .configure({ model: { l2: 1e-4 } })
  .settings({
    coat: { propensity: { width: 16, batch: 1024, rate: 0.01, l2: 1e-6 }, model: { width: 16, l2: 1e-4 } },
  });
