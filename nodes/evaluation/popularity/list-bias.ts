/** How far the lists lean on popular items. */
import { gini } from '../../statistics/gini.ts';
import type { Exposure } from './exposure.ts';

/**
 * Average recommendation popularity: ARP@K = mean over users of the mean number of train rows of the items in their list.
 * In rows; a list without items does not count. Source: Yin et al. 2012 (VLDB).
 */
export const averagePopularity = ({ meanPopularity, lists }: Exposure): number => meanPopularity / lists;

/**
 * Average percentage of long-tail items: APLT@K = mean over users of |list and tail| / |list|, in [0, 1]. The tail is what
 * lies outside the smallest set of most popular items that holds `headShare` of the train rows.
 * Source: Abdollahpouri, Burke and Mobasher 2019 (FLAIRS).
 */
export const tailShare = ({ tailShare: sum, lists }: Exposure): number => sum / lists;

/** Coverage@K = share of all items that stand in at least one list, in [0, 1]. Source: Ge et al. 2010 (RecSys). */
export function coverage({ recommended }: Exposure): number {
  let covered = 0;
  for (const lists of recommended) if (lists > 0) covered++;
  return covered / recommended.length;
}

/**
 * Gini@K of the numbers of lists c that hold each of the n items, ascending: sum over j of (2j - n - 1) c_(j) / (n sum c).
 * 0 when all items are recommended equally often, towards 1 when one has all slots; NaN without a list.
 */
export const concentration = ({ recommended }: Exposure): number => gini(recommended) ?? Number.NaN;
