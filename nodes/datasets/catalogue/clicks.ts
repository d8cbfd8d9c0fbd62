/** Data sets of clicks as the code of Wei et al. 2021 ships them. */
import { adressa, adressaCounts } from '../adressa.ts';
import { globo, globoCounts } from '../globo.ts';
import { gowalla, gowallaCounts } from '../gowalla.ts';
import { ml10mClicks, ml10mClicksCounts } from '../ml-10m-clicks.ts';
import { yelp2018, yelp2018Counts } from '../yelp2018.ts';
import { type DatasetSpec, datasetEntry } from './entry.ts';

const shipped = (there: string, here: string): Pick<DatasetSpec, 'page' | 'archive' | 'byHand'> => ({
  page: `https://github.com/weitianxin/MACR/tree/master/data/${there}`,
  archive: null,
  byHand: `train.txt and test.txt of data/${there} in the repository weitianxin/MACR go into ${here}/`,
});

export const adressaEntry = datasetEntry({
  name: 'adressa',
  title: 'Adressa: clicks on news, tested on four clicks of each article',
  source: 'Gulla et al. 2017, The Adressa Dataset for News Recommendation (WI); Wei et al. 2021 (KDD)',
  licence: 'for research; see the page of the Adressa data set at reclab.idi.ntnu.no for the terms; cite the paper',
  ...shipped('addressa', 'adressa'),
  counts: adressaCounts,
  nodes: [adressa],
  bytes: { 'adressa/train.txt': 411_350, 'adressa/test.txt': 22_391 },
});

export const globoEntry = datasetEntry({
  name: 'globo',
  title: 'Globo.com: clicks on news, tested on at most ten clicks of each article',
  source: 'de Souza Pereira Moreira et al. 2018 (DLRS); Wei et al. 2021 (KDD)',
  licence: 'see the owner (Globo.com) for the terms; cite the papers',
  ...shipped('globe', 'globo'),
  counts: globoCounts,
  nodes: [globo],
});

export const gowallaEntry = datasetEntry({
  name: 'gowalla',
  title: 'Gowalla: check-ins at places, tested on five check-ins of each place',
  source: 'Cho et al. 2011, Friendship and Mobility (KDD); Wei et al. 2021 (KDD)',
  licence: 'see snap.stanford.edu for the terms; cite the papers',
  ...shipped('gowalla', 'gowalla'),
  counts: gowallaCounts,
  nodes: [gowalla],
});

export const yelp2018Entry = datasetEntry({
  name: 'yelp2018',
  title: 'Yelp 2018: visits to businesses, tested on five visits of each business',
  source: 'Yelp Dataset Challenge 2018; Wei et al. 2021 (KDD)',
  licence: 'the Yelp Dataset License: for research and teaching, no redistribution',
  ...shipped('yelp2018', 'yelp2018'),
  counts: yelp2018Counts,
  nodes: [yelp2018],
});

export const ml10mClicksEntry = datasetEntry({
  name: 'ml-10m-clicks',
  title: 'MovieLens 10M as clicks: ratings of 4 and more, tested on at most ten of each film',
  source: 'Harper and Konstan 2015, The MovieLens Datasets (ACM TiiS); Wei et al. 2021 (KDD)',
  licence: 'for research, not commercial; no redistribution without permission of GroupLens; cite the paper',
  ...shipped('ml_10m', 'ml-10m-clicks'),
  counts: ml10mClicksCounts,
  nodes: [ml10mClicks],
});
