/** `doctor`: whether everything that a run may need is there, and what to do where it is not. */
import { Problem } from '../../core/errors.ts';
import type { CommandResult, Context } from '../command.ts';
import { type Check, checks } from '../doctor/checks.ts';
import { count } from '../progress/words.ts';
import { plainTable } from '../tables.ts';

export default async function (context: Context): Promise<CommandResult> {
  const found: Check[] = [];
  for (const check of checks) found.push(...(await check(context)));
  const failed = found.filter(({ status }) => status === 'failed');
  const [first] = failed;
  const error =
    first &&
    new Problem('bad-installation', `${count(failed.length, 'check')} failed: ${first.detail}`, {
      where: first.check,
      ...(first.hint !== undefined && { hint: first.hint }),
    });
  return {
    json: { checks: found },
    text: () => {
      const width = context.terminal ? process.stdout.columns : undefined;
      const table = plainTable(
        ['', 'check', 'found'],
        found.map((c) => [signs[c.status], c.check, c.hint === undefined ? c.detail : `${c.detail}; ${c.hint}`]),
        width === undefined ? {} : { width },
      );
      const worst = error
        ? 'something is broken'
        : found.some((c) => c.status === 'warning')
          ? 'usable'
          : 'all is well';
      return `${table}\n\n${worst}`;
    },
    ...(error && { exitCode: error.exitCode, error }),
  };
}

const signs = { ok: 'ok', warning: '!', failed: 'x' } as const;
