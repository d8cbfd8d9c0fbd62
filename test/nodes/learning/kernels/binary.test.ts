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
  'kernels.wasm': 'db005cce0ad78858492e2a4ee7a27830334f53ac36e9a5b28ae53acb85c7d0a3',
  'kernels.relaxed.wasm': 'bfffbd2e2a2d0b36c155ceab6403012a94c525aba68441c89f4eb84514672fa3',
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
