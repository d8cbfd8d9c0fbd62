/** Files for numpy and safetensors, read back by them where they are installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { exportVectors, vectorFormatOfPath } from '../../storage/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-vectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const items = { shape: [2, 3], data: Float32Array.of(1, 2.5, -3, 0, 1e-30, Number.NaN) };
const bundle = { head: {}, tensors: { items, users: { shape: [1, 3], data: Float32Array.of(7, 8, 9) } } };
const ids = { user_ids: undefined, item_ids: ['ä', 'film 2 \u{1f3ac}'] };
const written = async (name: string) =>
  (await exportVectors(bundle, ids, join(folder, name), vectorFormatOfPath(name)!)).path;

test('the ending says which format', () => {
  expect(vectorFormatOfPath('a/v.NPZ')).toBe('npz');
  expect(vectorFormatOfPath('v.safetensors')).toBe('safetensors');
  expect(vectorFormatOfPath('v.npy')).toBeUndefined();
});

test('an .npz is a zip of arrays whose header fills a multiple of 64 bytes; equal vectors give equal bytes', async () => {
  const bytes = readFileSync(await written('a.npz'));
  const files = unzipSync(new Uint8Array(bytes));
  expect(Object.keys(files).sort()).toEqual(['item_ids.npy', 'items.npy', 'users.npy']);
  const file = files['items.npy'] as Uint8Array;
  const length = (file[8] as number) + 256 * (file[9] as number);
  expect((10 + length) % 64).toBe(0);
  const header = Buffer.from(file.subarray(10, 10 + length)).toString('latin1');
  expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
  expect(header.endsWith('\n')).toBe(true);
  expect(new Float32Array(file.slice(10 + length).buffer)).toEqual(items.data);
  expect(readFileSync(await written('b.npz'))).toEqual(bytes);
});

test('a .safetensors file starts with the length of a JSON header that says where each tensor lies', async () => {
  const file = readFileSync(await written('v.safetensors'));
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__: metadata, ...tensors } = JSON.parse(file.toString('utf8', 8, 8 + length));
  expect((8 + length) % 8).toBe(0);
  expect(JSON.parse(metadata.item_ids)).toEqual(ids.item_ids);
  expect(tensors.items).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
  expect(tensors.users.data_offsets).toEqual([24, 36]);
  expect(new Float32Array(new Uint8Array(file.subarray(8 + length, 8 + length + 24)).buffer)).toEqual(items.data);
});

test('a folder that is not there is refused, and nothing is left beside the file', async () => {
  await expect(exportVectors(bundle, ids, join(folder, 'no', 'v.npz'), 'npz')).rejects.toThrow(
    'the folder for the vectors',
  );
  await written('last.npz');
  expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([]);
});

/** The Python that has the module, or undefined. */
function pythonWith(module: string): string | undefined {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', `import ${module}`]).status === 0) return python;
  console.warn(`${python} has no ${module}: what it reads is not tested`);
  return undefined;
}
const answerOf = (python: string, code: string, file: string) => {
  const { stdout, stderr, status } = spawnSync(python, ['-c', code, file], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
};
const shown =
  'str(t["items"].dtype), list(t["items"].shape), [str(x) for x in t["items"].ravel()], t["users"].tolist()';
const values = ['1.0', '2.5', '-3.0', '0.0', '1e-30', 'nan'];

describe('read by Python', () => {
  const [numpy, safetensors] = [pythonWith('numpy'), pythonWith('safetensors.numpy')];
  test.skipIf(numpy === undefined)('numpy.load gives the arrays and the ids (skipped without numpy)', async () => {
    const code = `import sys, json, numpy as np; t = np.load(sys.argv[1]); print(json.dumps([${shown}, t["item_ids"].tolist()]))`;
    expect(answerOf(numpy!, code, await written('n.npz'))).toEqual([
      'float32',
      [2, 3],
      values,
      [[7, 8, 9]],
      ids.item_ids,
    ]);
  });
  test.skipIf(safetensors === undefined)('safetensors gives the tensors (skipped without safetensors)', async () => {
    const code = `import sys, json; from safetensors.numpy import load_file; t = load_file(sys.argv[1]); print(json.dumps([${shown}]))`;
    expect(answerOf(safetensors!, code, await written('s.safetensors'))).toEqual([
      'float32',
      [2, 3],
      values,
      [[7, 8, 9]],
    ]);
  });
});
