/** `cache pin`: names a run, whose artifacts then stay. */
import type { CommandResult, Context } from '../command.ts';
import { findRun, openStoreOf } from '../opening.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [name, wanted] = context.args as [string, string];
  const store = openStoreOf(context);
  try {
    const { id } = findRun(wanted, store);
    store.pins.pin(name, id);
    return {
      json: { name, run: id },
      text: () => `run ${id} is kept as '${name}', until \`counterpoise cache unpin ${name}\``,
    };
  } finally {
    store.close();
  }
}
