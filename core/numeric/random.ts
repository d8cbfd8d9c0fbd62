/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"). A stream is a key; the n-th draw of a stream is a function of (key, n), so nothing that runs before, beside
 * or on another thread can move it.
 */
import { createHash } from 'node:crypto';

export interface Random {
  /** The generator for one purpose, for example `init/P` or `shuffle/3`. Purposes never share draws. */
  for(purpose: string): Random;
  /** Uniform 32-bit integer. */
  uint32(): number;
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform integer in [0, below), without bias; `below` at most 2^32. */
  below(below: number): number;
  /** Standard normal (Box-Muller, both values of a pair are used). */
  normal(): number;
  /** A uniform permutation of 0 .. length-1 (Fisher-Yates). */
  permutation(length: number): Uint32Array;
}

/** One block: counter and key of two 32-bit words each, two unsigned 32-bit words out. */
export function threefry2x32(counter0: number, counter1: number, key0: number, key1: number): [number, number] {
  const out: [number, number] = [0, 0];
  block(counter0, counter1, key0, key1, 0x1bd11bda ^ key0 ^ key1, out);
  return out;
}

/** Writes into `out`, so that drawing allocates nothing; rounds are written out, which halves their time. */
function block(c0: number, c1: number, k0: number, k1: number, k2: number, out: [number, number]): void {
  let a = (c0 + k0) | 0;
  let b = (c1 + k1) | 0;
  for (let group = 0; group < 6; group += 2) {
    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + (group === 0 ? k1 : group === 2 ? k0 : k2)) | 0;
    b = (b + (group === 0 ? k2 : group === 2 ? k1 : k0) + group + 1) | 0;
    if (group === 4) break; // the fifth group of four rounds is the last
    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + (group === 0 ? k2 : k1)) | 0;
    b = (b + (group === 0 ? k0 : k2) + group + 2) | 0;
  }
  out[0] = a >>> 0;
  out[1] = b >>> 0;
}

class Threefry implements Random {
  readonly #name: string;
  readonly #key0: number;
  readonly #key1: number;
  readonly #key2: number;
  readonly #out: [number, number] = [0, 0];
  #counter = 0;
  #high = 0;
  #second = 0;
  #hasSecond = false;
  #spare = Number.NaN;

  constructor(name: string) {
    const digest = createHash('sha256').update(name).digest();
    this.#name = name;
    this.#key0 = digest.readInt32LE(0);
    this.#key1 = digest.readInt32LE(4);
    this.#key2 = 0x1bd11bda ^ this.#key0 ^ this.#key1;
  }

  for(purpose: string): Random {
    return new Threefry(`${this.#name}/${purpose}`);
  }

  uint32(): number {
    if (this.#hasSecond) {
      this.#hasSecond = false;
      return this.#second;
    }
    block(this.#counter, this.#high, this.#key0, this.#key1, this.#key2, this.#out);
    this.#counter = (this.#counter + 1) | 0;
    if (this.#counter === 0) this.#high = (this.#high + 1) | 0;
    this.#second = this.#out[1];
    this.#hasSecond = true;
    return this.#out[0];
  }

  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  below(below: number): number {
    if (!(below >= 1 && below <= 4294967296)) throw new RangeError(`cannot draw an integer below ${below}`);
    if (below === 4294967296) return this.uint32();
    // `>>> 0` says that numbers are unsigned integers: a remainder of floats takes several times as long
    const divisor = below >>> 0;
    const rest = (-divisor >>> 0) % divisor;
    for (;;) {
      const draw = this.uint32();
      if (draw >= rest) return ((draw - rest) >>> 0) % divisor; // the first `rest` values would favour small results
    }
  }

  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  permutation(length: number): Uint32Array {
    const order = new Uint32Array(length);
    for (let i = 0; i < length; i++) order[i] = i;
    shuffle(order, this);
    return order;
  }
}

/** Shuffles in place (Fisher-Yates, from the end). */
export function shuffle(values: Uint32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = values[i] as number;
    values[i] = values[j] as number;
    values[j] = held;
  }
}

/** The generator of a seed (any text; the runner passes a step's seed). */
export const randomOf = (seed: string | number): Random => new Threefry(String(seed));
