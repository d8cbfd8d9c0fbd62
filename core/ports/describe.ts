/** Ports as plain data and as words. */
import { canonicalJson } from '../numeric/canonical-json.ts';
import type { Port, Table } from './ports.ts';

/** Column kinds by name, `?` behind what may be absent; or the kind of value. */
export type PortJson = { readonly table: Readonly<Record<string, string>> } | 'json' | 'tensors';

export const columnsOf = (port: Table<unknown>) => port.columns as Readonly<Record<string, string>>;

export const portJson = (port: Port): PortJson =>
  port.port === 'table'
    ? {
        table: Object.fromEntries(
          Object.entries(columnsOf(port)).map(([name, kind]) => [
            name,
            port.mayLack.includes(name) ? `${kind}?` : kind,
          ]),
        ),
      }
    : port.port;

/** Tables are the same by their columns; values only when they are one and the same port, since a schema is code. */
export const samePort = (a: Port, b: Port): boolean =>
  a === b || (a.port === 'table' && b.port === 'table' && canonicalJson(portJson(a)) === canonicalJson(portJson(b)));

/** `user: u32, item: u32, time?: i64`. */
export function portText(port: Port): string {
  if (port.port === 'json') return 'a value';
  if (port.port === 'tensors') return 'tensors';
  return list(
    Object.entries(columnsOf(port)).map(([name, kind]) => `${name}${port.mayLack.includes(name) ? '?' : ''}: ${kind}`),
  );
}

/** A few names, then how many more. */
export const list = (names: readonly string[], most = 12) =>
  names.length === 0
    ? '(none)'
    : names.length <= most
      ? names.join(', ')
      : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
