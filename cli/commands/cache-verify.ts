/** `cache verify`: looks at everything in the store. Damage that is not healed is a failure. */
import { Problem } from '../../core/errors.ts';
import { verifyStore } from '../../storage/index.ts';
import type { CommandResult, Context } from '../command.ts';
import { openStoreOf } from '../opening.ts';
import { count } from '../progress/words.ts';
import { sizeText } from '../sizes.ts';
import { plainTable } from '../tables.ts';

const mostFindings = 50;

export default async function (context: Context): Promise<CommandResult> {
  const store = openStoreOf(context);
  try {
    const heal = context.options.heal === true;
    const { ok: _, ...report } = await verifyStore(store, { heal });
    const damage = report.findings.filter(({ severity, healed }) => severity === 'damage' && !healed);
    const error =
      damage.length === 0
        ? undefined
        : new Problem('store-corrupt', `${count(damage.length, 'thing')} in the store should not be`, {
            where: store.location,
            hint: 'run `counterpoise cache verify --heal`; what is lost is computed again when a run wants it',
          });
    return {
      json: { store: store.location, ...report },
      text: () => {
        const { objects, bytes, memos, runs, findings } = report;
        const looked = `${store.location}: ${count(objects, 'object')} (${sizeText(bytes)}), ${count(memos, 'memo')}, ${count(runs, 'run')}`;
        if (findings.length === 0) return `${looked}; all is well`;
        const rows = findings
          .slice(0, mostFindings)
          .map((f) => [f.severity, f.kind, f.healed ? 'healed' : '', f.where, f.message]);
        const more = findings.length > mostFindings ? `\nand ${findings.length - mostFindings} more` : '';
        const hint = error?.hint === undefined ? '' : `\n\n${error.message}: ${error.hint}`;
        return `${looked}\n\n${plainTable(['severity', 'kind', '', 'where', 'what'], rows)}${more}${hint}`;
      },
      ...(error && { exitCode: error.exitCode, error }),
    };
  } finally {
    store.close();
  }
}
