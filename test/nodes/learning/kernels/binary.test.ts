import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../..');

/**
 * `npm run versions` runs this on every Node that is supported. After a change of the kernels that is meant, write the new
 * digests here: `sha256sum $(node build/kernels.mjs)*.wasm`.
 */
const digests = {
  'kernels.wasm': '3811d1fe63cf25d0a053c60cdaa042d69e5566fe3f9cc3b833cc7aa527c5cd00',
  'kernels.relaxed.wasm': '6ea3cb291341817b00c501d24f1f1f22ea5dd47bc9c003ff7aab0d47c83f680b',
};

test('every supported Node builds the same kernels, byte by byte', { timeout: 240_000 }, () => {
  const out = mkdtempSync(join(tmpdir(), 'counterpoise-kernels-'));
  try {
    const build = `import { buildKernels } from ${JSON.stringify(join(root, 'build/kernels.mjs'))};
      console.log(JSON.stringify(await buildKernels(...process.argv.slice(1))));`;
    const names = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', build, join(root, 'nodes/learning/assembly'), out],
      { encoding: 'utf8' },
    );
    const digestOf = (name: string) =>
      createHash('sha256')
        .update(readFileSync(join(out, name)))
        .digest('hex');
    expect(Object.fromEntries(JSON.parse(names).map((name: string) => [name, digestOf(name)]))).toEqual(digests);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
