/** A service is asked for by token: a node's `use` and `bind` are the only typed doors to it. */
export interface Token<Id extends string, T> {
  readonly id: Id;
  readonly key: symbol;
  readonly type?: T;
}
export interface Binding<Id extends string> {
  readonly id: Id;
  readonly key: symbol;
  readonly value: unknown;
  readonly identity?: ServiceIdentity | undefined;
}
/**
 * What of a service can change a number, and so enters the key of every node that uses it: its name, the digest of the
 * module that implements it, the SHA-256 of its binary, its variant. Never a version that somebody has to remember to raise.
 */
export interface ServiceIdentity {
  readonly name: string;
  readonly module?: string;
  readonly binary?: string;
  readonly variant?: string;
}
export type Tokens = Record<string, Token<string, unknown>>;

export const token =
  <T>() =>
  <const Id extends string>(id: Id): Token<Id, T> => ({ id, key: Symbol.for(`counterpoise/${id}`) });

/** Binds a service. A service that can change a number states its identity; one that cannot (a log, a clock) has none. */
export const bind = <Id extends string, T>(
  to: Token<Id, T>,
  value: NoInfer<T>,
  identity?: ServiceIdentity,
): Binding<Id> => ({ id: to.id, key: to.key, value, ...(identity && { identity }) });

export type Services<U> = { readonly [K in keyof U]: U[K] extends Token<string, infer T> ? T : never };
