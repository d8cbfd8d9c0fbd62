/**
 * The material of a key: everything that can change a step's outputs, and nothing else. It is stored beside the memo, so
 * that `explain` is a field-by-field comparison of two of these.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../numeric/canonical-json.ts';
import type { ContentHash } from '../numeric/hash.ts';
import type { Key } from '../store.ts';
import type { ServiceIdentity } from '../tokens.ts';

export interface KeyMaterial {
  /** Version of this recipe. */
  readonly recipe: 1;
  readonly node: string;
  /** Digest of the node's closure, of the TypeScript source. */
  readonly code: string;
  /** After defaults. */
  readonly config: unknown;
  /** A learner's method after defaults. */
  readonly method?: unknown;
  /** Digests of the modules that the method names, by registry id. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Logical hash of every declared input column; an optional column or port that is absent is null. */
  readonly inputs: Readonly<Record<string, Readonly<Record<string, ContentHash | null>> | null>>;
  /** SHA-256 of the files that a source node reads; null where an optional file is absent. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Services with an identity that the node uses. */
  readonly services?: Readonly<Record<string, ServiceIdentity>>;
  /** Only of a node that draws random numbers. */
  readonly seed?: string;
  /** Versions of the packages that the closure calls. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Major version of Node, whose Math functions may differ from another's in the last bit. */
  readonly runtime: string;
}

export const keyOf = (material: KeyMaterial): Key =>
  createHash('sha256').update(canonicalJson(material)).digest('hex') as Key;
