/** Everything that happens, as a closed union. The terminal, the JSON log and the run record are renderers of it. */
import type { ProblemJson } from './errors.ts';
import type { StepStatus } from './store.ts';

export type PlanStatus = 'cached' | 'stale' | 'new' | 'pending';

interface InStep {
  /** Which pipeline of the run; several share steps. */
  readonly pipeline: string;
  readonly step: string;
  readonly node: string;
  /** The trial's seed, as the user gave it: the same step may run for several seeds at once. */
  readonly seed?: number;
}
export type Event =
  | { readonly event: 'run-started'; readonly command: string; readonly pipelines: number; readonly steps: number }
  | { readonly event: 'planned'; readonly counts: Readonly<Record<PlanStatus, number>> }
  | ({ readonly event: 'step-started'; readonly worker: number | null } & InStep)
  | ({
      readonly event: 'step-progress';
      readonly done: number;
      readonly total: number;
      readonly note?: string;
    } & InStep)
  | ({
      readonly event: 'step-epoch';
      readonly epoch: number;
      readonly values: Readonly<Record<string, number>>;
    } & InStep)
  /** The step goes on from what an earlier run saved; `at` says where that stood. */
  | ({ readonly event: 'step-resumed'; readonly at: string } & InStep)
  | ({
      readonly event: 'step-log';
      readonly level: 'debug' | 'info' | 'warn';
      readonly message: string;
      readonly fields?: object;
    } & InStep)
  | ({
      readonly event: 'step-ended';
      readonly status: StepStatus;
      readonly ms: number;
      readonly reason?: string;
      readonly problem?: ProblemJson;
    } & InStep)
  | ({ readonly event: 'step-waiting'; readonly reason: string } & InStep)
  | { readonly event: 'healed'; readonly object: string; readonly reason: string; readonly step?: string }
  | { readonly event: 'warning'; readonly message: string; readonly hint?: string }
  | { readonly event: 'draining'; readonly running: number }
  | {
      readonly event: 'run-ended';
      readonly outcome: 'ok' | 'failed' | 'cancelled';
      readonly ms: number;
      readonly record: string;
    };

/** Receives events; must not throw and must not wait. */
export type Reporter = (event: Event) => void;
