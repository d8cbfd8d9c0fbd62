/**
 * A method is a value: an id, plain settings and parts, each part a registry id plus config. Its ports are the sum of what
 * it and its parts read, its canonical JSON is what a key and a YAML file hold. Core does not know what a method means: it
 * carries `build`, and the learner that reads it does.
 */

import { Problem } from './errors.ts';
import type { AnyNode, ConfigOf, Node } from './node.ts';
import type { Schema } from './ports/ports.ts';

/** A part of a method: it fills the slot `Slot` and reads the ports `In`. */
export interface Part<Slot extends string, In> {
  readonly slot: Slot;
  /** `folder/file` of the module that defines it; the digest of that module enters the learner's key. */
  readonly id: string;
  readonly in: In;
  /** After defaults. */
  readonly config: object;
  /** What the part contributes, for the learner that reads it. */
  readonly build: unknown;
}
export type AnyPart = Part<string, object>;
export type Parts = Record<string, AnyPart>;

interface ObjectSchema extends Schema {
  readonly _zod: { readonly input: object; readonly output: object };
}
type PartConfig<C extends ObjectSchema> = {} extends C['_zod']['input']
  ? [config?: C['_zod']['input']]
  : [config: C['_zod']['input']];
/** A reusable kind of part: call it with a config to get one. */
export interface PartDefinition<Slot extends string, In extends object, C extends ObjectSchema> {
  (...config: PartConfig<C>): Part<Slot, In>;
  readonly kind: 'part';
  readonly id: string;
  readonly slot: Slot;
  readonly doc: string;
  readonly source: string | undefined;
  readonly in: In;
  readonly schema: C;
}
export interface AnyPartDefinition {
  readonly kind: 'part';
  readonly id: string;
  readonly slot: string;
  readonly doc: string;
  readonly source: string | undefined;
  readonly in: object;
  readonly schema: Schema;
}

/**
 * Defines a kind of part.
 * @param id `folder/file` of the module
 * @param spec.build what the learner reads; opaque to core
 */
export function part<const Slot extends string, C extends ObjectSchema, In extends object = {}>(
  id: string,
  spec: {
    slot: Slot;
    doc: string;
    source?: string;
    in?: In;
    config: C;
    build: (config: C['_zod']['output']) => unknown;
  },
): PartDefinition<Slot, In, C> {
  const reads = spec.in ?? ({} as In);
  const make = (...given: PartConfig<C>): Part<Slot, In> => {
    const config = spec.config.parse(given[0] ?? {}) as object;
    return { slot: spec.slot, id, in: reads, config, build: spec.build(config) };
  };
  return Object.assign(make, {
    kind: 'part' as const,
    id,
    slot: spec.slot,
    doc: spec.doc,
    source: spec.source,
    in: reads,
    schema: spec.config,
  });
}

export interface AnyMethod {
  readonly kind: 'method';
  readonly id: string;
  readonly doc: string;
  readonly source: string | undefined;
  /** The ports that the method reads whatever its parts are. */
  readonly base: object;
  readonly in: object;
  /** After defaults. */
  readonly settings: object;
  readonly parts: Parts;
  readonly schema: Schema;
  readonly build: unknown;
}

type Both<U> = (U extends unknown ? (u: U) => void : never) extends (u: infer I) => void
  ? { [K in keyof I]: I[K] }
  : never;
export type MethodIn<Base, P extends Parts> = Both<Base | P[keyof P]['in']>;
type Held<P extends Parts, Q> = {
  [K in keyof P]: K extends keyof Q ? (Q[K] extends AnyPart ? Q[K] : P[K]) : P[K];
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
 * Defines a method with its defaults; `.with` makes variants of it.
 * @param id `folder/file` of the module
 * @param spec.settings a strict schema in which every key has a default
 * @param spec.build turns settings and parts into what is trained; opaque to core
 */
export function method<S extends ObjectSchema, P extends Parts, Base extends object = {}>(
  id: string,
  spec: {
    doc: string;
    source?: string;
    in?: Base;
    settings: S;
    parts: P;
    build: (settings: S['_zod']['output'], parts: P) => unknown;
  },
): Method<S['_zod']['output'], P, Base> {
  const base = spec.in ?? ({} as Base);
  const of = (settings: object, parts: Parts): AnyMethod & { with: (patch: object) => unknown } => ({
    kind: 'method',
    id,
    doc: spec.doc,
    source: spec.source,
    base,
    in: Object.assign({}, base, ...Object.values(parts).map((p) => p.in)) as object,
    settings,
    parts,
    schema: spec.settings,
    build: spec.build,
    with: (patch) => {
      const change = patch as Readonly<Record<string, unknown>>;
      const known = new Set([...Object.keys(settings), ...Object.keys(parts)]);
      const stranger = Object.keys(change).find((name) => !known.has(name));
      if (stranger !== undefined)
        throw new Problem('bad-config', `method '${id}' has no setting or part '${stranger}'`, {
          hint: `it has ${[...known].join(', ')}`,
        });
      const nextParts = { ...parts };
      for (const slot of Object.keys(parts))
        if (change[slot] !== undefined) {
          const next = change[slot] as AnyPart;
          const wanted = (parts[slot] as AnyPart).slot;
          if (next.slot !== wanted)
            throw new Problem('bad-config', `'${next.id}' is a ${next.slot} and cannot be the ${slot} of '${id}'`);
          nextParts[slot] = next;
        }
      const own = Object.fromEntries(Object.entries(change).filter(([name]) => !(name in parts)));
      return of(spec.settings.parse({ ...settings, ...own }) as object, nextParts);
    },
  });
  return of(spec.settings.parse({}) as object, spec.parts) as unknown as Method<S['_zod']['output'], P, Base>;
}

/** A method as canonical data: what its YAML form and its key are made of. */
export interface MethodJson {
  readonly use: string;
  readonly with: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, PartJson>>;
}
export interface PartJson {
  readonly use: string;
  readonly with: Readonly<Record<string, unknown>>;
}
export const methodJson = (m: AnyMethod): MethodJson => ({
  use: m.id,
  with: m.settings as Readonly<Record<string, unknown>>,
  parts: Object.fromEntries(
    Object.entries(m.parts).map(([slot, p]) => [
      slot,
      { use: p.id, with: p.config as Readonly<Record<string, unknown>> },
    ]),
  ),
});

/** Where methods and parts are looked up by id; `at` throws for an unknown one. */
export interface MethodLookup {
  method(id: string): AnyMethod;
  part(id: string): AnyPartDefinition;
}
/** Reads a method back from its JSON; settings and parts that the JSON leaves out keep their defaults. */
export function methodFrom(given: { use: string; with?: object; parts?: object }, lookup: MethodLookup): AnyMethod {
  const base = lookup.method(given.use) as AnyMethod & { with: (patch: object) => AnyMethod };
  const parts = Object.entries((given.parts ?? {}) as Record<string, PartJson>).map(([slot, { use, with: config }]) => [
    slot,
    (lookup.part(use) as unknown as (config: object) => AnyPart)(config ?? {}),
  ]);
  return base.with({ ...given.with, ...Object.fromEntries(parts) });
}

/** The registry ids of every module that decides what the method does. */
export const modulesOf = (m: AnyMethod): readonly string[] =>
  [...new Set([m.id, ...Object.values(m.parts).map((p) => p.id)])].sort();

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
