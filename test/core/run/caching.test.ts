import { expect, test } from 'vitest';
import { z } from 'zod';
import { f32, json, node, optional, pipeline, protocol, Rng, table, u32 } from '../../../core/index.ts';
import { trial } from '../../../core/plan/resolve.ts';
import { execute, makePlan } from '../../../core/run/run.ts';
import type { ObjectId } from '../../../core/store.ts';
import { testBed } from './bed.ts';

const Xs = table({ x: f32 });
const ran: string[] = [];
const source = node('t/source', {
  doc: 'Numbers.',
  in: {},
  out: { xs: table({ x: f32, extra: optional(u32) }) },
  config: z.strictObject({ n: z.number().default(3), extra: z.boolean().default(false) }),
  run: (_, { n, extra }) => {
    ran.push('source');
    const x = Float32Array.from({ length: n }, (_, i) => i);
    return { xs: extra ? { x, extra: new Uint32Array(n) } : { x } };
  },
});
const scale = node('t/scale', {
  doc: 'Multiplies.',
  in: { xs: Xs },
  out: { xs: Xs },
  config: z.strictObject({ by: z.number().default(2) }),
  run: ({ xs }, { by }) => {
    ran.push(`scale ${by}`);
    return { xs: { x: xs.x.map((v) => v * by) } };
  },
});
const total = node('t/total', {
  doc: 'Adds.',
  in: { xs: Xs },
  out: { total: json(z.strictObject({ total: z.number() })) },
  run: ({ xs }) => {
    ran.push('total');
    return { total: { total: xs.x.reduce((a, b) => a + b, 0) } };
  },
});
const sum = pipeline('sum', { needs: { xs: Xs } })
  .step('scale', scale, (up) => ({ xs: up.xs }))
  .step('total', total, (up) => ({ xs: up.scale.xs }));
const data = protocol('numbers', { dataset: 'numbers', evaluation: 'none', floors: [] })
  .step('raw', source, () => ({}))
  .gives((up) => ({ xs: up.raw.xs }));
const closed = sum.on(data);
const run = async (bed: ReturnType<typeof testBed>, options = {}) => {
  ran.length = 0;
  const report = await execute([trial(closed, options)], bed, { command: 'test' });
  return { report, statuses: report.steps[0]?.map((s) => `${s.step.name} ${s.status}`), ran: [...ran] };
};

test('a second run computes nothing and gives the same result', async () => {
  const bed = testBed();
  const first = await run(bed);
  expect(first.ran).toEqual(['source', 'scale 2', 'total']);
  const second = await run(bed);
  expect(second.ran).toEqual([]);
  expect(second.statuses).toEqual(['data.raw cached', 'scale cached', 'total cached']);
  expect(await second.report.output(0, 'total', 'total')).toEqual({ port: 'json', json: { total: 6 } });
});

test('trials end one after the other, in the order given, as far as there are slots', async () => {
  ran.length = 0;
  const trials = [5, 4, 3, 2].map((by) => trial(closed, { set: { scale: { by } } }));
  await execute(trials, testBed(), { command: 'test' });
  expect(ran.filter((name) => name.startsWith('scale'))).toEqual(['scale 5', 'scale 4', 'scale 3', 'scale 2']);
  expect(ran.indexOf('total'), 'two slots: the first trials end before the last ones begin').toBeLessThan(
    ran.indexOf('scale 2'),
  );
});

test('a changed setting reruns its step and what its changed output feeds, nothing else', async () => {
  const bed = testBed();
  await run(bed);
  expect((await run(bed, { set: { scale: { by: 3 } } })).ran).toEqual(['scale 3', 'total']);
  expect((await run(bed)).ran).toEqual([]);
});

test('a change that leaves the output as it was stops there', async () => {
  const bed = testBed();
  await run(bed);
  bed.code.set('t/scale', 'v2');
  const again = await run(bed);
  expect(again.ran).toEqual(['scale 2']);
  expect(again.statuses).toEqual(['data.raw cached', 'scale computed', 'total cached']);
});

test('a column that no consumer declares reruns no consumer', async () => {
  const bed = testBed();
  await run(bed);
  const wider = await run(bed, { set: { 'data.raw': { extra: true } } });
  expect(wider.ran).toEqual(['source']);
});

test('plan says cached, stale with the reason, new and pending; run computes nothing that plan called cached', async () => {
  const bed = testBed();
  const planned = (options = {}) =>
    makePlan([trial(closed, options)], bed).steps[0]?.map((s) => [s.step.name, s.status, s.reason]);
  expect(planned()?.map((s) => s[1])).toEqual(['new', 'pending', 'pending']);
  await run(bed);
  expect(planned()?.map((s) => s[1])).toEqual(['cached', 'cached', 'cached']);
  expect(planned({ set: { scale: { by: 5 } } })).toEqual([
    ['data.raw', 'cached', undefined],
    ['scale', 'stale', 'changed: config.by'],
    ['total', 'pending', "'scale' is computed first"],
  ]);
});

test('an intermediate that was cleaned away is rebuilt only when something wants it', async () => {
  const bed = testBed();
  const { report } = await run(bed);
  const lost = report.steps[0]?.find((s) => s.step.name === 'scale')?.artifacts.xs?.object as ObjectId;
  await bed.store.objects.delete(lost);
  expect((await run(bed)).ran).toEqual([]);
  expect((await run(bed, { set: {} })).statuses).toEqual(['data.raw cached', 'scale cached', 'total cached']);
  bed.code.set('t/total', 'v2');
  bed.events.length = 0;
  expect((await run(bed)).ran).toEqual(['scale 2', 'total']);
  expect(bed.events.some((e) => e.event === 'healed')).toBe(true);
});

test('a result that is gone is stale in the plan and computed again by the run', async () => {
  const bed = testBed();
  const { report } = await run(bed);
  await bed.store.objects.delete(report.steps[0]?.[2]?.artifacts.total?.object as ObjectId);
  expect(makePlan([trial(closed)], bed).steps[0]?.at(-1)?.reason).toBe("its stored output 'total' is gone");
  expect((await run(bed)).ran).toEqual(['total']);
});

test('equal steps of several pipelines are computed once', async () => {
  const bed = testBed();
  ran.length = 0;
  const other = sum
    .as('other')
    .configure({ scale: { by: 2 } })
    .on(data);
  await execute([trial(closed), trial(other)], bed, { command: 'test' });
  expect(ran).toEqual(['source', 'scale 2', 'total']);
});

test('a node that no loaded module exports runs each time, with a warning, and what it feeds is still cached', async () => {
  const bed = testBed();
  bed.code.set('t/scale', undefined);
  await run(bed);
  const again = await run(bed);
  expect(again.ran).toEqual(['scale 2']);
  expect(bed.events.some((e) => e.event === 'warning' && e.message.includes('t/scale'))).toBe(true);
});

test('--force computes what is cached, once for equal steps', async () => {
  const bed = testBed();
  await run(bed);
  ran.length = 0;
  await execute([trial(closed), trial(sum.as('other').on(data))], bed, { command: 'test', force: () => true });
  expect(ran).toEqual(['source', 'scale 2', 'total']);
});

const noisy = node('t/noisy', {
  doc: 'Random numbers.',
  in: {},
  out: { xs: Xs },
  use: { rng: Rng },
  config: z.strictObject({ seed: z.number().optional() }),
  run: (_, __, { rng }) => ({ xs: { x: Float32Array.of(rng.uniform()) } }),
});
test('the seed enters the key of random nodes only, and a fixed seed does not move with the run', async () => {
  const random = protocol('random', { dataset: 'r', evaluation: 'none', floors: [] })
    .step('raw', noisy, () => ({}))
    .gives((up) => ({ xs: up.raw.xs }));
  const keys = (options: object) => makePlan([trial(sum.on(random), options)], testBed()).steps[0]?.map((s) => s.key);
  expect(keys({ seed: 1 })?.[0]).not.toBe(keys({ seed: 2 })?.[0]);
  const fixed = { set: { 'data.raw': { seed: 1234 } } };
  expect(keys({ seed: 1, ...fixed })?.[0]).toBe(keys({ seed: 2, ...fixed })?.[0]);
  const plain = (options: object) => makePlan([trial(closed, options)], testBed()).steps[0]?.[0]?.key;
  expect(plain({ seed: 1 })).toBe(plain({ seed: 2 }));
});
