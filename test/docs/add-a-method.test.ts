import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openWorkshop } from '../../compose.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { trial } from '../../core/plan/resolve.ts';
import { execute } from '../../core/run/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-method-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const page = readFileSync(new URL('../../docs/how-to/add-a-method.md', import.meta.url), 'utf8');
const file = /```ts\n([\s\S]*?)```/.exec(page)?.[1] as string;

test('the method of the how-to is one file under 40 lines, and trains', { timeout: 120_000 }, async () => {
  expect(file.trimEnd().split('\n').length).toBeLessThan(40);
  const plugin = join(folder, 'snips-dr.ts');
  writeFileSync(plugin, file);
  const shop = await openWorkshop({ store: join(folder, 'store'), plugins: [plugin], jobs: 0 });
  try {
    const closed = closeChecked(shop.registry.pipeline('snips-dr'), shop.registry.protocol('simulation'));
    const set = {
      'data.raw': { users: 60, items: 40, density: 0.3 },
      propensity: { epochs: 3 },
      model: { epochs: 3, batch: 64 },
    };
    const report = await execute([trial(closed, { seed: 1, set })], shop, { command: 'test' });
    expect(report.outcome).toBe('ok');
    const model = await report.output(0, 'model', 'params');
    expect(model.port === 'tensors' && model.bundle.head).toMatchObject({ method: { use: 'own/snips-dr' }, epochs: 3 });
  } finally {
    await shop.close();
  }
});
