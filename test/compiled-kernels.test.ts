import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { afterAll, expect, test } from 'vitest';
import { chooseKernels } from '../compiled-kernels.ts';
import { openWorkshop } from '../compose.ts';
import type { Event } from '../core/events.ts';
import { trial } from '../core/plan/resolve.ts';
import { execute } from '../core/run/run.ts';
import type { Value } from '../core/run/values.ts';
import { mf } from '../pipelines/dt/mf.ts';
import { simulation } from '../pipelines/protocols/simulation.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-numeric-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const set = {
  'data.raw': { users: 60, items: 40, density: 0.3, perUser: 8 },
  model: { epochs: 3, width: 6, batch: 64 },
};
const one = trial(mf.on(simulation), { set });

async function run(numeric: string) {
  const events: Event[] = [];
  const store = join(folder, 'store');
  const shop = await openWorkshop({ store, jobs: 0, numeric, reporters: [(event) => events.push(event)] });
  try {
    const report = await execute([one], shop, { command: 'test', wanted: ({ steps }, step) => steps.includes(step) });
    expect(report.outcome).toBe('ok');
    const rows = Object.fromEntries(report.steps[0]!.map((row) => [row.step.name, row]));
    return {
      rows,
      params: await report.output(0, 'model', 'params'),
      numeric: shop.store.memos.material(rows.model!.key!)?.services?.numeric,
      warnings: events.flatMap((event) => (event.event === 'warning' ? [event.message] : [])),
    };
  } finally {
    await shop.close();
  }
}
const tensors = (value: Value) => (value.port === 'tensors' ? Object.entries(value.bundle.tensors) : []);
/** Node 20 has relaxed SIMD behind a flag, later ones have it. */
const lacks = (await chooseKernels('fast')).variant === 'strict';

test.skipIf(!lacks)(
  'where this Node lacks relaxed SIMD, the strict kernels run, are in the key, and a warning says so',
  async () => {
    const fast = await run('fast');
    expect(fast.warnings).toContain(
      `--numeric fast: this Node (${process.versions.node}) has no relaxed SIMD, so the strict kernels run`,
    );
    expect(fast.numeric).toMatchObject({ variant: 'strict' });
    const strict = await run('strict');
    expect(strict.warnings).toEqual([]);
    expect(strict.rows.model).toMatchObject({ status: 'cached', key: fast.rows.model!.key });
  },
);

test('fast kernels have keys of their own and agree with the strict ones to rounding; what uses no kernels is shared', async () => {
  if (lacks) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const strict = await run('strict');
  const fast = await run('fast');
  expect(fast.warnings).toEqual([]);
  expect([strict.numeric?.variant, fast.numeric?.variant]).toEqual(['strict', 'relaxed']);
  expect(fast.numeric?.binary).not.toBe(strict.numeric?.binary);
  for (const step of ['model', 'scores']) expect(fast.rows[step]?.key).not.toBe(strict.rows[step]?.key);
  for (const step of ['data.raw', 'data.train']) expect(fast.rows[step]).toMatchObject({ status: 'cached' });
  const theirs = new Map(tensors(strict.params));
  expect(theirs.size).toBeGreaterThan(1);
  for (const [name, { data }] of tensors(fast.params))
    data.forEach((value, n) => {
      expect(Math.abs(value - theirs.get(name)!.data[n]!), `${name}[${n}]`).toBeLessThan(1e-4);
    });
});

test('another mode is refused', async () => {
  await expect(chooseKernels('loose')).rejects.toThrow("--numeric takes strict or fast, and not 'loose'");
});
