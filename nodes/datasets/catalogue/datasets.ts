/** The data sets that come with the tool, the embedded one first. */
import { adressaEntry, globoEntry, gowallaEntry, ml10mClicksEntry, yelp2018Entry } from './clicks.ts';
import { coatEntry } from './coat.ts';
import { confoundedEntry } from './confounded.ts';
import type { DatasetEntry } from './entry.ts';
import { kuairandEntry } from './kuairand.ts';
import { kuairecEntry } from './kuairec.ts';
import { movielens100kEntry, movielens100kSemiEntry } from './movielens-100k.ts';
import { simulatedEntry } from './simulated.ts';
import { yahooR3Entry } from './yahoo-r3.ts';
import { yahooSurveyedEntry } from './yahoo-surveyed.ts';

export const datasets: readonly DatasetEntry[] = [
  simulatedEntry,
  confoundedEntry,
  coatEntry,
  movielens100kEntry,
  movielens100kSemiEntry,
  yahooR3Entry,
  yahooSurveyedEntry,
  kuairecEntry,
  kuairandEntry,
  adressaEntry,
  globoEntry,
  gowallaEntry,
  yelp2018Entry,
  ml10mClicksEntry,
];
