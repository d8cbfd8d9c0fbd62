/** Rows and columns that the tables and figures on clicks share. */
import type { Column, Entry, Quantity, ReferenceValue, Row, Section } from '../declaration.ts';
import { references } from '../declaration.ts';

export const authorsCode = 'weitianxin/MACR';
export const macrSeeds: readonly number[] = [1, 2, 3];

export const measure = (metric: string, k: number | null = 20): Quantity => ({
  of: 'metric',
  metric,
  k,
  definition: 'macr',
});
/** HR, Recall and NDCG at 20 over all items, as the paper's tables have them. */
export const columns: readonly Column[] = [
  { title: 'HR@20', quantity: measure('hr'), digits: 5 },
  { title: 'R@20', quantity: measure('recall'), digits: 5 },
  { title: 'N@20', quantity: measure('ndcg'), digits: 5 },
];

/** What one seed takes on one core, roughly, with the patience of the authors: a hundred epochs. */
const seconds: Readonly<Record<string, number>> = {
  'clicks-mf': 150,
  'clicks-lightgcn': 900,
  'macr-mf': 150,
  'macr-lightgcn': 900,
};
const costOf = (pipeline: string): number =>
  seconds[pipeline] ?? (pipeline.includes('lightgcn') ? 900 : pipeline.includes('expomf') ? 60 : 200);

/** The two ways to choose epochs and constants; each result says by which it was made. */
export const routes = [
  {
    name: 'test',
    protocol: 'adressa-macr',
    title: 'Adressa, SELECTION ON TEST: epochs are chosen on the test set and c is 40, as the authors do',
    short: 'selection on test',
    set: {},
  },
  {
    name: 'validation',
    protocol: 'adressa-valid',
    title: 'Adressa, HONEST SELECTION: epochs and c are chosen on 1,296 clicks that were kept from train',
    short: 'selection on validation',
    set: { 'counterfactual.c': 'auto' },
  },
] as const;
export type Route = (typeof routes)[number];

type Settings = Readonly<Record<string, unknown>>;
export const hasConstant = (pipeline: string): boolean => pipeline.startsWith('macr-');

/** A method by one of the routes; only methods with a constant take the route's settings. */
export const by = (route: Route, pipeline: string, set: Settings = {}): Entry => {
  const all = { ...(hasConstant(pipeline) && route.set), ...set };
  return {
    pipeline,
    protocol: route.protocol,
    cost: costOf(pipeline),
    ...(Object.keys(all).length > 0 && { set: all }),
  };
};
export const on = (protocol: string, pipeline: string, cost: number): Entry => ({ pipeline, protocol, cost });

/** Numbers of a table like `.14019 .10902 .04953`. */
const three = (text: string | undefined): readonly string[] => (text === undefined ? ['', '', ''] : text.split(' '));

/** The paper's numbers, and those that the README of the code reports of its best epoch at c = 40. */
export const printedAnd = (print?: string, readme?: string): readonly ReferenceValue[] =>
  references(three(print), three(readme), 1, 'README of the code, one run, c = 40');

export const row = (label: string, entry: Row['entry'], print?: string, readme?: string, note?: string): Row => ({
  label,
  entry,
  references: printedAnd(print, readme),
  ...(note !== undefined && { note }),
});

/** A section of Adressa for each route. */
export const sections = (rows: (route: Route) => readonly Row[]): readonly Section[] =>
  routes.map((route, level) => ({
    name: route.name,
    title: route.title,
    data: 'adressa',
    protocol: route.protocol,
    columns,
    rows: rows(route),
    floors: 'all',
    floorCost: 5,
    level,
    plateau: false,
  }));

export const selectionChoices: readonly string[] = [
  'Every table is made twice: with epochs chosen on the test set and c = 40, as the authors do, and with both chosen on validation clicks. The printed numbers are of the first kind.',
  'A model trains at most 1,000 epochs and stops after 100 epochs without a better HR@20, looked at every ten; ties count as better.',
  'The gates are crossed with all matches of a batch, which is what the code computes; the paper writes a gate with its own match, and is run as macr-mf-paired.',
];
