/** The step seam: another engine runs a pipeline step by step, each in a process of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../core/errors.ts';
import type { WrittenPlan } from '../../core/plan/written.ts';
import { type Built, builtTool } from './built.ts';
import { complaints, tiny } from './face.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-step-'));
const planFile = join(folder, 'plan.json');
const stepped = ['--store', join(folder, 'stepped')];
const quiet = ['--store', join(folder, 'quiet')];
const mf = ['mf', ...tiny, '--set', 'model.epochs=2', '--seed', '5', '--no-floors'];
let tool: Built;
let written: WrittenPlan;

interface Row {
  readonly step: string;
  readonly status: string;
  readonly key: string;
}
async function call(...words: readonly string[]) {
  const { code, out, err } = await tool.start([...words, '--json'], { cwd: folder }).ended;
  expect(out, err).toMatch(/^\{[^\n]*\}\n$/);
  const document = JSON.parse(out);
  expect(complaints(document)).toEqual([]);
  return { code, document, err };
}
const step = (name: string, plan = planFile, store = stepped) => call('step', plan, name, ...store, '--jobs', '0');

/** What an engine does that knows the wires of a plan and nothing else: two steps at a time, each as soon as its inputs are there. */
async function drive(run: (name: string) => Promise<void>): Promise<readonly string[]> {
  const steps = written.trials[0]?.pipeline.steps as Record<string, { in: Record<string, string> }>;
  const reads = (name: string) =>
    Object.values(steps[name]?.in ?? {}).map((from) => from.slice(0, from.lastIndexOf('.')));
  const [begun, done] = [new Set<string>(), new Set<string>()];
  const order: string[] = [];
  const hand = async () => {
    while (begun.size < Object.keys(steps).length) {
      const next = Object.keys(steps).find((name) => !begun.has(name) && reads(name).every((up) => done.has(up)));
      if (next === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      begun.add(next);
      await run(next);
      done.add(next);
      order.push(next);
    }
  };
  await Promise.all([hand(), hand()]);
  return order;
}

beforeAll(async () => {
  tool = await builtTool();
  const { code } = await call('plan', ...mf, ...stepped, '--write', planFile);
  expect(code).toBe(0);
  written = JSON.parse(readFileSync(planFile, 'utf8'));
}, 120_000);
afterAll(() => {
  tool?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('a written plan holds no key of a step: each derives its own', () => {
  expect(JSON.stringify(written.trials)).not.toMatch(/"key"/);
  expect(written.trials).toHaveLength(1);
});

test('a step whose upstream is missing says which step to run first, with a code of its own', async () => {
  const { code, document } = await step('model');
  expect(code).toBe(exitCodes['upstream-missing']);
  expect(code).toBe(7);
  expect(document.error).toMatchObject({
    code: 'upstream-missing',
    message: "step 'model' reads from 'data.raw', which is not in the store",
    hint: `run \`counterpoise step ${planFile} data.raw\` first`,
  });
});

test('a whole pipeline driven step by step from other processes equals an uninterrupted run, byte for byte', async () => {
  const statuses = new Map<string, string>();
  const order = await drive(async (name) => {
    const { code, document, err } = await step(name);
    expect(code, err).toBe(0);
    statuses.set(name, document.steps[0].status);
  });
  expect(order.at(-1)).toBe('metrics');
  expect([...new Set(statuses.values())]).toEqual(['computed']);

  const after = await call('run', ...mf, ...stepped);
  expect(after.document.steps.map((row: Row) => row.status)).toEqual(order.map(() => 'cached'));
  const undisturbed = await call('run', ...mf, ...quiet);
  const keys = (rows: readonly Row[]) => Object.fromEntries(rows.map(({ step: name, key }) => [name, key]));
  expect(keys(after.document.steps)).toEqual(keys(undisturbed.document.steps));
  expect(after.document.metrics).toEqual(undisturbed.document.metrics);
  const objects = async (run: string, store: readonly string[]) => {
    const { document } = await call('show', run, ...store);
    const [{ steps }] = document.record.pipelines;
    return steps.map((row: { step: string; outputs: Record<string, { object: string }> }) => [
      row.step,
      Object.entries(row.outputs).map(([port, { object }]) => [port, object]),
    ]);
  };
  expect(await objects(after.document.run, stepped)).toEqual(await objects(undisturbed.document.run, quiet));
});

test('a step that is done may be called again: it is cached and gives the same outputs', async () => {
  const [first, second] = [await step('model'), await step('model')];
  expect(first.document.steps[0].status).toBe('cached');
  expect(second.document.outputs).toEqual(first.document.outputs);
  expect(second.code).toBe(0);
});

test('two processes that want the same step at once compute it once', async () => {
  const store = ['--store', join(folder, 'raced')];
  const both = await Promise.all([step('data.raw', planFile, store), step('data.raw', planFile, store)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.map(({ document }) => document.steps[0].status).sort()).toEqual(['cached', 'computed']);
  expect(both[0]?.document.outputs).toEqual(both[1]?.document.outputs);
  const verified = await call('cache', 'verify', ...store);
  expect(verified.document.findings).toEqual([]);
});

test.each([
  ['the code of the node', 'scores', 'scoring/score'],
  ['the code of a part of the method', 'model', 'estimators/cross-entropy'],
])('a step refuses when %s is not what the plan was written for', async (_, name, id) => {
  const file = join(folder, 'changed.json');
  writeFileSync(file, JSON.stringify({ ...written, digests: { ...written.digests, [id]: 'other' } }));
  const { code, document } = await step(name, file);
  expect(code).toBe(exitCodes['plan-differs']);
  expect(code).toBe(6);
  expect(document.error).toMatchObject({
    code: 'plan-differs',
    message: `the code of '${id}' is not what it was when the plan was written`,
    where: name,
  });
  expect((await step('data.raw', file)).code, 'other steps are not concerned').toBe(0);
});

test('what is no plan is refused, and so is a step that the plan does not have', async () => {
  const file = join(folder, 'none.json');
  writeFileSync(file, '{"format": 1}');
  expect((await step('model', file)).document.error.code).toBe('bad-data');
  expect((await step('modle')).document.error).toMatchObject({
    code: 'unknown-name',
    hint: expect.stringContaining("did you mean 'model'"),
  });
});
