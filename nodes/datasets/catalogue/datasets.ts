/** The data sets that come with the tool, the embedded one first. */
import { coatEntry } from './coat.ts';
import type { DatasetEntry } from './entry.ts';
import { movielens100kEntry } from './movielens-100k.ts';
import { simulatedEntry } from './simulated.ts';

export const datasets: readonly DatasetEntry[] = [simulatedEntry, coatEntry, movielens100kEntry];
