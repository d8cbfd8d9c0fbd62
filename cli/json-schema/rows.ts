/** The rows of which the documents of `--json` consist. */
import { z } from 'zod';
import { exitCodes, type ProblemCode } from '../../core/errors.ts';

const text = z.string();
const count = z.number().int().nonnegative();

export const problemRow = z
  .strictObject({
    code: z.enum(Object.keys(exitCodes) as [ProblemCode, ...ProblemCode[]]).describe('stable; decides the exit code'),
    message: text.describe('what is wrong'),
    where: text.nullable().describe('which step, port, file, row or option'),
    hint: text.nullable().describe('what to do about it'),
  })
  .describe('a failure');

const key = text
  .regex(/^[0-9a-f]{64}$/)
  .nullable()
  .describe('SHA-256 of the key material; null while it is not known');
const stepStatus = z.enum(['computed', 'cached', 'failed', 'skipped', 'cancelled']);
const seed = z.number().int().nonnegative().nullable().describe('null when nothing follows the seed');

/** One step of a run. */
export const stepRow = z.strictObject({
  pipeline: text.describe('with its grid point in brackets where a study has one'),
  seed,
  step: text,
  node: text.describe('id of the node: folder/file'),
  key,
  status: stepStatus,
  reason: text.optional().describe('why it failed or did not run'),
  ms: z.number().nonnegative().optional().describe('time it took to compute, in milliseconds'),
});
/** One step of a plan. */
export const plannedRow = stepRow.omit({ status: true, ms: true }).extend({
  status: z
    .enum(['cached', 'stale', 'new', 'pending'])
    .describe('pending: something that it reads is computed first, so its key is not known'),
});

/** One metric of one pipeline and seed. */
export const metricRow = z.strictObject({
  pipeline: text,
  dataset: text,
  protocol: text,
  seed,
  metric: text.describe('auc, ndcg, recall, precision, map, mrr, hr, mse, mae, logloss, ece, ...'),
  k: z.number().int().positive().nullable().describe('cut-off of the ranked list; null where there is none'),
  definition: text.describe('name of the preset that says what the metric means, with overrides in braces'),
  value: z.number().nullable().describe('null where the metric is not defined'),
  reason: text.optional().describe('why value is null'),
});
/** One metric of one pipeline over seeds, beside the baseline. */
export const summaryRow = z.strictObject({
  pipeline: text,
  metric: text,
  k: z.number().int().positive().nullable(),
  definition: text,
  n: count.describe('values in the mean'),
  failed: count.describe('seeds without a result; they are not in the mean'),
  mean: z.number().nullable(),
  sd: z.number().nullable().describe('sample standard deviation over seeds; null below two'),
  delta: z.number().optional().describe("mean minus the baseline's"),
  p: z.number().min(0).max(1).optional().describe('two-sided p of the test against the baseline'),
  pAdjusted: z.number().min(0).max(1).optional().describe('p after Holm over all pipelines that are not floors'),
});

const settingsByStep = z.record(text, z.record(text, z.unknown())).describe('by step and setting');
/** How a tuned study chose settings. */
export const selectionRow = z.strictObject({
  on: z.enum(['validation', 'snips']).describe('what selected; never the test'),
  label: text.describe('the same in words'),
  metric: text,
  k: z.number().int().positive().nullable(),
  definition: text,
  budget: count.describe('trials that every method could have'),
  seed: z.number().int().nonnegative().describe('of the draws, the trials and the one split'),
  run: text.describe('id of the run of the search'),
  record: text,
  methods: z.array(
    z.strictObject({
      pipeline: text,
      trials: count,
      failed: count,
      own: z.number().nullable().describe("value of the method's own settings"),
      value: z.number().describe('value of the chosen settings'),
      settings: settingsByStep,
    }),
  ),
  trials: z.array(
    z.strictObject({
      pipeline: text,
      settings: settingsByStep,
      value: z.number().nullable(),
      reason: text.optional(),
    }),
  ),
});

export const artifactRow = z.strictObject({
  object: text.describe('SHA-256 of the stored bytes'),
  format: z.enum(['arrow', 'json']),
  port: z.enum(['table', 'json', 'tensors']),
  bytes: count,
  rows: count.optional(),
  hashes: z.record(text, text).describe('logical hash by column; of a value under *'),
});
export const differenceRow = z.strictObject({
  field: text.describe('path in the key material: config.clip, inputs.p.user, code'),
  before: z.unknown(),
  now: z.unknown(),
  meaning: text,
});

const columns = z.record(text, text).describe('column kinds by name, with ? behind what may be absent');
export const portRow = z.union([z.strictObject({ table: columns }), z.enum(['json', 'tensors'])]);
const methodJson = z.strictObject({
  use: text,
  with: z.record(text, z.unknown()),
  parts: z.record(text, z.strictObject({ use: text, with: z.record(text, z.unknown()) })),
});
/** A pipeline as plain data after defaults. */
export const definitionRow = z.strictObject({
  pipeline: text,
  doc: text.nullable(),
  usesTestLabels: z.boolean(),
  protocol: text.nullable(),
  evaluation: z.looseObject({ dataset: text, evaluation: text, floors: z.array(text) }).nullable(),
  needs: z.record(text, z.strictObject({ port: portRow, optional: z.boolean(), reason: text.optional() })),
  steps: z.record(
    text,
    z.strictObject({
      use: text,
      in: z.record(text, text).describe('step.port or a need, by input'),
      narrowed: z.record(text, z.array(text)).optional(),
      with: z.record(text, z.unknown()),
      method: methodJson.optional(),
    }),
  ),
  settings: z.record(text, z.unknown()),
});

const runStep = z.strictObject({
  step: text,
  node: text,
  key,
  status: stepStatus,
  reason: text.optional(),
  ms: z.number().nonnegative().optional(),
  outputs: z.record(text, artifactRow).optional(),
});
/** What a run left behind. */
export const recordRow = z.strictObject({
  format: z.literal(1),
  command: text,
  started: text.describe('ISO time'),
  ended: text.optional(),
  outcome: z.enum(['running', 'ok', 'failed', 'cancelled']),
  environment: z.record(text, z.unknown()),
  pipelines: z.array(
    z.strictObject({
      pipeline: text,
      protocol: text.nullable(),
      dataset: text.nullable(),
      seed: z.number().int(),
      definition: z.unknown(),
      steps: z.array(runStep),
    }),
  ),
  results: z.record(text, z.unknown()),
  peakMemory: z.number().optional().describe('largest resident set, in bytes'),
});
