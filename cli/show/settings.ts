/** What a node, method or part can be set to, read from its schema. */
import { jsonSchemaOf } from '../../core/pipeline/settings-text.ts';
import type { Schema } from '../../core/ports/ports.ts';
import { plainTable } from '../tables.ts';

export interface Setting {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly doc: string | null;
}
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

export function settingsOf(schema: Schema): readonly Setting[] {
  const made = jsonSchemaOf(schema) as JsonSchema;
  const required = new Set(made.required ?? []);
  return Object.entries(made.properties ?? {}).map(([key, of]) => ({
    key,
    type: typeText(of),
    required: required.has(key),
    ...('default' in of && { default: of.default }),
    doc: of.description ?? null,
  }));
}

/** `number > 0 and <= 1`, `'mean' | 'none'`, `list of integer`. */
export function typeText(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum)
    return schema.enum.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return either.map(typeText).join(' | ');
  if (schema.type === 'array') return `list of ${schema.items ? typeText(schema.items) : 'anything'}`;
  const bounds = [
    bound('>', schema.exclusiveMinimum),
    bound('>=', schema.minimum),
    bound('<', schema.exclusiveMaximum),
    bound('<=', schema.maximum),
  ].filter((text) => text !== undefined);
  const type = Array.isArray(schema.type)
    ? schema.type.join(' | ')
    : ((schema.type as string | undefined) ?? 'anything');
  return bounds.length === 0 ? type : `${type} ${bounds.join(' and ')}`;
}

/** Whole numbers are bounded by what a double holds; that is no news. */
const bound = (sign: string, value: number | undefined) =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : `${sign} ${value}`;

export const settingsText = (settings: readonly Setting[], width?: number): string =>
  settings.length === 0
    ? 'no settings'
    : plainTable(
        ['setting', 'type', 'default', 'what it is'],
        settings.map((s) => [
          s.key,
          s.type,
          s.required ? 'required' : s.default === undefined ? 'unset' : JSON.stringify(s.default),
          s.doc ?? '',
        ]),
        { align: ['left', 'left', 'left', 'left'], ...(width !== undefined && { width }) },
      );
