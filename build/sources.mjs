/** Which sources a `dist` was built from, so that one that is up to date is not built again. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['build', 'cli', 'core', 'nodes', 'pipelines', 'storage'];
const alone = /\.ts$|^tsconfig.*\.json$|^package(-lock)?\.json$/;
const note = 'sources.sha256';

/**
 * @param {string} root the checkout
 * @returns {string} SHA-256 over names and contents of everything that a build reads
 */
export function sourcesDigest(root) {
  const hash = createHash('sha256').update(process.versions.node);
  const files = [
    ...readdirSync(root).filter((name) => alone.test(name)),
    ...folders
      .filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name))),
  ];
  for (const name of files.sort()) {
    const path = join(root, name);
    if (statSync(path).isFile()) hash.update(`\0${name}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** @param {string} dist @param {string} digest */
export function isBuiltFrom(dist, digest) {
  try {
    return readFileSync(join(dist, note), 'utf8') === digest;
  } catch {
    return false;
  }
}

/** @param {string} dist @param {string} digest */
export const markBuiltFrom = (dist, digest) => writeFileSync(join(dist, note), digest);
