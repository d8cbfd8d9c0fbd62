/** What groups of items by popularity get: slots, and recall. */
import { mean } from '../../statistics/moments.ts';
import type { Exposure, Exposures } from './exposure.ts';

type Per = (exposure: Exposure, exposures: Exposures, group: number) => number;

const sumIn = ({ groups }: Exposures, group: number, values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) if (groups.of[i] === group) sum += values[i]!;
  return sum;
};

/** Share of all items that lie in a group, in [0, 1]. */
export const groupSize: Per = (_, { groups }, group) => groups.sizes[group]! / groups.of.length;

/** Recommendation frequency of a group: the mean over its items of the number of lists that hold the item. NaN when empty. */
export const groupFrequency: Per = ({ recommended }, exposures, group) =>
  sumIn(exposures, group, recommended) / exposures.groups.sizes[group]!;

/** Share of all slots of all lists that the items of a group have, in [0, 1]. */
export const groupSlots: Per = ({ recommended }, exposures, group) =>
  sumIn(exposures, group, recommended) / recommended.reduce((sum, lists) => sum + lists, 0);

/**
 * Item recall of a group: the mean over its items with a test positive of (users whose list holds an item they wanted) /
 * (users who wanted it). NaN where no item of the group is wanted. Source: figure 10 of Wei et al. 2021 (KDD).
 */
export const groupItemRecall: Per = ({ found }, { groups, wanted }, group) => {
  const recalls: number[] = [];
  for (let i = 0; i < found.length; i++)
    if (groups.of[i] === group && wanted[i]! > 0) recalls.push(found[i]! / wanted[i]!);
  return mean(recalls);
};

/** Groups in which nobody wants an item: they have no probability of being found, and are left out of PopREO. */
export const unwanted = (exposures: Exposures): readonly string[] =>
  exposures.groups.names.filter(
    (_, group) => exposures.groups.sizes[group]! > 0 && sumIn(exposures, group, exposures.wanted) === 0,
  );

/**
 * Ranking-based equal opportunity: PopREO@K = sd / mean over groups g of P(in the list | wanted, g) = sum over users of
 * |list and wanted and g| / sum over users of |wanted and g|; population sd, groups in which nothing is wanted left out. 0 when
 * wanted items are found equally often whatever their popularity. Source: Zhu, Wang and Caverlee 2020 (SIGIR).
 */
export const equalOpportunity = ({ found }: Exposure, exposures: Exposures): number =>
  dispersion(
    exposures.groups.names.flatMap((_, group) => {
      const wanted = sumIn(exposures, group, exposures.wanted);
      return wanted === 0 ? [] : [sumIn(exposures, group, found) / wanted];
    }),
  );

/**
 * Ranking-based statistical parity: PopRSP@K = sd / mean over groups g of P(in the list | g) = sum over users of |list and g| /
 * sum over users of the candidates in g; population sd, groups without a candidate left out. Source: Zhu, Wang and Caverlee 2020.
 * @param candidates sum over users of the candidates in each group
 */
export const statisticalParity = (
  { recommended }: Exposure,
  exposures: Exposures,
  candidates: ArrayLike<number>,
): number =>
  dispersion(
    exposures.groups.names.flatMap((_, group) =>
      candidates[group] === 0 ? [] : [sumIn(exposures, group, recommended) / candidates[group]!],
    ),
  );

/** Population standard deviation over mean; NaN where the mean is 0 or nothing is there. */
function dispersion(rates: readonly number[]): number {
  const centre = mean(rates);
  return Math.sqrt(mean(rates.map((rate) => (rate - centre) ** 2))) / centre;
}
