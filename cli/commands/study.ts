/** `study`: a study by name or from a file. */
import { Problem } from '../../core/errors.ts';
import { didYouMean } from '../../core/registry.ts';
import type { CommandResult, Context } from '../command.ts';
import { openFor, resolveTargets } from '../targets.ts';
import { runStudy } from '../tuned/run.ts';

export default async function (context: Context): Promise<CommandResult> {
  const shop = await openFor(context);
  try {
    const targets = resolveTargets(context.args, shop);
    if (targets.some(({ is }) => is !== 'study'))
      throw new Problem('usage', `'${context.args[0]}' is a pipeline, not a study`, {
        hint: `${didYouMean(context.args[0] as string, shop.registry.studies.keys())}\`counterpoise run\` takes both`,
      });
    return await runStudy(targets, context, shop);
  } finally {
    await shop.close();
  }
}
