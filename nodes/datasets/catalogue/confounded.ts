import { confounded } from '../confounded.ts';
import { datasetEntry } from './entry.ts';

const { users, items } = confounded.configure({}) as { readonly users: number; readonly items: number };

export const confoundedEntry = datasetEntry({
  name: 'confounded',
  title: 'Simulated ratings with latent confounders that are known: a self-selected log, a uniform one and proxies',
  source: 'Zhang et al. 2023 (iDCF, KDD), code; Deng et al. 2024 (IViDR), appendix F',
  licence: 'made here: no terms, no download',
  page: null,
  archive: null,
  counts: { users, items },
  nodes: [confounded],
});
