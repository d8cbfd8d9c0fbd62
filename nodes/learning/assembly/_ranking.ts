/**
 * The best items of a block of users, by inner product. Nearly all items are far from any list, and that can be seen in less than
 * full precision: of every row there is a sketch in whole numbers of 16 bits, and of a pair of rows a bound on how far the product
 * of the sketches is from the product of the rows as it would be computed. Only where the two do not exclude an item is its score
 * computed, so that lists are the same to the bit as without sketches.
 *
 * Items' sketches lie in panels of eight and users' in panels of four, a pair of numbers after the other, so that four users times
 * eight items are summed in registers. Compilers read all that the inner loop reads before they multiply: with sixteen registers
 * it may read six vectors and no more, or sums go to memory and back each time. A chunk of items stays in the nearest cache while
 * the users of a block go by.
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

/** The largest absolute value of a row; not a number if one of them is none. */
@inline function peakOf(row: usize, bytes: usize): f32 {
  let peaks = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) peaks = f32x4.max(peaks, f32x4.abs(v128.load(row + k)));
  return laneMax(peaks);
}
@inline function laneMax(v: v128): f32 {
  return max(max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)), max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}

/**
 * The sketch of a row x without values above `peak`: whole numbers q with x near s q, a pair after the other at `out`, `step` bytes
 * apart; and its scale s and its reach e. With c = .52 + (width + 8) 2^-23 Q, Q the largest whole number, the product of two rows
 * in 32 bits and that of their sketches are at most c (s |y| + |x| t) apart, |x| a sum of absolute values and s, t the scales: half
 * a unit of each number, and what 32 bits round. That is at most e f, by Cauchy's inequality, for e = hypot(s r, |x| / r) sqrt(c)
 * and any r; this one makes the two terms about equal. A peak that is not finite has a reach that excludes nothing.
 */
function sketchRow(row: usize, width: i32, peak: f32, out: usize, step: usize, scale: usize, reach: usize): void {
  const most = mostOf(width), bytes = at(width), to = f32x4.splat(<f32>(most / <f64>peak));
  let sums = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16, out += 2 * step) {
    const x = v128.load(row + k), whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, to)));
    const pairs = i16x8.narrow_i32x4_s(whole, whole);
    sums = f32x4.add(sums, f32x4.abs(x));
    v128.store32_lane(out, pairs, 0);
    v128.store32_lane(out + step, pairs, 1);
  }
  const s = <f64>peak / most, sum = <f64>laneSum(sums) * 1.001 + s * 0.52 * <f64>width;
  const c = 0.52 + (<f64>width + 8) * most / 8388608, r2 = 0.3 * <f64>width * most;
  store<f32>(scale, <f32>s);
  // the last term is for products that are too small for 32 bits
  store<f32>(reach, <f32>(Math.sqrt(c * (s * s * r2 + sum * sum / r2)) * 1.001 + 1e-12));
}

/**
 * Sketches of rows in panels of `wide` rows, a power of two; behind them all scales, and then all reaches, of which a panel has
 * `wide`, too. Places of a panel that no row has are 0, but for their scale, which is the last row's. Each `alike` rows have one
 * scale, so that one limit is right for all.
 */
@inline function sketchPanels(a: i32, stride: i32, n: i32, out: i32, wide: usize, alike: usize): void {
  const bytes = at(stride), half = bytes >> 1, rows = <usize>n, whole = (rows + wide - 1) & ~(wide - 1);
  const from = at(a), to = at(out), scales = to + whole * half, reaches = scales + (whole << 2);
  memory.fill(to, 0, whole * (half + 8));
  for (let first: usize = 0; first < rows; first += alike) {
    const past = min<usize>(first + alike, rows);
    let peak: f32 = 0;
    for (let r = first; r < past; r++) peak = max(peak, peakOf(from + r * bytes, bytes));
    for (let r = first; r < past; r++) {
      const place = r << 2, panel = to + (r & ~(wide - 1)) * half + (place & ((wide << 2) - 1));
      sketchRow(from + r * bytes, stride, peak, panel, wide << 2, scales + place, reaches + place);
    }
  }
  for (let r = rows; r < whole; r++) store<f32>(scales + (r << 2), load<f32>(scales + ((rows - 1) << 2)));
}
export function sketchUsers(a: i32, stride: i32, n: i32, out: i32): void {
  sketchPanels(a, stride, n, out, 4, 1);
}
export function sketchItems(a: i32, stride: i32, n: i32, out: i32): void {
  sketchPanels(a, stride, n, out, 8, chunk);
}

/**
 * The most that the scores of four items can be: the product of sketches in units of both scales, and what it may be away. Of a
 * score (dot + shift) scale, the sum and the product are rounded as well.
 */
@inline function mostScore(dots: v128, unit: v128, reach: v128, scales: usize, reaches: usize, shift: usize, scale: usize): v128 {
  const near = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(dots), v128.load(scales)), unit);
  const away = f32x4.mul(v128.load(reaches), reach);
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
  const first = f32x4.le(mostScore(low, u, e, scales, reaches, shift, scale), limit);
  const second = f32x4.le(
    mostScore(high, u, e, scales + 16, reaches + 16, shift ? shift + 16 : 0, scale ? scale + 16 : 0), limit,
  );
  return 255 ^ (i32x4.bitmask(first) | i32x4.bitmask(second) << 4);
}

/**
 * A product of a user's sketch with one of some items up to which none of them is above the last place of the list, in any case.
 * `least` to `most` are the items' scales, `far` their largest reach. It stays right while the list gets better.
 */
@inline function limitOf(unit: usize, reach: usize, last: usize, least: f32, most: f32, far: f32): i32 {
  const left = <f64>load<f32>(last) - <f64>load<f32>(reach) * <f64>far;
  // less than it is by what 64 bits may have rounded
  const product = (left - Math.abs(left) * 1e-9) / (<f64>load<f32>(unit) * <f64>(left < 0 ? least : most));
  return product == product ? <i32>Math.floor(min<f64>(max<f64>(product, -2147483648), 2147483647)) : i32.MIN_VALUE;
}
/** Which of eight products are above a limit, a bit each. */
@inline function beyond(low: v128, high: v128, limit: usize): i32 {
  const most = v128.load32_splat(limit);
  return i32x4.bitmask(i32x4.gt_s(low, most)) | i32x4.bitmask(i32x4.gt_s(high, most)) << 4;
}
@inline function anyBeyond(low: v128, high: v128, limit: usize): v128 {
  return i32x4.gt_s(i32x4.max_s(low, high), v128.load32_splat(limit));
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

/** Whether a user knows an item; asked in ascending order of items, and the cursor stays at the first one not yet passed. */
@inline function isKnown(item: u32, cursor: usize, end: usize, known: usize): bool {
  let next = load<u32>(cursor);
  const past = load<u32>(end);
  while (next < past && load<u32>(known + (<usize>next << 2)) < item) next++;
  store<u32>(cursor, next);
  return next < past && load<u32>(known + (<usize>next << 2)) == item;
}

export function rankDots(
  users: i32, userSketches: i32, stride: i32, n: i32, items: i32, itemSketches: i32, itemCount: i32, from: i32, to: i32,
  shift: i32, scale: i32, known: i32, cursors: i32, ends: i32, best: i32, bestIds: i32, top: i32,
): bool {
  const bytes = at(stride), half = bytes >> 1, length = at(top), last = length - 4;
  const mine = at(userSketches), padded = (<usize>n + 3) & ~3, units = mine + padded * half;
  const reach = units + (padded << 2), limits = reach + (padded << 2);
  const theirs = at(itemSketches), whole = (<usize>itemCount + 7) & ~7, scales = theirs + whole * half;
  const reaches = scales + (whole << 2), added: usize = shift < 0 ? 0 : at(shift), factor: usize = scale < 0 ? 0 : at(scale);
  const affine = added || factor;
  for (let first = <usize>from; first < <usize>to; first += chunk) {
    const past = min<usize>(first + chunk, <usize>to);
    let low = v128.load(scales + (first << 2)), high = low, far = v128.load(reaches + (first << 2));
    for (let place = (first + 4) << 2; place < past << 2; place += 16) {
      low = f32x4.min(low, v128.load(scales + place));
      high = f32x4.max(high, v128.load(scales + place));
      far = f32x4.max(far, v128.load(reaches + place));
    }
    const least = -laneMax(f32x4.neg(low)), most = laneMax(high), farthest = laneMax(far);
    for (let r: usize = 0; r < <usize>n; r += 4) {
      const many = min<usize>(4, <usize>n - r), p = mine + r * half;
      const u = r << 2, endsOfLists = at(best) + r * length + last, limit = limits + u;
      for (let j: usize = 0, place = u; j < 4; j++, place += 4) {
        const highest = limitOf(units + place, reach + place, endsOfLists + j * length, least, most, farthest);
        // a user who is not there has no item above
        store<i32>(limits + place, j < many ? highest : i32.MAX_VALUE);
      }
      for (let item = first; item < past; item += 8) {
        let panel = theirs + item * half;
        const panelEnd = panel + (half << 3);
        let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
        for (let four = p; panel < panelEnd; panel += 32, four += 16) {
          const x = v128.load(panel), y = v128.load(panel, 16);
          let s = v128.load32_splat(four);
          a0 = i32x4.add(i32x4.dot_i16x8_s(s, x), a0);
          a1 = i32x4.add(i32x4.dot_i16x8_s(s, y), a1);
          s = v128.load32_splat(four, 4);
          b0 = i32x4.add(i32x4.dot_i16x8_s(s, x), b0);
          b1 = i32x4.add(i32x4.dot_i16x8_s(s, y), b1);
          s = v128.load32_splat(four, 8);
          c0 = i32x4.add(i32x4.dot_i16x8_s(s, x), c0);
          c1 = i32x4.add(i32x4.dot_i16x8_s(s, y), c1);
          s = v128.load32_splat(four, 12);
          d0 = i32x4.add(i32x4.dot_i16x8_s(s, x), d0);
          d1 = i32x4.add(i32x4.dot_i16x8_s(s, y), d1);
        }
        // a bit for each of 4 x 8 pairs
        let which = 0;
        if (affine) {
          const place = item << 2, sc = scales + place, re = reaches + place;
          const sh: usize = added ? added + place : 0, fa: usize = factor ? factor + place : 0;
          which = above(a0, a1, units + u, reach + u, sc, re, sh, fa, endsOfLists);
          if (many > 1) which |= above(b0, b1, units + u + 4, reach + u + 4, sc, re, sh, fa, endsOfLists + length) << 8;
          if (many > 2) which |= above(c0, c1, units + u + 8, reach + u + 8, sc, re, sh, fa, endsOfLists + 2 * length) << 16;
          if (many > 3) which |= above(d0, d1, units + u + 12, reach + u + 12, sc, re, sh, fa, endsOfLists + 3 * length) << 24;
        } else {
          const ab = v128.or(anyBeyond(a0, a1, limit), anyBeyond(b0, b1, limit + 4));
          const cd = v128.or(anyBeyond(c0, c1, limit + 8), anyBeyond(d0, d1, limit + 12));
          if (!v128.any_true(v128.or(ab, cd))) continue;
          which = beyond(a0, a1, limit) | beyond(b0, b1, limit + 4) << 8;
          which |= beyond(c0, c1, limit + 8) << 16 | beyond(d0, d1, limit + 12) << 24;
        }
        for (; which; which &= which - 1) {
          const bit = <usize>ctz(which), j = r + (bit >> 3), id = item + (bit & 7), place = j << 2;
          if (id >= <usize>to) continue;
          if (known >= 0 && isKnown(<u32>id, at(cursors) + place, at(ends) + place, at(known))) continue;
          let score = dotOf(at(users) + j * bytes, at(items) + id * bytes, bytes);
          if (added) score += load<f32>(added + (id << 2));
          if (factor) score *= load<f32>(factor + (id << 2));
          const list = at(best) + j * length, end = list + last;
          if (score <= load<f32>(end)) continue;
          if (score != score) return false;
          insert(list, at(bestIds) + j * length, last, score, <u32>id);
          store<i32>(limits + place, limitOf(units + place, reach + place, end, least, most, farthest));
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
