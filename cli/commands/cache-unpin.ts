/** `cache unpin`: lets a pinned run go. */
import { Problem } from '../../core/errors.ts';
import { didYouMean } from '../../core/registry.ts';
import type { CommandResult, Context } from '../command.ts';
import { openStoreOf } from '../opening.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [name] = context.args as [string];
  const store = openStoreOf(context);
  try {
    const pins = store.pins.list();
    const run = pins[name];
    if (run === undefined)
      throw new Problem('unknown-name', `there is no pin '${name}'`, {
        hint: `${didYouMean(name, Object.keys(pins))}${Object.keys(pins).length === 0 ? 'nothing is pinned' : `pinned are ${Object.keys(pins).join(', ')}`}`,
      });
    store.pins.unpin(name);
    return {
      json: { name, run },
      text: () => `run ${run} is no longer kept as '${name}'; the next \`cache gc\` may collect it`,
    };
  } finally {
    store.close();
  }
}
