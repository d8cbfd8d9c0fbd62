/** `new pipeline`: a YAML file that extends a named pipeline and runs as it is. */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { normalisedPipeline } from '../../core/pipeline/normalise.ts';
import type { CommandResult, Context } from '../command.ts';
import { openDefinitions } from '../opening.ts';
import { text } from '../targets.ts';
import { pipelineTemplate } from '../templates/pipeline.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [given] = context.args as [string];
  const name = basename(given).replace(/\.ya?ml$/, '');
  if (!/^[a-z0-9-]+$/.test(name))
    throw new Problem('usage', `'${name}' cannot name a pipeline`, {
      hint: 'a name consists of lower-case letters, digits and hyphens: ips-clipped',
    });
  const file = resolve(dirname(given), `${name}.yaml`);
  const place = relative(process.cwd(), file) || file;
  if (existsSync(file))
    throw new Problem('usage', `the file '${place}' is already there`, {
      where: file,
      hint: 'choose another name, or remove the file first',
    });
  const { registry } = await openDefinitions(context);
  if (registry.pipelines.has(name) || registry.studies.has(name))
    throw new Problem('usage', `there is already a pipeline or study '${name}'`, {
      hint: 'a variant has its own name, under which its results stand in tables',
    });
  const original = registry.pipeline(text(context.options.extends) ?? 'ips');
  writeFileSync(file, pipelineTemplate(name, normalisedPipeline(original.graph)), { flag: 'wx' });
  const next = [
    `edit ${place}`,
    `counterpoise validate ${place}`,
    `counterpoise compare ${original.name} ${place} --seeds 1..5`,
  ];
  return {
    json: { name, file, next },
    text: () => [`wrote ${place}, a variant of ${original.name}`, '', 'next:', ...next.map((n) => `  ${n}`)].join('\n'),
  };
}
