/** Methods x grid x seeds under one protocol, as a value. */
import type { ConfigOf } from '../node.ts';
import type { AnyPipeline, CloseProblem } from './pipeline.ts';
import type { PortsProblem } from './problems.ts';
import type { AnyProtocol } from './protocol.ts';
import type { Tuning } from './tuning.ts';

type Keys<U> = U extends unknown ? keyof U : never;
type At<U, K> = U extends unknown ? (K extends keyof U ? U[K] : never) : never;
type Axes<C> = { readonly [K in keyof C]?: readonly Exclude<C[K], undefined>[] };
/** Every step of any method may be an axis; a method without that step ignores it. */
export type Grid<Steps> = { readonly [K in Keys<Steps>]?: Axes<ConfigOf<At<Steps, K>>> };
type Closing<M extends AnyPipeline, P extends AnyProtocol> = [PortsProblem<P['gives'], M['needs']>] extends [never]
  ? unknown
  : CloseProblem<M['name'], P['gives'], M['needs']>;

/** `step.key` axes and their values. */
export type AnyGrid = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
export interface AnyStudy {
  readonly kind: 'study';
  readonly name: string;
  readonly doc?: string | undefined;
  readonly methods: readonly AnyPipeline[];
  readonly on: AnyProtocol;
  readonly seeds: readonly number[];
  readonly grid: AnyGrid;
  /** Settings are chosen before the seeds run; the grid is then empty. */
  readonly tune?: Tuning | undefined;
}
export interface Study<Name extends string, M extends readonly AnyPipeline[]> extends AnyStudy {
  readonly name: Name;
  readonly methods: M;
}

/**
 * Declares a study. A grid may only shorten or vary configs that some method has.
 * @throws when two methods have one name, or when there is no method or no seed
 */
export const study = <const N extends string, const M extends readonly AnyPipeline[], P extends AnyProtocol>(
  name: N,
  spec: {
    doc?: string;
    methods: M & { readonly [I in keyof M]: Closing<M[I], P> };
    on: P;
    seeds: readonly number[];
    grid?: Grid<NoInfer<M>[number]['steps']>;
    tune?: Tuning;
  },
): Study<N, M> => ({
  ...(anyStudy({ ...spec, name, methods: spec.methods, grid: (spec.grid ?? {}) as AnyGrid }) as Study<N, M>),
});

/** The run-time form, for studies that come from a file or from `compare`. */
export function anyStudy(spec: Omit<AnyStudy, 'kind'>): AnyStudy {
  const names = spec.methods.map((m) => m.name);
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice !== undefined)
    throw new TypeError(`study '${spec.name}' has two methods named '${twice}'; give one its own name with .as`);
  if (names.length === 0) throw new TypeError(`study '${spec.name}' has no method`);
  if (spec.seeds.length === 0) throw new TypeError(`study '${spec.name}' has no seed`);
  if (spec.tune && Object.keys(spec.grid).length > 0)
    throw new TypeError(`study '${spec.name}' has a grid and is tuned; put the values of the grid into tune.spaces`);
  return { ...spec, kind: 'study' };
}
