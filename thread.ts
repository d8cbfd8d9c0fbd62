/** The program of a thread that computes a part of a step, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { asProblem, problemJson } from './core/errors.ts';
import type { ThreadMessage, ThreadSetup } from './kernel-threads.ts';
import { wasmEngine } from './nodes/learning/kernels/wasm.ts';
import { taskNamed } from './nodes/learning/ranking/thread-tasks.ts';

const { binary, task, input } = workerData as ThreadSetup;
const post = (message: ThreadMessage) => parentPort?.postMessage(message);
try {
  const value = taskNamed(task)(input, {
    numeric: wasmEngine(binary),
    cancel: { requested: false, check() {} }, // whoever started it ends it
    progress: { report: (done) => post({ is: 'at', done }), epoch() {} },
  });
  post({ is: 'done', value });
} catch (error) {
  post({ is: 'failed', problem: problemJson(asProblem(error)) });
}
