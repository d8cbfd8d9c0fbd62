/**
 * For a terminal: a block at the bottom, redrawn at most ten times a second, with a line for each running step and one for
 * the whole; what must stay is printed above it. The cursor is never hidden and the block is erased on exit, so that a
 * killed process leaves a usable terminal.
 */
import pc from 'picocolors';
import stringWidth from 'string-width';
import type { Event } from '../../core/events.ts';
import type { TerminalReporter } from '../progress.ts';
import { Activity, type RunningStep, stepLeft } from './activity.ts';
import type { Clock } from './clock.ts';
import { type Notice, Notices } from './notices.ts';
import { outcomes } from './plain.ts';
import { count, duration, oneLine } from './words.ts';

const redrawEvery = 100;
/** Clocks go on while no event comes. */
const idleRedraw = 1_000;
const barWidth = 20;
const mostLines = 10;

export function liveReporter(
  write: (text: string) => void,
  clock: Clock,
  size: () => { readonly columns: number; readonly rows: number },
): TerminalReporter {
  const colours = pc.createColors(process.env.NO_COLOR === undefined || process.env.NO_COLOR === '');
  const coloured = (sign: Notice['sign']) =>
    sign === 'x' ? colours.red(sign) : sign === '!' ? colours.yellow(sign) : colours.cyan(sign);
  const activity = new Activity();
  const notices = new Notices();
  let drawn = 0;
  let lastDraw = Number.NEGATIVE_INFINITY;
  let timer: (() => void) | undefined;
  let open = false;

  const erase = () => (drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`);
  const forget = () => {
    timer?.();
    timer = undefined;
  };
  const clear = () => {
    forget();
    write(erase());
    drawn = 0;
  };
  const draw = (above = '') => {
    forget();
    const now = clock.now();
    const { columns, rows } = size();
    const lines = block(activity, now, Math.min(mostLines, Math.max(1, rows - 3)), colours).map((text) =>
      clipped(text, columns - 1),
    );
    write(`${erase()}${above}${lines.map((text) => `${text}\n`).join('')}`);
    drawn = lines.length;
    lastDraw = now;
    timer = clock.after(idleRedraw, draw);
  };
  /** Draws now when the last time is long enough ago, so that a busy main thread still shows something; else soon. */
  const touch = () => {
    const wait = redrawEvery - (clock.now() - lastDraw);
    if (wait <= 0) return draw();
    forget();
    timer = clock.after(wait, draw);
  };
  const close = () => {
    if (!open) return;
    open = false;
    process.off('exit', close);
    clear();
  };
  /** Above the block while there is one. */
  const say = (text: string) => (open && drawn > 0 ? draw(`${text}\n`) : write(`${text}\n`));

  const tell = (event: Event): void => {
    activity.take(event, clock.now());
    if (event.event === 'run-started') {
      notices.clear();
      open = true;
      lastDraw = clock.now(); // a cached run is over before the first drawing
      process.once('exit', close);
    }
    const notice = notices.of(event, 'step' in event && 'pipeline' in event ? activity.name(event) : '');
    if (notice) say(`${coloured(notice.sign)} ${notice.text}`);
    if (!open) return;
    if (event.event !== 'run-ended') {
      touch();
      return;
    }
    close();
    for (const { sign, text } of notices.repeats()) write(`${coloured(sign)} ${text}\n`);
    write(`${summary(activity, outcomes[event.outcome], event.ms)}\n`);
  };
  return Object.assign(tell, { note: say, close });
}

type Colours = ReturnType<typeof pc.createColors>;

function block(activity: Activity, now: number, most: number, colours: Colours): string[] {
  const running = [...activity.running.values()];
  const shown = running.length <= most ? running : running.slice(0, most - 1);
  const width = Math.max(0, ...shown.map(({ name }) => stringWidth(name)));
  const lines = shown.map((step) => stepLine(step, Math.min(width, 40), now, colours));
  if (shown.length < running.length) lines.push(`  and ${running.length - shown.length} more running`);
  lines.push(totalLine(activity, now, colours));
  return lines;
}

function stepLine(step: RunningStep, width: number, now: number, colours: Colours): string {
  const name = `  ${step.name}${' '.repeat(Math.max(0, width - stringWidth(step.name)))}`;
  const time = duration(now - step.since);
  if (step.waiting !== undefined) return `${name}  ${colours.dim(`waits: ${oneLine(step.waiting)}, ${time}`)}`;
  const left = stepLeft(step, now);
  const parts = [
    step.fraction === undefined ? undefined : `${bar(step.fraction)} ${percent(step.fraction)}`,
    step.epoch,
    step.note === undefined ? undefined : oneLine(step.note),
    colours.dim(left === undefined ? time : `${time}, about ${duration(left)} left`),
  ];
  return `${name}  ${parts.filter((part) => part !== undefined && part !== '').join('  ')}`;
}

function totalLine(activity: Activity, now: number, colours: Colours): string {
  const { settled, total, draining } = activity;
  const share = total === 0 ? 0 : settled / total;
  const left = activity.left(now);
  const parts = [counted(activity), duration(now - activity.started)];
  if (left !== undefined) parts.push(`about ${duration(left)} left`);
  if (draining !== undefined) parts.push(colours.yellow('stopping after running steps; interrupt again to abort'));
  return `${bar(share)} ${percent(share)}  ${colours.bold(`${settled} of ${count(total, 'step')}`)}  ${parts.join('  ')}`;
}

const counted = ({ counts }: Activity): string =>
  (['computed', 'cached', 'failed', 'skipped', 'cancelled'] as const)
    .filter((status) => counts[status] > 0 || status === 'computed')
    .map((status) => `${counts[status]} ${status}`)
    .join(', ');

const summary = (activity: Activity, outcome: string, ms: number): string =>
  `${outcome} in ${duration(ms)}: ${counted(activity)}`;

const bar = (share: number): string => {
  const full = Math.floor(share * barWidth);
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`;
};
const percent = (share: number): string => `${String(Math.floor(share * 100)).padStart(3)}%`;

/** A longer line would wrap, and erasing counts lines. Escape codes take no room and are kept. */
function clipped(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are made of one
  const pieces = text.match(/\u001b\[[0-9;]*m|./gu) ?? [];
  let width = 0;
  let kept = '';
  for (const piece of pieces) {
    const wide = stringWidth(piece);
    if (wide > 0 && width + wide > columns - 1) return `${kept}…\u001b[0m`;
    width += wide;
    kept += piece;
  }
  return kept;
}
