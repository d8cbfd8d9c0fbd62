/** A problem as text for a terminal: where, what, the line with a caret under the place, what to do. */
import picocolors from 'picocolors';
import type { Problem, Range } from '../errors.ts';

export interface RenderOptions {
  readonly color?: boolean;
  /** Widest line of a snippet; longer ones are cut around the caret. */
  readonly width?: number;
}

/** Never longer than some twenty lines, whatever the problem carries. */
export function renderProblem(problem: Problem, { color = false, width = 110 }: RenderOptions = {}): string {
  const paint = picocolors.createColors(color);
  const { range, where, hint } = problem;
  const message = bounded(problem.message, 1200);
  const head = range
    ? `${paint.bold(`${range.file}:${range.line}:${range.column}`)}  ${paint.red(message)}`
    : `${paint.red('error:')} ${message}`;
  const lines = [head];
  if (range) lines.push(...snippet(range, width, paint));
  if (where !== undefined && where !== range?.file) lines.push(`  ${paint.dim('in')} ${bounded(where, 300)}`);
  if (hint !== undefined)
    lines.push(
      ...bounded(sentence(hint), 1200)
        .split('\n')
        .map((line) => `  ${line}`),
    );
  return lines.join('\n');
}

function snippet(range: Range, width: number, paint: ReturnType<typeof picocolors.createColors>): readonly string[] {
  const number = String(range.line);
  const bar = paint.dim('|');
  const { text, column } = windowed(range.text.replaceAll('\t', ' '), range.column, width);
  const length = Math.max(1, Math.min(range.length, text.length - column + 1));
  return [
    `    ${paint.dim(number)} ${bar} ${text}`,
    `    ${' '.repeat(number.length)} ${bar} ${' '.repeat(column - 1)}${paint.red('^'.repeat(length))}`,
  ];
}

/** The part of a long line around the caret. */
function windowed(line: string, column: number, width: number): { text: string; column: number } {
  if (line.length <= width) return { text: line, column };
  const from = Math.max(0, Math.min(column - 1 - Math.floor(width / 3), line.length - width));
  const before = from > 0 ? '...' : '';
  const after = from + width < line.length ? '...' : '';
  return { text: `${before}${line.slice(from, from + width)}${after}`, column: column - from + before.length };
}

const sentence = (text: string) =>
  text.replace(/(^|[?] )([a-z])/g, (_, before: string, first: string) => before + first.toUpperCase());
const bounded = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most)}...`);
