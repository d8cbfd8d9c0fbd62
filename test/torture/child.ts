/** The victim: runs a small pipeline of repeatable steps against a store and prints the hash of its results. */
import { z } from 'zod';
import { workshop } from '../../bench/chain.ts';
import { f32, json, node, pipeline, protocol, Rng, table, u32 } from '../../core/index.ts';
import { trial } from '../../core/plan/resolve.ts';
import { execute } from '../../core/run/run.ts';
import { openStore } from '../../storage/index.ts';

const Rows = table({ id: u32, x: f32 });
const source = node('torture/source', {
  doc: 'Random rows.',
  in: {},
  out: { rows: Rows },
  config: z.strictObject({ n: z.number().default(20_000) }),
  use: { rng: Rng },
  stream: 'data',
  run: (_, { n }, { rng }) => ({
    rows: {
      id: Uint32Array.from({ length: n }, (_, i) => i),
      x: Float32Array.from({ length: n }, () => rng.uniform()),
    },
  }),
});
const mix = node('torture/mix', {
  doc: 'Mixes rows, slowly enough to be interrupted.',
  in: { rows: Rows },
  out: { rows: Rows, sum: json(z.strictObject({ sum: z.number() })) },
  config: z.strictObject({ by: z.number() }),
  run: ({ rows }, { by }) => {
    const x = rows.x.map((v, i) => Math.fround(v * by + (rows.id[i] as number) * 1e-6));
    return { rows: { id: rows.id, x }, sum: { sum: x.reduce((a, b) => a + b, 0) } };
  },
});

const data = protocol('torture', { dataset: 'torture', evaluation: 'none', floors: [] })
  .step('raw', source, () => ({}))
  .gives((up) => ({ rows: up.raw.rows }));
const closed = pipeline('torture', { needs: { rows: Rows } })
  .step('a', mix, (up) => ({ rows: up.rows }), { by: 1.1 })
  .step('b', mix, (up) => ({ rows: up.a.rows }), { by: 0.9 })
  .step('c', mix, (up) => ({ rows: up.a.rows }), { by: 1.3 })
  .step('d', mix, (up) => ({ rows: up.b.rows }), { by: 0.7 })
  .step('e', mix, (up) => ({ rows: up.c.rows }), { by: 1.7 })
  .on(data);

const [, , folder, seeds] = process.argv as [string, string, string, string];
const store = openStore(folder);
const trials = seeds.split(',').map((seed) => trial(closed, { dataSeed: Number(seed) }));
const report = await execute(trials, workshop(store), { command: 'torture' });
const results = report.steps.map((row) =>
  row.map(({ artifacts }) => Object.values(artifacts).map(({ object }) => object)),
);
store.close();
process.stdout.write(JSON.stringify({ outcome: report.outcome, results }));
