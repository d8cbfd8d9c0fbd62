import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { coatEntry } from '../../../nodes/datasets/catalogue/coat.ts';
import { answer as checkedAnswer, counterpoise } from '../face.ts';
import { type Loopback, sends, serve } from './server.ts';

let folder: string;
let server: Loopback | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-data-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const command = (words: readonly string[]) => counterpoise(...words);
/** The document of a command that works; its form is held against the published schema. */
async function answer(name: string, ...words: readonly string[]) {
  const { code, document, err } = await checkedAnswer(...name.split(' '), ...words);
  expect([code, document.command, document.ok], err).toEqual([0, name, true]);
  return document as never;
}
const describing = (...words: readonly string[]) => [...words, '--store', join(folder, 'store'), '--jobs', '0'];
const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

const real = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const noCoat = coatEntry.files.some(({ path }) => !existsSync(join(real, path)));
const noMovies = !existsSync(join(real, 'ml-100k/u.data'));
if (noCoat || noMovies)
  console.warn('a data set is not in the data folder (COUNTERPOISE_DATA): its card is not tested');

describe('data describe', () => {
  test('prints the card of the embedded simulation on 100 columns, and computes nothing the second time', async () => {
    const words = describing('data', 'describe', 'simulated');
    const first = await command(words);
    expect(first.code, first.err).toBe(0);
    expect(first.out).toContain('simulated: 400 users, 200 items, 80,000 pairs');
    expect(first.out).toContain('ratings are missing not at random');
    expect(first.out).toMatch(/█/);
    expect(longest(first.out)).toBeLessThanOrEqual(100);
    const again = await command(words);
    expect(again.out).toBe(first.out);
    expect(again.err).toContain(': 0 steps computed');
  });

  test('takes settings, the seed of the data, and the name of a protocol', async () => {
    const small = ['--set', 'data.raw.users=30', '--set', 'data.raw.items=40'];
    const one = await answer('data describe', ...describing('simulation', ...small));
    const other = await answer('data describe', ...describing('simulation', ...small, '--data-seed', '1'));
    expect(one).toMatchObject({ dataset: 'simulated', protocol: 'simulation', card: { users: 30, items: 40 } });
    expect((other as { card: unknown }).card).not.toEqual((one as { card: unknown }).card);
  });

  test("describes a file of one's own as it was read, and its split", async () => {
    const file = join(folder, 'mine.csv');
    const rows = Array.from({ length: 40 }, (_, n) => `u${n % 4},i${n >> 2},${(n % 5) + 1}`);
    writeFileSync(file, `user,item,rating\n${rows.join('\n')}\n`);
    const { card } = (await answer('data describe', ...describing(file))) as {
      card: { contrast: null; roles: { role: string; rows: number; ratings: { count: number }[] }[] };
    };
    expect(card.contrast).toBeNull();
    expect(card.roles.map(({ role, rows }) => [role, rows])).toEqual([
      ['log', 40],
      ['train', 32],
      ['test', 8],
    ]);
    expect(card.roles[0]?.ratings.map(({ count }) => count)).toEqual([8, 8, 8, 8, 8]);
  });

  test('says what is missing when the data set is not there', async () => {
    const { code, err } = await command(describing('data', 'describe', 'coat', '--data', folder));
    expect(code).toBe(3);
    expect(err).toContain("'coat/train.ascii' is not there");
    expect(err).toContain('data fetch');
  });

  test('guesses what an unknown name was meant to be', async () => {
    const { code, err } = await command(describing('data', 'describe', 'coatt', '--data', folder));
    expect(code).toBe(2);
    expect(err).toContain("Did you mean 'coat'?");
  });

  test.skipIf(noCoat)('shows Coat by role, with its published counts', async () => {
    const { card } = (await answer('data describe', ...describing('coat', '--data', real))) as {
      card: { roles: { role: string; ratings: { count: number }[] }[] };
    };
    const counts = Object.fromEntries(card.roles.map(({ role, ratings }) => [role, ratings.map(({ count }) => count)]));
    expect(counts).toEqual({
      log: [1901, 1437, 1717, 1275, 630],
      randomised: [1879, 899, 1002, 641, 219],
      train: [3338, 3622],
      test: [2778, 1862],
    });
    const { out } = await command(describing('data', 'describe', 'coat', '--data', real));
    expect(longest(out)).toBeLessThanOrEqual(100);
  });

  test.skipIf(noCoat)('shows the slices of another protocol of the same data set', async () => {
    const words = describing('coat', '--protocol', 'coat-5-5-90', '--data', real);
    const { card } = (await answer('data describe', ...words)) as { card: { roles: { role: string; rows: number }[] } };
    expect(card.roles.map(({ role, rows }) => [role, rows])).toEqual([
      ['log', 6960],
      ['randomised', 4640],
      ['train', 6960],
      ['validation', 232],
      ['uniform', 232],
      ['test', 4176],
    ]);
  });

  test.skipIf(noMovies)('says of MovieLens that its selection cannot be known', async () => {
    const { out } = await command(describing('data', 'describe', 'ml-100k', '--data', real));
    expect(out).toMatch(/cannot\s+be\s+known/);
    expect(out).not.toContain('P(observed');
    expect(longest(out)).toBeLessThanOrEqual(100);
  });
});

describe('data list', () => {
  test('needs no data folder, and names the licence and the official page of every data set', async () => {
    const found = (await answer('data list')) as { datasets: { name: string; protocols: string[] }[] };
    expect(found.datasets.map(({ name }) => name)).toEqual([
      'simulated',
      'confounded',
      'coat',
      'ml-100k',
      'ml-100k-semi',
      'yahoo',
      'yahoo-surveyed',
      'kuairec',
      'kuairand',
      'adressa',
      'globo',
      'gowalla',
      'yelp2018',
      'ml-10m-clicks',
    ]);
    expect(found.datasets[2]?.protocols[0]).toBe('coat-dt');
    const { out } = await command(['data', 'list']);
    expect(out).toContain('https://www.cs.cornell.edu/~schnabts/mnar/');
    expect(out).toContain('no redistribution');
    expect(longest(out)).toBeLessThanOrEqual(100);
  });

  test('tells files that are absent, that differ and that are right apart', async () => {
    mkdirSync(join(folder, 'coat'));
    writeFileSync(join(folder, 'coat/train.ascii'), '1 2 3\n');
    const words = ['data', 'list', '--data', folder];
    const { datasets } = (await answer('data list', '--data', folder)) as {
      datasets: { name: string; here: boolean; files: { file: string; status: string }[] }[];
    };
    const coat = datasets.find(({ name }) => name === 'coat');
    expect(coat?.here).toBe(false);
    expect(coat?.files.slice(0, 2).map(({ status }) => status)).toEqual(['differs', 'absent']);
    const { out } = await command(words);
    expect(out).toMatch(/other content than the\s+catalogue knows:\s+coat.train.ascii/);
    expect(out).toContain('data fetch coat');
  });

  test('says how to get what no program may download, and finds it by name alone', async () => {
    const before = await command(['data', 'list', '--data', folder]);
    expect(before.out).toContain('ask for R3 at the page');
    mkdirSync(join(folder, 'yahoo'));
    for (const part of ['train', 'test'])
      writeFileSync(join(folder, `yahoo/ydata-ymusic-rating-study-v1_0-${part}.txt`), '1\t1\t5\n');
    const { datasets } = (await answer('data list', '--data', folder)) as {
      datasets: { name: string; here: boolean; files: { status: string; sha256: null }[] }[];
    };
    const yahoo = datasets.find(({ name }) => name === 'yahoo');
    expect(yahoo).toMatchObject({
      here: true,
      files: [{ status: 'unchecked', sha256: null }, { status: 'unchecked' }],
    });
  });

  test.skipIf(noMovies)('says that a data set is here and that its digest is right', async () => {
    mkdirSync(join(folder, 'ml-100k'));
    copyFileSync(join(real, 'ml-100k/u.data'), join(folder, 'ml-100k/u.data'));
    const { out } = await command(['data', 'list', '--data', folder]);
    expect(out).toContain('yes, and its digest is right');
  });
});

describe('data fetch', () => {
  test('needs a folder to fetch into, a known name, and one archive for one data set', async () => {
    const held = process.env.COUNTERPOISE_DATA;
    delete process.env.COUNTERPOISE_DATA;
    try {
      expect((await command(['data', 'fetch', 'coat'])).err).toContain('--data DIR');
    } finally {
      if (held !== undefined) process.env.COUNTERPOISE_DATA = held;
    }
    expect((await command(['data', 'fetch', 'caot', '--data', folder])).err).toContain("Did you mean 'coat'?");
    const all = await command(['data', 'fetch', '--data', folder, '--from', 'http://127.0.0.1:9/one.zip']);
    expect([all.code, all.err]).toEqual([2, expect.stringContaining('several data sets are asked for')]);
  });

  test('fails with one document under --json, and with the exit code of its problem', async () => {
    server = await serve((_, response) => response.writeHead(404).end());
    const words = ['data', 'fetch', 'coat', '--data', folder, '--from', server.address, '--json'];
    const { code, out } = await command(words);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      command: 'data fetch',
      ok: false,
      error: { code: 'missing-data', where: `${server.address}coat.zip` },
    });
  });

  test.skipIf(noCoat)('brings Coat from a mirror, whole and right, and says so line by line in a pipe', async () => {
    const members = coatEntry.files.map(({ path }) => [path, readFileSync(join(real, path))]);
    server = await serve(sends(zipSync(Object.fromEntries(members), { level: 1 })));
    const words = ['data', 'fetch', 'coat', '--data', folder, '--from', server.address];
    const { code, out, err } = await command(words);
    expect(code, err).toBe(0);
    expect(out).toContain('7 fetched, every digest checked');
    expect(err).toMatch(/fetch\.coat computed in/);
    for (const { path } of coatEntry.files)
      expect(readFileSync(join(folder, path)).equals(readFileSync(join(real, path)))).toBe(true);
    const { files } = (await answer('data fetch', ...words.slice(2))) as { files: { status: string }[] };
    expect(new Set(files.map(({ status }) => status))).toEqual(new Set(['there']));
  });

  test('ends by Ctrl-C with 130 and an untouched folder', async () => {
    let begun = () => {};
    const asked = new Promise<void>((done) => {
      begun = done;
    });
    server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(new Uint8Array(1000), () => setTimeout(begun, 100));
    });
    const main = resolve('cli/main.ts');
    const words = ['--import', 'tsx', main, 'data', 'fetch', 'coat', '--data', folder, '--from', server.address];
    const child = spawn(process.execPath, words, { cwd: dirname(dirname(main)), stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    const ended = new Promise<number | null>((done) => child.on('exit', done));
    await asked;
    child.kill('SIGINT');
    expect(await ended, err).toBe(130);
    expect(err).toContain('the download was stopped');
    expect(readdirSync(folder)).toEqual([]);
  });
});
