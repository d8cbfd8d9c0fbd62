/** The program of a worker thread: the same definitions as the main thread, and a loop that computes steps. */
import { workerData } from 'node:worker_threads';
import { serveSteps } from './core/run/worker-loop.ts';
import type { WorkerSetup } from './core/run/worker-protocol.ts';
import { loadRegistry } from './definitions.ts';

const { plugins, cacheFolder, flag } = workerData as WorkerSetup;
const { registry } = await loadRegistry(plugins, cacheFolder);
serveSteps(registry, flag);
