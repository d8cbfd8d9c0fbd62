/** The value of an output while a run holds it, and its way into the store and back. */
import { Problem } from '../errors.ts';
import { canonicalJson } from '../numeric/canonical-json.ts';
import type { Frame } from '../numeric/frame.ts';
import { columnHashes, jsonHash, tensorsHash } from '../numeric/hash.ts';
import type { TensorBundle } from '../ports/ports.ts';
import type { Artifact, ObjectStore } from '../store.ts';

export type Value =
  | { readonly port: 'table'; readonly frame: Frame }
  | { readonly port: 'json'; readonly json: unknown }
  | { readonly port: 'tensors'; readonly bundle: TensorBundle<unknown> };

/** Hashes, encodes and publishes a value. */
export async function publish(value: Value, objects: ObjectStore): Promise<Artifact> {
  switch (value.port) {
    case 'table': {
      const { encodeFrame } = await import('../codec/arrow.ts');
      const written = await objects.write(encodeFrame(value.frame));
      return {
        object: written.id,
        bytes: written.bytes,
        format: 'arrow',
        port: 'table',
        rows: value.frame.rows,
        hashes: columnHashes(value.frame),
      };
    }
    case 'json': {
      const written = await objects.write([new TextEncoder().encode(canonicalJson(value.json))]);
      return {
        object: written.id,
        bytes: written.bytes,
        format: 'json',
        port: 'json',
        hashes: { '*': jsonHash(value.json) },
      };
    }
    case 'tensors': {
      const { encodeTensors } = await import('../codec/arrow.ts');
      const written = await objects.write(encodeTensors(value.bundle));
      return {
        object: written.id,
        bytes: written.bytes,
        format: 'arrow',
        port: 'tensors',
        hashes: { '*': tensorsHash(value.bundle) },
      };
    }
  }
}

export type Fetched =
  | { readonly outcome: 'found'; readonly value: Value }
  | { readonly outcome: 'absent' | 'corrupt'; readonly reason: string };

/** Reads a stored value; an object that is absent, truncated or corrupt is an outcome, not an error. */
export async function fetch(artifact: Artifact, objects: ObjectStore): Promise<Fetched> {
  const read = await objects.read(artifact.object);
  if (read.outcome === 'absent') return { outcome: 'absent', reason: 'the object is gone' };
  if (read.outcome === 'corrupt') return { outcome: 'corrupt', reason: read.reason };
  return { outcome: 'found', value: await decode(artifact, read.bytes) };
}

export async function decode(artifact: Pick<Artifact, 'port' | 'object'>, bytes: Uint8Array): Promise<Value> {
  try {
    switch (artifact.port) {
      case 'json':
        return { port: 'json', json: JSON.parse(new TextDecoder().decode(bytes)) };
      case 'table':
        return { port: 'table', frame: (await import('../codec/arrow.ts')).decodeFrame(bytes) };
      case 'tensors':
        return { port: 'tensors', bundle: (await import('../codec/arrow.ts')).decodeTensors(bytes) };
    }
  } catch (cause) {
    throw new Problem('store-corrupt', 'a stored object cannot be decoded', { where: artifact.object, cause });
  }
}
