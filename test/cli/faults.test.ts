/** Disks and permissions that fail under a run: a message, an exit code of its own, and nothing lost that was finished. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../core/errors.ts';
import { type Answer, answer, tiny, tinyModel } from './face.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-cli-faults-'));
const store = join(folder, 'store');
const mf = (at: string) => ['mf', ...tiny, ...tinyModel, '--no-floors', '--store', at];
const hasModes = process.getuid !== undefined;
const isRoot = process.getuid?.() === 0;

/** Root may write anywhere, so root's tests let somebody else try. */
async function asSomebody(work: () => Promise<Answer>): Promise<Answer> {
  if (isRoot) process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

beforeAll(async () => {
  chmodSync(folder, 0o755);
  const { code, err } = await answer('run', ...mf(store));
  expect(code, err).toBe(0);
}, 120_000);
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!hasModes)('a read-only store can be asked, and a run that would write says what to do', async () => {
  execFileSync('chmod', ['-R', 'a+rX,a-w', store]);
  const plan = await asSomebody(() => answer('plan', ...mf(store)));
  expect(plan.code, plan.err).toBe(0);
  expect(plan.document.counts).toMatchObject({ cached: 8, new: 0, stale: 0, pending: 0 });
  const shown = await asSomebody(() => answer('show', 'latest', '--store', store));
  expect(shown.document.record.outcome).toBe('ok');
  const run = await asSomebody(() => answer('run', ...mf(store)));
  expect(run.code).toBe(exitCodes['store-unusable']);
  expect(run.code).toBe(5);
  expect(run.document.error).toMatchObject({
    code: 'store-unusable',
    message: expect.stringContaining('read-only for this user'),
    hint: expect.stringContaining('--store DIR'),
  });
  execFileSync('chmod', ['-R', 'u+w', store]);
});

test.skipIf(!isRoot)('a record that cannot be written stops the run before anything is computed', async () => {
  const mine = join(folder, 'mine');
  expect((await answer('list', 'runs', '--store', mine)).code).toBe(0);
  execFileSync('chown', ['-R', '65534', mine]);
  chownSync(join(mine, 'runs'), 0, 0);
  chmodSync(join(mine, 'runs'), 0o755);
  const run = await asSomebody(() => answer('run', ...mf(mine)));
  expect(run.code).toBe(5);
  expect(run.document.error).toMatchObject({ code: 'store-unusable', where: expect.stringContaining('runs') });
  chownSync(join(mine, 'runs'), 65534, 0);
  const plan = await answer('plan', ...mf(mine));
  expect(plan.document.counts.cached).toBe(0);
});

test('a full disk ends the run with a code of its own; with room again it goes on from what is finished', async (context) => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const mounted = spawnSync('sh', ['-c', `mount -t tmpfs -o size=2m tmpfs '${disk}'`]);
  if (mounted.status !== 0) return context.skip('a small disk cannot be mounted here');
  try {
    const at = join(disk, 'store');
    const until = await answer('run', ...mf(at), '--until', 'data.train');
    expect(until.code, until.err).toBe(0);
    const filler = join(disk, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k', 'count=4096']);
    const full = await answer('run', ...mf(at), '--data-seed', '4');
    expect(full.code).toBe(exitCodes['store-full']);
    expect(full.document.error).toMatchObject({ code: 'store-full', hint: expect.stringContaining('cache gc') });
    rmSync(filler);
    const after = await answer('run', ...mf(at));
    expect(after.code, after.err).toBe(0);
    const status = (name: string) => after.document.steps.find(({ step }: { step: string }) => step === name).status;
    expect([status('data.raw'), status('data.train'), status('model')]).toEqual(['cached', 'cached', 'computed']);
    expect((await answer('cache', 'verify', '--store', at)).document.findings).toEqual([]);
  } finally {
    spawnSync('sh', ['-c', `umount '${disk}'`]);
  }
});
