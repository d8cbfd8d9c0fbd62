/**
 * One buffer for everything that training touches, cut once when a program is bound: floats first, ids after them. Positions
 * are counted in elements; floats start at multiples of four, as 128-bit kernels want them.
 */
export type Precision = 'f32' | 'f64';
export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly floats: Float32Array | Float64Array;
  readonly ids: Uint32Array;
}

export class Layout {
  #floats = 0;
  #ids = 0;

  /** Reserves `count` floats; they start as 0. */
  takeFloats(count: number): number {
    const at = this.#floats;
    this.#floats += (count + 3) & ~3;
    return at;
  }
  takeIds(count: number): number {
    const at = this.#ids;
    this.#ids += (count + 3) & ~3;
    return at;
  }
  /** Bytes that `build` will allocate. */
  bytes(precision: Precision): number {
    return this.#floats * (precision === 'f32' ? 4 : 8) + this.#ids * 4;
  }
  /** @param precision `f64` only serves the finite-difference checks */
  build(precision: Precision = 'f32'): Memory {
    const buffer = new ArrayBuffer(this.bytes(precision));
    const floats =
      precision === 'f32' ? new Float32Array(buffer, 0, this.#floats) : new Float64Array(buffer, 0, this.#floats);
    return { buffer, floats, ids: new Uint32Array(buffer, floats.byteLength, this.#ids) };
  }
}

/** Rows of tables are padded to a multiple of four floats; the padding stays 0. */
export const strideOf = (width: number): number => (width + 3) & ~3;
