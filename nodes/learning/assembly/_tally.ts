/** Which rows a batch touches, and how often. */
// @ts-nocheck
import { at } from './_lanes';

/** `slots` holds, for each row that is listed, its place in the list plus one. */
export function tally(ids: i32, n: i32, slots: i32, list: i32, counts: i32, have: i32): i32 {
  const from = at(ids), slot = at(slots), to = at(list), count = at(counts);
  for (let r: usize = 0; r < <usize>n; r++) {
    const id = load<u32>(from + (r << 2));
    const mine = slot + (<usize>id << 2);
    const place = load<u32>(mine);
    if (place != 0) {
      const c = count + ((<usize>place - 1) << 2);
      store<f32>(c, load<f32>(c) + 1);
    } else {
      const next = <usize>have << 2;
      store<u32>(to + next, id);
      store<f32>(count + next, 1);
      store<u32>(mine, ++have);
    }
  }
  return have;
}
export function untally(slots: i32, list: i32, n: i32): void {
  const slot = at(slots), from = at(list);
  for (let r: usize = 0; r < <usize>n; r++) store<u32>(slot + (<usize>load<u32>(from + (r << 2)) << 2), 0);
}
