/**
 * The best items of a block of users, by inner product. Nearly all items are far from any list, and that can be seen in less than
 * full precision: of every row there is a sketch in whole numbers of 16 bits, and of a pair of rows a bound on how far the product
 * of the sketches is from the product of the rows as it would be computed. Only where the two do not exclude an item is its score
 * computed, so that lists are the same to the bit as without sketches.
 *
 * Items' sketches lie in panels of eight, a pair of numbers after the other, so that four users times eight items are summed in
 * registers; a chunk of them stays in the nearest cache while the users of a block go by.
 */
// @ts-nocheck
import { at, laneSum } from './_lanes';
import { dotOf } from './_rows';

/** Items that all users meet before the next ones; a multiple of eight. */
const chunk: usize = 256;
const lowest: f32 = -Infinity;

/** The largest whole number of a sketch: a sum of `width` products of two of them has 32 bits. */
function mostOf(width: i32): f64 {
  return Math.min(32767, Math.floor(Math.sqrt(2147483647 / <f64>width)));
}

/**
 * The sketch of a row x: whole numbers q with x near s q, a pair after the other at `out`, `step` bytes apart; and its scale s and
 * its reach e. With c = .52 + (width + 8) 2^-23 Q, Q the largest whole number, the product of two rows in 32 bits and that of their
 * sketches are at most c (s |y| + |x| t) apart, |x| a sum of absolute values and s, t the scales: half a unit of each number, and
 * what 32 bits round. That is at most e f, by Cauchy's inequality, for e = hypot(s r, |x| / r) sqrt(c) and any r; this one makes the
 * two terms about equal. A row that is not finite has a reach that excludes nothing.
 */
function sketchRow(row: usize, width: i32, out: usize, step: usize, scale: usize, reach: usize): void {
  const most = mostOf(width), bytes = at(width);
  let peaks = f32x4.splat(0), sums = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const x = f32x4.abs(v128.load(row + k));
    peaks = f32x4.max(peaks, x);
    sums = f32x4.add(sums, x);
  }
  const peak = max(max(f32x4.extract_lane(peaks, 0), f32x4.extract_lane(peaks, 1)), max(f32x4.extract_lane(peaks, 2), f32x4.extract_lane(peaks, 3)));
  const to = <f32>(most / <f64>peak), s = <f64>peak / most, sum = <f64>laneSum(sums) * 1.001 + s * 0.52 * <f64>width;
  for (let k: usize = 0; k < bytes; k += 16, out += 2 * step) {
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(row + k), f32x4.splat(to))));
    const pairs = i16x8.narrow_i32x4_s(whole, whole);
    v128.store32_lane(out, pairs, 0);
    v128.store32_lane(out + step, pairs, 1);
  }
  const c = 0.52 + (<f64>width + 8) * most / 8388608, r2 = 0.3 * <f64>width * most;
  store<f32>(scale, <f32>s);
  // the last term is for products that are too small for 32 bits
  store<f32>(reach, <f32>(Math.sqrt(c * (s * s * r2 + sum * sum / r2)) * 1.001 + 1e-12));
}

/** Users' sketches one after the other; behind them all scales, and then all reaches. */
export function sketchUsers(a: i32, stride: i32, n: i32, out: i32): void {
  const bytes = at(stride), half = bytes >> 1, rows = <usize>n, scales = at(out) + rows * half, reaches = scales + at(n);
  for (let r: usize = 0, place: usize = 0; r < rows; r++, place += 4)
    sketchRow(at(a) + r * bytes, stride, at(out) + r * half, 4, scales + place, reaches + place);
}
/** The same of items, whose sketches lie in panels; places of a panel that no item has are 0. */
export function sketchItems(a: i32, stride: i32, n: i32, out: i32): void {
  const bytes = at(stride), half = bytes >> 1, rows = <usize>n, whole = (rows + 7) & ~7;
  const scales = at(out) + whole * half, reaches = scales + (whole << 2);
  memory.fill(at(out), 0, whole * (half + 8));
  for (let r: usize = 0, place: usize = 0; r < rows; r++, place += 4)
    sketchRow(at(a) + r * bytes, stride, at(out) + (r & ~7) * half + (place & 31), 32, scales + place, reaches + place);
}

/**
 * The most that the scores of four items can be: the product of sketches in units of both scales, and what it may be away. Of a
 * score (dot + shift) scale, the sum and the product are rounded as well.
 */
@inline function most(dots: v128, unit: v128, reach: v128, scales: usize, reaches: usize, shift: usize, scale: usize): v128 {
  const near = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(dots), v128.load(scales)), unit);
  const away = f32x4.mul(v128.load(reaches), reach);
  if (!shift && !scale) return f32x4.add(near, away);
  const sum = shift ? f32x4.add(near, v128.load(shift)) : near;
  const apart = f32x4.add(away, f32x4.mul(f32x4.abs(sum), f32x4.splat(4.76837158203125e-7)));
  if (!scale) return f32x4.add(sum, apart);
  const by = v128.load(scale);
  return f32x4.add(f32x4.mul(sum, by), f32x4.mul(apart, f32x4.abs(by)));
}
/** Which of eight items may be above the last place of a user's list, a bit each; one whose score may be no number is among them. */
@inline function above(
  low: v128, high: v128, unit: usize, reach: usize, scales: usize, reaches: usize, shift: usize, scale: usize, last: usize,
): i32 {
  const u = v128.load32_splat(unit), e = v128.load32_splat(reach), limit = v128.load32_splat(last);
  const first = f32x4.le(most(low, u, e, scales, reaches, shift, scale), limit);
  const second = f32x4.le(
    most(high, u, e, scales + 16, reaches + 16, shift ? shift + 16 : 0, scale ? scale + 16 : 0), limit,
  );
  return 255 ^ (i32x4.bitmask(first) | i32x4.bitmask(second) << 4);
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

/**
 * Merges some of eight items into a user's list, by their scores. `cursor` is where the user's next known item is noted, 0 for
 * none. @returns whether all scores are numbers
 */
function mergeSome(
  which: i32, first: u32, to: u32, user: usize, items: usize, bytes: usize, shift: usize, scale: usize,
  cursor: usize, end: u32, known: usize, values: usize, ids: usize, last: usize,
): bool {
  for (; which; which &= which - 1) {
    const item = first + ctz(which), place = <usize>item << 2;
    if (item >= to) break;
    if (cursor) {
      let next = load<u32>(cursor);
      while (next < end && load<u32>(known + (<usize>next << 2)) < item) next++;
      store<u32>(cursor, next);
      if (next < end && load<u32>(known + (<usize>next << 2)) == item) continue;
    }
    let score = dotOf(user, items + <usize>item * bytes, bytes);
    if (shift) score += load<f32>(shift + place);
    if (scale) score *= load<f32>(scale + place);
    if (score <= load<f32>(values + last)) continue;
    if (score != score) return false;
    insert(values, ids, last, score, item);
  }
  return true;
}

export function rankDots(
  users: i32, userSketches: i32, stride: i32, n: i32, items: i32, itemSketches: i32, itemCount: i32, from: i32, to: i32,
  shift: i32, scale: i32, known: i32, cursors: i32, ends: i32, best: i32, bestIds: i32, top: i32,
): bool {
  const bytes = at(stride), half = bytes >> 1, length = at(top), last = length - 4;
  const mine = at(userSketches), units = mine + <usize>n * half, reach = units + at(n);
  const theirs = at(itemSketches), whole = (<usize>itemCount + 7) & ~7, scales = theirs + whole * half;
  const reaches = scales + (whole << 2), added: usize = shift < 0 ? 0 : at(shift), factor: usize = scale < 0 ? 0 : at(scale);
  for (let first = <usize>from; first < <usize>to; first += chunk) {
    const past = min<usize>(first + chunk, <usize>to);
    for (let r: usize = 0; r < <usize>n; r += 4) {
      const many = min<usize>(4, <usize>n - r), p0 = mine + r * half;
      const p1 = many > 1 ? p0 + half : p0, p2 = many > 2 ? p1 + half : p0, p3 = many > 3 ? p2 + half : p0;
      const u = r << 2, ends4 = at(best) + r * length + last;
      for (let item = first; item < past; item += 8) {
        let panel = theirs + item * half;
        let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
        for (let k: usize = 0; k < half; k += 8, panel += 64) {
          let x = v128.load(panel), y = v128.load(panel, 16);
          let s = v128.load32_splat(p0 + k);
          a0 = i32x4.add(i32x4.dot_i16x8_s(s, x), a0);
          a1 = i32x4.add(i32x4.dot_i16x8_s(s, y), a1);
          s = v128.load32_splat(p1 + k);
          b0 = i32x4.add(i32x4.dot_i16x8_s(s, x), b0);
          b1 = i32x4.add(i32x4.dot_i16x8_s(s, y), b1);
          s = v128.load32_splat(p2 + k);
          c0 = i32x4.add(i32x4.dot_i16x8_s(s, x), c0);
          c1 = i32x4.add(i32x4.dot_i16x8_s(s, y), c1);
          s = v128.load32_splat(p3 + k);
          d0 = i32x4.add(i32x4.dot_i16x8_s(s, x), d0);
          d1 = i32x4.add(i32x4.dot_i16x8_s(s, y), d1);
          x = v128.load(panel, 32); y = v128.load(panel, 48);
          s = v128.load32_splat(p0 + k, 4);
          a0 = i32x4.add(i32x4.dot_i16x8_s(s, x), a0);
          a1 = i32x4.add(i32x4.dot_i16x8_s(s, y), a1);
          s = v128.load32_splat(p1 + k, 4);
          b0 = i32x4.add(i32x4.dot_i16x8_s(s, x), b0);
          b1 = i32x4.add(i32x4.dot_i16x8_s(s, y), b1);
          s = v128.load32_splat(p2 + k, 4);
          c0 = i32x4.add(i32x4.dot_i16x8_s(s, x), c0);
          c1 = i32x4.add(i32x4.dot_i16x8_s(s, y), c1);
          s = v128.load32_splat(p3 + k, 4);
          d0 = i32x4.add(i32x4.dot_i16x8_s(s, x), d0);
          d1 = i32x4.add(i32x4.dot_i16x8_s(s, y), d1);
        }
        const place = item << 2, sc = scales + place, re = reaches + place;
        const sh: usize = added ? added + place : 0, fa: usize = factor ? factor + place : 0;
        // a bit for each of 4 x 8 pairs
        let which = above(a0, a1, units + u, reach + u, sc, re, sh, fa, ends4);
        if (many > 1) which |= above(b0, b1, units + u + 4, reach + u + 4, sc, re, sh, fa, ends4 + length) << 8;
        if (many > 2) which |= above(c0, c1, units + u + 8, reach + u + 8, sc, re, sh, fa, ends4 + 2 * length) << 16;
        if (many > 3) which |= above(d0, d1, units + u + 12, reach + u + 12, sc, re, sh, fa, ends4 + 3 * length) << 24;
        for (let j = r; which; j++, which = <i32>(<u32>which >> 8)) {
          if (!(which & 255)) continue;
          const cursor: usize = known < 0 ? 0 : at(cursors) + (j << 2), end = known < 0 ? 0 : load<u32>(at(ends) + (j << 2));
          const numbers = mergeSome(
            which & 255, <u32>item, <u32>to, at(users) + j * bytes, at(items), bytes, added, factor,
            cursor, end, at(known), at(best) + j * length, at(bestIds) + j * length, last,
          );
          if (!numbers) return false;
        }
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
