/** A persistent pool of worker threads; tables travel on shared memory. Workers start when the first step needs one. */
import { Worker } from 'node:worker_threads';
import { Problem } from '../errors.ts';
import { methodJson } from '../method.ts';
import type { Table } from '../ports/ports.ts';
import type { Executor, Say, StepTask } from './executor.ts';
import { stopFlag } from './step-services.ts';
import { share } from './transit.ts';
import type { Value } from './values.ts';
import type { SourcePort, TaskMessage, WorkerMessage, WorkerSetup } from './worker-protocol.ts';

export interface PoolOptions {
  readonly jobs: number;
  /** One cell on shared memory: how many of the jobs run no step; kept up to date for steps that can use another core. */
  readonly idle?: Int32Array;
  /** The worker's program. */
  readonly entry: URL | (() => Promise<URL>);
  readonly plugins: readonly string[];
  readonly cacheFolder: string;
  /** Handed to each worker's composition root. */
  readonly given?: unknown;
  /** Whether a worker knows the node and binds its services; others run in process. */
  readonly knows: (task: StepTask) => boolean;
}
interface Pending {
  readonly task: StepTask;
  readonly say: Say;
  readonly started: (worker: number) => void;
  readonly resolve: (outputs: Readonly<Record<string, Value>>) => void;
  readonly reject: (problem: unknown) => void;
}
interface Seat {
  readonly worker: Worker;
  readonly number: number;
  current: { readonly id: number; readonly pending: Pending } | undefined;
}

/** How long a worker gets to notice that it should stop before it is ended. */
const patienceMs = 1_500;

export function workerPool(options: PoolOptions): Executor {
  const flag = stopFlag();
  const seats: Seat[] = [];
  const waiting: Pending[] = [];
  let starting = 0;
  let count = 0;
  let tasks = 0;
  let closed = false;

  const leave = (seat: Seat) => {
    if (seat.current && options.idle) Atomics.add(options.idle, 0, 1);
    seat.current = undefined;
  };
  const place = (seat: Seat) => {
    while (seat.current === undefined) {
      const pending = waiting.shift();
      if (!pending) return;
      try {
        pending.started(seat.number);
      } catch (refused) {
        pending.reject(refused);
        continue;
      }
      const id = tasks++;
      seat.current = { id, pending };
      if (options.idle) Atomics.sub(options.idle, 0, 1);
      seat.worker.postMessage(message(id, pending.task));
    }
  };

  const hear = (seat: Seat, said: WorkerMessage) => {
    if (said.is === 'ready') return place(seat);
    const current = seat.current;
    if (!current || current.id !== said.task) return;
    if (said.is === 'said') return current.pending.say(said.message);
    leave(seat);
    if (said.is === 'done') current.pending.resolve(said.outputs);
    else {
      const { code, message: text, where, hint } = said.problem;
      const cause = new Error(text);
      if (said.stack) cause.stack = said.stack;
      current.pending.reject(new Problem(code, text, { ...(where && { where }), ...(hint && { hint }), cause }));
    }
    place(seat);
  };

  const lose = (seat: Seat, problem: Problem) => {
    const at = seats.indexOf(seat);
    if (at >= 0) seats.splice(at, 1);
    seat.current?.pending.reject(problem);
    leave(seat);
    if (waiting.length > 0 && !closed) void hire();
  };

  const hire = async () => {
    starting++;
    try {
      const entry = typeof options.entry === 'function' ? await options.entry() : options.entry;
      const setup: WorkerSetup = {
        plugins: options.plugins,
        cacheFolder: options.cacheFolder,
        flag,
        given: options.given,
      };
      const seat: Seat = { worker: new Worker(entry, { workerData: setup }), number: count++, current: undefined };
      seats.push(seat);
      seat.worker.on('message', (said: WorkerMessage) => hear(seat, said));
      seat.worker.on('error', (error) =>
        lose(
          seat,
          new Problem('step-failed', `a worker thread died: ${(error as Error).message}`, {
            cause: error,
            hint: 'with --jobs 0 steps run in the main thread, where the cause is easier to see',
          }),
        ),
      );
      seat.worker.on('exit', (code) => {
        if (seat.current)
          lose(
            seat,
            new Problem(
              Atomics.load(flag, 0) ? 'cancelled' : 'step-failed',
              Atomics.load(flag, 0) ? 'stopped on request' : `a worker thread ended with code ${code}`,
            ),
          );
      });
    } catch (error) {
      waiting.shift()?.reject(error);
    } finally {
      starting--;
    }
  };

  return {
    slots: options.jobs,
    takes: (task) => task.node.weight === 'heavy' && options.knows(task),
    run: (task, say, started) =>
      new Promise((resolve, reject) => {
        waiting.push({ task, say, started, resolve, reject });
        const idle = seats.find((seat) => seat.current === undefined);
        if (idle) place(idle);
        else if (seats.length + starting < options.jobs) void hire();
      }),
    abort: () => {
      closed = true;
      Atomics.store(flag, 0, 1);
      const problem = new Problem('cancelled', 'stopped on request');
      for (const pending of waiting.splice(0)) pending.reject(problem);
      setTimeout(() => {
        for (const seat of [...seats]) {
          const current = seat.current;
          leave(seat);
          void seat.worker.terminate();
          current?.pending.reject(problem);
        }
      }, patienceMs).unref();
    },
    close: async () => {
      closed = true;
      await Promise.all(seats.splice(0).map((seat) => seat.worker.terminate()));
    },
  };
}

function message(id: number, task: StepTask): TaskMessage {
  return {
    task: id,
    pipeline: task.pipeline,
    step: task.step,
    node: task.node.id,
    method: task.method && methodJson(task.method),
    config: task.config,
    inputs: Object.fromEntries(
      Object.entries(task.inputs).map(([name, { source, value }]) => [
        name,
        { source: sourcePort(source), value: share(value) },
      ]),
    ),
    seed: task.seed,
    files: task.files,
    checkpoint: task.checkpoint,
  };
}

const sourcePort = (port: StepTask['inputs'][string]['source']): SourcePort =>
  port.port === 'table'
    ? { port: 'table', columns: (port as Table<Readonly<Record<string, string>>>).columns }
    : { port: port.port };
