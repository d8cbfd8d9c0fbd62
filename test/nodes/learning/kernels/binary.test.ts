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
  'kernels.wasm': 'b00b8e36efb9cc55c0eb113c48762fb41a29f7b283d239d0cc355fb7c8cc46e1',
  'kernels.relaxed.wasm': '5b53c781e2921f568ee68666b3ce80db06adc06fdf74b21bfa7c2ecc5876e692',
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
