/** Which of all user-item pairs are observed: a bitmap with counts, so that a pair's row is found in constant time. */
import { Problem } from '../../../core/index.ts';

export class ObservedPairs {
  readonly #words: Uint32Array;
  /** Number of observed pairs before each word. */
  readonly #before: Uint32Array;
  /** Row of the table for each observed pair, in ascending order of pair. */
  readonly #rows: Uint32Array;

  /** A pair that occurs twice keeps its last row. */
  constructor(user: Uint32Array, item: Uint32Array, users: number, items: number) {
    const pairs = users * items;
    if (pairs > 2 ** 32)
      throw new Problem('bad-data', `${users} users x ${items} items are more pairs than can be sampled (2^32)`, {
        hint: 'choose a method that samples observed pairs only, or keep the items that somebody rated',
      });
    const words = new Uint32Array(Math.ceil(pairs / 32) + 1);
    for (let r = 0; r < user.length; r++) {
      const pair = user[r]! * items + item[r]!;
      words[Math.floor(pair / 32)]! |= 1 << (pair % 32);
    }
    const before = new Uint32Array(words.length);
    let count = 0;
    for (let w = 0; w < words.length; w++) {
      before[w] = count;
      count += ones(words[w]!);
    }
    this.#words = words;
    this.#before = before;
    this.#rows = new Uint32Array(count);
    for (let r = 0; r < user.length; r++) this.#rows[this.#rank(user[r]! * items + item[r]!)] = r;
  }

  #rank(pair: number): number {
    const w = Math.floor(pair / 32);
    const bit = pair % 32;
    return this.#before[w]! + ones(this.#words[w]! & ((1 << bit) - 1));
  }
  /** The row in which `pair` (user * items + item) is observed, or -1. */
  row(pair: number): number {
    const w = Math.floor(pair / 32);
    return (this.#words[w]! >>> (pair % 32)) & 1 ? this.#rows[this.#rank(pair)]! : -1;
  }
}

function ones(word: number): number {
  let x = word;
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
