/** Prints figures, remembers broken promises, and keeps the last result of a benchmark in docs/results. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, platform, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../docs/results/', import.meta.url));

export interface Figures {
  line(text: string): void;
  /** A limit that we want to reach: printed as met or not, never a failure. */
  aim(text: string, value: number, limit: number, unit: string, better?: 'lower' | 'higher'): void;
  /** A limit that must hold: the command exits non-zero when it does not. */
  promise(text: string, holds: boolean): void;
}

/** @param command what to type to get the same figures again */
export async function benchmark(
  name: string,
  body: (figures: Figures) => Promise<void>,
  command = `npm run ${name === 'torture' ? name : `bench -- ${name}`}`,
): Promise<boolean> {
  const lines: string[] = [];
  let broken = false;
  const line = (text: string) => {
    lines.push(text);
    console.log(text);
  };
  line(`# ${name}`);
  await body({
    line,
    aim: (text, value, limit, unit, better = 'lower') => {
      const met = better === 'lower' ? value <= limit : value >= limit;
      line(
        `${text}: ${format(value)} ${unit} (aim ${better === 'lower' ? '<=' : '>='} ${limit} ${unit}: ${met ? 'met' : 'not met'})`,
      );
    },
    promise: (text, holds) => {
      broken ||= !holds;
      line(`${text}: ${holds ? 'holds' : 'BROKEN'}`);
    },
  });
  keep(name, command, lines);
  return !broken;
}

export const format = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(2) : value.toFixed(4);

/** The command, the date and the machine stand above the figures, so that nobody compares what cannot be compared. */
function keep(name: string, command: string, lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const head = [
    '```',
    `command: ${command}`,
    `date:    ${new Date().toISOString().slice(0, 10)}`,
    `machine: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()}, Node ${process.versions.node}`,
    '',
  ];
  writeFileSync(`${folder}${name}.md`, `${[...head, ...lines.slice(1), '```'].join('\n')}\n`);
}

/** The smallest of several timings of `body`, in milliseconds: the least disturbed one. */
export async function fastest(times: number, body: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await body();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}
