/** Events as text on stderr: a live view on a terminal, plain lines in a pipe. Both hold no more than a screen can bear. */
import type { Reporter } from '../core/events.ts';
import { type Clock, systemClock } from './progress/clock.ts';
import { liveReporter } from './progress/live.ts';
import { plainReporter } from './progress/plain.ts';

export interface ProgressStreams {
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal that understands cursor movements. */
  readonly terminal: boolean;
}
export interface ProgressOptions {
  readonly clock?: Clock;
  /** Lines of plain text even on a terminal: under --json, where a script reads along. */
  readonly plain?: boolean;
  /** Width and height of the terminal, asked before each drawing; 80 x 24 unless given. */
  readonly size?: () => { readonly columns: number; readonly rows: number };
}

export interface TerminalReporter extends Reporter {
  /** A line that stays, above whatever is being redrawn. */
  note(text: string): void;
  /** Leaves nothing half drawn, however the command ended. Everything else may write to the streams afterwards. */
  close(): void;
}

const stderrSize = () => ({ columns: process.stderr.columns ?? 80, rows: process.stderr.rows ?? 24 });

export function terminalReporter(streams: ProgressStreams, options: ProgressOptions = {}): TerminalReporter {
  const { clock = systemClock, plain = false, size = stderrSize } = options;
  if (plain || !streams.terminal) return plainReporter(streams.err, clock);
  return liveReporter(streams.err, clock, size);
}
