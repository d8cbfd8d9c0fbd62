/** What a run is doing, folded from its events; both renderers read it. */
import type { Event, PlanStatus } from '../../core/events.ts';
import type { StepStatus } from '../../core/store.ts';
import { epochText, stepName } from './words.ts';

export interface RunningStep {
  readonly name: string;
  readonly since: number;
  /** 0..1, or undefined while the step says nothing. */
  fraction: number | undefined;
  /** What of that an earlier run had done; undefined while the step has not said where it goes on. */
  before: number | undefined;
  note: string | undefined;
  epoch: string | undefined;
  /** Why nothing moves: another run computes the same step. */
  waiting: string | undefined;
}

/** Below this much work done an estimate says nothing. */
const enough = 3_000;

export class Activity {
  total = 0;
  pipelines = 0;
  started = 0;
  draining: number | undefined;
  readonly counts: Record<StepStatus, number> = { computed: 0, cached: 0, failed: 0, skipped: 0, cancelled: 0 };
  /** By pipeline, seed and step, in the order of their starts. */
  readonly running = new Map<string, RunningStep>();
  #planned: Readonly<Record<PlanStatus, number>> | undefined;
  #seed: number | undefined;
  severalSeeds = false;

  take(event: Event, now: number): void {
    switch (event.event) {
      case 'run-started':
        this.total = event.steps;
        this.pipelines = event.pipelines;
        this.started = now;
        this.draining = undefined;
        this.severalSeeds = false;
        this.#seed = undefined;
        for (const status of Object.keys(this.counts) as StepStatus[]) this.counts[status] = 0;
        this.running.clear();
        return;
      case 'planned':
        this.#planned = event.counts;
        return;
      case 'step-started':
        this.#step(event, now).waiting = undefined;
        return;
      case 'step-waiting':
        this.#step(event, now).waiting = event.reason;
        return;
      case 'step-progress': {
        const step = this.#step(event, now);
        step.fraction = event.total > 0 ? Math.min(1, Math.max(0, event.done / event.total)) : undefined;
        step.before ??= step.fraction;
        step.note = event.note;
        return;
      }
      case 'step-resumed':
        // its next word about progress tells what was done before
        this.#step(event, now).before = undefined;
        return;
      case 'step-epoch':
        this.#step(event, now).epoch = epochText(event.epoch, event.values);
        return;
      case 'step-ended':
        this.#meet(event.seed);
        this.counts[event.status]++;
        this.running.delete(idOf(event));
        return;
      case 'draining':
        this.draining = event.running;
        return;
      default:
        return;
    }
  }

  name(event: Parameters<typeof stepName>[0]): string {
    this.#meet(event.seed);
    return stepName(event, this.severalSeeds);
  }

  of(event: { readonly pipeline: string; readonly step: string; readonly seed?: number }): RunningStep | undefined {
    return this.running.get(idOf(event));
  }

  get settled(): number {
    const { computed, cached, failed, skipped, cancelled } = this.counts;
    return computed + cached + failed + skipped + cancelled;
  }

  /** Milliseconds that the rest will take if it goes on like this, or undefined while that is a guess. */
  left(now: number): number | undefined {
    const elapsed = now - this.started;
    let partly = 0;
    let earlier = 0;
    for (const { fraction, before } of this.running.values()) {
      partly += (fraction ?? 0) - (before ?? 0);
      earlier += before ?? 0;
    }
    const done = this.counts.computed + partly;
    if (elapsed < enough || done < 0.5 || this.draining !== undefined) return undefined;
    const skipped = this.counts.skipped + this.counts.failed + this.counts.cancelled;
    const known = this.#planned && this.#planned.new + this.#planned.stale + this.#planned.pending;
    const toDo =
      Math.min(known ?? Number.POSITIVE_INFINITY, this.total - this.counts.cached) - skipped - earlier - done;
    return toDo <= 0 ? undefined : (elapsed / done) * toDo;
  }

  #step(event: Parameters<typeof stepName>[0], now: number): RunningStep {
    const id = idOf(event);
    let step = this.running.get(id);
    if (step === undefined) {
      step = {
        name: this.name(event),
        since: now,
        fraction: undefined,
        before: 0,
        note: undefined,
        epoch: undefined,
        waiting: undefined,
      };
      this.running.set(id, step);
    }
    return step;
  }

  #meet(seed: number | undefined): void {
    if (seed === undefined || seed === this.#seed) return;
    if (this.#seed !== undefined) this.severalSeeds = true;
    this.#seed = seed;
  }
}

const idOf = ({ pipeline, seed, step }: { pipeline: string; seed?: number; step: string }) =>
  `${pipeline}\n${seed ?? ''}\n${step}`;

/** What a step with a known share of its work done still needs. */
export function stepLeft({ fraction, before, since }: RunningStep, now: number): number | undefined {
  const done = (fraction ?? 0) - (before ?? 0);
  return fraction === undefined || done < 0.02 || now - since < 2_000
    ? undefined
    : ((now - since) * (1 - fraction)) / done;
}
