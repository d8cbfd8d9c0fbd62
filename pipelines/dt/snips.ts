/** IPS normalised by the weights of the batch instead of its size. */
import { ips } from './ips.ts';

export const snips = ips
  .as('snips', { doc: 'Self-normalised IPS: each batch is divided by the sum of its weights.' })
  .method('model', (m) => m.with({ normalise: 'batch' }));
