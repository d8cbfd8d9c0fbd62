/**
 * The best items of a block of users, by inner product. Items lie in panels of eight, entry after entry, so that four users
 * times eight items are summed in registers; scores of four users and a chunk of items stay in the nearest cache while they are
 * looked through, and what falls below a user's last place costs one comparison for four items.
 */
// @ts-nocheck
import { at, madd } from './_lanes';

/** Items whose scores are held at once; a multiple of eight. */
const chunk: usize = 256;
const lowest: f32 = -Infinity;

export function pack(a: i32, stride: i32, n: i32, out: i32): void {
  const bytes = at(stride), from = at(a), rows = <usize>n;
  let to = at(out);
  for (let panel: usize = 0; panel < rows; panel += 8)
    for (let k: usize = 0; k < bytes; k += 4)
      for (let j = panel; j < panel + 8; j++, to += 4)
        store<f32>(to, j < rows ? load<f32>(from + j * bytes + k) : 0);
}

/** Scores of users p0 .. p3 and the eight items of a panel, to four rows of the chunk. */
@inline function tile(p0: usize, p1: usize, p2: usize, p3: usize, panel: usize, bytes: usize, out: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (let k: usize = 0; k < bytes; k += 4, panel += 32) {
    const x = v128.load(panel), y = v128.load(panel + 16);
    let s = v128.load32_splat(p0 + k);
    a0 = madd(s, x, a0);
    a1 = madd(s, y, a1);
    s = v128.load32_splat(p1 + k);
    b0 = madd(s, x, b0);
    b1 = madd(s, y, b1);
    s = v128.load32_splat(p2 + k);
    c0 = madd(s, x, c0);
    c1 = madd(s, y, c1);
    s = v128.load32_splat(p3 + k);
    d0 = madd(s, x, d0);
    d1 = madd(s, y, d1);
  }
  const row = chunk << 2;
  v128.store(out, a0);
  v128.store(out + 16, a1);
  v128.store(out + row, b0);
  v128.store(out + row + 16, b1);
  v128.store(out + 2 * row, c0);
  v128.store(out + 2 * row + 16, c1);
  v128.store(out + 3 * row, d0);
  v128.store(out + 3 * row + 16, d1);
}

/** Sets the scores of known items in [from, to) to the lowest; the cursor moves behind them. */
@inline function leaveOut(scores: usize, from: u32, to: u32, cursor: usize, end: u32, known: usize): void {
  let next = load<u32>(cursor);
  for (; next < end; next++) {
    const item = load<u32>(known + (<usize>next << 2));
    if (item >= to) break;
    if (item >= from) store<f32>(scores + (<usize>(item - from) << 2), lowest);
  }
  store<u32>(cursor, next);
}

/** Puts a score in its place of a descending list, behind equal ones; the last one falls off. */
@inline function insert(values: usize, ids: usize, last: usize, score: f32, id: u32): void {
  let place = last;
  for (; place > 0; place -= 4) {
    const above = load<f32>(values + place - 4);
    if (above >= score) break;
    store<f32>(values + place, above);
    store<u32>(ids + place, load<u32>(ids + place - 4));
  }
  store<f32>(values + place, score);
  store<u32>(ids + place, id);
}

/** Merges `count` scores, of items from `first` on, into a list. @returns whether all of them are numbers */
function merge(scores: usize, count: usize, first: u32, values: usize, ids: usize, last: usize): bool {
  const whole = count & ~3;
  let limit = load<f32>(values + last);
  let limits = f32x4.splat(limit);
  for (let i: usize = 0; i < count; i += 4) {
    const here = scores + (i << 2);
    // false for a score that is not a number as well, so that looking for it costs nothing
    if (i < whole && i32x4.all_true(f32x4.le(v128.load(here), limits))) continue;
    const rest = min<usize>(4, count - i);
    for (let j: usize = 0; j < rest; j++) {
      const score = load<f32>(here + (j << 2));
      if (score <= limit) continue;
      if (score != score) return false;
      insert(values, ids, last, score, first + <u32>(i + j));
      limit = load<f32>(values + last);
    }
    limits = f32x4.splat(limit);
  }
  return true;
}

/** (score + shift) scale, item by item. */
@inline function transform(scores: usize, count: usize, shift: usize, scale: usize): void {
  const bytes = (count << 2) + 15 & ~15;
  for (let i: usize = 0; i < bytes; i += 16) {
    let v = v128.load(scores + i);
    if (shift) v = f32x4.add(v, v128.load(shift + i));
    if (scale) v = f32x4.mul(v, v128.load(scale + i));
    v128.store(scores + i, v);
  }
}

export function rankDots(
  users: i32, stride: i32, n: i32, panels: i32, from: i32, to: i32, shift: i32, scale: i32,
  known: i32, cursors: i32, ends: i32, scores: i32, best: i32, bestIds: i32, top: i32,
): bool {
  const bytes = at(stride), rows = at(users), list = at(known), here = at(scores), length = at(top), last = length - 4;
  const row = chunk << 2;
  for (let first = <usize>from; first < <usize>to; first += chunk) {
    const count = min<usize>(chunk, <usize>to - first);
    for (let r: usize = 0; r < <usize>n; r += 4) {
      const many = min<usize>(4, <usize>n - r);
      const p0 = rows + r * bytes;
      const p1 = many > 1 ? p0 + bytes : p0, p2 = many > 2 ? p1 + bytes : p0, p3 = many > 3 ? p2 + bytes : p0;
      for (let i: usize = 0; i < count; i += 8) tile(p0, p1, p2, p3, at(panels) + (first + i) * bytes, bytes, here + (i << 2));
      for (let j: usize = 0; j < many; j++) {
        const mine = here + j * row, u = r + j;
        if (shift >= 0 || scale >= 0)
          transform(mine, count, shift < 0 ? 0 : at(shift) + (first << 2), scale < 0 ? 0 : at(scale) + (first << 2));
        if (known >= 0)
          leaveOut(mine, <u32>first, <u32>(first + count), at(cursors) + (u << 2), load<u32>(at(ends) + (u << 2)), list);
        if (!merge(mine, count, <u32>first, at(best) + u * length, at(bestIds) + u * length, last)) return false;
      }
    }
  }
  return true;
}

export function rankScores(
  scores: i32, stride: i32, n: i32, from: i32, to: i32,
  known: i32, cursors: i32, ends: i32, best: i32, bestIds: i32, top: i32,
): bool {
  const bytes = at(stride), list = at(known), length = at(top), last = length - 4, count = <usize>(to - from);
  for (let u: usize = 0; u < <usize>n; u++) {
    const mine = at(scores) + u * bytes;
    if (known >= 0) leaveOut(mine, <u32>from, <u32>to, at(cursors) + (u << 2), load<u32>(at(ends) + (u << 2)), list);
    if (!merge(mine, count, <u32>from, at(best) + u * length, at(bestIds) + u * length, last)) return false;
  }
  return true;
}
