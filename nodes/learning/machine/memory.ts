/**
 * One buffer for everything that training touches, cut once when a program is bound. Positions are counted in elements of four
 * bytes, floats and ids alike, and start at multiples of four, as 128-bit kernels want them.
 */
export type Precision = 'f32' | 'f64';
export interface Memory {
  readonly floats: Float32Array | Float64Array;
  readonly ids: Uint32Array;
}

/** Elements at the start that stay free: a compiled kernel may keep constants there. */
export const reserved = 256;

export class Layout {
  #next = reserved;

  #take(count: number): number {
    const at = this.#next;
    this.#next += (count + 3) & ~3;
    return at;
  }
  /** Reserves `count` floats; they start as 0. */
  takeFloats = (count: number): number => this.#take(count);
  takeIds = (count: number): number => this.#take(count);

  /** Bytes that a buffer must have. */
  get bytes(): number {
    return this.#next * 4;
  }
  /** @param buffer all 0, of at least `bytes` bytes; both views cover it, and a position means the same in both */
  build(buffer: ArrayBuffer = new ArrayBuffer(this.bytes)): Memory {
    return { floats: new Float32Array(buffer, 0, this.#next), ids: new Uint32Array(buffer, 0, this.#next) };
  }
  /** Memory of 64-bit floats, which only serves the finite-difference checks. */
  wide(): Memory {
    return { floats: new Float64Array(this.#next), ids: new Uint32Array(this.#next) };
  }
}

/** Rows of tables are padded to a multiple of four floats; the padding stays 0. */
export const strideOf = (width: number): number => (width + 3) & ~3;
