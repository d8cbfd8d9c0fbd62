import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkshop } from '../../../compose.ts';
import type { Event } from '../../../core/events.ts';
import { closeChecked } from '../../../core/pipeline/roles.ts';
import { trial } from '../../../core/plan/resolve.ts';
import { execute } from '../../../core/run/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-plugin-runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const helper = (body: string, note = 'a helper') => `// ${note}
export function doubled(x: Float32Array): Float32Array { ${body} }
export const unrelated = (a: number) => a;
`;
const plugin = (doc = 'Doubles.') => `import { f32, node, pipeline, protocol, Rng, table, z } from 'counterpoise';
import { doubled } from './helper.ts';
const Xs = table({ x: f32 });
export const numbers = node('own/numbers', { doc: 'Random numbers.', in: {}, out: { xs: Xs }, use: { rng: Rng }, stream: 'data',
  config: z.strictObject({ n: z.number().default(1000) }), run: (_, { n }, { rng }) => ({ xs: { x: Float32Array.from({ length: n }, () => rng.uniform()) } }) });
export const double = node('own/double', { doc: '${doc}', in: { xs: Xs }, out: { xs: Xs }, run: ({ xs }) => ({ xs: { x: doubled(xs.x) } }) });
export const negate = node('own/negate', { doc: 'Negates.', in: { xs: Xs }, out: { xs: Xs }, run: ({ xs }) => ({ xs: { x: xs.x.map((v) => -v) } }) });
export const mine = pipeline('own-pipeline', { needs: { xs: Xs } })
  .step('double', double, (up) => ({ xs: up.xs }))
  .step('negate', negate, (up) => ({ xs: up.double.xs }))
  .step('beside', negate, (up) => ({ xs: up.xs }));
export const data = protocol('own-data', { dataset: 'own', evaluation: 'none', floors: [] }).step('raw', numbers, () => ({})).gives((up) => ({ xs: up.raw.xs }));
`;
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
beforeAll(() => mkdirSync(folder, { recursive: true }));

async function run(jobs: number, store = 'store') {
  const events: Event[] = [];
  const shop = await openWorkshop({
    store: join(folder, store),
    plugins: [join(folder, 'plugin.ts')],
    jobs,
    reporters: [(event) => events.push(event)],
  });
  try {
    const closed = closeChecked(shop.registry.pipeline('own-pipeline'), shop.registry.protocol('own-data'));
    const report = await execute([trial(closed)], shop, { command: 'test' });
    return {
      outcome: report.outcome,
      computed: report.steps[0]!.filter((s) => s.status === 'computed').map((s) => s.step.name),
      objects: report.steps[0]!.map((s) => s.artifacts.xs?.object),
      workers: events.flatMap((e) => (e.event === 'step-started' ? [e.worker] : [])),
    };
  } finally {
    await shop.close();
  }
}

test('nodes of a plugin run on worker threads, and give what they give in process', async () => {
  write('helper.ts', helper('return x.map((v) => v * 2);'));
  write('plugin.ts', plugin());
  const threaded = await run(2);
  expect(threaded.outcome).toBe('ok');
  expect(threaded.computed).toEqual(['data.raw', 'double', 'negate', 'beside']);
  expect(threaded.workers.every((worker) => worker !== null)).toBe(true);
  const inProcess = await run(0, 'other-store');
  expect(inProcess.workers.every((worker) => worker === null)).toBe(true);
  expect(inProcess.objects).toEqual(threaded.objects);
});

test('a cached run executes no step', async () => {
  expect((await run(2)).computed).toEqual([]);
});

test('a comment in a helper, a doc text and an unrelated export rerun nothing', async () => {
  write('helper.ts', `${helper('return x.map((v) => v * 2);', 'another comment')}\nexport const more = 1;\n`);
  write('plugin.ts', plugin('Doubles every number.'));
  expect((await run(2)).computed).toEqual([]);
});

test('a real edit in a helper reruns the steps whose code reaches it and what their changed outputs feed', async () => {
  write('helper.ts', helper('return x.map((v) => v * 3);'));
  expect((await run(2)).computed).toEqual(['double', 'negate']);
});

test('a real edit that changes no output stops at the step whose code reaches it', async () => {
  write('helper.ts', helper('const three = 3; return x.map((v) => three * v);'));
  expect((await run(2)).computed).toEqual(['double']);
});
