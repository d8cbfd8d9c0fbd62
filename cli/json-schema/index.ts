/**
 * The published JSON Schema of what `--json` prints. Within a version of the format fields are only added, so the published
 * schema lets unknown fields pass; the tests use the strict form, which does not.
 */
import { z } from 'zod';
import { documents } from './documents.ts';
import { problemRow } from './rows.ts';

export const outputSchemaId = 'urn:counterpoise:output:1';

type Json = Record<string, unknown>;

/** @param strict refuses fields that the schema does not name */
export function outputSchema({ strict = false } = {}): Json {
  const definitions: Json = {};
  const references: Json[] = [];
  for (const [command, fields] of Object.entries(documents)) {
    const name = command.replace(' ', '-');
    const body = definitionOf(fields, strict);
    definitions[name] = {
      anyOf: alternatives(body).flatMap((form) => [
        withHead(form, command, true),
        withHead({ ...form, required: [] }, command, false),
      ]),
    };
    references.push({ $ref: `#/$defs/${name}` });
  }
  definitions.problem = definitionOf(problemRow, strict);
  definitions.usage = {
    description: 'a command line that named no command, or one that the command refused before it began',
    ...withHead({ ...(strict && { additionalProperties: false }) }, undefined, false),
  };
  definitions.help = {
    description: 'with --help or --version: what would have been printed',
    type: 'object',
    properties: { command: { type: 'string' }, ok: { const: true }, text: { type: 'string' } },
    required: ['command', 'ok', 'text'],
    ...(strict && { additionalProperties: false }),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: outputSchemaId,
    title: 'What counterpoise prints under --json',
    anyOf: [...references, { $ref: '#/$defs/usage' }, { $ref: '#/$defs/help' }],
    $defs: definitions,
  };
}

function definitionOf(schema: z.ZodType, strict: boolean): Json {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (!strict && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return made;
}

/** A command whose answer has several forms gives a union. */
const alternatives = (body: Json): readonly Json[] => (body.anyOf ?? body.oneOf ?? [body]) as Json[];

/** A failure may carry what was found out before it: a run whose step failed still lists its steps. */
function withHead(form: Json, command: string | undefined, ok: boolean): Json {
  const properties = {
    command: command === undefined ? { type: 'string' } : { const: command },
    ok: { const: ok },
    ...(!ok && { error: { $ref: '#/$defs/problem' } }),
    ...(form.properties as Json),
  };
  const head = ok ? ['command', 'ok'] : ['command', 'ok', 'error'];
  return { ...form, type: 'object', properties, required: [...head, ...((form.required as string[]) ?? [])] };
}
