/** The document of `reproduce`: tables and figures, cell by cell. */
import { z } from 'zod';
import { verdicts } from '../reproduce/result.ts';
import { metricRow } from './rows.ts';

const text = z.string();
const count = z.number().int().nonnegative();

const quantity = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('metric'), ...metricRow.pick({ metric: true, k: true, definition: true }).shape }),
  z.strictObject({ of: z.literal('parameters') }),
  z.strictObject({ of: z.literal('training-seconds') }),
  z.strictObject({ of: z.literal('inference-ms') }),
]);
const column = z.strictObject({
  title: text,
  quantity,
  rule: z
    .union([
      z.strictObject({ s: z.number().positive().describe('sd over seeds, fixed beforehand') }),
      z.strictObject({ limit: z.number().positive().describe('largest difference') }),
    ])
    .optional()
    .describe('how ours is judged against the reference; absent where it is not'),
  lower: z.boolean().optional().describe('less is better'),
  digits: count.describe('decimals on the pages'),
});
const cell = z.strictObject({
  printed: z
    .strictObject({ mean: z.number(), sd: z.number().optional(), digits: count })
    .nullable()
    .describe('what the paper prints'),
  measured: z
    .strictObject({ mean: z.number(), sd: z.number().optional(), n: count, source: text })
    .nullable()
    .describe("the reference, as a rule the authors' code, over n seeds"),
  ours: z
    .strictObject({
      mean: z.number().nullable(),
      sd: z.number().nullable(),
      n: count.describe('seeds in the mean'),
      failed: count.describe('seeds without a result, or on the initial plateau; left out of the mean'),
      values: z.array(z.number()),
    })
    .nullable()
    .describe('null where nothing was run'),
  z: z.number().nullable().describe('(ours - measured) / (s sqrt(1/n_measured + 1/n_ours))'),
  zPrinted: z.number().nullable().describe("(ours - printed) / the paper's sd"),
  verdict: z.enum(verdicts),
  reason: text.nullable().describe('why there is no number, or fewer seeds than wanted'),
});
const row = z.strictObject({
  label: text.describe('as the paper names it'),
  pipeline: text.nullable(),
  protocol: text.nullable(),
  floor: z.boolean(),
  cells: z.array(cell).describe('one a column'),
  note: text.nullable(),
});
const section = z.strictObject({
  name: text,
  title: text,
  data: text.describe('the data set of the catalogue'),
  protocol: text,
  missing: text.nullable().describe('how to get the data; null where they are here'),
  columns: z.array(column),
  rows: z.array(row),
  rule: z
    .strictObject({
      cells: count,
      beyond: count.describe('cells beyond 2'),
      allowed: count,
      far: count.describe('cells beyond 3.5'),
      unsteady: count,
      seeds: count.describe('the fewest behind a cell'),
      passes: z.boolean().nullable().describe('null below ten seeds'),
    })
    .nullable()
    .describe('the fidelity rule over all cells with a reference and a scale'),
});
const common = {
  name: text,
  title: text,
  seeds: z.array(count),
  choices: z.array(text),
  claims: z.array(
    z.strictObject({ claim: text, finding: z.enum(['holds', 'does not hold', 'cannot tell']), because: text }),
  ),
};
const axis = z.strictObject({ title: text, log: z.boolean() });
const panel = z.strictObject({
  title: text,
  data: text,
  missing: text.nullable(),
  x: axis.extend({ names: z.array(text).nullable().describe('what x counts through, where it is no number') }),
  y: axis,
  marks: z.enum(['lines', 'scatter']).describe('scatter: x and mean of a point are its two coordinates'),
  series: z.array(
    z.strictObject({
      label: text,
      bars: text.nullable().describe('the title of their axis, where the points are bars'),
      points: z.array(
        z.strictObject({
          x: z.number(),
          mean: z.number().nullable(),
          sd: z.number().nullable(),
          n: count,
          failed: count,
          reason: text.nullable(),
        }),
      ),
    }),
  ),
});

export const reproductionDocument = z.strictObject({
  name: text,
  paper: text,
  code: text.describe("where the authors' code lies"),
  date: text,
  where: text.describe('versions and machine'),
  line: text.describe('the command line'),
  trials: z.strictObject({
    wanted: count,
    done: count,
    failed: count,
    left: count.describe('not reached; the same command goes on'),
  }),
  outOfTime: z.boolean().describe('whether --budget ended it'),
  run: text.nullable().describe('id of the run; null when nothing could be run'),
  record: text.nullable(),
  items: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('table'), ...common, measuredTitle: text, sections: z.array(section) }),
      z.strictObject({ kind: z.literal('figure'), ...common, panels: z.array(panel) }),
    ]),
  ),
  metrics: z.array(metricRow),
  files: z.array(text).describe('the pages that were written'),
});
