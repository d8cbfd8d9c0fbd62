/** The contract of `--json`, command by command: one document of the published form, the same exit code as without it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { documents } from '../../cli/json-schema/documents.ts';
import { exitCodes } from '../../core/errors.ts';
import { answer, complaints, counterpoise, tiny, tinyModel, tinyPropensity } from './face.ts';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'counterpoise-json-'));
const store = ['--store', join(folder, 'store')];
const ips = ['ips', ...tiny, ...tinyModel, ...tinyPropensity, ...store];
const asked = new Set<string>();

/** The document of a command that also runs without --json, with the same exit code and without a document. */
async function both(name: string, ...words: readonly string[]) {
  asked.add(name);
  const given = [...name.split(' '), ...words];
  const plain = await counterpoise(...given);
  const said = await answer(...given);
  expect(said.code, `exit code of ${given.join(' ')}: ${said.err}`).toBe(plain.code);
  expect(plain.out.startsWith('{"command"')).toBe(false);
  expect(said.document.command).toBe(name);
  expect(said.document.ok).toBe(said.code === 0);
  return said;
}

beforeAll(async () => {
  process.chdir(folder);
  const first = await answer('run', ...ips, '--seed', '1');
  expect(first.code, first.err).toBe(0);
}, 120_000);
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

describe('what was run', () => {
  test('run gives steps and tidy metrics, floors among them', async () => {
    const { document, err } = await both('run', ...ips, '--seed', '1');
    expect(document.steps.every((row: { status: string }) => row.status === 'cached')).toBe(true);
    const pipelines = new Set(document.metrics.map((row: { pipeline: string }) => row.pipeline));
    expect(pipelines).toEqual(
      new Set(['ips', 'floor-random', 'floor-popularity', 'floor-item-mean', 'floor-item-user-mean']),
    );
    const auc = document.metrics.find((row: { pipeline: string; metric: string }) => row.metric === 'auc');
    expect(auc).toMatchObject({
      pipeline: 'ips',
      dataset: 'simulated',
      protocol: 'simulation',
      seed: 1,
      k: null,
      definition: 'dt-icde24',
      value: expect.any(Number),
    });
    const floor = document.metrics.find((row: { pipeline: string }) => row.pipeline === 'floor-random');
    expect(floor.seed, 'a floor follows no seed').toBeNull();
    expect(err).toContain('done in');
  });

  test('a metric that is not defined is null and says why', async () => {
    const { document } = await answer('run', ...ips, '--seed', '1');
    const nulls = document.metrics.filter((row: { value: number | null }) => row.value === null);
    for (const row of nulls) expect(row.reason).toMatch(/\w/);
    const numbers = document.metrics.filter((row: { value: number | null }) => row.value !== null);
    expect(numbers.length).toBeGreaterThan(0);
    for (const row of numbers) expect(row).not.toHaveProperty('reason');
  });

  test('compare adds a summary with differences to the first pipeline', async () => {
    const { document } = await both('compare', 'mf', ...ips, '--seeds', '1..2', '--no-floors');
    const row = document.summary.find((r: { pipeline: string; metric: string }) => r.pipeline === 'ips');
    expect(row).toMatchObject({ n: 2, failed: 0, delta: expect.any(Number) });
  });

  test('study takes a file', async () => {
    const file = join(folder, 'small-study.yaml');
    writeFileSync(
      file,
      'study: small\nmethods: [mf]\non: simulation\nseeds: [1]\ngrid:\n  model:\n    epochs: [1, 2]\n',
    );
    const { document } = await both('study', file, ...tiny, ...store, '--no-floors');
    expect([...new Set(document.steps.map((r: { pipeline: string }) => r.pipeline))]).toEqual([
      'mf[model.epochs=1]',
      'mf[model.epochs=2]',
    ]);
  });

  test('reproduce gives tables cell by cell, and the pages that it wrote', async () => {
    const words = ['dt', '--table', 'IV', '--method', 'mf', '--data', join(folder, 'nothing'), ...store];
    const { document, code } = await both('reproduce', ...words);
    expect(code).toBe(exitCodes['missing-data']);
    expect(document.items[0]).toMatchObject({ kind: 'table', name: 'IV' });
    expect(document.files).toContain(join(folder, 'reproductions', 'dt', 'table-IV.html'));
  });

  test('recommend gives rows, or the file they went to', async () => {
    const words = [...ips, '--seed', '1', '--top', '3'];
    const { document } = await both('recommend', ...words, '--users', '0,1');
    expect(document).toMatchObject({ pipeline: 'ips', seed: 1, users: 2, top: 3, file: null });
    expect(document.recommendations).toHaveLength(6);
    const written = await answer('recommend', ...words, '--out', 'top.csv');
    expect(written.document.file).toBe(join(folder, 'top.csv'));
    expect(written.document).not.toHaveProperty('recommendations');
  });

  test('a failed step fails the command, and the document still lists the steps', async () => {
    const { document, code } = await both('run', ...ips, '--set', 'data.raw.perUser=31');
    expect(code).toBe(exitCodes['bad-config']);
    expect(document.error).toMatchObject({ code: 'bad-config', message: expect.stringContaining('perUser 31') });
    const statuses = new Set(document.steps.map((row: { status: string }) => row.status));
    expect(statuses).toContain('failed');
    expect(statuses).toContain('skipped');
  });
});

describe('before a run', () => {
  test('plan says what is cached, and what would run and why', async () => {
    const { document } = await both('plan', ...ips, '--seed', '1', '--set', 'weights.clip=0.1');
    expect(document.counts.stale).toBe(1);
    expect(document.steps.find((row: { status: string }) => row.status === 'stale')).toMatchObject({
      step: 'weights',
      reason: 'changed: config.clip',
    });
  });

  test('plan --write names the file, and step computes from it', async () => {
    const { document } = await both('plan', ...ips, '--seed', '3', '--write', 'plan.json');
    expect(document.plan).toBe('plan.json');
    const step = await both('step', 'plan.json', 'data.raw', '--jobs', '0', ...store);
    expect(step.document.steps).toHaveLength(1);
    expect(Object.keys(step.document.outputs)).toContain('log');
  });

  test('explain lists the fields that differ', async () => {
    const words = [
      'ips',
      'weights',
      ...ips.slice(1).filter((w, at, all) => w !== '--jobs' && all[at - 1] !== '--jobs'),
    ];
    const { document } = await both('explain', ...words, '--seed', '1', '--set', 'weights.clip=0.2');
    expect(document.differences).toEqual([{ field: 'config.clip', before: 0.05, now: 0.2, meaning: "setting 'clip'" }]);
  });

  test('graph gives Mermaid text', async () => {
    expect((await both('graph', 'dr')).document.mermaid).toMatch(/^flowchart TD/);
  });

  test.each([[], ['nodes'], ['pipelines'], ['protocols'], ['studies'], ['methods'], ['parts'], ['presets']])(
    'list %s',
    async (...what) => {
      const { document } = await both('list', ...what);
      expect(document.what).toBe(what[0] ?? null);
      if (what[0] !== 'studies') expect(document.entries.length).toBeGreaterThan(0);
    },
  );

  test('list runs', async () => {
    expect((await both('list', 'runs', ...store)).document.entries.length).toBeGreaterThan(0);
  });

  test.each([
    'weights/inverse-propensity',
    'learning/learner',
    'ips',
    'coat-dt',
    'estimators/cross-entropy',
    'dt-icde24',
  ])('show %s', async (name) => {
    expect((await both('show', name)).document.name).toBe(name);
  });

  test('show --expand gives the full form', async () => {
    expect((await both('show', 'ips', '--expand')).document.yaml).toContain('clip: 0.05');
  });

  test.each(['pipeline', 'study', 'data', 'config', 'output'])('schema %s is a JSON Schema', async (what) => {
    const { document } = await both('schema', what);
    expect(new Ajv2020({ strict: false }).validateSchema(document.schema)).toBe(true);
  });

  test('validate accepts a good file and lists every problem of a bad one', async () => {
    writeFileSync('good.yaml', 'pipeline: my-good\nextends: ips\nsteps:\n  weights:\n    with: { clip: 0.2 }\n');
    writeFileSync('bad.yaml', 'pipeline: my-bad\nextends: ips\nsteps:\n  weights:\n    with: { clipp: 0.2 }\n');
    expect((await both('validate', 'good.yaml')).document.files[0]).toMatchObject({ kind: 'pipeline', problems: [] });
    const { document, code } = await both('validate', 'good.yaml', 'bad.yaml');
    expect(code).toBe(2);
    expect(document.files[1].problems[0]).toMatchObject({ line: 5, message: expect.stringContaining('clipp') });
  });
});

describe('what runs left', () => {
  test('show gives the record of a run', async () => {
    expect((await both('show', 'latest', ...store)).document.record.pipelines.length).toBeGreaterThan(0);
  });

  test('diff gives settings and metrics that differ', async () => {
    const before = (await answer('run', ...ips, '--seed', '1')).document.run;
    const now = (await answer('run', ...ips, '--seed', '1', '--set', 'weights.clip=0.3')).document.run;
    const { document } = await both('diff', before, now, ...store);
    expect(document.pipelines.find((row: { pipeline: string }) => row.pipeline === 'ips').first).toBe('weights');
    expect(document.metrics.length).toBeGreaterThan(0);
  });

  test('export gives the file that it wrote', async () => {
    const run = (await answer('run', ...ips, '--seed', '1')).document.run;
    const { document } = await both('export', run, 'metrics.metrics', '--to', 'jsonl', ...store);
    expect(readFileSync(document.file, 'utf8').trimEnd().split('\n')).toHaveLength(document.rows);
  });

  test('cache pin, verify, gc and unpin', async () => {
    await both('cache pin', 'kept', 'latest', ...store);
    expect((await both('cache verify', ...store)).document.findings).toEqual([]);
    expect((await both('cache gc', '--dry-run', ...store)).document).toMatchObject({ dryRun: true, beyondCap: 0 });
    asked.add('cache unpin');
    const { document } = await answer('cache', 'unpin', 'kept', ...store);
    expect(document.name).toBe('kept');
  });

  test('doctor checks the installation', async () => {
    expect((await both('doctor', ...store)).document.checks.length).toBeGreaterThan(3);
  });

  test('doctor fails with what is broken', async () => {
    const { document, code } = await both('doctor', '--store', folder);
    expect(code).toBe(exitCodes['bad-installation']);
    expect(document.error).toMatchObject({ code: 'bad-installation', where: 'store' });
    expect(document.checks).toContainEqual(expect.objectContaining({ check: 'store', status: 'failed' }));
  });

  test('new node and new pipeline say what to do next', async () => {
    asked.add('new node').add('new pipeline');
    expect((await answer('new', 'node', 'my-weights')).document.next.length).toBeGreaterThan(0);
    expect((await answer('new', 'pipeline', 'my-variant', '--extends', 'ips')).document.name).toBe('my-variant');
    expect((await both('new node', 'my-weights')).code, 'it is there already').not.toBe(0);
  });
});

describe('a failure', () => {
  test.each([
    ['an unknown pipeline', ['run', 'ipss'], 'unknown-name', "did you mean 'ips'"],
    ['an unknown option', ['run', 'ips', '--sed', '1'], 'usage', '--seed'],
    ['an unknown command', ['rum', 'ips'], 'usage', 'run'],
    ['a command that is missing', [], 'usage', '--help'],
    ['half a command', ['cache'], 'usage', '--help'],
    ['a missing argument', ['explain', 'ips'], 'usage', '--help'],
    ['an argument too many', ['doctor', 'now'], 'usage', '--help'],
    ['a setting that is none', ['run', 'ips', '--set', 'weights.clipp=1', ...store], 'bad-config', 'clip'],
    ['a file that is not there', ['run', 'none.yaml'], 'missing-data', ''],
    ['data that are not there', ['run', 'mf', '--on', 'coat', '--data', '/nowhere', ...store], 'missing-data', ''],
    ['a floor that cannot recommend', ['recommend', 'floor-popularity', ...store], 'usage', 'scoring/score'],
    ['an unknown run', ['show', '2020-01-01T00-00-00-000-0000', ...store], 'unknown-name', ''],
    ['a store that is none', ['run', 'mf', '--store', '/dev/null'], 'store-unusable', ''],
    ['an unknown schema', ['schema', 'outptu'], 'unknown-name', 'output'],
    ['a backend that is none', ['run', 'mf', '--backend', 'cuda', ...store], 'usage', ''],
    ['a backend that cannot be installed', ['backend', 'install', 'wasm'], 'unknown-name', 'tensorflow'],
    ['a backend that cannot be removed', ['backend', 'remove', 'wasm'], 'unknown-name', 'tensorflow'],
    ['a seed that is none', ['run', 'mf', '--seed', 'x', ...store], 'usage', ''],
  ] as const)('%s: code, message and hint, the exit code as without --json', async (_, words, code, hint) => {
    const plain = await counterpoise(...words);
    const said = await answer(...words);
    expect(said.document).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(/\w/) } });
    expect(said.document.error.hint ?? '').toContain(hint);
    expect(said.code).toBe(exitCodes[code]);
    expect(plain.code).toBe(said.code);
    expect(plain.out).not.toContain('"command"');
    expect(plain.err).toMatch(/\w/);
  });
});

test.each([['--help'], ['--version'], ['run', '--help'], ['cache', 'gc', '--help']])(
  '%s %s %s is a document, too',
  async (...words) => {
    const { document, code } = await answer(...words.filter((word) => word !== undefined));
    expect(code).toBe(0);
    expect(document.text).toMatch(/\w/);
  },
);

test('the strict form of the schema refuses what does not belong', () => {
  expect(complaints({ command: 'graph', ok: true, pipeline: 'dr', mermaid: 'x' })).toEqual([]);
  expect(complaints({ command: 'graph', ok: true, pipeline: 'dr', mermaid: 'x', more: 1 })).not.toEqual([]);
  expect(complaints({ command: 'graph', ok: true, pipeline: 'dr' })).not.toEqual([]);
});

test('every command has a form in the schema, and was asked for its document here', () => {
  const names = commands.map(({ name }) => name);
  expect(Object.keys(documents).sort()).toEqual([...names].sort());
  // those that download
  const elsewhere = names.filter((name) => name.startsWith('data ') || name.startsWith('backend '));
  expect(names.filter((name) => !asked.has(name))).toEqual(elsewhere);
});
