/** `diff`: what differs between two runs, causes before consequences. */
import type { CommandResult, Context } from '../command.ts';
import { compareRuns } from '../diff/compare.ts';
import { diffText } from '../diff/text.ts';
import { findRun, openStoreOf } from '../opening.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [before, now] = context.args as [string, string];
  const store = openStoreOf(context);
  try {
    store.memos.refresh();
    const diff = compareRuns(findRun(before, store), findRun(now, store), (key) => store.memos.material(key));
    return { json: { ...diff }, text: () => diffText(diff) };
  } finally {
    store.close();
  }
}
