/** `cache gc`: frees space. What pinned and recent runs used stays. */
import { Problem } from '../../core/errors.ts';
import { collectGarbage } from '../../storage/index.ts';
import type { CommandResult, Context } from '../command.ts';
import { openStoreOf } from '../opening.ts';
import { count } from '../progress/words.ts';
import { parseSize, sizeText } from '../sizes.ts';
import { plainTable } from '../tables.ts';
import { text, wholeNumber } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const { options } = context;
  const age = text(options.maxAge);
  const wanted = {
    maxBytes: parseSize('--max-size', text(options.maxSize) ?? '10GB'),
    keepRuns: wholeNumber('--keep-runs', options.keepRuns ?? '10'),
    ...(age !== undefined && { maxAgeDays: days(age) }),
    dryRun: options.dryRun === true,
  };
  const store = openStoreOf(context);
  try {
    const report = await collectGarbage(store, wanted);
    return {
      json: { store: store.location, ...report },
      text: () => {
        const { before, after, freed, memos, leftovers, beyondCap, dryRun } = report;
        const verb = dryRun ? 'would go' : 'went';
        const lines = [
          `${store.location}: ${sizeText(before.bytes)} in ${count(before.objects, 'object')} before, ${sizeText(after.bytes)} in ${count(after.objects, 'object')} after`,
          `${sizeText(before.bytes - after.bytes)}, ${count(memos, 'memo')} and ${count(leftovers, 'leftover')} ${verb}`,
        ];
        if (beyondCap > 0)
          lines.push(
            `${sizeText(beyondCap)} beyond the cap are kept: pins, the latest runs (--keep-runs) or running processes need them`,
          );
        if (freed.length > 0)
          lines.push(
            '',
            plainTable(
              ['made by', 'objects', 'size'],
              freed.slice(0, 30).map((f) => [f.pipeline, String(f.objects), sizeText(f.bytes)]),
            ),
          );
        return lines.join('\n');
      },
    };
  } finally {
    store.close();
  }
}

function days(given: string): number {
  const value = Number(given);
  if (given.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Problem('usage', `--max-age takes a number of days, and not '${given}'`);
}
