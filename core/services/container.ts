/**
 * The composition root. One flat inversify container a process and run, filled from an ordered list of modules, everything
 * bound before the first get (docs/adr/0007). `bind` and `Services` are the typed doors; nothing else imports inversify.
 */
import 'reflect-metadata';
import { Container, ContainerModule } from 'inversify';
import { Problem } from '../errors.ts';
import type { AnyNode } from '../node.ts';
import type { Source } from '../registry.ts';
import { type Binding, type ServiceIdentity, type Token, token } from '../tokens.ts';
import { type CoreService, coreServices } from './services.ts';

/** Sources of definitions: the shipped catalogues, then one a plugin. */
export const Definitions = token<Source>()('definitions');

/** What a module may do: bind a service, or add one more value to a collection. */
export interface Binder {
  bind(binding: Binding<string>): void;
  add<T>(to: Token<string, T>, value: T): void;
}
/** A named list of bindings; a plugin is one. Later modules override earlier ones. */
export interface ServiceModule {
  readonly name: string;
  readonly load: (binder: Binder) => void;
}
export const serviceModule = (name: string, load: (binder: Binder) => void): ServiceModule => ({ name, load });

export interface Services {
  /** @throws Problem missing-service */
  get<T>(token: Token<string, T>): T;
  /** Every value added under the token, in the order of the modules. */
  all<T>(token: Token<string, T>): readonly T[];
  has(token: Token<string, unknown>): boolean;
  identity(token: Token<string, unknown>): ServiceIdentity | undefined;
}

const manyOf = (of: Token<string, unknown>) => Symbol.for(`${String(of.key.description)}[]`);

/** Builds the container of a process or a run. */
export function compose(modules: readonly ServiceModule[]): Services {
  const single = new Map<symbol, Binding<string>>();
  const container = new Container({ defaultScope: 'Singleton' });
  for (const { load } of modules)
    container.load(
      new ContainerModule(({ bind }) =>
        load({
          bind: (binding) => single.set(binding.key, binding),
          add: (to, value) => bind(manyOf(to)).toConstantValue(value),
        }),
      ),
    );
  // an override replaces a binding instead of standing beside it, so single services are bound once all modules are read
  for (const [key, binding] of single) container.bind(key).toConstantValue(binding);
  const find = (of: Token<string, unknown>) =>
    container.isBound(of.key) ? container.get<Binding<string>>(of.key) : undefined;
  return {
    get: <T>(of: Token<string, T>): T => {
      const binding = find(of);
      if (!binding) throw missing([of.id]);
      return binding.value as T;
    },
    all: <T>(of: Token<string, T>) => (container.isBound(manyOf(of)) ? container.getAll<T>(manyOf(of)) : []),
    has: (of) => container.isBound(of.key),
    identity: (of) => find(of)?.identity,
  };
}

/**
 * Names every service that the nodes use and nobody bound, all at once.
 * @throws Problem missing-service
 */
export function checkServices(nodes: Iterable<AnyNode>, services: Services): void {
  const lacking = new Set<string>();
  for (const node of nodes)
    for (const wanted of Object.values(node.use as Readonly<Record<string, Token<string, unknown>>>))
      if (!coreServices.includes(wanted.id as CoreService) && !services.has(wanted)) lacking.add(wanted.id);
  if (lacking.size > 0) throw missing([...lacking]);
}

const missing = (ids: readonly string[]) =>
  new Problem(
    'missing-service',
    `${ids.length === 1 ? 'service' : 'services'} ${ids.map((id) => `'${id}'`).join(', ')} not bound`,
    {
      hint: 'bind it with `use: [bind(TOKEN, value)]` in run(), or in a plugin',
    },
  );
