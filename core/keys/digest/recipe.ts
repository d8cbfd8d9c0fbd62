/**
 * How the code of a definition is digested. Everything in this folder that can change the digest of unchanged code is
 * covered by `recipe`: raise it with such a change, and every memo made under the old recipe is simply not found.
 */
import { createHash } from 'node:crypto';

export const recipe = 1;

/** The code of a definition: the digest of its closure, and the versions of the packages that the closure calls. */
export interface CodeDigest {
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly code: string;
  readonly packages: Readonly<Record<string, string>>;
}

/** One export of one module, the unit that is digested; `*` stands for the whole module. */
export interface ExportOf {
  /** Absolute path of the TypeScript or JavaScript source. */
  readonly file: string;
  readonly name: string;
}
export const nameOf = ({ file, name }: ExportOf) => `${file}#${name}`;

export const sha256 = (...texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex');
};
