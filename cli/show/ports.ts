/** Ports as text: columns with their kinds. */
import { type PortJson, portJson } from '../../core/ports/describe.ts';
import type { Port } from '../../core/ports/ports.ts';

export interface PortEntry {
  readonly port: PortJson;
  readonly optional: boolean;
  readonly reason?: string;
}
export const portEntries = (ports: object, optional: readonly string[]): Readonly<Record<string, PortEntry>> =>
  Object.fromEntries(
    Object.entries(ports as Readonly<Record<string, Port>>).map(([name, port]) => [
      name,
      { port: portJson(port), optional: optional.includes(name) },
    ]),
  );

/** `user u32, item u32, time? i64`, or `a JSON value`. */
export function portText(port: PortJson): string {
  if (port === 'json') return 'a value';
  if (port === 'tensors') return 'tensors';
  return Object.entries(port.table)
    .map(([column, kind]) => (kind.endsWith('?') ? `${column}? ${kind.slice(0, -1)}` : `${column} ${kind}`))
    .join(', ');
}

export const portLines = (title: string, ports: Readonly<Record<string, PortEntry>>): string => {
  const entries = Object.entries(ports);
  if (entries.length === 0) return `${title}: nothing`;
  const wide = Math.max(...entries.map(([name, { optional }]) => name.length + (optional ? 1 : 0)));
  return [
    `${title}:`,
    ...entries.map(
      ([name, { port, optional, reason }]) =>
        `  ${`${name}${optional ? '?' : ''}`.padEnd(wide)}  ${portText(port)}${reason === undefined ? '' : ` (${reason})`}`,
    ),
  ].join('\n');
};
