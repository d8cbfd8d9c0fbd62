/** The DT methods without parts of their penalty: squared cross-Gram of the two halves, and mean square of the embeddings. */
import { disentangle } from '../../nodes/penalties/disentangle.ts';
import { noPenalty } from '../../nodes/penalties/none.ts';
import { dtDr, dtIps } from './dt.ts';

export const dtIpsNoPenalty = dtIps
  .as('dt-ips-no-penalty', { doc: 'DT-IPS with neither the disentangling term nor the mean square of the embeddings.' })
  .method('model', (m) => m.with({ penalty: noPenalty() }));

export const dtIpsCrossGram = dtIps
  .as('dt-ips-cross-gram', { doc: 'DT-IPS with the disentangling term alone.' })
  .method('model', (m) => m.with({ penalty: disentangle({ terms: 'cross-gram' }) }));

export const dtIpsMeanSquare = dtIps
  .as('dt-ips-mean-square', { doc: 'DT-IPS with the mean square of the embeddings alone.' })
  .method('model', (m) => m.with({ penalty: disentangle({ terms: 'mean-square' }) }));

export const dtDrNoPenalty = dtDr
  .as('dt-dr-no-penalty', { doc: 'DT-DR with neither the disentangling term nor the mean square of the embeddings.' })
  .method('model', (m) => m.with({ penalty: noPenalty() }));

export const dtDrCrossGram = dtDr
  .as('dt-dr-cross-gram', { doc: 'DT-DR with the disentangling term alone.' })
  .method('model', (m) => m.with({ penalty: disentangle({ terms: 'cross-gram' }) }));

export const dtDrMeanSquare = dtDr
  .as('dt-dr-mean-square', { doc: 'DT-DR with the mean square of the embeddings alone.' })
  .method('model', (m) => m.with({ penalty: disentangle({ terms: 'mean-square' }) }));
