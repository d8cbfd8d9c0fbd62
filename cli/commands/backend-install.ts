/** `backend install tensorflow`: the native library behind neural nodes. */
import { installNative } from '../backend/install.ts';
import { checkBackend } from '../backend/named.ts';
import type { CommandResult, Context } from '../command.ts';

export default async function (context: Context): Promise<CommandResult> {
  const name = checkBackend(context.args[0] as string);
  const { folder, tensorflow, from, sha256, before } = await installNative(
    context.options.force === true,
    context.note,
  );
  return {
    json: { backend: name, folder, tensorflow, from, sha256, before },
    text: () =>
      before
        ? `TensorFlow ${tensorflow} is installed already: ${folder}; --force installs it again`
        : `TensorFlow ${tensorflow} is installed (${from}); neural nodes now run on it, and \`--backend wasm\` runs them as before`,
  };
}
