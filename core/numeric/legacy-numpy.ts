/**
 * The legacy generator of numpy (`numpy.random.RandomState`): MT19937 (Matsumoto and Nishimura 1998) and numpy's ways of
 * drawing from it, bit for bit. For splits and simulations that published code fixed by a seed; everything else draws from
 * `Random`.
 */
const length = 624;
const middle = 397;

export class LegacyNumpy {
  readonly #state = new Uint32Array(length);
  #at = length;
  #spare = Number.NaN;

  /** @param seed of 32 bits, as in `RandomState(seed)` */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = seed >>> 0;
    for (let i = 1; i < length; i++) {
      const before = state[i - 1] as number;
      state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < length; i++) {
      const y = ((state[i] as number) & 0x80000000) | ((state[(i + 1) % length] as number) & 0x7fffffff);
      state[i] = (state[(i + middle) % length] as number) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }

  /** Uniform 32-bit integer. */
  uint32(): number {
    if (this.#at === length) this.#refill();
    let y = this.#state[this.#at++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform in [low, high) with 53 random bits: `uniform(low, high)`, and `random_sample()` without arguments. */
  uniform(low = 0, high = 1): number {
    const top = this.uint32() >>> 5;
    const bottom = this.uint32() >>> 6;
    return low + (high - low) * ((top * 67108864 + bottom) / 9007199254740992);
  }

  /** Normal by the polar method, whose second value waits for the next call: `normal(mean, sd)`. */
  normal(mean = 0, sd = 1): number {
    return mean + sd * this.#standard();
  }
  #standard(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = factor * x;
      return factor * y;
    }
  }

  /** `permutation(n)`: Fisher-Yates from the end, each position by masked rejection. */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const mask = 2 ** (32 - Math.clz32(i)) - 1;
      let j = this.uint32() & mask;
      while (j >>> 0 > i) j = this.uint32() & mask;
      const held = order[i] as number;
      order[i] = order[j >>> 0] as number;
      order[j >>> 0] = held;
    }
    return order;
  }
}
