import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { protocolOnFile } from '../../cli/own-data.ts';
import { protocolFor } from '../../cli/targets.ts';
import type { Problem } from '../../core/errors.ts';
import type { Registry } from '../../core/registry.ts';
import { loadRegistry } from '../../definitions.ts';
import { ips } from '../../pipelines/dt/ips.ts';

let registry: Registry;
beforeAll(async () => {
  ({ registry } = await loadRegistry([], tmpdir()));
});
const folder = mkdtempSync(join(tmpdir(), 'counterpoise-cards-'));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const on = (text: string) => protocolOnFile(write('card.yaml', text), registry);
const problemOf = (work: () => unknown): Problem => {
  try {
    work();
  } catch (error) {
    return error as Problem;
  }
  throw new Error('nothing was thrown');
};
const configOf = (text: string, step: string) => on(text).graph.steps[step]?.config as Record<string, unknown>;

describe('a data card', () => {
  const card = `data: my-shop
license: ours
positive: 4
range: [1, 5]
badRows: drop
duplicates: first
roles:
  train: { file: log.csv, delimiter: ';', columns: { user: customer, item: 2, rating: stars, time: false } }
  test: { file: sub/asked.txt, format: tsv, header: false }
`;
  test('names the data set, and finds its files from its own folder', () => {
    const protocol = on(card);
    expect(protocol.name).toBe('my-shop');
    expect(protocol.evaluation.dataset).toBe('my-shop');
    expect(configOf(card, 'raw').places).toEqual({
      train: join(folder, 'log.csv'),
      test: join(folder, 'sub/asked.txt'),
    });
  });
  test('says how files are written and what becomes of their rows', () => {
    expect(configOf(card, 'raw')).toMatchObject({
      sources: {
        train: { format: 'csv', delimiter: ';', columns: { user: 'customer', item: 2, rating: 'stars', time: false } },
        test: { format: 'tsv', header: false },
      },
      range: [1, 5],
      badRows: 'drop',
      duplicates: 'first',
    });
    expect(configOf(card, 'labels')).toEqual({ threshold: 4 });
    expect(on(card).graph.steps.split?.node.id).toBe('splits/given');
  });
  test('may choose another split for its only file', () => {
    const text = 'data: a\nroles: { train: { file: a.csv } }\nsplit: { use: splits/temporal, with: { test: 0.1 } }\n';
    expect(on(text).graph.steps.split?.node.id).toBe('splits/temporal');
    expect(configOf(text, 'split')).toEqual({ test: 0.1 });
  });
  test.each([
    [
      'data: a\nroles: { train: { file: a.csv }, tset: { file: b.csv } }',
      "'roles' has no key 'tset'",
      "Did you mean 'test'?",
    ],
    ['data: a\nroles: { test: { file: a.csv } }', "the file has no 'roles.train'", ''],
    ['data: a\nroles: { train: { file: a.csv, columns: { usr: b } } }', "has no key 'usr'", "Did you mean 'user'?"],
    ['data: a\nroles: { train: { file: a.csv, delimiter: ";;" } }', 'a delimiter is one character', ''],
    [
      'data: a\nroles: { train: { file: a.csv } }\nsplit: { use: splits/temporel }',
      "there is no node 'splits/temporel'",
      "Did you mean 'splits/temporal'?",
    ],
    [
      'data: a\nroles: { train: { file: a.csv }, test: { file: b.csv } }\nsplit: { use: splits/random }',
      'the card has a file for the test, so there is nothing to split',
      '',
    ],
    [
      'data: a\nroles: { train: { file: a.csv } }\nsplit: { use: splits/random, with: { tset: 0.1 } }',
      "splits/random has no setting 'tset'",
      "Did you mean 'test'?",
    ],
    [
      'data: a\nroles: { train: { file: a.csv } }\nsplit: { use: labels/binarise, with: { threshold: 1 } }',
      "'labels/binarise' does not divide ratings",
      'splits/per-user',
    ],
    ['data: a\nroles: { train: { file: a.bin } }', "the ending of 'a.bin' does not tell how the file is written", ''],
  ])('that is wrong says where and what was meant: %j', (text, message, hint) => {
    const problem = problemOf(() => on(`${text}\n`));
    expect(problem.message).toContain(message);
    expect(problem.hint ?? '').toMatch(new RegExp(hint.replace(/[?']/g, '.'), 'i'));
  });
  test('is not a pipeline', () => {
    expect(problemOf(() => on('pipeline: mine\nextends: ips\n')).message).toContain(
      'is a pipeline, and --on takes data',
    );
  });
});

describe('--on', () => {
  const shop = () => ({ registry });
  test('takes a file by its ending, and says when it is not there', () => {
    const file = write('ratings.csv', 'user,item,rating\na,b,1\n');
    expect(protocolFor([], { on: file }, shop()).name).toBe('file-ratings');
    expect(problemOf(() => protocolFor([], { on: join(folder, 'rating.csv') }, shop()))).toMatchObject({
      code: 'missing-data',
      where: join(folder, 'rating.csv'),
    });
  });
  test('means the data set where a folder is called like one', () => {
    const here = process.cwd();
    mkdirSync(join(folder, 'coat'));
    process.chdir(folder);
    try {
      expect(protocolFor([ips], { on: 'coat' }, shop()).name).toBe('coat-dt');
    } finally {
      process.chdir(here);
    }
  });
});
