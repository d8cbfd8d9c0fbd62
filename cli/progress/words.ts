/** How durations, counts and steps are written. */
import type { Event } from '../../core/events.ts';

type StepEvent = Extract<Event, { readonly step: string; readonly pipeline: string }>;

/** `840 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `1 step`, `12 steps`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `ips.model`, and the seed when the run has more than one. */
export const stepName = ({ pipeline, step, seed }: StepEvent, withSeed: boolean): string =>
  withSeed && seed !== undefined ? `${pipeline}.${step} (seed ${seed})` : `${pipeline}.${step}`;

/** A loss part in four significant digits, whole numbers as they are. */
export const figure = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : value.toPrecision(4);

/** `epoch 12: loss 0.5312`: the loss if there is one, else the first value. */
export function epochText(epoch: number, values: Readonly<Record<string, number>>): string {
  const name = 'loss' in values ? 'loss' : Object.keys(values)[0];
  const value = name === undefined ? undefined : values[name];
  return value === undefined ? `epoch ${epoch}` : `epoch ${epoch}: ${name} ${figure(value)}`;
}

/** One line: what a log message may contain besides would break a redrawn block. */
export const oneLine = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim();
