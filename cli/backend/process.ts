/** Runs programs that installing needs: their output is kept for the message of a failure. */
import { spawn } from 'node:child_process';

export interface Ran {
  readonly ok: boolean;
  /** Both streams, as they came. */
  readonly said: string;
}

/** @param seconds after which the program is ended and counts as failed */
export const runProgram = (
  program: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly seconds: number },
): Promise<Ran> =>
  new Promise((resolve) => {
    let said = '';
    const child = spawn(program, words, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.seconds * 1_000,
      // npm is a script there; other programs would lose the quoting of their words in a shell
      shell: process.platform === 'win32' && program === 'npm',
    });
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) => resolve({ ok: false, said: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, said }));
  });

/** What a program said last about its failure: its lines with an error, or else its last ones. */
export function lastLines(said: string, count = 3): string {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line));
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-count).join(' | ');
}
