import { movielens100k, movielens100kCounts } from '../movielens-100k.ts';
import { datasetEntry } from './entry.ts';

export const movielens100kEntry = datasetEntry({
  name: 'ml-100k',
  title: 'MovieLens 100K: self-selected ratings of films, with times',
  source: 'Harper and Konstan 2015, The MovieLens Datasets (ACM TiiS)',
  licence: 'for research, not commercial; no redistribution without permission of GroupLens; cite the paper',
  page: 'https://grouplens.org/datasets/movielens/100k/',
  archive: { url: 'https://files.grouplens.org/datasets/movielens/ml-100k.zip', mostBytes: 64e6 },
  counts: movielens100kCounts,
  nodes: [movielens100k],
  bytes: { 'ml-100k/u.data': 1_979_173 },
});
