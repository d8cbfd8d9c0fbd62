import { movielens100k, movielens100kCounts } from '../movielens-100k.ts';
import { type DatasetSpec, datasetEntry } from './entry.ts';

const file: Pick<DatasetSpec, 'source' | 'licence' | 'page' | 'archive' | 'nodes' | 'bytes'> = {
  source: 'Harper and Konstan 2015, The MovieLens Datasets (ACM TiiS)',
  licence: 'for research, not commercial; no redistribution without permission of GroupLens; cite the paper',
  page: 'https://grouplens.org/datasets/movielens/100k/',
  archive: { url: 'https://files.grouplens.org/datasets/movielens/ml-100k.zip', mostBytes: 64e6 },
  nodes: [movielens100k],
  bytes: { 'ml-100k/u.data': 1_979_173 },
};

export const movielens100kEntry = datasetEntry({
  ...file,
  name: 'ml-100k',
  title: 'MovieLens 100K: self-selected ratings of films, with times',
  counts: movielens100kCounts,
});

const { users, items } = movielens100kCounts;
export const movielens100kSemiEntry = datasetEntry({
  ...file,
  name: 'ml-100k-semi',
  title: 'MovieLens 100K completed by a model, which then decides who likes and who rates: the truth is known',
  source: 'Li et al. 2024 (ICDE), on MovieLens 100K',
  counts: { users, items },
});
