/** The shapes of the files: what keys there are and what kind of value each takes. What they name is checked later. */
import { z } from 'zod';
import { spaceShape } from '../pipeline/space.ts';
import { tuningShape } from '../pipeline/tuning.ts';

export const nameSchema = z
  .string()
  .regex(/^[a-z0-9-]+$/, 'a name consists of lower-case letters, digits and hyphens')
  .describe('the name under which results stand in tables');
const settings = z.record(z.string(), z.unknown()).describe('settings by key');
const id = z.string().min(1);
const spaces = z
  .record(z.string(), z.record(z.string(), spaceShape))
  .describe('where `study --tune` may look, by step and setting: a list, { from, to }, or { times: [...] }');

export const partShape = z.strictObject({
  use: id.describe('the part, folder/file'),
  with: settings.optional(),
});
export const methodShape = z.strictObject({
  use: id.optional().describe('the method, folder/file; without it the method that the step has'),
  with: settings.optional(),
  parts: z.record(z.string(), partShape).optional().describe('parts by slot'),
});
export const stepShape = z.strictObject({
  use: id.optional().describe('the node, folder/file; without it the node that the step has'),
  in: z
    .record(z.string(), id)
    .optional()
    .describe('where each input comes from: step.port, or a need; without it the wires stay'),
  with: settings.optional(),
  method: methodShape.optional().describe('what a learner trains'),
});
const columns = z.record(
  z.string(),
  z
    .string()
    .regex(
      /^(u8|u32|i32|i64|f32|f64|utf8)\??$/,
      'a column is u8, u32, i32, i64, f32, f64 or utf8, with ? behind it where it may be absent',
    ),
);
export const needsShape = z
  .union([z.array(id), z.record(z.string(), z.union([id, columns]))])
  .describe('roles that a protocol gives, with ? behind those that it may leave out');

export const pipelineShape = z.strictObject({
  pipeline: nameSchema,
  extends: id.optional().describe('a named pipeline, or a file beside this one (./other.yaml)'),
  doc: z.string().optional().describe('one sentence'),
  usesTestLabels: z.boolean().optional().describe('marks a method that looks at labels of the test set'),
  needs: needsShape.optional(),
  reasons: z
    .record(z.string(), z.string())
    .optional()
    .describe('why a role is read, by its name; printed where a protocol does not give it'),
  steps: z.record(z.string(), stepShape).default({}),
  settings: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), settings])))
    .optional()
    .describe('settings by data set and step; `protocol` names the protocol to use there'),
  spaces: spaces.optional(),
});
export type PipelineShape = z.output<typeof pipelineShape>;
export type StepShape = z.output<typeof stepShape>;
export type MethodShape = z.output<typeof methodShape>;
export type NeedsShape = z.output<typeof needsShape>;

const seed = z.number().int().nonnegative();
export const studyShape = z.strictObject({
  study: nameSchema,
  doc: z.string().optional(),
  methods: z.array(id).min(1).describe('named pipelines, or files beside this one (./my-variant.yaml)'),
  on: id.describe('the protocol'),
  seeds: z
    .union([
      z.array(seed).min(1),
      seed,
      z.string().regex(/^\d+\.\.\d+$/, 'seeds are a list like [1, 2] or a range like 1..10'),
    ])
    .describe('[1, 2, 3], or 1..10'),
  grid: z
    .record(z.string(), z.record(z.string(), z.array(z.unknown()).min(1)))
    .default({})
    .describe('values by step and setting'),
  tune: tuningShape
    .optional()
    .describe('chooses settings for every method under one budget of trials, before the seeds run'),
});
export type StudyShape = z.output<typeof studyShape>;

const columnOf = z.union([z.string().min(1), z.number().int().positive()]);
const source = z.strictObject({
  file: z.string().min(1).describe('from the folder of this card'),
  format: z
    .enum(['csv', 'tsv', 'parquet', 'jsonl', 'arrow'])
    .optional()
    .describe('by the ending of the file unless given'),
  columns: z
    .strictObject({
      user: columnOf.optional(),
      item: columnOf.optional(),
      rating: columnOf.optional(),
      time: z
        .union([columnOf, z.literal(false)])
        .optional()
        .describe('false: no times are read'),
    })
    .optional()
    .describe("the file's column for each of ours, by name or by number from 1: { user: customer_id }"),
  delimiter: z.string().length(1, 'a delimiter is one character').optional().describe('of a csv or tsv file'),
  header: z.boolean().optional().describe('false: the first line of a csv or tsv file is a row'),
});
export const dataCardShape = z.strictObject({
  data: nameSchema.describe('the name of the data set'),
  doc: z.string().optional(),
  license: z.string().optional(),
  roles: z
    .strictObject({
      train: source.describe('what is learnt from; without a test file the test is split off from it'),
      test: source.optional().describe('what is measured on'),
      validation: source.optional(),
      uniform: source.optional().describe('ratings of randomly chosen pairs that may be learnt from'),
    })
    .describe('a file for each role'),
  positive: z
    .number()
    .optional()
    .describe('smallest rating that is positive; above the middle of the scale unless given'),
  feedback: z.enum(['ratings', 'implicit']).optional().describe('implicit: every row is a positive'),
  range: z.tuple([z.number(), z.number()]).optional().describe('smallest and largest rating'),
  badRows: z.enum(['refuse', 'drop']).optional().describe('what becomes of rows that cannot be used'),
  duplicates: z.enum(['last', 'first', 'refuse']).optional().describe('which row of a pair counts'),
  candidates: z.enum(['rated', 'all']).optional().describe('which items of a user are ranked'),
  split: z
    .strictObject({ use: id.describe('the node that divides, folder/file'), with: settings.optional() })
    .optional()
    .describe('how the test is split off when no file is given for it: { use: splits/temporal, with: { test: 0.1 } }'),
});
export type DataCardShape = z.output<typeof dataCardShape>;
