/** How often a table is copied on its way from one step to the next. */

import { f32, node, pipeline, protocol, table } from '../core/index.ts';
import { frameOf } from '../core/numeric/frame.ts';
import { trial } from '../core/plan/resolve.ts';
import { execute } from '../core/run/run.ts';
import { share } from '../core/run/transit.ts';
import { memoryStore } from '../core/testing/index.ts';
import { workshop } from './chain.ts';
import { benchmark } from './figures.ts';

export const copies = () =>
  benchmark('copies', async ({ line, promise }) => {
    const Xs = table({ x: f32 });
    const made: ArrayBufferLike[] = [];
    const seen: ArrayBufferLike[] = [];
    const make = node('bench/make', {
      doc: 'Makes a table.',
      in: {},
      out: { xs: Xs },
      run: () => {
        const x = new Float32Array(1_000_000);
        made.push(x.buffer);
        return { xs: { x } };
      },
    });
    const look = node('bench/look', {
      doc: 'Looks at it.',
      in: { xs: Xs },
      out: { xs: Xs },
      run: ({ xs }) => {
        seen.push(xs.x.buffer);
        return { xs: { x: xs.x } };
      },
    });
    const data = protocol('bench', { dataset: 'bench', evaluation: 'none', floors: [] })
      .step('raw', make, () => ({}))
      .gives((up) => ({ xs: up.raw.xs }));
    const closed = pipeline('copies', { needs: { xs: Xs } })
      .step('look', look, (up) => ({ xs: up.xs }))
      .on(data);
    await execute([trial(closed)], workshop(memoryStore()), { command: 'bench' });
    const inProcess = made[0] === seen[0] ? 0 : 1;
    line(`copies between two steps in process: ${inProcess}`);
    promise('none in process', inProcess === 0);
    // what a worker does with its result, then what the pool does with it for the next worker
    const frame = frameOf({ x: new Float32Array(1_000_000) });
    const out = share({ port: 'table', frame });
    const onward = share(out);
    const across = (out.port === 'table' && out.frame.columns.x !== frame.columns.x ? 1 : 0) + (onward === out ? 0 : 1);
    line(`copies between two steps on two workers: ${across}`);
    promise('one across workers', across === 1);
  });
