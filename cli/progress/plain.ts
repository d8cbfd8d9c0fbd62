/** For a pipe: one line when a step ends, earlier ones only for steps that take long, cached steps as one count. */
import type { Event } from '../../core/events.ts';
import type { TerminalReporter } from '../progress.ts';
import { Activity, stepLeft } from './activity.ts';
import type { Clock } from './clock.ts';
import { Notices } from './notices.ts';
import { count, duration } from './words.ts';

/** Steps that end sooner get one line only. */
const startsAfter = 1_000;
/** A sign of life this often, so that a watchdog on the log does not end a long step. */
const lifeEvery = 30_000;

export function plainReporter(write: (text: string) => void, clock: Clock): TerminalReporter {
  const activity = new Activity();
  const notices = new Notices();
  const starts = new Map<object, () => void>();
  const lastSaid = new Map<object, number>();
  const line = (text: string) => write(`${text}\n`);
  const place = () => `[${String(activity.settled).padStart(String(activity.total).length)}/${activity.total}]`;

  const startLater = (event: Extract<Event, { event: 'step-started' | 'step-waiting' }>) => {
    const step = activity.of(event);
    if (step === undefined || starts.has(step)) return;
    const say = () => {
      line(`${place()} ${step.name} ${step.waiting === undefined ? 'started' : `waits: ${step.waiting}`}`);
      lastSaid.set(step, clock.now());
    };
    starts.set(step, clock.after(startsAfter, say));
  };

  const forget = () => {
    for (const drop of starts.values()) drop();
    starts.clear();
  };

  const tell = (event: Event): void => {
    const now = clock.now();
    const before = event.event === 'step-ended' ? activity.of(event) : undefined;
    activity.take(event, now);
    const notice = notices.of(event, 'step' in event && 'pipeline' in event ? activity.name(event) : '');
    if (notice) line(`${notice.sign} ${notice.text}`);
    switch (event.event) {
      case 'run-started':
        notices.clear();
        line(`${event.command}: ${count(event.pipelines, 'pipeline')}, ${count(event.steps, 'step')}`);
        return;
      case 'step-started':
      case 'step-waiting':
        startLater(event);
        return;
      case 'step-progress':
      case 'step-epoch': {
        const step = activity.of(event);
        if (step === undefined || now - (lastSaid.get(step) ?? step.since) < lifeEvery) return;
        lastSaid.set(step, now);
        const share = step.fraction === undefined ? undefined : `${Math.floor(step.fraction * 100)}%`;
        const left = stepLeft(step, now);
        const parts = [share, step.epoch ?? step.note, `${duration(now - step.since)} so far`];
        if (left !== undefined) parts.push(`about ${duration(left)} left`);
        line(`${place()} ${step.name}: ${parts.filter((part) => part !== undefined).join(', ')}`);
        return;
      }
      case 'step-ended': {
        if (before) {
          starts.get(before)?.();
          starts.delete(before);
          lastSaid.delete(before);
        }
        if (event.status === 'computed') line(`${place()} ${activity.name(event)} computed in ${duration(event.ms)}`);
        return;
      }
      case 'draining':
        line(`stopping: ${count(event.running, 'running step')} may finish; interrupt again to abort`);
        return;
      case 'run-ended': {
        forget();
        for (const { sign, text } of notices.repeats()) line(`${sign} ${text}`);
        const { computed, cached, failed, skipped, cancelled } = activity.counts;
        if (cached > 0) line(`${count(cached, 'step')} cached`);
        const rest = [
          [failed, 'failed'],
          [skipped, 'skipped'],
          [cancelled, 'cancelled'],
        ] as const;
        const more = rest.filter(([n]) => n > 0).map(([n, what]) => `, ${n} ${what}`);
        line(
          `${outcomes[event.outcome]} in ${duration(event.ms)}: ${count(computed, 'step')} computed${more.join('')}`,
        );
        return;
      }
      default:
        return;
    }
  };
  return Object.assign(tell, { note: line, close: forget });
}

export const outcomes = { ok: 'done', failed: 'failed', cancelled: 'stopped' } as const;
