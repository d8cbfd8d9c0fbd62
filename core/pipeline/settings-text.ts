/** What a node or a method takes, in words: for errors about its settings. */
import { z } from 'zod';
import type { Schema } from '../ports/ports.ts';

interface Described {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Described[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
}

/** JSON Schema of what a caller may write. What JSON Schema cannot say is left open. */
export const jsonSchemaOf = (schema: Schema): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input', unrepresentable: 'any' });

export const settingNames = (schema: Schema): readonly string[] =>
  Object.keys((schema as { shape?: object }).shape ?? (jsonSchemaOf(schema) as Described).properties ?? {});

/** `it takes clip (number), norm ('batch' or 'none')`, at most ten of them. */
export function takes(schema: Schema): string {
  const settings = Object.entries((jsonSchemaOf(schema) as Described).properties ?? {});
  if (settings.length === 0) return 'it takes no settings';
  const told = settings.slice(0, 10).map(([name, of]) => `${name} (${kind(of)})`);
  const more = settings.length > told.length ? ` and ${settings.length - told.length} more` : '';
  return `it takes ${told.join(', ')}${more}`;
}

function kind(of: Described): string {
  if (of.enum) return bounded(of.enum.map(quoted));
  if (of.const !== undefined) return quoted(of.const);
  if (of.anyOf) return bounded([...new Set(of.anyOf.map(kind))]);
  if (Array.isArray(of.type)) return bounded(of.type);
  return typeof of.type === 'string' ? of.type : 'any value';
}
const quoted = (value: unknown) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));
const bounded = (of: readonly string[]) =>
  of.length <= 6 ? of.join(' or ') : `${of.slice(0, 5).join(', ')} or one of ${of.length - 5} more`;
