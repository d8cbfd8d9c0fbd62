/**
 * A permutation of 0 .. size-1 that needs no array: a keyed Feistel network over the smallest power of two that holds `size`,
 * walked until it lands inside (at most two steps on average). Fifteen million pairs cost six numbers.
 */
import type { Random } from '../../../core/numeric/index.ts';

const rounds = 6;

export class Permutation {
  readonly #size: number;
  readonly #low: number;
  readonly #lowMask: number;
  readonly #highMask: number;
  readonly #keys = new Uint32Array(rounds);

  /** @param size at most 2^32 */
  constructor(size: number) {
    if (!(size >= 1 && size <= 4294967296)) throw new RangeError(`cannot permute ${size} positions`);
    const bits = Math.max(2, Math.ceil(Math.log2(size)));
    this.#size = size;
    this.#low = bits >> 1;
    this.#lowMask = 2 ** this.#low - 1;
    this.#highMask = 2 ** (bits - this.#low) - 1;
  }

  /** Draws a new permutation. */
  key(random: Random): void {
    for (let i = 0; i < rounds; i++) this.#keys[i] = random.uint32();
  }

  /** The image of `position`. */
  at(position: number): number {
    const keys = this.#keys;
    const low = this.#low;
    const lowMask = this.#lowMask;
    const highMask = this.#highMask;
    let x = position;
    do {
      let l = x & lowMask;
      let h = (x >>> low) & highMask;
      h = (h ^ mix(l, keys[0]!)) & highMask;
      l = (l ^ mix(h, keys[1]!)) & lowMask;
      h = (h ^ mix(l, keys[2]!)) & highMask;
      l = (l ^ mix(h, keys[3]!)) & lowMask;
      h = (h ^ mix(l, keys[4]!)) & highMask;
      l = (l ^ mix(h, keys[5]!)) & lowMask;
      x = ((h << low) | l) >>> 0;
    } while (x >= this.#size);
    return x;
  }
}

/** A 32-bit finaliser in the style of MurmurHash3, keyed. */
function mix(x: number, key: number): number {
  let h = (x ^ key) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ key, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
