import { yahooR3, yahooR3Counts } from '../yahoo-r3.ts';
import { datasetEntry } from './entry.ts';

export const yahooR3Entry = datasetEntry({
  name: 'yahoo',
  title: 'Yahoo! R3: self-selected and uniformly random ratings of songs',
  source: 'Marlin and Zemel 2009, Collaborative Prediction and Ranking with Non-Random Missing Data (RecSys)',
  licence: 'for research under the Webscope agreement, which each user signs; no redistribution',
  page: 'https://webscope.sandbox.yahoo.com/catalog.php?datatype=r',
  archive: null,
  byHand: 'ask for R3 at the page, and put the two files into yahoo/',
  counts: yahooR3Counts,
  nodes: [yahooR3],
});
