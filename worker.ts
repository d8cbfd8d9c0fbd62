/** The program of a worker thread: the same definitions as the main thread, and a loop that computes steps. */
import { workerData } from 'node:worker_threads';
import { serveSteps } from './core/run/worker-loop.ts';
import type { WorkerSetup } from './core/run/worker-protocol.ts';
import { compose } from './core/services/container.ts';
import { loadRegistry } from './definitions.ts';
import { type ServiceParts, workerServices } from './services.ts';

const { plugins, cacheFolder, flag, given } = workerData as WorkerSetup;
const { registry } = await loadRegistry(plugins, cacheFolder);
serveSteps(registry, flag, compose(workerServices(given as ServiceParts)));
