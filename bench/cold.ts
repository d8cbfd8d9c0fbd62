/** What the engine adds to a step that is computed, beside encoding and writing its table. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameOf } from '../core/numeric/frame.ts';
import { trial } from '../core/plan/resolve.ts';
import { execute } from '../core/run/run.ts';
import { publish } from '../core/run/values.ts';
import { openStore } from '../storage/index.ts';
import { chain, workshop } from './chain.ts';
import { benchmark, format } from './figures.ts';

const steps = 1_000;

export const cold = () =>
  benchmark('cold', async ({ line, aim }) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-bench-'));
    try {
      const one = trial(chain(steps));
      let whole = Number.POSITIVE_INFINITY;
      let encode = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 3; round++) {
        const store = openStore(join(folder, `run-${round}`));
        let began = performance.now();
        await execute([one], workshop(store), { command: 'bench' });
        whole = Math.min(whole, performance.now() - began);
        store.close();
        const bare = openStore(join(folder, `bare-${round}`));
        began = performance.now();
        for (let i = 0; i < steps; i++)
          await publish({ port: 'table', frame: frameOf({ x: new Float32Array(16).fill(i) }) }, bare.objects);
        encode = Math.min(encode, performance.now() - began);
        bare.close();
      }
      line(
        `a computed step: ${format(whole / steps)} ms, of which encoding, hashing and writing its table ${format(encode / steps)} ms`,
      );
      aim('what the engine adds to a computed step', (whole - encode) / steps, 0.3, 'ms');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
