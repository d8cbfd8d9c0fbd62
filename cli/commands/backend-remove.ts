/** `backend remove tensorflow`: neural nodes run in WebAssembly again. */
import { removeNative } from '../backend/install.ts';
import { checkBackend } from '../backend/named.ts';
import type { CommandResult, Context } from '../command.ts';

export default async function (context: Context): Promise<CommandResult> {
  const name = checkBackend(context.args[0] as string);
  const { folder, removed } = removeNative();
  return {
    json: { backend: name, folder, removed },
    text: () =>
      removed
        ? `the native library is removed from ${folder}; neural nodes run in WebAssembly`
        : 'there was no native library; neural nodes run in WebAssembly',
  };
}
