/** What a data card holds: plain numbers and sentences, so that a person, a script and a viewer read the same. */
import { z } from 'zod';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const measured = z.number().nullable();

/** One rating value (`from` equals `to`), or a range that holds `from` and ends before `to`; the last holds `to` as well. */
const bin = { from: z.number(), to: z.number() };
const spread = z.strictObject({ least: count, median: z.number(), mean: z.number(), most: count });

export const RoleCard = z.strictObject({
  role: z.string().describe('log, randomised, train, validation, uniform or test'),
  rows: count,
  users: count.describe('users with at least one row'),
  items: count.describe('items with at least one row'),
  density: share.describe('rows over users x items of the data set').nullable(),
  sparsity: share.describe('1 - density').nullable(),
  mean: measured.describe('mean rating; of labels the share of positives'),
  perUser: spread.describe('rows a user, over all users of the data set').nullable(),
  perItem: spread.describe('rows an item, over all items of the data set').nullable(),
  gini: z.strictObject({
    users: measured.describe('Gini coefficient of rows a user'),
    items: measured.describe('Gini coefficient of rows an item'),
    usersAtRandom: measured.describe('the same if every pair were equally likely to be there'),
    itemsAtRandom: measured.describe('the same if every pair were equally likely to be there'),
  }),
  ratings: z.array(z.strictObject({ ...bin, count, share })),
});

export const Contrast = z.strictObject({
  log: z.string().describe('role of the self-selected ratings'),
  random: z.string().describe('role of the uniformly random ratings'),
  pairsInBoth: count,
  meanDifference: z.number().describe('mean rating of the log minus that of the random ratings'),
  totalVariation: share.describe('half the sum of |share in log - share in random|: what would have to change value'),
  chiSquare: z
    .strictObject({
      statistic: z.number().nonnegative(),
      df: count,
      p: share.describe('0 below about 1e-15'),
      smallestExpected: z.number().nonnegative(),
    })
    .nullable()
    .describe('test of equal distributions, as if ratings were independent; null where only one rating occurs'),
  byRating: z.array(
    z.strictObject({
      ...bin,
      log: share,
      random: share,
      propensity: measured.describe('P(observed | rating) by naive Bayes; null where random has no such rating'),
      relative: measured.describe('propensity over its mean: share in log over share in random'),
    }),
  ),
});

export const CardSchema = z.strictObject({
  users: count,
  items: count,
  roles: z.array(RoleCard).min(1),
  contrast: Contrast.nullable().describe('null without uniformly random ratings: then selection cannot be known'),
  findings: z.array(z.string()).describe('what the numbers mean, in sentences'),
});

export type RoleCard = z.infer<typeof RoleCard>;
export type Contrast = z.infer<typeof Contrast>;
export type Card = z.infer<typeof CardSchema>;
