/** What a node sees of its inputs, and what is demanded of what it returns. */
import { Problem } from '../errors.ts';
import type { AnyNode } from '../node.ts';
import { type Column, type ColumnValues, type Frame, frameOf, textValues } from '../numeric/frame.ts';
import type { Port, Table, Tensor, TensorBundle } from '../ports/ports.ts';
import { didYouMean } from '../registry.ts';
import type { Value } from './values.ts';

type ColumnKinds = Readonly<Record<string, string>>;
const columnsOf = (port: Table<unknown>) => port.columns as ColumnKinds;

/**
 * The view of a value on a port: declared columns only, and of those only what the wire's source declared.
 * @throws Problem bad-wiring when a column has another type on the wire than on the port
 */
export function viewOf(where: string, port: Port, source: Port, value: Value): unknown {
  if (port.port === 'json' && value.port === 'json') return port.parse(value.json);
  if (port.port === 'tensors' && value.port === 'tensors')
    return { head: port.parse(value.bundle.head), tensors: value.bundle.tensors };
  if (port.port !== 'table' || value.port !== 'table' || source.port !== 'table')
    throw new Problem('bad-wiring', `'${where}' expects a ${port.port} and the wire carries a ${value.port}`, {
      where,
    });
  const offered = columnsOf(source);
  const wanted = columnsOf(port);
  const seen: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(wanted)) {
    if (!(name in offered)) continue;
    const column = value.frame.columns[name];
    if (column === undefined) {
      if (port.mayLack.includes(name)) continue;
      throw new Problem('bad-wiring', `'${where}' needs column '${name}', and the table has none`, { where });
    }
    if (column.kind !== kind)
      throw new Problem('bad-wiring', `'${where}' wants column '${name}' as ${kind}, the wire carries ${column.kind}`, {
        where,
      });
    define(seen, name, column);
  }
  return guarded(seen, where, Object.keys(wanted));
}

/** Text is decoded when it is first read. */
function define(view: Record<string, unknown>, name: string, column: Column): void {
  if (column.kind !== 'utf8') {
    view[name] = column.values;
    return;
  }
  let decoded: readonly string[] | undefined;
  Object.defineProperty(view, name, { enumerable: true, get: () => (decoded ??= textValues(column)) });
}

/** Reading a column that the port does not declare throws, so that a key can never forget an input. */
const guarded = (seen: Record<string, unknown>, where: string, declared: readonly string[]) =>
  new Proxy(seen, {
    get: (columns, name) => {
      if (typeof name === 'string' && !declared.includes(name) && name !== 'then' && name !== 'toJSON')
        throw new Problem('bad-wiring', `'${where}' does not declare column '${name}'`, {
          where,
          hint: `${didYouMean(name, declared)}it declares ${declared.join(', ')}`,
        });
      return columns[name as string];
    },
  });

/**
 * Checks what a node returned against its ports.
 * @throws Problem bad-output with the port, the column and both types
 */
export function checkOutputs(node: AnyNode, where: string, returned: unknown): Readonly<Record<string, Value>> {
  const ports = node.out as Readonly<Record<string, Port>>;
  const given = returned as Readonly<Record<string, unknown>> | undefined;
  const bad = (message: string, hint?: string) =>
    new Problem('bad-output', `${node.id} ${message}`, { where, ...(hint && { hint }) });
  if (typeof given !== 'object' || given === null) throw bad('returned no outputs');
  const extra = Object.keys(given).find((name) => !(name in ports));
  if (extra !== undefined)
    throw bad(`returned an output '${extra}' that it does not declare`, didYouMean(extra, Object.keys(ports)));
  const values: Record<string, Value> = {};
  for (const [name, port] of Object.entries(ports)) {
    const output = given[name];
    if (output === undefined) {
      if (node.mayOmit.includes(name)) continue;
      throw bad(`did not return its output '${name}'`);
    }
    values[name] = checked(port, output, name, bad);
  }
  return values;
}

function checked(port: Port, output: unknown, name: string, bad: (message: string, hint?: string) => Problem): Value {
  if (port.port === 'json') {
    try {
      return { port: 'json', json: port.parse(output) };
    } catch (error) {
      throw bad(`returned a value on '${name}' that does not fit its schema: ${(error as Error).message}`);
    }
  }
  if (port.port === 'tensors') {
    const { head, tensors } = output as TensorBundle<unknown>;
    for (const [tensor, { shape, data }] of Object.entries(tensors as Readonly<Record<string, Tensor>>))
      if (shape.reduce((a, b) => a * b, 1) !== data.length)
        throw bad(`returned tensor '${name}.${tensor}' of shape ${shape.join(' x ')} with ${data.length} values`);
    return { port: 'tensors', bundle: { head: port.parse(head), tensors } };
  }
  const declared = columnsOf(port);
  let frame: Frame;
  try {
    frame = frameOf(output as ColumnValues);
  } catch (error) {
    throw bad(`returned on '${name}': ${(error as Error).message}`);
  }
  for (const [column, { kind }] of Object.entries(frame.columns)) {
    const wanted = declared[column];
    if (wanted === undefined)
      throw bad(
        `returned a column '${name}.${column}' that it does not declare`,
        didYouMean(column, Object.keys(declared)),
      );
    if (wanted !== kind) throw bad(`returned column '${name}.${column}' as ${kind}, and declares ${wanted}`);
  }
  for (const column of Object.keys(declared))
    if (!(column in frame.columns) && !port.mayLack.includes(column))
      throw bad(`did not return column '${name}.${column}'`);
  return { port: 'table', frame };
}
