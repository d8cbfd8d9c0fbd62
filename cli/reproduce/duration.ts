/** Spans of time, as people write them. */
import { Problem } from '../../core/errors.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `10m`, `1.5h` or `500ms`. @throws Problem usage for anything else */
export function parseDuration(option: string, given: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)\s*$/.exec(given);
  const ms = match ? Number(match[1]) * (units[match[2] as string] as number) : Number.NaN;
  if (ms > 0) return ms;
  throw new Problem('usage', `${option} takes a time like 90s, 10m or 2h, and not '${given}'`);
}
