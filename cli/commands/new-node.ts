/** `new node`: a node file that compiles and runs as it is, named as a plugin of the project. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { configFileName, readConfig } from '../../core/plugins/index.ts';
import type { CommandResult, Context } from '../command.ts';
import { openDefinitions } from '../opening.ts';
import { nodeTemplate } from '../templates/node.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [given] = context.args as [string];
  const file = fileOf(given);
  const name = basename(file, '.ts');
  const id = `own/${name}`;
  if (existsSync(file))
    throw new Problem('usage', `the file '${shown(file)}' is already there`, {
      where: file,
      hint: 'choose another name, or remove the file first',
    });
  const { registry } = await openDefinitions(context);
  if (registry.nodes.has(id))
    throw new Problem('usage', `there is already a node '${id}'`, { hint: 'choose another name' });
  const config = join(process.cwd(), configFileName);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, nodeTemplate(id, name), { flag: 'wx' });
  register(config, `./${relative(dirname(config), file)}`);
  const next = [
    `edit ${shown(file)}: ports, settings and what it computes`,
    `counterpoise show ${id}`,
    `counterpoise new pipeline ips-${name} --extends ips, and there under steps: weights: { use: ${id} }`,
    `counterpoise run ips-${name}.yaml`,
  ];
  return {
    json: { id, file, config, next },
    text: () =>
      [
        `wrote ${shown(file)}, node '${id}', and named it in ${configFileName}`,
        '',
        'next:',
        ...next.map((n) => `  ${n}`),
      ].join('\n'),
  };
}

const shown = (file: string) => relative(process.cwd(), file) || file;

/** `my-weights` or `nodes/my-weights.ts`, in the working folder. */
function fileOf(given: string): string {
  const name = basename(given, '.ts');
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new Problem('usage', `'${name}' cannot name a node`, {
      hint: 'a name consists of lower-case letters, digits and hyphens, and begins with a letter: my-weights',
    });
  return resolve(dirname(given), `${name}.ts`);
}

/** Adds the file to the project's plugins, and leaves the rest of the file as it is. */
function register(config: string, plugin: string): void {
  const known = readConfig(dirname(config));
  if (known.plugins.includes(resolve(dirname(config), plugin))) return;
  const held = known.file === undefined ? {} : (JSON.parse(readFileSync(config, 'utf8')) as { plugins?: string[] });
  writeFileSync(config, `${JSON.stringify({ ...held, plugins: [...(held.plugins ?? []), plugin] }, null, 2)}\n`);
}
