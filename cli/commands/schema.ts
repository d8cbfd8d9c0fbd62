/** `schema`: the JSON Schema of a file or of what --json prints. */
import { z } from 'zod';
import { Problem } from '../../core/errors.ts';
import { configSchema } from '../../core/plugins/index.ts';
import { didYouMean } from '../../core/registry.ts';
import { fileSchemas } from '../../core/yaml/index.ts';
import type { CommandResult, Context } from '../command.ts';
import { outputSchema } from '../json-schema/index.ts';
import { openDefinitions } from '../opening.ts';

const kinds = {
  pipeline: 'pipeline files',
  study: 'study files',
  data: 'data cards',
  config: 'counterpoise.config.json',
  output: 'what --json prints',
} as const;
type Kind = keyof typeof kinds;

export default async function (context: Context): Promise<CommandResult> {
  const what = kindOf(context.args[0]);
  const schema = await schemaOf(what, context);
  return { json: { what, schema }, text: () => JSON.stringify(schema, null, 2) };
}

function kindOf(given = 'pipeline'): Kind {
  if (Object.hasOwn(kinds, given)) return given as Kind;
  if (given === 'data-card') return 'data';
  const list = Object.entries(kinds).map(([kind, what]) => `${kind} (${what})`);
  throw new Problem('unknown-name', `there is no schema '${given}'`, {
    hint: `${didYouMean(given, Object.keys(kinds))}there are ${list.join(', ')}`,
  });
}

async function schemaOf(what: Kind, context: Context): Promise<Readonly<Record<string, unknown>>> {
  if (what === 'output') return outputSchema();
  if (what === 'config') return { ...z.toJSONSchema(configSchema, { io: 'input' }), title: 'Counterpoise project' };
  return fileSchemas((await openDefinitions(context)).registry)[what];
}
