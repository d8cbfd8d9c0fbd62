/** What an up-to-date step costs, and that nothing grows faster than the graph. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trial } from '../core/plan/resolve.ts';
import { execute, makePlan } from '../core/run/run.ts';
import { openStore } from '../storage/index.ts';
import { chain, workshop } from './chain.ts';
import { benchmark, fastest, format } from './figures.ts';

export const planning = () =>
  benchmark('planning', async ({ line, aim, promise }) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-bench-'));
    const perStep = new Map<number, number>();
    try {
      for (const steps of [100, 1_000, 2_000, 4_000, 10_000]) {
        const location = join(folder, String(steps));
        const one = trial(chain(steps));
        const first = openStore(location);
        await execute([one], workshop(first), { command: 'bench' });
        first.close();
        const opened = await fastest(5, () => openStore(location).close());
        const store = openStore(location);
        const shop = workshop(store);
        const plan = await fastest(steps <= 1_000 ? 40 : 7, () => makePlan([one], shop));
        const run = await fastest(steps <= 1_000 ? 20 : 5, () => execute([one], shop, { command: 'bench' }));
        perStep.set(steps, (plan * 1000) / steps);
        line(
          `${steps} steps: open store ${format(opened)} ms, plan ${format((plan * 1000) / steps)} us a step, cached run ${format((run * 1000) / steps)} us a step`,
        );
        if (steps === 10_000) aim('10,000 up-to-date steps planned, store opened', plan + opened, 300, 'ms');
        store.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    for (const steps of [100, 1_000, 10_000])
      aim(`an up-to-date step at ${steps} steps`, perStep.get(steps) as number, 10, 'us');
    const ratio = (perStep.get(4_000) as number) / (perStep.get(1_000) as number);
    line(`cost of a step at 4,000 steps / at 1,000 steps: ${format(ratio)}`);
    promise('nothing is quadratic in the graph (a step at 4,000 costs less than twice one at 1,000)', ratio < 2);
  });
