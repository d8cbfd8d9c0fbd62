import { expect, test } from 'vitest';
import { z } from 'zod';
import { bind, Cancel, f32, node, Problem, pipeline, protocol, table, token, u32 } from '../../../core/index.ts';
import { trial } from '../../../core/plan/resolve.ts';
import { execute, firstFailure } from '../../../core/run/run.ts';
import type { Run } from '../../../core/run/runner.ts';
import { testBed } from './bed.ts';

const Xs = table({ x: f32 });
const data = protocol('numbers', { dataset: 'numbers', evaluation: 'none', floors: [] })
  .step(
    'raw',
    node('t/source', { doc: 's', in: {}, out: { xs: Xs }, run: () => ({ xs: { x: Float32Array.of(1, 2) } }) }),
    () => ({}),
  )
  .gives((up) => ({ xs: up.raw.xs }));
const same = (name: string, run: (x: Float32Array) => unknown) =>
  node(`t/${name}`, { doc: name, in: { xs: Xs }, out: { xs: Xs }, run: ({ xs }) => run(xs.x) as never });
const fails = same('fails', () => {
  throw new Error('no luck');
});
const passes = same('passes', (x) => ({ xs: { x } }));
const one = (n: ReturnType<typeof same>) =>
  pipeline('one', { needs: { xs: Xs } })
    .step('it', n, (up) => ({ xs: up.xs }))
    .step('after', passes, (up) => ({ xs: up.it.xs }))
    .step('beside', passes, (up) => ({ xs: up.xs }))
    .on(data);
const statuses = (report: Awaited<ReturnType<typeof execute>>) =>
  Object.fromEntries(report.steps[0]!.map((s) => [s.step.name, s.status]));

test('a failing step skips what reads it, and independent branches go on', async () => {
  const report = await execute([trial(one(fails))], testBed(), { command: 'test' });
  expect(report.outcome).toBe('failed');
  expect(statuses(report)).toEqual({ 'data.raw': 'computed', it: 'failed', after: 'skipped', beside: 'computed' });
  expect(firstFailure(report)).toMatchObject({ code: 'step-failed', message: 'no luck', where: 'one.it' });
});

test('with --on-error stop nothing more is started', async () => {
  const report = await execute([trial(one(fails))], testBed(), { command: 'test', onError: 'stop' });
  expect(statuses(report).after).toBe('skipped');
  expect(report.outcome).toBe('failed');
});

test.each([
  [
    'an output it does not declare',
    () => ({ xs: { x: new Float32Array(1) }, ys: 1 }),
    "returned an output 'ys' that it does not declare",
  ],
  ['no output', () => ({}), "did not return its output 'xs'"],
  [
    'a column it does not declare',
    () => ({ xs: { x: new Float32Array(1), y: new Float32Array(1) } }),
    "returned a column 'xs.y' that it does not declare",
  ],
  [
    'a column of another type',
    () => ({ xs: { x: new Uint32Array(1) } }),
    "returned column 'xs.x' as u32, and declares f32",
  ],
  ['a missing column', () => ({ xs: {} }), "did not return column 'xs.x'"],
])('a node that returns %s is stopped with that reason', async (_, run, text) => {
  const report = await execute([trial(one(same('odd', run)))], testBed(), { command: 'test' });
  expect(firstFailure(report)?.code).toBe('bad-output');
  expect(firstFailure(report)?.message).toContain(text);
});

test('columns of unequal length name both', async () => {
  const odd = node('t/uneven', {
    doc: 'u',
    in: { xs: Xs },
    out: { xs: table({ x: f32, y: u32 }) },
    run: () => ({ xs: { x: new Float32Array(2), y: new Uint32Array(3) } }),
  });
  const p = pipeline('uneven', { needs: { xs: Xs } })
    .step('it', odd, (up) => ({ xs: up.xs }))
    .on(data);
  const report = await execute([trial(p)], testBed(), { command: 'test' });
  expect(firstFailure(report)?.message).toContain("column 'y' has 3 rows and column 'x' has 2");
});

test('reading a column that the port does not declare is stopped', async () => {
  const sneaky = node('t/sneaky', {
    doc: 's',
    in: { xs: Xs },
    out: { xs: Xs },
    run: ({ xs }) => ({ xs: { x: (xs as never as { secret: Float32Array }).secret } }),
  });
  const report = await execute([trial(one(sneaky as never))], testBed(), { command: 'test' });
  expect(firstFailure(report)?.message).toContain("'one.it.xs' does not declare column 'secret'");
});

test('a need narrows: a column that the need does not declare is not seen, even by an optional column of that name', async () => {
  const wide = protocol('wide', { dataset: 'w', evaluation: 'none', floors: [] })
    .step(
      'raw',
      node('t/wide', {
        doc: 'w',
        in: {},
        out: { xs: table({ x: f32, time: u32 }) },
        run: () => ({ xs: { x: new Float32Array(1), time: new Uint32Array(1) } }),
      }),
      () => ({}),
    )
    .gives((up) => ({ xs: up.raw.xs }));
  const seen: unknown[] = [];
  const reads = node('t/reads', {
    doc: 'r',
    in: { xs: table({ x: f32, time: { optional: 'f32' } }) },
    out: { xs: Xs },
    run: ({ xs }) => {
      seen.push(xs.time);
      return { xs: { x: xs.x } };
    },
  });
  await execute(
    [
      trial(
        pipeline('p', { needs: { xs: Xs } })
          .step('r', reads, (up) => ({ xs: up.xs }))
          .on(wide),
      ),
    ],
    testBed(),
    { command: 'test' },
  );
  expect(seen).toEqual([undefined]);
});

test('wires that form a cycle are named as a path', () => {
  const loop = pipeline('loop', { needs: { xs: Xs } })
    .step('a', passes, (up) => ({ xs: up.xs }))
    .step('b', passes, (up) => ({ xs: up.a.xs }))
    .as('looped')
    .rewire('a', passes, (up) => ({ xs: up.b.xs }));
  expect(() => trial(loop.on(data))).toThrow(/the wires form a cycle: a -> b -> a/);
});

test('every service that is not bound is named before anything runs', async () => {
  const Clock = token<{ now(): number }>()('clock');
  const timed = node('t/timed', {
    doc: 't',
    in: { xs: Xs },
    out: { xs: Xs },
    use: { clock: Clock },
    run: ({ xs }) => ({ xs: { x: xs.x } }),
  });
  const p = pipeline('p', { needs: { xs: Xs } })
    .step('t', timed, (up) => ({ xs: up.xs }))
    .on(data);
  await expect(execute([trial(p)], testBed(), { command: 'test' })).rejects.toThrow("service 'clock' not bound");
  const bed = testBed({ use: [bind(Clock, { now: () => 1 })] });
  expect((await execute([trial(p)], bed, { command: 'test' })).outcome).toBe('ok');
});

test('a service with an identity enters the key, one without does not', async () => {
  const Engine = token<{ add(a: number): number }>()('engine');
  let computed = 0;
  const uses = node('t/uses', {
    doc: 'u',
    in: { xs: Xs },
    out: { xs: Xs },
    use: { engine: Engine },
    run: ({ xs }, _, { engine }) => {
      computed++;
      return { xs: { x: xs.x.map((v) => engine.add(v)) } };
    },
  });
  const p = pipeline('p', { needs: { xs: Xs } })
    .step('t', uses, (up) => ({ xs: up.xs }))
    .on(data);
  const first = testBed({ use: [bind(Engine, { add: (a) => a + 1 }, { name: 'engine', variant: 'strict' })] });
  await execute([trial(p)], first, { command: 'test' });
  const relaxed = testBed({
    store: first.store,
    use: [bind(Engine, { add: (a) => a + 1 }, { name: 'engine', variant: 'relaxed' })],
  });
  await execute([trial(p)], relaxed, { command: 'test' });
  expect(computed).toBe(2);
  const again = testBed({
    store: first.store,
    use: [bind(Engine, { add: (a) => a + 1 }, { name: 'engine', variant: 'strict' })],
  });
  await execute([trial(p)], again, { command: 'test' });
  expect(computed).toBe(2);
});

test('draining finishes what runs, starts nothing more and keeps what is finished', async () => {
  const bed = testBed();
  let started: Run | undefined;
  const slow = node('t/slow', {
    doc: 's',
    in: { xs: Xs },
    out: { xs: Xs },
    run: async ({ xs }) => {
      started?.drain();
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { xs: { x: xs.x } };
    },
  });
  const p = pipeline('p', { needs: { xs: Xs } })
    .step('slow', slow, (up) => ({ xs: up.xs }))
    .step('after', passes, (up) => ({ xs: up.slow.xs }))
    .on(data);
  const report = await execute([trial(p)], bed, { command: 'test', started: (run) => (started = run) });
  expect(report.outcome).toBe('cancelled');
  expect(statuses(report)).toEqual({ 'data.raw': 'computed', slow: 'computed', after: 'cancelled' });
  expect(bed.store.runs.list()[0]?.outcome).toBe('cancelled');
});

test('aborting reaches a step at its next check', async () => {
  let started: Run | undefined;
  const endless = node('t/endless', {
    doc: 'e',
    in: { xs: Xs },
    out: { xs: Xs },
    use: { cancel: Cancel },
    run: async ({ xs }, _, { cancel }) => {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        started?.abort();
        cancel.check();
        if (xs.x.length === 0) return { xs: { x: xs.x } };
      }
    },
  });
  const p = pipeline('p', { needs: { xs: Xs } })
    .step('endless', endless, (up) => ({ xs: up.xs }))
    .on(data);
  const report = await execute([trial(p)], testBed(), { command: 'test', started: (run) => (started = run) });
  expect(statuses(report).endless).toBe('cancelled');
});

test("a node's own problem keeps its code and says in which step it arose", async () => {
  const picky = same('picky', () => {
    throw new Problem('bad-data', 'row 7 has no rating', { where: 'ratings.csv', hint: 'drop it' });
  });
  const report = await execute([trial(one(picky))], testBed(), { command: 'test' });
  expect(firstFailure(report)).toMatchObject({
    code: 'bad-data',
    where: 'one.it: ratings.csv',
    hint: 'drop it',
    exitCode: 3,
  });
});

test('a config that a node refuses names the key, what the node takes and what was probably meant', () => {
  const clipped = node('t/clip', {
    doc: 'c',
    in: { xs: Xs },
    out: { xs: Xs },
    config: z.strictObject({ clip: z.number().positive().default(0.1) }),
    run: ({ xs }) => ({ xs: { x: xs.x } }),
  });
  const p = pipeline('p', { needs: { xs: Xs } })
    .step('w', clipped, (up) => ({ xs: up.xs }))
    .on(data);
  expect(() => trial(p, { set: { w: { clipp: 1 } } })).toThrow("t/clip has no setting 'clipp'");
  try {
    trial(p, { set: { w: { clipp: 1 } } });
  } catch (error) {
    expect((error as Problem).hint).toBe("did you mean 'clip'? t/clip takes clip");
  }
  expect(() => trial(p, { set: { w: { clip: -1 } } })).toThrow("setting 'clip'");
  expect(() => trial(p, { set: { ww: { clip: 1 } } })).toThrow("pipeline 'p' has no step 'ww'");
});
