/** The worker's side: looks nodes up in its own registry and computes one task after the other. */
import { parentPort } from 'node:worker_threads';
import { asProblem, Problem, problemJson } from '../errors.ts';
import { carriesMethod, methodFrom } from '../method.ts';
import type { AnyNode } from '../node.ts';
import type { Port } from '../ports/ports.ts';
import type { Registry } from '../registry.ts';
import type { Seed } from '../seeds.ts';
import type { Services } from '../services/container.ts';
import { type CoreService, coreServices } from '../services/services.ts';
import type { Token } from '../tokens.ts';
import type { StepTask } from './executor.ts';
import { computeStep } from './in-process.ts';
import type { StopFlag } from './step-services.ts';
import { share } from './transit.ts';
import type { TaskMessage, WorkerMessage } from './worker-protocol.ts';

/** @param services those that the worker's composition root has bound */
export function serveSteps(registry: Registry, flag: StopFlag, services: Services): void {
  const port = parentPort;
  if (!port) throw new Error('the worker entry runs on a worker thread only');
  const post = (message: WorkerMessage) => port.postMessage(message);
  let queue: Promise<void> = Promise.resolve();
  port.on('message', (message: TaskMessage) => {
    queue = queue.then(async () => {
      try {
        const outputs = await computeStep(
          taskOf(message, registry, services),
          (said) => post({ is: 'said', task: message.task, message: said }),
          flag,
        );
        const shared = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, share(value)]));
        post({ is: 'done', task: message.task, outputs: shared });
      } catch (error) {
        const cause = error instanceof Problem ? error.cause : error;
        post({
          is: 'failed',
          task: message.task,
          problem: problemJson(asProblem(error)),
          stack: cause instanceof Error ? cause.stack : undefined,
        });
      }
    });
  });
  post({ is: 'ready' });
}

function taskOf(message: TaskMessage, registry: Registry, services: Services): StepTask {
  const base = registry.node(message.node);
  const method = message.method && methodFrom(message.method, registry);
  const node: AnyNode = method && carriesMethod(base) ? base.remake(method) : base;
  const ports = node.in as Readonly<Record<string, Port>>;
  return {
    pipeline: message.pipeline,
    step: message.step,
    node,
    method,
    config: message.config,
    inputs: Object.fromEntries(
      Object.entries(message.inputs).map(([name, { source, value }]) => [
        name,
        {
          port: ports[name] as Port,
          source: { ...source, mayLack: [], parse: (v: unknown) => v } as unknown as Port,
          value,
        },
      ]),
    ),
    seed: message.seed as Seed | undefined,
    files: message.files,
    checkpoint: message.checkpoint,
    services: Object.fromEntries(
      Object.entries(node.use as Readonly<Record<string, Token<string, unknown>>>)
        .filter(([, { id }]) => !coreServices.includes(id as CoreService))
        .map(([name, token]) => [name, services.get(token)]),
    ),
  };
}
