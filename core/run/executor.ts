/** Where steps are computed. The runner decides what and when; an executor only turns a task into outputs. */
import type { AnyMethod } from '../method.ts';
import type { AnyNode } from '../node.ts';
import type { FoundFile } from '../plan/data-files.ts';
import type { Port } from '../ports/ports.ts';
import type { Seed } from '../seeds.ts';
import type { Value } from './values.ts';

export interface TaskInput {
  readonly port: Port;
  /** The port declared where the wire starts: what it does not declare is not seen. */
  readonly source: Port;
  readonly value: Value;
}
export interface StepTask {
  readonly pipeline: string;
  readonly step: string;
  readonly node: AnyNode;
  readonly method: AnyMethod | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, TaskInput>>;
  readonly seed: Seed | undefined;
  readonly files: readonly FoundFile[];
  /** Bound services by the name under which the node uses them; core's own are made where the step runs. */
  readonly services: Readonly<Record<string, unknown>>;
  /** Absent for steps without a key, and for those that save nothing. */
  readonly checkpoint?: CheckpointTask | undefined;
}
export interface CheckpointTask {
  readonly key: string;
  /** Least time between two checkpoints; 0 saves none. */
  readonly everyMs: number;
  /** What an earlier attempt saved, as it was found. */
  readonly saved?: Uint8Array | undefined;
}
/** What a step says while it runs. */
export type StepMessage =
  | {
      readonly say: 'log';
      readonly level: 'debug' | 'info' | 'warn';
      readonly message: string;
      readonly fields?: object;
    }
  | { readonly say: 'progress'; readonly done: number; readonly total: number; readonly note?: string }
  | { readonly say: 'epoch'; readonly epoch: number; readonly values: Readonly<Record<string, number>> }
  /** The step goes on from a checkpoint. */
  | { readonly say: 'resumed'; readonly at: string }
  /** Bytes to keep until the step's results are stored. */
  | { readonly say: 'checkpoint'; readonly at: string; readonly bytes: Uint8Array };
export type Say = (message: StepMessage) => void;

export interface Executor {
  /** How many steps it computes at once. */
  readonly slots: number;
  /** Whether it can take this step at all; what it cannot take runs in process. */
  takes(task: StepTask): boolean;
  /** Rejects with what the node threw. `started` is called when the step leaves the queue; what it throws refuses the step. */
  run(task: StepTask, say: Say, started: (worker: number | null) => void): Promise<Readonly<Record<string, Value>>>;
  /** Asks running steps to stop at their next check, then ends them. */
  abort(): void;
  close(): Promise<void>;
}
