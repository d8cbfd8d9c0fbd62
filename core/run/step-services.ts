/** The services that core makes for one step. */
import { readFileSync } from 'node:fs';
import { Problem } from '../errors.ts';
import { randomOf } from '../numeric/random.ts';
import type { FoundFile } from '../plan/data-files.ts';
import type { Cancellation, CoreService, StepFiles } from '../services/services.ts';
import type { Token } from '../tokens.ts';
import type { Say, StepTask } from './executor.ts';
import { stepCheckpoints } from './step-checkpoints.ts';

/** One 32-bit cell on shared memory: 0 goes on, anything else asks to stop. */
export type StopFlag = Int32Array;
export const stopFlag = (): StopFlag => new Int32Array(new SharedArrayBuffer(4));

const cancellation = (flag: StopFlag): Cancellation => ({
  get requested() {
    return Atomics.load(flag, 0) !== 0;
  },
  check() {
    if (Atomics.load(flag, 0) !== 0) throw new Problem('cancelled', 'stopped on request');
  },
});

export function stepFiles(found: readonly FoundFile[]): StepFiles {
  const at = (name: string): string => {
    const file = found.find((f) => f.name === name);
    if (!file) throw new Problem('missing-data', `the step has no file '${name}'`);
    return file.path;
  };
  return {
    has: (name) => found.some((file) => file.name === name),
    path: at,
    bytes: (name) => new Uint8Array(readFileSync(at(name))),
    text: (name) => readFileSync(at(name), 'utf8'),
  };
}

const progressEveryMs = 100;

/** Everything that the node's `use` names, by the node's own names for it. */
export function servicesFor(task: StepTask, say: Say, flag: StopFlag): Readonly<Record<string, unknown>> {
  let told = 0;
  const make: Readonly<Record<CoreService, () => unknown>> = {
    log: () => ({
      debug: (message: string, fields?: object) =>
        say({ say: 'log', level: 'debug', message, ...(fields && { fields }) }),
      info: (message: string, fields?: object) =>
        say({ say: 'log', level: 'info', message, ...(fields && { fields }) }),
      warn: (message: string, fields?: object) =>
        say({ say: 'log', level: 'warn', message, ...(fields && { fields }) }),
    }),
    progress: () => ({
      report: (done: number, total: number, note?: string) => {
        const now = performance.now();
        if (now - told < progressEveryMs && done < total) return;
        told = now;
        say({ say: 'progress', done, total, ...(note !== undefined && { note }) });
      },
      epoch: (epoch: number, values: Readonly<Record<string, number>>) => say({ say: 'epoch', epoch, values }),
    }),
    cancel: () => cancellation(flag),
    rng: () => randomOf(task.seed ?? 'unseeded'),
    files: () => stepFiles(task.files),
    checkpoints: () => stepCheckpoints(task.checkpoint, say),
  };
  return Object.fromEntries(
    Object.entries(task.node.use as Readonly<Record<string, Token<string, unknown>>>).map(([name, { id }]) => [
      name,
      id in make ? make[id as CoreService]() : task.services[name],
    ]),
  );
}
