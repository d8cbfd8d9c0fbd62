import { simulated } from '../simulated.ts';
import { datasetEntry } from './entry.ts';

const { users, items } = simulated.configure({}) as { readonly users: number; readonly items: number };

export const simulatedEntry = datasetEntry({
  name: 'simulated',
  title: 'Simulated ratings with known truth: a self-selected log and a uniform one',
  source: 'the logistic selection model of Schnabel et al. 2016 and Marlin and Zemel 2009',
  licence: 'made here: no terms, no download',
  page: null,
  archive: null,
  counts: { users, items },
  nodes: [simulated],
});
