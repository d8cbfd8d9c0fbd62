/** `doctor`: whether everything that a run may need is there, and what to do where it is not. */
import type { CommandResult, Context } from '../command.ts';
import { type Check, checks } from '../doctor/checks.ts';
import { plainTable } from '../tables.ts';

export default async function (context: Context): Promise<CommandResult> {
  const found: Check[] = [];
  for (const check of checks) found.push(...(await check(context)));
  const failed = found.some(({ status }) => status === 'failed');
  return {
    json: { checks: found },
    text: () => {
      const width = context.terminal ? process.stdout.columns : undefined;
      const table = plainTable(
        ['', 'check', 'found'],
        found.map((c) => [signs[c.status], c.check, c.hint === undefined ? c.detail : `${c.detail}; ${c.hint}`]),
        width === undefined ? {} : { width },
      );
      const worst = failed
        ? 'something is broken'
        : found.some((c) => c.status === 'warning')
          ? 'usable'
          : 'all is well';
      return `${table}\n\n${worst}`;
    },
    ...(failed && { exitCode: 1 }),
  };
}

const signs = { ok: 'ok', warning: '!', failed: 'x' } as const;
