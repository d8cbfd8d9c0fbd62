/**
 * Ports are plain values. A table's type lists its columns, so TypeScript's own structural rule *is* width subtyping:
 * a wider table fits a narrower port.
 */
import type { Arrays, Kind } from './kinds.ts';

/** All that the types need of a zod schema; naming zod's own class here would cost the compiler 80,000 instantiations. */
export interface Schema {
  readonly _zod: { readonly input: unknown; readonly output: unknown };
  parse(value: unknown): unknown;
}

/** Marks a column or a whole port that may be absent. */
export interface Optional<T> {
  readonly optional: T;
}
export const optional = <const T extends Kind | Port>(of: T): Optional<T> => ({ optional: of });

/** `{ a: A, b: Optional<B> }` becomes `{ a: A, b?: B }`. */
export type Declared<D> = { [K in keyof D as D[K] extends Optional<unknown> ? never : K]: D[K] } & {
  [K in keyof D as D[K] extends Optional<unknown> ? K : never]?: D[K] extends Optional<infer T> ? T : never;
} extends infer T // `infer T` makes error texts print the columns instead of a chain of aliases
  ? { [K in keyof T]: T[K] }
  : never;

/** Rows under named, typed columns. Travels as Arrow; a node sees one typed array a column. */
export interface Table<C> {
  readonly port: 'table';
  readonly columns: C;
  readonly mayLack: readonly string[];
}
/** A small value that a schema describes. Travels as canonical JSON. */
export interface Json<T> {
  readonly port: 'json';
  readonly parse: (value: unknown) => T;
}
/** Named f32 arrays of any shape under a JSON head: the parameters of a trained model. Travels as Arrow. */
export interface Tensors<H> {
  readonly port: 'tensors';
  readonly parse: (head: unknown) => H;
}
export type Port = Table<unknown> | Json<unknown> | Tensors<unknown>;
export type PortDeclarations = Record<string, Port | Optional<Port>>;

/** A row-major f32 array; `shape` multiplies to `data.length`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export interface TensorBundle<H> {
  readonly head: H;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * Declares a table port.
 * @throws when no column is required: such a port would accept every table.
 */
export const table = <D extends Record<string, Kind | Optional<Kind>>>(columns: D): Table<Declared<D>> => {
  const declared = declare(columns);
  if (declared.mayLack.length === Object.keys(columns).length)
    throw new TypeError('a table port needs at least one required column');
  return { port: 'table', columns: declared.ports as Declared<D>, mayLack: declared.mayLack };
};
export const json = <S extends Schema>(schema: S): Json<S['_zod']['output']> => ({
  port: 'json',
  parse: (value) => schema.parse(value),
});
export const tensors = <S extends Schema>(head: S): Tensors<S['_zod']['output']> => ({
  port: 'tensors',
  parse: (value) => head.parse(value),
});

/** Marks an output that says more than a stand-in has to: parameters, a training curve. A replacement may leave it out. */
export type Aside<P> = P & { readonly aside: true };
export const aside = <P extends Port>(port: P): Aside<P> => ({ ...port, aside: true });
export const isAside = (port: Port): boolean => 'aside' in port;

/** Splits a declaration into what it names and which of the names may be absent. */
export function declare(declared: Readonly<Record<string, unknown>>) {
  const mayLack = Object.keys(declared).filter((name) => {
    const of = declared[name];
    return typeof of === 'object' && of !== null && 'optional' in of;
  });
  const ports = Object.fromEntries(
    Object.entries(declared).map(([name, of]) => [
      name,
      mayLack.includes(name) ? (of as Optional<unknown>).optional : of,
    ]),
  );
  return { ports, mayLack };
}

/** What a node's `run` sees on a port: typed arrays by column name, a parsed value, or named tensors. */
export type View<P> =
  P extends Table<infer C>
    ? { readonly [K in keyof C]: C[K] extends Kind | undefined ? Arrays[Exclude<C[K], undefined>] : never }
    : P extends Json<infer T>
      ? T
      : P extends Tensors<infer H>
        ? TensorBundle<H>
        : never;
export type Views<I> = { readonly [K in keyof I]: View<Exclude<I[K], undefined>> };
