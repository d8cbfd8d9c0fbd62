import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FetchOptions, fetchDataset } from '../../../cli/data/fetch.ts';
import type { DatasetEntry } from '../../../nodes/datasets/catalogue/entry.ts';
import { type Answer, type Loopback, sends, serve } from './server.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const contents = { 'toy/ratings.txt': bytesOf('1 2 3\n'.repeat(5000)), 'toy/deep/names.txt': bytesOf('a\nb\n') };
const archive = zipSync(contents);
const entry: DatasetEntry = {
  name: 'toy',
  title: 'a toy',
  source: 'this test',
  licence: 'none',
  page: null,
  archive: { url: 'https://data.invalid/sets/toy.zip', mostBytes: 100_000 },
  counts: {},
  files: Object.entries(contents).map(([path, content]) => ({
    path,
    content: { bytes: content.byteLength, sha256: createHash('sha256').update(content).digest('hex') },
  })),
};

let folder: string;
let server: Loopback | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-fetch-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});
/** Fetches from a server that answers so. */
async function fetchFrom(answer: Answer, options: FetchOptions = {}, of = entry) {
  server = await serve(answer);
  return fetchDataset(of, folder, { from: server.address, ...options });
}
const ratings = () => join(folder, 'toy/ratings.txt');
const nothingIsThere = () => expect(readdirSync(folder)).toEqual([]);

describe('a fetch that works', () => {
  test('puts every file in its place with its right content, and leaves nothing else', async () => {
    const files = await fetchFrom(sends(archive));
    expect(files.map(({ file, status }) => [file, status])).toEqual([
      ['toy/ratings.txt', 'fetched'],
      ['toy/deep/names.txt', 'fetched'],
    ]);
    for (const [path, content] of Object.entries(contents))
      expect(readFileSync(join(folder, path))).toEqual(Buffer.from(content));
    expect(readdirSync(folder)).toEqual(['toy']);
  });

  test('asks a mirror that is a folder for the archive by its official name', async () => {
    await fetchFrom(sends(archive));
    expect(server?.asked).toEqual(['/toy.zip']);
  });

  test('takes a mirror that names an archive as it is, and follows where it is sent', async () => {
    server = await serve((request, response) =>
      request.url === '/there'
        ? sends(archive)(request, response)
        : response.writeHead(302, { location: '/there' }).end(),
    );
    await fetchDataset(entry, folder, { from: `${server.address}here.zip` });
    expect(server.asked).toEqual(['/here.zip', '/there']);
    expect(existsSync(ratings())).toBe(true);
  });

  test('reports how much has come, of how much where the server says so', async () => {
    const seen: (readonly [number, number | undefined])[] = [];
    await fetchFrom(sends(archive), { progress: (done, total) => seen.push([done, total]) });
    expect(seen.at(-1)).toEqual([archive.byteLength, archive.byteLength]);
  });

  test('does without the length of the body', async () => {
    const totals: unknown[] = [];
    await fetchFrom(
      (_, response) => {
        response.write(archive.subarray(0, 100));
        response.end(archive.subarray(100));
      },
      { progress: (_, total) => totals.push(total) },
    );
    expect(new Set(totals)).toEqual(new Set([undefined]));
    expect(existsSync(ratings())).toBe(true);
  });

  test('asks nobody when every file is there and right', async () => {
    await fetchFrom(sends(archive));
    const files = await fetchDataset(entry, folder, { from: 'http://127.0.0.1:9/' });
    expect(files.map(({ status }) => status)).toEqual(['there', 'there']);
  });

  test('brings only what is absent and does not touch a file that is right', async () => {
    await fetchFrom(sends(archive));
    await server?.close();
    rmSync(join(folder, 'toy/deep/names.txt'));
    utimesSync(ratings(), 1, 1);
    const files = await fetchFrom(sends(archive));
    expect(files.map(({ status }) => status)).toEqual(['there', 'fetched']);
    expect(statSync(ratings()).mtimeMs).toBe(1000);
  });

  test('clears away what a process left that was killed long ago, and leaves the folder of a living one alone', async () => {
    for (const name of ['.fetch-dead', '.fetch-living']) mkdirSync(join(folder, name));
    utimesSync(join(folder, '.fetch-dead'), 1, 1);
    await fetchFrom(sends(archive));
    expect(readdirSync(folder).sort()).toEqual(['.fetch-living', 'toy']);
  });
});

describe('a file that is there and differs', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'toy'));
    writeFileSync(ratings(), 'my own');
  });

  test('is refused before anything is asked for, and stays as it is', async () => {
    await expect(fetchFrom(sends(archive))).rejects.toMatchObject({
      code: 'bad-data',
      where: ratings(),
      hint: expect.stringContaining('--force'),
    });
    expect(server?.asked).toEqual([]);
    expect(readFileSync(ratings(), 'utf8')).toBe('my own');
  });

  test('is replaced with --force', async () => {
    const files = await fetchFrom(sends(archive), { force: true });
    expect(files.map(({ status }) => status)).toEqual(['replaced', 'fetched']);
    expect(readFileSync(ratings())).toEqual(Buffer.from(contents['toy/ratings.txt']));
  });

  test('stays even with --force when the download is not the right one', async () => {
    const other = zipSync({ ...contents, 'toy/ratings.txt': bytesOf('3 2 1\n'.repeat(5000)) });
    await expect(fetchFrom(sends(other), { force: true })).rejects.toMatchObject({ code: 'bad-data' });
    expect(readFileSync(ratings(), 'utf8')).toBe('my own');
    expect(readdirSync(folder)).toEqual(['toy']);
  });

  test('is never replaced when it is a folder', async () => {
    rmSync(ratings());
    mkdirSync(ratings());
    await expect(fetchFrom(sends(archive), { force: true })).rejects.toMatchObject({
      message: expect.stringContaining('not a file'),
      where: ratings(),
    });
  });
});

describe('a download that fails leaves nothing and says why:', () => {
  test('no server', async () => {
    const free = await serve(sends(archive));
    await free.close();
    await expect(fetchDataset(entry, folder, { from: free.address })).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('--from'),
    });
    nothingIsThere();
  });

  test('a name that nobody knows', async () => {
    await expect(fetchDataset(entry, folder)).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringContaining('cannot be reached'),
      where: 'https://data.invalid/sets/toy.zip',
    });
    nothingIsThere();
  });

  test.each([
    [404, 'the file has moved'],
    [503, 'try again later'],
  ])('an answer of %d', async (status, hint) => {
    await expect(fetchFrom((_, response) => response.writeHead(status).end('sorry'))).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringContaining(String(status)),
      hint: expect.stringContaining(hint),
    });
    nothingIsThere();
  });

  test('a body that is shorter than announced', async () => {
    const half = (_: unknown, response: Parameters<Answer>[1]) => {
      response.writeHead(200, { 'content-length': archive.byteLength });
      response.write(archive.subarray(0, archive.byteLength >> 1), () => setTimeout(() => response.destroy(), 50));
    };
    await expect(fetchFrom(half)).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringMatching(/broke off after .* of /),
    });
    nothingIsThere();
  });

  test('a body without a length that ends too soon', async () => {
    const half: Answer = (_, response) => {
      response.write(archive.subarray(0, 50));
      response.end(archive.subarray(50, archive.byteLength >> 1));
    };
    await expect(fetchFrom(half)).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('cut off'),
    });
    nothingIsThere();
  });

  test('a server that falls silent', async () => {
    const silent: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': archive.byteLength });
      response.write(archive.subarray(0, 10));
    };
    await expect(fetchFrom(silent, { stallMs: 200 })).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringContaining('nothing came for 0.2 s'),
    });
    nothingIsThere();
  });

  test('a body that is longer than any archive of the data set, announced or not', async () => {
    const long = new Uint8Array(200_000);
    await expect(fetchFrom(sends(long))).rejects.toMatchObject({ code: 'bad-data' });
    await server?.close();
    const unannounced: Answer = (_, response) => {
      response.write(long);
      response.end();
    };
    await expect(fetchFrom(unannounced)).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('at most 100 kB'),
    });
    nothingIsThere();
  });

  test('an address that is not of the web, or leads away from it', async () => {
    for (const from of ['file:///etc/', 'ftp://example.invalid/a.zip', 'toy.zip'])
      await expect(fetchDataset(entry, folder, { from })).rejects.toMatchObject({ code: 'usage' });
    const away: Answer = (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    await expect(fetchFrom(away)).rejects.toMatchObject({ code: 'missing-data' });
    nothingIsThere();
  });

  test('a stop in the middle', async () => {
    const stop = new AbortController();
    const slow: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': archive.byteLength });
      response.write(archive.subarray(0, 10));
    };
    const fetching = fetchFrom(slow, { signal: stop.signal, progress: () => stop.abort() });
    await expect(fetching).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 });
    nothingIsThere();
  });

  test('a data set that is to be got by hand, with what to do', async () => {
    const byHand = { ...entry, archive: null, page: 'https://ask.invalid/', byHand: 'ask for it' };
    await expect(fetchDataset(byHand, folder)).rejects.toMatchObject({
      code: 'usage',
      where: 'https://ask.invalid/',
      hint: expect.stringContaining('ask for it'),
    });
  });

  test('a data set that is made here', async () => {
    await expect(fetchDataset({ ...entry, archive: null }, folder)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('nothing to fetch'),
    });
  });
});

describe('an archive', () => {
  const refused = async (members: Record<string, Uint8Array>, message: string) => {
    await expect(fetchFrom(sends(zipSync(members)))).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
    nothingIsThere();
  };

  test('may lie in a folder of another name, or in none, with leftovers of its maker', async () => {
    const moved = {
      'set-1.0/ratings.txt': contents['toy/ratings.txt'],
      'deep/names.txt': contents['toy/deep/names.txt'],
      '__MACOSX/set-1.0/ratings.txt': bytesOf('x'),
      'set-1.0/README': bytesOf('read me'),
    };
    const files = await fetchFrom(sends(zipSync(moved)));
    expect(files.map(({ status }) => status)).toEqual(['fetched', 'fetched']);
    expect(readdirSync(join(folder, 'toy')).sort()).toEqual(['deep', 'ratings.txt']);
  });

  test.each(['../evil.txt', '/etc/evil.txt', 'a/../../evil.txt', '..\\evil.txt', 'C:\\evil.txt'])(
    'with the path %s is refused as a whole',
    async (path) => {
      await refused({ ...contents, [path]: bytesOf('evil') }, 'leads out of its folder');
      expect(existsSync(join(folder, '../evil.txt'))).toBe(false);
    },
  );

  test('that lacks a file, or has several that may be it, is refused', async () => {
    await refused({ 'toy/deep/names.txt': contents['toy/deep/names.txt'] }, "has no 'toy/ratings.txt'");
    await server?.close();
    const twice = { 'a/ratings.txt': bytesOf('1'), 'b/ratings.txt': bytesOf('2') };
    await refused({ ...twice, 'toy/deep/names.txt': contents['toy/deep/names.txt'] }, 'several files');
  });

  test('whose file has another size is refused before it is unpacked: a bomb does not go off', async () => {
    await refused({ ...contents, 'toy/ratings.txt': new Uint8Array(5_000_000) }, 'has 5000000 bytes, and 30000 are');
  });

  test('whose file has the right size and another content is refused', async () => {
    await refused({ ...contents, 'toy/ratings.txt': bytesOf('3 2 1\n'.repeat(5000)) }, 'has SHA-256');
  });

  test('that is none is refused', async () => {
    await expect(fetchFrom(sends(bytesOf('<html>log in first</html>')))).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('not a zip archive'),
    });
    nothingIsThere();
  });
});

test('a full disk is named, and keeps nothing half-written', async (context) => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]).status !== 0)
    return context.skip('a small disk cannot be mounted here');
  try {
    server = await serve(sends(archive));
    await expect(fetchDataset(entry, disk, { from: server.address })).rejects.toMatchObject({
      code: 'store-full',
      message: 'the disk that holds the data folder is full',
      where: disk,
      hint: expect.stringContaining('--data DIR'),
    });
    expect(readdirSync(disk)).toEqual([]);
  } finally {
    spawnSync('umount', [disk]);
  }
});

test('a data folder that lies on a file is refused', async () => {
  writeFileSync(join(folder, 'file'), '');
  server = await serve(sends(archive));
  await expect(fetchDataset(entry, join(folder, 'file'), { from: server.address })).rejects.toMatchObject({
    code: 'bad-data',
    message: expect.stringContaining('a file lies where a folder belongs'),
  });
});
