/** What each command's document holds besides `command` and `ok`. A command without an entry here does not pass the tests. */
import { z } from 'zod';
import { CardSchema } from '../../nodes/reports/card-schema.ts';
import { reproductionDocument } from './reproduction.ts';
import {
  artifactRow,
  definitionRow,
  differenceRow,
  metricRow,
  plannedRow,
  portRow,
  problemRow,
  recordRow,
  selectionRow,
  stepRow,
  summaryRow,
} from './rows.ts';

const text = z.string();
const count = z.number().int().nonnegative();
const named = { name: text, doc: text.nullable() };
const from = text.describe('`nodes` or `pipelines` for what ships with the tool, else the plugin file');

const run = z.strictObject({
  run: text.describe('id of the run, for show, diff and export'),
  record: text.describe('where the run record lies'),
  steps: z.array(stepRow),
  metrics: z.array(metricRow),
  summary: z.array(summaryRow),
  selection: selectionRow.optional().describe('of a tuned study'),
});

const listed = z.union([
  z.strictObject({ what: z.null(), entries: z.array(z.strictObject({ name: text, doc: text, count })) }),
  z.strictObject({
    what: z.literal('nodes'),
    entries: z.array(z.strictObject({ ...named, source: text.nullable(), from })),
  }),
  z.strictObject({
    what: z.literal('pipelines'),
    entries: z.array(
      z.strictObject({ ...named, steps: count, needs: z.array(text), usesTestLabels: z.boolean(), from }),
    ),
  }),
  z.strictObject({
    what: z.literal('protocols'),
    entries: z.array(
      z.strictObject({
        ...named,
        dataset: text,
        definition: text,
        gives: z.array(text),
        floors: z.array(text),
        from,
      }),
    ),
  }),
  z.strictObject({
    what: z.literal('studies'),
    entries: z.array(
      z.strictObject({ ...named, methods: z.array(text), protocol: text, seeds: z.array(z.number().int()), from }),
    ),
  }),
  z.strictObject({
    what: z.literal('methods'),
    entries: z.array(z.strictObject({ ...named, source: text.nullable(), parts: z.record(text, text), from })),
  }),
  z.strictObject({
    what: z.literal('parts'),
    entries: z.array(z.strictObject({ ...named, source: text.nullable(), slot: text, from })),
  }),
  z.strictObject({
    what: z.literal('presets'),
    entries: z.array(z.strictObject({ ...named, definition: z.unknown() })),
  }),
  z.strictObject({
    what: z.literal('runs'),
    entries: z.array(
      z.strictObject({
        name: text,
        started: text,
        command: text,
        outcome: z.enum(['running', 'ok', 'failed', 'cancelled']),
      }),
    ),
  }),
]);

const settingRow = z.strictObject({
  key: text,
  type: text,
  required: z.boolean(),
  default: z.unknown().optional(),
  doc: text.nullable(),
});
const port = z.strictObject({ port: portRow, optional: z.boolean() });
const shown = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('node'),
    ...named,
    source: text.nullable(),
    from,
    in: z.record(text, port),
    out: z.record(text, port),
    config: z.array(settingRow),
    services: z.array(text),
    stream: z.enum(['data', 'split', 'train']).nullable(),
    method: z.unknown().optional(),
  }),
  z.strictObject({
    kind: z.literal('pipeline'),
    ...named,
    definition: definitionRow,
    yaml: text.optional().describe('with --expand: the full form, which may be saved, changed and run'),
  }),
  z.strictObject({
    kind: z.literal('protocol'),
    ...named,
    dataset: text,
    definition: text,
    floors: z.array(text),
    gives: z.record(text, text).describe('step.port by role'),
    steps: z.record(text, z.strictObject({ use: text, in: z.record(text, text), with: z.record(text, z.unknown()) })),
  }),
  z.strictObject({
    kind: z.literal('study'),
    ...named,
    methods: z.array(text),
    protocol: text,
    seeds: z.array(z.number().int()),
    grid: z.record(text, z.record(text, z.array(z.unknown()))),
  }),
  z.strictObject({
    kind: z.enum(['method', 'part']),
    ...named,
    source: text.nullable(),
    from,
    slot: text.nullable(),
    in: z.record(text, portRow),
    config: z.array(settingRow),
    parts: z.record(text, text),
  }),
  z.strictObject({ kind: z.literal('preset'), ...named, definition: z.unknown() }),
  z.strictObject({ kind: z.literal('run'), name: text, path: text, record: recordRow }),
]);

const stepChange = z.strictObject({
  step: text,
  change: z.enum(['changed', 'added', 'removed']),
  differences: z.array(differenceRow),
});
const diff = z.strictObject({
  before: text,
  now: text,
  environment: z.array(z.strictObject({ field: text, before: z.unknown(), now: z.unknown() })),
  pipelines: z.array(
    z.strictObject({
      pipeline: text,
      seed: z.number().int(),
      in: z.enum(['both', 'before', 'now']),
      first: text.nullable().describe('the first step whose key differs: the cause of what follows'),
      steps: z.array(stepChange),
    }),
  ),
  metrics: z.array(
    metricRow.pick({ pipeline: true, seed: true, metric: true, k: true, definition: true }).extend({
      before: z.number().nullable(),
      now: z.number().nullable(),
      delta: z.number().nullable(),
    }),
  ),
});

export const documents = {
  run,
  compare: run,
  study: run,
  plan: z.strictObject({
    steps: z.array(plannedRow),
    counts: z.strictObject({ cached: count, stale: count, new: count, pending: count }),
    plan: text.optional().describe('the file that --write wrote'),
  }),
  explain: z.strictObject({
    pipeline: text,
    step: text,
    node: text,
    status: plannedRow.shape.status,
    key: plannedRow.shape.key,
    reason: text.optional(),
    material: z.unknown().optional(),
    nearest: text.nullable().describe('key of the stored result that differs in the fewest fields'),
    differences: z.array(differenceRow),
    waitsFor: z
      .array(
        z.strictObject({
          step: text,
          status: plannedRow.shape.status,
          key: plannedRow.shape.key,
          reason: text.optional(),
          nearest: text.nullable(),
          differences: z.array(differenceRow),
        }),
      )
      .optional()
      .describe('of a pending step: the steps that run before its key is known'),
  }),
  reproduce: reproductionDocument,
  step: z.strictObject({
    steps: z.array(stepRow.partial({ pipeline: true, seed: true })),
    outputs: z.record(text, artifactRow),
  }),
  recommend: z.strictObject({
    run: text,
    record: text,
    pipeline: text,
    seed: z.number().int(),
    steps: z.array(stepRow),
    users: count.describe('users with at least one recommendation'),
    top: count.describe('items a user, at most'),
    file: text.nullable().describe('where --out wrote; null without it'),
    vectors: text.optional().describe('where --vectors wrote'),
    recommendations: z
      .array(
        z.strictObject({
          user: text,
          rank: z.number().int().positive(),
          item: text,
          score: z.number(),
          match: z.number().optional().describe('with --explain: the order is that of match x gate - penalty'),
          gate: z.number().optional(),
          penalty: z.number().optional(),
        }),
      )
      .optional()
      .describe('with the ids of the data; absent when they went to a file'),
  }),
  list: listed,
  show: shown,
  graph: z.strictObject({ pipeline: text, mermaid: text }),
  diff,
  export: z.strictObject({
    run: text,
    pipeline: text,
    seed: z.number().int(),
    step: text,
    port: text,
    file: text,
    format: z.enum(['parquet', 'csv', 'arrow', 'jsonl', 'json']),
    rows: count.nullable(),
    bytes: count,
  }),
  'data describe': z.strictObject({
    dataset: text,
    protocol: text,
    run: text,
    record: text,
    steps: z.array(stepRow),
    card: CardSchema,
  }),
  'data fetch': z.strictObject({
    files: z.array(
      z.strictObject({
        dataset: text,
        file: text,
        path: text,
        bytes: count,
        sha256: text,
        status: z.enum(['there', 'fetched', 'replaced']),
      }),
    ),
    folder: text,
  }),
  'data list': z.strictObject({
    folder: text.nullable().describe('the data folder; null when none is named'),
    datasets: z.array(
      z.strictObject({
        name: text,
        title: text,
        source: text.describe('the paper that describes it'),
        licence: text,
        page: text.nullable().describe('the official page'),
        archive: text.nullable().describe('what data fetch downloads; null for what is made or must be got by hand'),
        byHand: text.nullable().describe('how to get what a program may not download'),
        counts: z.record(text, count),
        protocols: z.array(text).describe('the default first'),
        here: z.boolean().describe('whether every file is there and right, or none is needed'),
        files: z.array(
          z.strictObject({
            file: text.describe('below the data folder'),
            bytes: count.nullable().describe('null where no digest is known'),
            sha256: text.nullable().describe('null where no digest is known: counts are checked when it is read'),
            status: z
              .enum(['right', 'unchecked', 'differs', 'absent', 'unknown'])
              .describe('unchecked: there, and no digest is known; unknown: no data folder is named'),
          }),
        ),
      }),
    ),
  }),
  'cache verify': z.strictObject({
    store: text,
    objects: count,
    bytes: count,
    memos: count,
    runs: count,
    findings: z.array(
      z.strictObject({
        severity: z
          .enum(['damage', 'leftover'])
          .describe('damage should not be; a leftover of a killed process is harmless'),
        kind: text,
        where: text,
        message: text,
        healed: z.boolean(),
      }),
    ),
  }),
  'cache gc': z.strictObject({
    store: text,
    dryRun: z.boolean(),
    before: z.strictObject({ bytes: count, objects: count }),
    after: z.strictObject({ bytes: count, objects: count }),
    memos: count,
    freed: z.array(z.strictObject({ pipeline: text, bytes: count, objects: count })),
    leftovers: count,
    beyondCap: count.describe('bytes beyond the cap that are needed'),
  }),
  'cache pin': z.strictObject({ name: text, run: text }),
  'cache unpin': z.strictObject({ name: text, run: text }),
  'backend install': z.strictObject({
    backend: z.literal('tensorflow'),
    folder: text,
    tensorflow: text.describe('version of TensorFlow'),
    from: text.describe('where the library came from'),
    sha256: text.describe('of the library and its binding'),
    before: z.boolean().describe('whether it was installed before'),
  }),
  'backend remove': z.strictObject({
    backend: z.literal('tensorflow'),
    folder: text.nullable().describe('the package that binds it; null where that is not installed'),
    removed: z.boolean(),
  }),
  doctor: z.strictObject({
    checks: z.array(
      z.strictObject({
        check: text,
        status: z.enum(['ok', 'warning', 'failed']),
        detail: text,
        hint: text.optional(),
      }),
    ),
  }),
  schema: z.strictObject({ what: text, schema: z.record(text, z.unknown()) }),
  validate: z.strictObject({
    files: z.array(
      z.strictObject({
        file: text,
        kind: z.enum(['pipeline', 'study', 'data']).nullable(),
        name: text.nullable(),
        problems: z.array(
          problemRow.extend({ line: z.number().int().nullable(), column: z.number().int().nullable() }),
        ),
      }),
    ),
  }),
  'new node': z.strictObject({ id: text, file: text, config: text, next: z.array(text) }),
  'new pipeline': z.strictObject({ name: text, file: text, next: z.array(text) }),
} as const satisfies Record<string, z.ZodType>;

export type DocumentName = keyof typeof documents;
