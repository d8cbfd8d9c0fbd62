/** The services that core itself provides to steps. Other services are bound by the caller or by a plugin. */
import type { NumericArray } from '../numeric/frame.ts';
import type { Random } from '../numeric/random.ts';
import { token } from '../tokens.ts';

export interface StepLog {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  /** Shown to the user and kept in the run record: rows dropped, a diagnosis that looks bad, a run that did not train. */
  warn(message: string, fields?: object): void;
}
export interface StepProgress {
  /** `done` of `total` in any unit; calls are cheap, the reporter thins them out. */
  report(done: number, total: number, note?: string): void;
  /** One point of a training curve: loss parts, gradient norms, effective sample size. Kept in the run record. */
  epoch(epoch: number, values: Readonly<Record<string, number>>): void;
}
export interface Cancellation {
  readonly requested: boolean;
  /** Throws the `cancelled` problem when the user asked to stop. Call it once an epoch, or every few hundred milliseconds. */
  check(): void;
}
/** The files that the node's `reads` named. */
export interface StepFiles {
  has(name: string): boolean;
  /** Absolute path, for readers that work on files themselves. */
  path(name: string): string;
  bytes(name: string): Uint8Array;
  text(name: string): string;
}

/** Everything that a step needs to go on from where it stood. */
export interface Checkpoint {
  /** Where it stood, for people: `epoch 120`. */
  readonly at: string;
  /** Plain JSON. */
  readonly head: unknown;
  /** Copied when it is saved; those of a restored one belong to the checkpoint and are to be copied from. */
  readonly arrays: Readonly<Record<string, NumericArray>>;
}
/**
 * For steps that compute for minutes. A step that goes on from a checkpoint must end in the same bytes as one that was never
 * stopped: the service is no part of its key.
 */
export interface StepCheckpoints {
  /**
   * Hands over what this step saved before it was stopped. `restore` throws, before it changes anything, when it cannot use it;
   * that, and a damaged checkpoint, become a warning.
   * @returns whether the step goes on from a checkpoint
   */
  resume(restore: (saved: Checkpoint) => void): boolean;
  /** Whether it is time to save again: true about once a minute, or as the run says. */
  readonly due: boolean;
  /** Replaces what was saved before; it is removed once the step's results are stored. */
  save(checkpoint: Checkpoint): void;
}

export const Log = token<StepLog>()('log');
export const Progress = token<StepProgress>()('progress');
export const Cancel = token<Cancellation>()('cancel');
/** Declaring it makes a node random: its seed enters the key. */
export const Rng = token<Random>()('rng');
export const Files = token<StepFiles>()('files');
export const Checkpoints = token<StepCheckpoints>()('checkpoints');

/** Services that the runner makes for each step; they never need a binding. */
export const coreServices = ['log', 'progress', 'cancel', 'rng', 'files', 'checkpoints'] as const;
export type CoreService = (typeof coreServices)[number];
