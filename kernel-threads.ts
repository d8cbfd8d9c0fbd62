/** Threads that compute a part of a step: started for one task, and ended with it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Problem, type ProblemJson } from './core/errors.ts';
import type { BorrowedThreads, Threads } from './nodes/learning/kernels/numeric.ts';

/** What a worker thread needs to start others; it travels to workers. */
export interface ThreadParts {
  /** Where the program of such a thread is. */
  readonly entry: string;
  /** One cell on shared memory: cores of the run on which no step runs and nothing was borrowed. May fall below 0. */
  readonly idle: Int32Array;
}
export interface ThreadSetup {
  readonly binary: Uint8Array<ArrayBuffer>;
  readonly task: string;
  readonly input: unknown;
}
export type ThreadMessage =
  | { readonly is: 'at'; readonly done: number }
  | { readonly is: 'done'; readonly value: unknown }
  | { readonly is: 'failed'; readonly problem: ProblemJson };

const lookEveryMs = 100;
/** Some tenths of a second, where starting a thread takes about one. */
const worth = 2 ** 32;

export const idleCores = (cores: number): Int32Array => new Int32Array(new SharedArrayBuffer(4)).fill(cores);

export const kernelThreads = ({ entry, idle }: ThreadParts, binary: Uint8Array<ArrayBuffer>): Threads => ({
  worth,
  borrow(most): BorrowedThreads {
    // from source it is bundled together with the first worker
    const count = existsSync(fileURLToPath(entry)) ? take(idle, most) : 0;
    return {
      count,
      async run(task, inputs, cancel, report) {
        const running = inputs.map((input, n) => start(entry, { binary, task, input }, (done) => report(n, done)));
        const stop = new Promise<never>((_, reject) => {
          const look = setInterval(() => {
            if (!cancel.requested) return;
            clearInterval(look);
            reject(new Problem('cancelled', 'stopped on request'));
          }, lookEveryMs);
          void Promise.allSettled(running.map(({ ended }) => ended)).then(() => clearInterval(look));
        });
        try {
          return await Promise.race([Promise.all(running.map(({ value }) => value)), stop]);
        } finally {
          await Promise.all(running.map(({ worker }) => worker.terminate()));
          Atomics.add(idle, 0, count);
        }
      },
    };
  },
});

/** Takes at most `most` of what is idle. @returns how many */
function take(idle: Int32Array, most: number): number {
  for (;;) {
    const now = Atomics.load(idle, 0);
    const taken = Math.max(0, Math.min(now, most));
    if (Atomics.compareExchange(idle, 0, now, now - taken) === now) return taken;
  }
}

function start(entry: string, setup: ThreadSetup, at: (done: number) => void) {
  const worker = new Worker(new URL(entry), { workerData: setup });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const value = new Promise<unknown>((resolve, reject) => {
    worker.on('message', (said: ThreadMessage) => {
      if (said.is === 'at') return at(said.done);
      if (said.is === 'done') return resolve(said.value);
      const { code, message, where, hint } = said.problem;
      reject(new Problem(code, message, { ...(where && { where }), ...(hint && { hint }) }));
    });
    worker.on('error', (cause) =>
      reject(new Problem('step-failed', `a thread of the step died: ${(cause as Error).message}`, { cause })),
    );
    worker.on('exit', (code) => reject(new Problem('step-failed', `a thread of the step ended with code ${code}`)));
  });
  value.catch(() => {}); // once one has failed, nobody waits for the others
  return { worker, ended, value };
}
