/** A wire is a handle to an output or a need. `Up` is what a step may wire from; `Wired` is what its node demands. */
import type { AnyNode } from '../node.ts';

export type Presence = 'always there' | 'may be absent';
export interface Wire<P, When extends Presence = 'always there'> {
  readonly from: string;
  readonly port: P;
  readonly when: When;
}

type Offered<I> = {
  [K in keyof I]-?: Wire<Exclude<I[K], undefined>, {} extends Pick<I, K> ? 'may be absent' : 'always there'>;
};
type Outputs<D> = D extends { readonly out: infer O } ? Offered<O> : never;

/** Needs and earlier steps, by name. */
export type Up<Needs, Steps> = Offered<Needs> & { [K in keyof Steps]: Outputs<Steps[K]> };

/** One wire an input; an optional input takes a wire that may be absent. `Named` are the inputs that the caller wrote. */
export type Wired<D extends AnyNode, Named extends string> = {
  [K in keyof D['in']]: Wire<Exclude<D['in'][K], undefined>, {} extends Pick<D['in'], K> ? Presence : 'always there'>;
} & { [K in string extends Named ? never : Exclude<Named, keyof D['in']>]: `the node has no input '${K}'` } & {
  [K in Named]: unknown; // TypeScript infers `Named` from here: inferring the wires themselves would skip excess keys
};
