/** What the pool and its workers say to each other. */
import type { ProblemJson } from '../errors.ts';
import type { MethodJson } from '../method.ts';
import type { FoundFile } from '../plan/data-files.ts';
import type { CheckpointTask, StepMessage } from './executor.ts';
import type { StopFlag } from './step-services.ts';
import type { Value } from './values.ts';

/** Given to a worker at its start. */
export interface WorkerSetup {
  readonly plugins: readonly string[];
  readonly cacheFolder: string;
  readonly flag: StopFlag;
  /** What the worker's composition root makes its services of: whatever the main thread's root hands over, cloned. */
  readonly given: unknown;
}
export interface TaskMessage {
  readonly task: number;
  readonly pipeline: string;
  readonly step: string;
  readonly node: string;
  readonly method: MethodJson | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  /** A port is looked up in the node; the columns that the wire's source declares travel by kind. */
  readonly inputs: Readonly<Record<string, { readonly source: SourcePort; readonly value: Value }>>;
  readonly seed: string | undefined;
  readonly files: readonly FoundFile[];
  readonly checkpoint: CheckpointTask | undefined;
}
/** All of a source port that a view needs; its parser cannot travel. */
export interface SourcePort {
  readonly port: 'table' | 'json' | 'tensors';
  readonly columns?: Readonly<Record<string, string>>;
}
export type WorkerMessage =
  | { readonly is: 'ready' }
  | { readonly is: 'said'; readonly task: number; readonly message: StepMessage }
  | { readonly is: 'done'; readonly task: number; readonly outputs: Readonly<Record<string, Value>> }
  | { readonly is: 'failed'; readonly task: number; readonly problem: ProblemJson; readonly stack: string | undefined };
