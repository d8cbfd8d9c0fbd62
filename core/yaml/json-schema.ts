/** JSON Schema of the files, from what the registry holds now: editors complete node names and settings with it. */
import { z } from 'zod';
import type { AnyNode } from '../node.ts';
import { jsonSchemaOf } from '../pipeline/settings-text.ts';
import type { Schema } from '../ports/ports.ts';
import type { Registry } from '../registry.ts';
import { dataCardShape, methodShape, partShape, pipelineShape, stepShape, studyShape } from './shape.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;
const draft = 'https://json-schema.org/draft/2020-12/schema';

/** One schema for each kind of file. */
export const fileSchemas = (registry: Registry): Readonly<Record<'pipeline' | 'study' | 'data', JsonSchema>> => ({
  pipeline: pipelineSchema(registry),
  study: studySchema(registry),
  data: { $schema: draft, title: 'Counterpoise data card', ...bare(dataCardShape) },
});

function pipelineSchema(registry: Registry): JsonSchema {
  const defs: Record<string, JsonSchema> = {};
  const define = (name: string, schema: Schema) => {
    defs[name] = rebased(jsonSchemaOf(schema), `#/$defs/${pointer(name)}`);
    return { $ref: `#/$defs/${pointer(name)}` };
  };
  const nodes = [...registry.nodes.values()].map(({ value }) => value);
  const methods = [...registry.methods.values()].map(({ value }) => value);
  const parts = [...registry.parts.values()].map(({ value }) => value);
  const part = choice(bare(partShape), parts, (of) => ({ with: define(`part ${of.id}`, of.schema) }));
  const method = choice(withParts(bare(methodShape), part), methods, (of) => ({
    with: define(`method ${of.id}`, of.schema),
  }));
  const step = choice(replaced(bare(stepShape), { method: { $ref: '#/$defs/method' } }), nodes, (of) => ({
    in: wires(of),
    // a learner takes the settings of its method, which the file may name elsewhere
    ...('method' in of ? {} : { with: define(`node ${of.id}`, of.schema) }),
  }));
  const schema = bare(pipelineShape) as { properties: Record<string, JsonSchema> };
  return {
    $schema: draft,
    title: 'Counterpoise pipeline',
    ...schema,
    properties: {
      ...schema.properties,
      extends: {
        ...schema.properties.extends,
        anyOf: [{ enum: [...registry.pipelines.keys()] }, { pattern: '\\.ya?ml$' }],
      },
      steps: { ...schema.properties.steps, additionalProperties: { $ref: '#/$defs/step' } },
    },
    $defs: { ...defs, step, method },
  };
}

function studySchema(registry: Registry): JsonSchema {
  const schema = bare(studyShape) as { properties: Record<string, JsonSchema> };
  const name = { anyOf: [{ enum: [...registry.pipelines.keys()] }, { type: 'string', pattern: '\\.ya?ml$' }] };
  return {
    $schema: draft,
    title: 'Counterpoise study',
    ...schema,
    properties: {
      ...schema.properties,
      methods: { ...schema.properties.methods, items: name },
      on: { ...schema.properties.on, enum: [...registry.protocols.keys()] },
    },
  };
}

const bare = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  return rest;
};

/** `use` is one of the known ids, and what else may be written follows from it. */
function choice<T extends { readonly id: string; readonly doc: string }>(
  shape: JsonSchema,
  known: readonly T[],
  more: (of: T) => Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const { properties } = shape as { properties: Record<string, JsonSchema> };
  return {
    ...shape,
    properties: {
      ...properties,
      use: { ...properties.use, oneOf: known.map(({ id, doc }) => ({ const: id, description: doc })) },
    },
    allOf: known.map((of) => ({
      if: { properties: { use: { const: of.id } }, required: ['use'] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
      then: { properties: more(of) },
    })),
  };
}

const replaced = (shape: JsonSchema, properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  ...shape,
  properties: { ...(shape.properties as object), ...properties },
});
const withParts = (shape: JsonSchema, part: JsonSchema): JsonSchema =>
  replaced(shape, { parts: { type: 'object', additionalProperties: part } });

const wires = (node: AnyNode): JsonSchema => {
  const inputs = Object.keys(node.in);
  // a learner's inputs are those of its method
  if ('method' in node) return { type: 'object', additionalProperties: { type: 'string' } };
  return {
    type: 'object',
    properties: Object.fromEntries(inputs.map((input) => [input, { type: 'string' }])),
    required: inputs.filter((input) => !node.mayLack.includes(input)),
    additionalProperties: false,
  };
};

/** References inside an embedded schema are meant from its own root. */
function rebased(schema: unknown, base: string): JsonSchema {
  const walk = (of: unknown): unknown => {
    if (Array.isArray(of)) return of.map(walk);
    if (typeof of !== 'object' || of === null) return of;
    return Object.fromEntries(
      Object.entries(of)
        .filter(([key]) => key !== '$schema')
        .map(([key, value]) => [
          key,
          key === '$ref' && typeof value === 'string' && value.startsWith('#')
            ? `${base}${value.slice(1)}`
            : walk(value),
        ]),
    );
  };
  return walk(schema) as JsonSchema;
}
const pointer = (name: string) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
