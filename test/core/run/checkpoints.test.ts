import { beforeEach, expect, test } from 'vitest';
import { Checkpoints, f32, node, pipeline, protocol, Rng, table } from '../../../core/index.ts';
import { trial } from '../../../core/plan/resolve.ts';
import { execute } from '../../../core/run/run.ts';
import type { Store } from '../../../core/store.ts';
import { memoryStore } from '../../../core/testing/index.ts';
import { testBed } from './bed.ts';

const Xs = table({ x: f32 });
/** What happens to the step this time: `count` is how far it gets before it breaks. */
const fate = { breaksAt: Number.POSITIVE_INFINITY, began: [] as number[] };
/** Adds a draw five times, and saves after each. */
const counts = node('t/counts', {
  doc: 'Counts.',
  in: {},
  out: { xs: Xs },
  use: { rng: Rng, checkpoints: Checkpoints },
  run: (_, __, { rng, checkpoints }) => {
    const x = new Float32Array(1);
    let count = 0;
    checkpoints.resume(({ head, arrays }) => {
      count = head as number;
      x.set(arrays.x as Float32Array);
    });
    fate.began.push(count);
    while (count < 5) {
      if (count === fate.breaksAt) throw new Error('struck');
      x[0] = (x[0] as number) + rng.for(`${count}`).uniform();
      count++;
      checkpoints.save({ at: `count ${count}`, head: count, arrays: { x } });
    }
    return { xs: { x } };
  },
});
const closed = pipeline('counting', { needs: {} })
  .step('it', counts, () => ({}))
  .on(protocol('nothing', { dataset: 'none', evaluation: 'none', floors: [] }).gives(() => ({})));

const run = async (store: Store, { breaksAt = Number.POSITIVE_INFINITY, checkpointMs = 1, force = false } = {}) => {
  fate.breaksAt = breaksAt;
  const bed = { ...testBed({ store }), checkpointMs };
  const report = await execute([trial(closed)], bed, { command: 'test', ...(force && { force: () => true }) });
  const [row] = report.steps[0]!;
  const said = bed.events.filter(({ event }) => event === 'step-resumed' || event === 'warning');
  return { ...row!, said, object: row?.artifacts.xs?.object };
};
beforeEach(() => {
  fate.began = [];
});

test('a step that broke goes on from what it saved, to the same object, and leaves nothing behind', async () => {
  const quiet = await run(memoryStore());
  expect(quiet).toMatchObject({ status: 'computed', reason: undefined, said: [] });
  const store = memoryStore();
  expect(await run(store, { breaksAt: 3 })).toMatchObject({ status: 'failed', said: [] });
  const again = await run(store);
  expect(fate.began).toEqual([0, 0, 3]);
  expect(again).toMatchObject({
    status: 'computed',
    reason: 'went on from count 3',
    key: quiet.key,
    object: quiet.object,
  });
  expect(again.said).toMatchObject([{ event: 'step-resumed', step: 'it', at: 'count 3' }]);
  expect(store.checkpoints.read(again.key!)).toBeUndefined();
});

test('a forced step starts anew', async () => {
  const store = memoryStore();
  await run(store, { breaksAt: 3 });
  expect(await run(store, { force: true })).toMatchObject({ status: 'computed', said: [] });
  expect(fate.began).toEqual([0, 0]);
});

test('with an interval of 0 nothing is saved', async () => {
  const store = memoryStore();
  await run(store, { breaksAt: 3, checkpointMs: 0 });
  await run(store);
  expect(fate.began).toEqual([0, 0]);
});

test('a store that cannot keep, find or remove checkpoints is a warning, and the step is computed all the same', async () => {
  const broken = () => {
    throw new Error('the disk is full');
  };
  const store: Store = { ...memoryStore(), checkpoints: { read: broken, write: broken, remove: broken } };
  const { status, said } = await run(store);
  expect(status).toBe('computed');
  const messages = said.map((event) => 'message' in event && event.message);
  expect(messages[0]).toBe("the checkpoint of step 'it' cannot be read: the disk is full");
  expect(messages[1]).toBe("step 'it' cannot save a checkpoint, and goes on without: the disk is full");
  expect(messages.at(-1)).toBe("the checkpoint of step 'it' cannot be removed: the disk is full");
});
