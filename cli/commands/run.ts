/** `run`: computes what is not cached, prints what was measured. */
import type { CommandResult, Context } from '../command.ts';
import { runWork } from '../run-work.ts';
import { openFor, resolveTargets, workOf } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const shop = await openFor(context);
  try {
    const work = workOf(resolveTargets(context.args, shop), context.options, shop);
    return await runWork(work, context, shop);
  } finally {
    await shop.close();
  }
}
