/** What a split that goes item by item has made of the items and users: for a reader who must know what the test weighs. */
import { f64, type StepLog, table, utf8 } from '../../core/index.ts';
import { gini } from '../statistics/gini.ts';
import { rowsPerItem } from './item-quotas.ts';
import { count, idsBelow, type RatingsView } from './parts.ts';

/**
 * One row a part and quantity. `rows`; `share` of all rows; `items` with a row; `least`, `median`, `most` rows and `gini` of
 * rows over the items of the whole table; `items with n`, the number of items with n rows of the part (up to 20, then `more`);
 * for train also `users lost`, users with no row left.
 */
export const SplitReport = table({ part: utf8, quantity: utf8, value: f64 });

const longestBar = 20;

export function itemReport(
  log: StepLog,
  whole: RatingsView,
  parts: { readonly train: RatingsView; readonly test: RatingsView; readonly validation?: RatingsView | undefined },
) {
  const rows = { part: [] as string[], quantity: [] as string[], value: [] as number[] };
  const add = (part: string, quantity: string, value: number) => {
    rows.part.push(part);
    rows.quantity.push(quantity);
    rows.value.push(value);
  };
  const inWhole = rowsPerItem(whole.item);
  for (const [name, part] of Object.entries(parts)) {
    if (part === undefined) continue;
    const counts = new Uint32Array(inWhole.length);
    for (const item of part.item) counts[item]!++;
    const there = counts.filter((_, item) => inWhole[item]! > 0).sort();
    const [least, most] = [there[0] ?? 0, there.at(-1) ?? 0];
    const median = ((there[(there.length - 1) >> 1] ?? 0) + (there[there.length >> 1] ?? 0)) / 2;
    const uneven = gini(there) ?? Number.NaN;
    const share = part.item.length / whole.item.length;
    const items = there.filter((n) => n > 0).length;
    for (const [quantity, value] of Object.entries({
      rows: part.item.length,
      share,
      items,
      least,
      median,
      most,
      gini: uneven,
    }))
      add(name, quantity, value);
    for (let n = 0; n <= Math.min(most, longestBar); n++)
      add(name, `items with ${n}`, there.filter((m) => m === n).length);
    if (most > longestBar) add(name, 'items with more', there.filter((m) => m > longestBar).length);
    log.info(
      `${name}: ${count(part.item.length, 'row')} (${(100 * share).toFixed(1)} %) of ${count(items, 'item')}; rows an item ${least} to ${most}, median ${median}, Gini ${uneven.toFixed(3)}`,
    );
  }
  const left = new Uint8Array(idsBelow(whole.user));
  for (const user of parts.train.user) left[user] = 1;
  let lost = 0;
  for (const user of whole.user) if (left[user] === 0) lost += left[user] = 1;
  add('train', 'users lost', lost);
  if (lost > 0)
    log.warn(`${count(lost, 'user')} with rows before the split ${lost === 1 ? 'has' : 'have'} none left in train`, {
      users: lost,
    });
  return { part: rows.part, quantity: rows.quantity, value: Float64Array.from(rows.value) };
}
