/** How values travel between threads: numbers on shared memory (no copy once they are there), the rest by structured clone. */
import type { Column, Frame, NumericArray } from '../numeric/frame.ts';
import type { Tensor } from '../ports/ports.ts';
import type { Value } from './values.ts';

const isShared = (array: ArrayBufferView): boolean => array.buffer instanceof SharedArrayBuffer;

function shareArray<A extends NumericArray>(array: A): A {
  if (isShared(array)) return array;
  const onShared = new SharedArrayBuffer(array.byteLength);
  new Uint8Array(onShared).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return new (array.constructor as new (buffer: SharedArrayBuffer) => A)(onShared);
}

const shareColumn = (column: Column): Column =>
  column.kind === 'utf8'
    ? { kind: 'utf8', offsets: shareArray(column.offsets), bytes: shareArray(column.bytes) }
    : { kind: column.kind, values: shareArray(column.values) };

const sharedForms = new WeakMap<Value, Value>();

/** The same value with its arrays on shared memory: one copy at most, however many steps read it. */
export function share(value: Value): Value {
  const held = sharedForms.get(value);
  if (held) return held;
  const shared = onSharedMemory(value);
  sharedForms.set(value, shared);
  sharedForms.set(shared, shared);
  return shared;
}

function onSharedMemory(value: Value): Value {
  if (value.port === 'json') return value;
  if (value.port === 'tensors') {
    const tensors: Record<string, Tensor> = {};
    for (const [name, { shape, data }] of Object.entries(value.bundle.tensors))
      tensors[name] = { shape, data: shareArray(data) };
    return { port: 'tensors', bundle: { head: value.bundle.head, tensors } };
  }
  const columns: Record<string, Column> = {};
  for (const [name, column] of Object.entries(value.frame.columns)) columns[name] = shareColumn(column);
  return { port: 'table', frame: { rows: value.frame.rows, columns } satisfies Frame };
}
