/** From the users' list metrics to one number each: zero-positive rule, mean of users or ratio of sums. */
import type { ListMetric, RankedList } from './metrics/list.ts';
import { listMetrics } from './metrics/table.ts';
import type { MetricRows, UserRows } from './rows.ts';
import { type Definition, type RankingMetric, rankingMetrics } from './schema.ts';

/** The metrics of lists that a definition reports, in the order of its list. */
export const listMetricsOf = ({ metrics }: Definition): readonly RankingMetric[] =>
  metrics.filter((name): name is RankingMetric => (rankingMetrics as readonly string[]).includes(name));

/** The value of one user, or its expectation: a ratio, and the denominator that a pooled average weighs it with. */
export type Measure = (metric: ListMetric, list: RankedList, k: number, definition: Definition) => number;

/** What the ranks say. */
export const observed: Measure = (metric, list, k, definition) => {
  const over = metric.over(list, k, definition);
  return over === 0 ? 0 : metric.sum(list, k, definition) / over;
};
/** What a uniformly random order would give in the mean. */
export const expected: Measure = (metric, list, k, definition) => metric.expected(list, k, definition);

export interface Averages {
  add(user: number, list: RankedList): void;
  finish(rows: MetricRows): void;
}

/** Adds up one user after the other, ascending; 64-bit sums in that fixed order. */
export function averages(definition: Definition, measure: Measure, perUser: UserRows): Averages {
  const { cutoffs, zeroPositive, average } = definition;
  const names = listMetricsOf(definition);
  const cells = names.length * cutoffs.length;
  const sums = new Float64Array(cells);
  const overs = new Float64Array(cells);
  return {
    add(user, list) {
      let cell = 0;
      // most lists of all items hold nothing that was wanted: their metrics are 0 without being computed
      const nothing = measure === observed && isBare(list);
      for (const name of names) {
        const metric = listMetrics[name];
        const empty = metric.empty(list);
        for (const k of cutoffs) {
          const at = cell++;
          if (empty && zeroPositive[name] === 'skip') continue;
          const value = empty
            ? zeroPositive[name] === 'one'
              ? 1
              : 0
            : nothing
              ? 0
              : measure(metric, list, k, definition);
          const weight = average === 'users' ? 1 : metric.over(list, k, definition);
          sums[at]! += value * weight;
          overs[at]! += weight;
          perUser.add(user, name, k, value);
        }
      }
    },
    finish(rows) {
      let cell = 0;
      for (const name of names)
        for (const k of cutoffs) {
          const at = cell++;
          const reason = Number.isNaN(sums[at])
            ? 'no closed form under this definition'
            : 'no user of the test set has a positive';
          rows.add(name, k, overs[at] === 0 ? Number.NaN : sums[at]! / overs[at]!, reason);
        }
    },
  };
}

/** Whether a list holds neither a hit nor a gain. */
function isBare({ hits, gains, depth }: RankedList): boolean {
  for (let rank = 0; rank < depth; rank++) if (hits[rank] !== 0 || gains[rank] !== 0) return false;
  return true;
}
