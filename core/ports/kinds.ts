/** The column kinds of a table, and the array that a node sees for each. */
export interface Arrays {
  u8: Uint8Array;
  u32: Uint32Array;
  i32: Int32Array;
  i64: BigInt64Array;
  f32: Float32Array;
  f64: Float64Array;
  utf8: readonly string[];
}
export type Kind = keyof Arrays;
export type NumericKind = Exclude<Kind, 'utf8'>;

export const u8 = 'u8';
export const u32 = 'u32';
export const i32 = 'i32';
export const i64 = 'i64';
export const f32 = 'f32';
export const f64 = 'f64';
export const utf8 = 'utf8';

/** What makes an array of `length` elements of a numeric kind, on any buffer. */
export const arrayOf = {
  u8: Uint8Array,
  u32: Uint32Array,
  i32: Int32Array,
  i64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const satisfies Record<NumericKind, unknown>;

/** The kind of a JavaScript value that stands for a column, or undefined when no column looks like that. */
export function kindOf(values: unknown): Kind | undefined {
  if (values instanceof Uint8Array) return 'u8';
  if (values instanceof Uint32Array) return 'u32';
  if (values instanceof Int32Array) return 'i32';
  if (values instanceof BigInt64Array) return 'i64';
  if (values instanceof Float32Array) return 'f32';
  if (values instanceof Float64Array) return 'f64';
  if (Array.isArray(values)) return 'utf8';
  return undefined;
}
