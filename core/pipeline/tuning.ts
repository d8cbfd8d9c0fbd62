/** How a study chooses settings: how many trials a method has, and what selects. The test never does. */
import { z } from 'zod';
import { spaceShape } from './space.ts';

/** `ndcg@5`, or `auc`. */
const metric = z
  .string()
  .regex(/^[a-z]+(@[1-9]\d*)?$/, 'a metric is a name, with its cut-off where it has one: auc, or ndcg@5')
  .describe('what decides: auc, ndcg@5, logloss, ...');

export const tuningShape = z.strictObject({
  budget: z.number().int().min(1).default(20).describe('trials of every method; the first has its own settings'),
  on: z
    .enum(['validation', 'snips'])
    .default('validation')
    .describe(
      "what selects: the protocol's uniform slice `validation`, or held-out rows of the biased log weighted by self-normalised inverse propensities",
    ),
  metric: metric.default('auc'),
  spaces: z
    .record(z.string(), z.record(z.string(), spaceShape))
    .default({})
    .describe('where to look, by step and setting; beside what the pipelines declare and the usual spaces'),
});
/** What may be left out is filled in by `tuningOf`. */
export type Tuning = z.input<typeof tuningShape>;
export type FullTuning = z.output<typeof tuningShape>;

/** @throws ZodError when a part is not what it should be */
export const tuningOf = (given: Tuning): FullTuning => tuningShape.parse(given);
