/** The metrics of popularity bias as rows of the same table as all others, and what they were read off, item by item. */
import type { StepLog } from '../../../core/index.ts';
import type { MetricRows } from '../rows.ts';
import type { Exposure, Exposures } from './exposure.ts';
import {
  equalOpportunity,
  groupFrequency,
  groupItemRecall,
  groupSize,
  groupSlots,
  statisticalParity,
  unwanted,
} from './group-bias.ts';
import { averagePopularity, concentration, coverage, tailShare } from './list-bias.ts';
import type { RankBias } from './rank-bias.ts';

const noList = 'no user has a list';
const noGroup = 'no wanted item was found in any group';
const noRanks = 'the ranks of the test items are not known: only the first K were kept';
const noSpread = 'no user wants two items that differ in popularity';

/**
 * Adds `arp aplt coverage gini popreo poprsp` at every cut-off, `pru pri` over whole rankings, and at the largest cut-off for
 * each group of items `items:GROUP` (its share of all items), `frequency:GROUP`, `slots:GROUP` and `recall:GROUP`, where GROUP
 * is `<=10` and so on, in train rows.
 * @param candidates sum over users of the candidates in each group
 * @returns one row an item: its train rows, and at the largest cut-off the lists it is in, the users who wanted it, and those
 * of them who found it
 */
export function addPopularityBias(
  exposures: Exposures,
  candidates: ArrayLike<number>,
  ranks: RankBias | undefined,
  rows: MetricRows,
  log: StepLog,
) {
  const { groups, popularity, wanted } = exposures;
  const all = exposures.finish();
  for (const at of all) {
    rows.add('arp', at.k, averagePopularity(at), noList);
    rows.add('aplt', at.k, tailShare(at), noList);
    rows.add('coverage', at.k, coverage(at), noList);
    rows.add('gini', at.k, concentration(at), noList);
    rows.add('popreo', at.k, equalOpportunity(at, exposures), noGroup);
    rows.add('poprsp', at.k, statisticalParity(at, exposures, candidates), noList);
  }
  rows.add('pru', 0, ranks?.user() ?? Number.NaN, ranks ? noSpread : noRanks);
  rows.add('pri', 0, ranks?.item() ?? Number.NaN, ranks ? noSpread : noRanks);
  const last = all.at(-1) as Exposure;
  const perGroup = { items: groupSize, frequency: groupFrequency, slots: groupSlots, recall: groupItemRecall };
  for (const [name, of] of Object.entries(perGroup))
    for (const [group, title] of groups.names.entries())
      if (groups.sizes[group]! > 0)
        rows.add(`${name}:${title}`, last.k, of(last, exposures, group), 'nobody wants an item of the group');
  const without = unwanted(exposures);
  if (without.length > 0)
    log.warn(`nobody wants an item with ${without.join(', ')} train rows: these groups are left out of PopREO`);
  return {
    item: Uint32Array.from(popularity.keys()),
    train: popularity,
    recommended: last.recommended,
    wanted,
    found: last.found,
  };
}
