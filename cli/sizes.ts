/** Sizes in bytes, as people write and read them. */
import { Problem } from '../core/errors.ts';

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1.2 GB`; a kilobyte has 1000 bytes. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toPrecision(2 + (value >= 10 ? 1 : 0))} ${units[unit]}`;
}

/** `10GB`, `500 MB`, `1.5TiB`, or bare bytes. */
export function parseSize(option: string, given: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*$/i.exec(given);
  if (!match) throw new Problem('usage', `${option} takes a size like 10GB, and not '${given}'`);
  const [, number, letter = '', binary] = match;
  const power = ['', 'k', 'm', 'g', 't'].indexOf(letter.toLowerCase());
  return Math.round(Number(number) * (binary ? 1024 : 1000) ** power);
}
