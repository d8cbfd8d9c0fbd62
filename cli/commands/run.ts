/** `run`: computes what is not cached, prints what was measured. */
import type { CommandResult, Context } from '../command.ts';
import { openFor, resolveTargets } from '../targets.ts';
import { runStudy } from '../tuned/run.ts';

export default async function (context: Context): Promise<CommandResult> {
  const shop = await openFor(context);
  try {
    return await runStudy(resolveTargets(context.args, shop), context, shop);
  } finally {
    await shop.close();
  }
}
