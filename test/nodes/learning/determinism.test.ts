import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../../compose.ts';
import { closeChecked } from '../../../core/pipeline/roles.ts';
import { trial } from '../../../core/plan/resolve.ts';
import { execute } from '../../../core/run/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-determinism-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const small = { 'data.raw': { users: 60, items: 40, density: 0.3, perUser: 8 }, model: { epochs: 4, width: 4 } };

/** Objects by `pipeline step.port`, of ips and dr on a small simulation. */
async function objects(shop: OpenWorkshop, seeds: readonly number[]): Promise<Record<string, string>> {
  const protocol = shop.registry.protocol('simulation');
  const set = { ...small, propensity: { epochs: 3, width: 4, batch: 64 } };
  const trials = ['ips', 'dr'].flatMap((name) =>
    seeds.map((seed) => trial(closeChecked(shop.registry.pipeline(name), protocol), { seed, set })),
  );
  const done = await execute(trials, shop, { command: 'test', wanted: () => true });
  expect(done.outcome).toBe('ok');
  return Object.fromEntries(
    done.steps.flatMap((row) =>
      row.flatMap(({ step, trial: of, artifacts }) =>
        Object.entries(artifacts).map(([port, { object }]) => [
          `${of.pipeline.name} seed ${of.seed} ${step.name}.${port}`,
          object,
        ]),
      ),
    ),
  );
}
const withShop = async <T>(store: string, jobs: number, body: (shop: OpenWorkshop) => Promise<T>): Promise<T> => {
  const shop = await openWorkshop({ store: join(folder, store), jobs });
  try {
    return await body(shop);
  } finally {
    await shop.close();
  }
};

// workers are bundled and started here, which takes long on a busy machine
describe('what is trained', { timeout: 240_000 }, () => {
  test('is the same bytes in the main thread and on two workers', async () => {
    const alone = await withShop('alone', 0, (shop) => objects(shop, [1, 2]));
    const pooled = await withShop('pooled', 2, (shop) => objects(shop, [1, 2]));
    expect(Object.keys(alone).length).toBeGreaterThan(40);
    expect(pooled).toEqual(alone);
  });

  test('follows the seed of the run, and the simulated data do not', async () => {
    const found = await withShop('alone', 0, (shop) => objects(shop, [1, 2]));
    const [one, two] = [1, 2].map((seed) => (at: string) => found[`ips seed ${seed} ${at}`]);
    for (const at of ['model.params', 'model.history', 'propensity.p', 'scores.scores'])
      expect(one!(at), at).not.toBe(two!(at));
    for (const at of ['data.raw.log', 'data.raw.truth', 'data.train.labels']) expect(one!(at), at).toBe(two!(at));
  });

  test('of equal propensity steps is shared by methods of one seed, whatever their names', async () => {
    const keys = await withShop('alone', 0, async (shop) => {
      const protocol = shop.registry.protocol('simulation');
      const trials = ['ips', 'snips', 'dr'].map((name) =>
        trial(closeChecked(shop.registry.pipeline(name), protocol), {
          seed: 1,
          set: { 'data.raw': small['data.raw'], propensity: { l2: 1e-4, epochs: 2, width: 4, batch: 64 } },
        }),
      );
      const done = await execute(trials, shop, { command: 'test', wanted: (_, step) => step.name === 'propensity' });
      return done.steps.map((row) => row.find(({ step }) => step.name === 'propensity')?.key);
    });
    expect(keys[0]).toMatch(/^[0-9a-z]{20}/);
    expect(new Set(keys).size).toBe(1);
  });
});
