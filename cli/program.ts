/** From the words of a command line to a command, and from its result to stdout, stderr and an exit code. */
import { Command, CommanderError } from 'commander';
import { asProblem, Problem, problemJson } from '../core/errors.ts';
import { version } from '../version.ts';
import type { CommandResult, CommandSpec, Context, OptionSpec } from './command.ts';
import { commands } from './commands.ts';

export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal: progress is then drawn live. */
  readonly terminal: boolean;
  /** Whether `out` takes colours. */
  readonly color: boolean;
}
const plainTerminal = process.env.TERM === 'dumb';
const standard: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY === true && !plainTerminal,
  color: process.stdout.isTTY === true && !plainTerminal && !process.env.NO_COLOR,
};

/** Runs one command line and returns its exit code. Never throws. */
export async function runCommandLine(words: readonly string[], streams: Streams = standard): Promise<number> {
  const json = words.includes('--json');
  const debug = words.includes('--debug');
  let name = nameIn(words);
  const said: string[] = [];
  try {
    let exitCode = 0;
    // under --json help and version, too, are one document
    const face = json ? { ...streams, out: (text: string) => void said.push(text) } : streams;
    const program = programOf(face, async (spec, args, options) => {
      name = spec.name;
      const result = await call(spec, args, options, words, json, streams);
      exitCode = result.exitCode ?? 0;
      print(name, result, json, streams);
      if (!json && result.error) await say(result.error, streams);
    });
    await program.parseAsync(words as string[], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return commanderCode(error, name, json, said.join(''), streams);
    const problem = asProblem(error);
    if (json) streams.out(`${JSON.stringify({ command: name, ok: false, error: problemJson(problem) })}\n`);
    else await say(problem, streams);
    if (debug) streams.err(`${stackOf(error)}\n`);
    return problem.exitCode;
  }
}

/** What went wrong, and what to do about it, for people. */
async function say(error: unknown, streams: Streams): Promise<void> {
  const { renderProblem } = await import('../core/yaml/render.ts');
  streams.err(`${renderProblem(asProblem(error), { color: streams.terminal })}\n`);
}

/** The command that the words begin with, of two words where it has two. */
function nameIn(words: readonly string[]): string {
  const [first, second] = words.filter((word) => !word.startsWith('-'));
  if (first === undefined) return 'counterpoise';
  const both = `${first} ${second}`;
  return commands.some(({ name }) => name === both) ? both : first;
}

async function call(
  spec: CommandSpec,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  words: readonly string[],
  json: boolean,
  streams: Streams,
): Promise<CommandResult> {
  const { default: body } = await spec.load();
  const { terminalReporter } = await import('./progress.ts');
  const reporter = terminalReporter(streams, { plain: json });
  const context: Context = {
    args,
    options,
    json,
    terminal: streams.color && !json,
    line: words.join(' '),
    reporters: [reporter],
    note: reporter.note,
  };
  try {
    return await body(context);
  } finally {
    reporter.close();
  }
}

function print(command: string, result: CommandResult, json: boolean, streams: Streams): void {
  if (!json) {
    const text = result.text();
    if (text !== '') streams.out(text.endsWith('\n') ? text : `${text}\n`);
    return;
  }
  const document = result.error
    ? { command, ok: false, error: problemJson(result.error), ...result.json }
    : { command, ok: true, ...result.json };
  streams.out(`${JSON.stringify(document)}\n`);
}

type Act = (spec: CommandSpec, args: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>;

function programOf(streams: Streams, act: Act): Command {
  const program = base(new Command('counterpoise'), streams)
    .description('Debiased recommendation as typed, cached pipelines.')
    .version(version, '-V, --version', 'print the version')
    .option('--json', 'print exactly one JSON document on stdout')
    .option('--debug', 'print the stack trace of an error');
  const groups = new Map<string, Command>();
  for (const spec of commands) {
    const [first, second] = spec.name.split(' ') as [string, string?];
    let parent = program;
    if (second !== undefined) {
      parent = groups.get(first) ?? base(program.command(first), streams).description(groupText(first));
      groups.set(first, parent);
    }
    const command = base(parent.command(`${second ?? first} ${spec.args ?? ''}`.trim()), streams).description(
      spec.summary,
    );
    for (const option of spec.options ?? []) addOption(command, option);
    command
      .option('--json', 'print exactly one JSON document on stdout')
      .option('--debug', 'print the stack trace of an error');
    if (spec.examples) command.addHelpText('after', `\nExamples:\n${spec.examples.map((e) => `  ${e}`).join('\n')}`);
    command.action(async (...given: unknown[]) => {
      const args = given
        .slice(0, -2)
        .flat()
        .filter((arg) => arg !== undefined) as string[];
      await act(spec, args, command.opts());
    });
  }
  return program;
}

const base = (command: Command, streams: Streams): Command =>
  command
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });

const groupText = (group: string): string =>
  ({
    data: 'describe and fetch data sets',
    cache: 'check, clean and pin the store',
    new: 'write a new node or pipeline',
    backend: 'install or remove what neural nodes compute on',
  })[group] ?? '';

function addOption(command: Command, { flags, text, default: value, many }: OptionSpec): void {
  if (many) command.option(flags, text, (next: string, held: string[] = []) => [...held, next]);
  else if (value !== undefined) command.option(flags, text, value as string);
  else command.option(flags, text);
}

/** Commander prints its own text; under --json the same goes out as one document. */
function commanderCode(error: CommanderError, name: string, json: boolean, said: string, streams: Streams): number {
  if (error.exitCode === 0) {
    if (json) streams.out(`${JSON.stringify({ command: name, ok: true, text: said })}\n`);
    return 0;
  }
  if (json) {
    // a group without its second word makes commander show the help as an error
    const text = error.code === 'commander.help' ? `'${name}' needs a command` : error.message.replace(/^error: /, '');
    const [message, guess] = text.split('\n') as [string, string?];
    const hint = guess?.replace(/^\((.*)\)$/, '$1') ?? `\`counterpoise ${helpFor(name)}--help\` says what it takes`;
    streams.out(
      `${JSON.stringify({ command: name, ok: false, error: problemJson(new Problem('usage', message, { hint })) })}\n`,
    );
  }
  return 2;
}

const helpFor = (name: string) =>
  commands.some((spec) => spec.name.split(' ')[0] === name.split(' ')[0]) ? `${name} ` : '';

function stackOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
