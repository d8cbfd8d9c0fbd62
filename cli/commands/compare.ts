/** `compare`: an unnamed study of pipelines under one protocol. */
import { Problem } from '../../core/errors.ts';
import type { CommandResult, Context } from '../command.ts';
import { runWork } from '../run-work.ts';
import { openFor, resolveTargets, workOf } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const shop = await openFor(context);
  try {
    const targets = resolveTargets(context.args, shop);
    if (targets.some(({ is }) => is === 'study'))
      throw new Problem('usage', 'compare takes pipelines; a study is a comparison already', {
        hint: 'use `counterpoise run STUDY`',
      });
    return await runWork(workOf(targets, context.options, shop), context, shop);
  } finally {
    await shop.close();
  }
}
