/** Popularity bias of scores that are there for every candidate. */
import type { StepLog } from '../../../core/index.ts';
import type { Shape } from '../../ports.ts';
import type { Judged } from '../judged.ts';
import { eachList } from '../lists.ts';
import type { MetricRows } from '../rows.ts';
import type { Definition } from '../schema.ts';
import { exposures } from './exposure.ts';
import { popularityOf } from './groups.ts';
import { rankBias } from './rank-bias.ts';
import { addPopularityBias } from './report.ts';

/**
 * @param train what popularity is counted in; without it nothing is added, and the log says so
 * @returns what the lists do to each item (see addPopularityBias)
 */
export function addJudgedBias(
  judged: Judged,
  train: { readonly item: Uint32Array } | undefined,
  definition: Definition,
  shape: Shape,
  rows: MetricRows,
  log: StepLog,
) {
  if (train === undefined) {
    log.warn('popularity is counted in train, which is not wired: its metrics are left out');
    return undefined;
  }
  const bias = exposures(popularityOf(train.item, shape.items), definition);
  const byRank = rankBias(bias.popularity);
  const candidates = new Float64Array(bias.groups.names.length);
  const top = new Uint32Array(definition.cutoffs.at(-1) as number);
  eachList(judged, definition, true, (user, { depth }, places) => {
    for (let rank = 0; rank < depth; rank++) top[rank] = judged.item[places[rank]!]!;
    for (let at = judged.start[user]!; at < judged.start[user + 1]!; at++)
      candidates[bias.groups.of[judged.item[at]!]!]!++;
    const [from, to] = [judged.testStart[user]!, judged.testStart[user + 1]!];
    const wanted = judged.testItem
      .subarray(from, to)
      .filter((_, n) => judged.testRating[from + n]! >= definition.threshold);
    bias.add({ top, depth, wanted });
    byRank.add(wanted, ranksOf(judged, user, wanted));
  });
  return addPopularityBias(bias, candidates, byRank, rows, log);
}

/** 1 + the candidates before each item: with a higher score, or with the same and a lower id. NaN for no candidate. */
function ranksOf({ start, item, score }: Judged, user: number, wanted: Uint32Array): Float64Array {
  const [from, to] = [start[user]!, start[user + 1]!];
  const items = item.subarray(from, to);
  return Float64Array.from(wanted, (id) => {
    const at = items.indexOf(id);
    if (at < 0) return Number.NaN;
    const own = score[from + at]!;
    let before = 0;
    for (let n = 0; n < items.length; n++) if (score[from + n]! > own || (score[from + n] === own && n < at)) before++;
    return 1 + before;
  });
}
