/** What a command is: a line in the table of cli/commands.ts, and a module that is loaded when it is called. */
import type { Reporter } from '../core/events.ts';

/** Options as commander parsed them: camelCase names; repeated options are lists. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** What a command gives back. Exactly one of the two forms is printed. */
export interface CommandResult {
  /** Fields of the JSON document besides `command` and `ok`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** For people; printed to stdout. A function, so that it costs nothing under --json. */
  readonly text: () => string;
  /** Exit code when the command worked but its answer is a failure (a failed step, findings of `cache verify`). */
  readonly exitCode?: number;
  /** The failure behind `exitCode`, for the JSON form; one does not go without the other. */
  readonly error?: unknown;
}
export interface Context {
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly json: boolean;
  /** Whether the answer goes to a terminal that takes colours. */
  readonly terminal: boolean;
  /** The command line as typed, for run records. */
  readonly line: string;
  /** Everything that is not the answer goes to stderr through these. */
  readonly reporters: readonly Reporter[];
  readonly note: (text: string) => void;
}
export type CommandBody = (context: Context) => Promise<CommandResult>;

export interface CommandSpec {
  /** `data describe` for a subcommand. */
  readonly name: string;
  /** In commander's notation: `<name...>`, `[file]`. */
  readonly args?: string;
  readonly summary: string;
  /** Groups of options from cli/options.ts, then the command's own: flags, text, default. */
  readonly options?: readonly OptionSpec[];
  /** Shown under the help: one or two examples. */
  readonly examples?: readonly string[];
  readonly load: () => Promise<{ readonly default: CommandBody }>;
}
export interface OptionSpec {
  readonly flags: string;
  readonly text: string;
  readonly default?: string | number | boolean;
  readonly many?: boolean;
}
