import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { node } from '../../../core/index.ts';
import { Registry } from '../../../core/registry.ts';
import { datasets } from '../../../nodes/datasets/catalogue/datasets.ts';
import { datasetEntry } from '../../../nodes/datasets/catalogue/entry.ts';
import { catalogue as nodes } from '../../../nodes/index.ts';
import { Shape } from '../../../nodes/ports.ts';
import { catalogue as pipelines } from '../../../pipelines/index.ts';

const registry = new Registry([
  { from: 'nodes', modules: nodes },
  { from: 'pipelines', modules: pipelines },
]);

test('every data set of a shipped protocol is in the catalogue, and every entry has a protocol', () => {
  const used = new Set([...registry.protocols.values()].map(({ value }) => value.evaluation.dataset));
  expect(datasets.map(({ name }) => name).sort()).toEqual([...used].sort());
});

test('every file that a shipped dataset node reads can be fetched', () => {
  const read = [...registry.nodes.values()].flatMap(({ value }) => {
    if (!value.id.startsWith('datasets/') || value.reads === undefined) return [];
    try {
      return value.reads(value.configure({}) as never).map(({ path }) => path);
    } catch {
      return []; // reads files of the user's choice
    }
  });
  const known = datasets.flatMap(({ files }) => files.map(({ path }) => path));
  expect(known.sort()).toEqual([...new Set(read)].sort());
});

test('files lie below the data folder in the folder of their data set, and archives at addresses of the web', () => {
  for (const { name, files, archive, page } of datasets) {
    for (const { path, sha256, bytes, member } of files) {
      expect(path).toMatch(new RegExp(`^${name}/[\\w./-]+$`));
      expect(path).not.toContain('..');
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(0);
      expect(member).toBe(path);
    }
    expect(archive === null).toBe(files.length === 0);
    for (const url of [archive?.url, page]) if (url) expect(new URL(url).protocol).toBe('https:');
    expect(archive?.mostBytes ?? Number.POSITIVE_INFINITY).toBeGreaterThan(files.reduce((sum, f) => sum + f.bytes, 0));
  }
});

test('a node that reads a file without a digest cannot be part of an entry', () => {
  const careless = node('test/careless', {
    doc: 'reads a file of unknown content',
    in: {},
    out: { shape: Shape },
    reads: () => [{ name: 'a', path: 'a/b' }],
    run: () => ({ shape: { users: 0, items: 0 } }),
  });
  const about = { name: 'a', title: '', source: '', licence: '', page: null, archive: null, counts: {} };
  expect(() => datasetEntry({ ...about, nodes: [careless], bytes: { 'a/b': 1 } })).toThrow("'a/b' has no digest");
});

const folder = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
describe.each(datasets.filter(({ files }) => files.length > 0))('$name', ({ name, files }) => {
  const absent = files.some(({ path }) => !existsSync(resolve(folder, path)));
  if (absent)
    console.warn(`${name} is not in the data folder (COUNTERPOISE_DATA): its sizes and digests are not tested`);
  test.skipIf(absent)('has files of the sizes and digests that the catalogue gives', () => {
    for (const { path, bytes, sha256 } of files) {
      const content = readFileSync(resolve(folder, path));
      expect(content.byteLength).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });
});
