import type { RankingMetric } from '../schema.ts';
import { averagePrecision } from './average-precision.ts';
import { hitRate } from './hit-rate.ts';
import type { ListMetric } from './list.ts';
import { ndcg } from './ndcg.ts';
import { precision } from './precision.ts';
import { recall } from './recall.ts';
import { reciprocalRank } from './reciprocal-rank.ts';

/** The metrics of ranked lists by the names that results carry. */
export const listMetrics: Readonly<Record<RankingMetric, ListMetric>> = {
  ndcg,
  recall,
  precision,
  map: averagePrecision,
  mrr: reciprocalRank,
  hr: hitRate,
};
