/** Lines that stay: warnings, failures, healed objects, steps that go on from a checkpoint. The same message from thirty pipelines is said once and counted. */
import type { Event } from '../../core/events.ts';
import { count, oneLine } from './words.ts';

export interface Notice {
  readonly sign: '!' | 'x' | '>';
  readonly text: string;
}

export class Notices {
  /** By kind of message: how often it came, and an example. */
  readonly #seen = new Map<string, { times: number; readonly notice: Notice }>();

  clear(): void {
    this.#seen.clear();
  }

  /** The line to print for an event, if there is one. `name` says which step of which pipeline. */
  of(event: Event, name: string): Notice | undefined {
    switch (event.event) {
      case 'step-log':
        if (event.level !== 'warn') return undefined;
        return this.#once(`${event.step} ${event.message}`, { sign: '!', text: `${name}: ${oneLine(event.message)}` });
      case 'step-resumed':
        return this.#once(`resumed ${event.step}`, { sign: '>', text: `${name}: resumed from ${event.at}` });
      case 'warning': {
        return this.#once(event.message, { sign: '!', text: `${oneLine(event.message)}${hintOf(event.hint)}` });
      }
      case 'healed': {
        const step = event.step === undefined ? '' : ` of ${event.step}`;
        return this.#once(`healed ${event.reason}`, {
          sign: '!',
          text: `object ${event.object.slice(0, 12)}${step}: ${oneLine(event.reason)}; computing it again`,
        });
      }
      case 'step-ended':
        if (event.status !== 'failed') return undefined;
        return this.#once(`failed ${event.step} ${event.problem?.message ?? event.reason}`, {
          sign: 'x',
          text: `${name} failed: ${oneLine(event.problem?.message ?? event.reason ?? 'no reason given')}${hintOf(event.problem?.hint)}`,
        });
      default:
        return undefined;
    }
  }

  /** At the end: what was left out above. */
  repeats(): readonly Notice[] {
    return [...this.#seen.values()]
      .filter(({ times }) => times > 1)
      .map(({ times, notice }) => ({
        sign: notice.sign === '>' ? '>' : '!',
        text: `${count(times - 1, 'more message')} like: ${notice.text}`,
      }));
  }

  /** Numbers differ from seed to seed, so they do not make another message. */
  #once(kind: string, notice: Notice): Notice | undefined {
    const key = kind.replace(/\d+(\.\d+)?/g, '#');
    const held = this.#seen.get(key);
    if (held) {
      held.times++;
      return undefined;
    }
    this.#seen.set(key, { times: 1, notice });
    return notice;
  }
}

const hintOf = (hint: string | null | undefined): string => (hint ? ` (${oneLine(hint.replaceAll('\n', '; '))})` : '');
