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
  expect([...new Set(known)].sort()).toEqual([...new Set(read)].sort());
});

test('files lie below the data folder, and archives at addresses of the web', () => {
  for (const { files, archive, page, byHand } of datasets) {
    for (const { path, content } of files) {
      expect(path).toMatch(/^[a-z0-9-]+\/[\w./-]+$/);
      expect(path).not.toContain('..');
      if (content === null) continue;
      expect(content.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(content.bytes).toBeGreaterThan(0);
    }
    for (const url of [archive?.url, page]) if (url) expect(new URL(url).protocol).toBe('https:');
    const size = files.reduce((sum, { content }) => sum + (content?.bytes ?? 0), 0);
    expect(archive?.mostBytes ?? Number.POSITIVE_INFINITY).toBeGreaterThan(size);
    // what is read comes from somewhere: by a download, or by hand
    expect(files.length > 0).toBe(archive !== null || byHand !== undefined);
  }
});

test('a file without a digest cannot be part of a download, but may be got by hand', () => {
  const careless = node('test/careless', {
    doc: 'reads a file of unknown content',
    in: {},
    out: { shape: Shape },
    reads: () => [{ name: 'a', path: 'a/b' }],
    run: () => ({ shape: { users: 0, items: 0 } }),
  });
  const about = { name: 'a', title: '', source: '', licence: '', page: null, counts: {}, nodes: [careless] };
  const archive = { url: 'https://data.invalid/a.zip', mostBytes: 1 };
  expect(() => datasetEntry({ ...about, archive, bytes: { 'a/b': 1 } })).toThrow("'a/b' has no digest");
  expect(datasetEntry({ ...about, archive: null }).files).toEqual([{ path: 'a/b', content: null }]);
});

const folder = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
describe.each(datasets.filter(({ archive }) => archive !== null))('$name', ({ name, files }) => {
  const absent = files.some(({ path }) => !existsSync(resolve(folder, path)));
  if (absent)
    console.warn(`${name} is not in the data folder (COUNTERPOISE_DATA): its sizes and digests are not tested`);
  test.skipIf(absent)('has files of the sizes and digests that the catalogue gives', () => {
    for (const { path, content } of files) {
      const found = readFileSync(resolve(folder, path));
      expect(found.byteLength).toBe(content?.bytes);
      expect(createHash('sha256').update(found).digest('hex')).toBe(content?.sha256);
    }
  });
});
