/**
 * A method is a value: an id, plain settings and parts, each part a registry id plus config. Its ports are the sum of what
 * it and its parts read. A node that carries one (a learner) can be remade with another.
 */
import type { AnyNode, ConfigOf, Node } from './node.ts';

/** A part of a method that fills the slot `Slot` and reads the ports `In`. */
export interface Part<Slot extends string, In> {
  readonly slot: Slot;
  /** `folder/file` of the module that defines the part; its digest enters the learner's key. */
  readonly id: string;
  /** The ports that the part reads, as declared. */
  readonly in: In;
  readonly config: object;
}
export type Parts = Record<string, Part<string, object>>;
export interface AnyMethod {
  readonly id: string;
  readonly in: object;
  readonly base: object;
  readonly settings: object;
  readonly parts: Parts;
}

type Both<U> = (U extends unknown ? (u: U) => void : never) extends (u: infer I) => void
  ? { [K in keyof I]: I[K] }
  : never;
export type MethodIn<Base, P extends Parts> = Both<Base | P[keyof P]['in']>;
type Held<P extends Parts, Q> = {
  [K in keyof P]: K extends keyof Q ? (Q[K] extends Part<string, object> ? Q[K] : P[K]) : P[K];
};
type Patch<S, P extends Parts> = { [K in keyof S]?: S[K] } & { [K in keyof P]?: Part<P[K]['slot'], object> };
type Only<Q, Known> = { [K in keyof Q]: K extends Known ? Q[K] : `the method has no setting or part '${K & string}'` };

export interface Method<S extends object, P extends Parts, Base extends object = {}> extends AnyMethod {
  readonly settings: S;
  readonly parts: P;
  readonly base: Base;
  readonly in: MethodIn<Base, P>;
  /** The method with some settings or parts replaced; the original stays as it is. */
  with<Q extends Patch<S, P>>(patch: Only<Q, keyof S | keyof P>): Method<S, Held<P, Q>, Base>;
}

/**
 * @param id `folder/file` of the module that turns settings and parts into what is trained
 * @param spec.in the ports that the method reads whatever its parts are, as ports (not optional)
 */
export function method<S extends object, P extends Parts, Base extends object = {}>(
  id: string,
  spec: { in?: Base; settings: S; parts: P },
): Method<S, P, Base> {
  const { settings, parts } = spec;
  const base = spec.in ?? ({} as Base);
  return {
    id,
    settings,
    parts,
    base,
    in: Object.assign({}, base, ...Object.values(parts).map((part) => part.in)) as MethodIn<Base, P>,
    with: (patch) => {
      for (const name of Object.keys(patch as object))
        if (!(name in settings) && !(name in parts))
          throw new TypeError(`method '${id}' has no setting or part '${name}'`);
      const own = (at: object) => Object.fromEntries(Object.entries(patch as object).filter(([key]) => key in at));
      return method(id, {
        in: base,
        settings: { ...settings, ...own(settings) },
        parts: { ...parts, ...own(parts) },
      }) as never;
    },
  };
}

/** A method as canonical data: what its YAML form and its key are made of. */
export interface MethodJson {
  readonly method: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, { readonly use: string; readonly with: object }>>;
}
export const methodJson = (m: AnyMethod): MethodJson => ({
  method: m.id,
  settings: m.settings as Readonly<Record<string, unknown>>,
  parts: Object.fromEntries(Object.entries(m.parts).map(([slot, part]) => [slot, { use: part.id, with: part.config }])),
});

/** A node that carries a method and can be remade with another one. */
export interface MethodNode<M extends AnyMethod> {
  readonly method: M;
  readonly remake: (method: AnyMethod) => AnyMethodNode;
}
export type AnyMethodNode = AnyNode & MethodNode<AnyMethod>;
/** The same node under another method: other inputs, everything else as it was. */
export type Remade<D extends AnyNode, M extends AnyMethod> = Node<M['in'], D['out'], ConfigOf<D>, D['use']> &
  MethodNode<M>;

export const carriesMethod = (node: AnyNode): node is AnyMethodNode => 'method' in node && 'remake' in node;
