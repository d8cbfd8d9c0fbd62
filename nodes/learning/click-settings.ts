/** Settings that methods on clicks share, and what they mean to a program. */
import { z } from 'zod';
import type { PenaltyDeclaration, StopDeclaration, StreamDeclaration, TableDeclaration } from './declaration.ts';

/** Defaults are those of the code of Wei et al. (KDD 2021) on Adressa. */
export const clickSettings = {
  width: z.number().int().positive().default(64).describe('numbers in an embedding'),
  batch: z.number().int().positive().default(1024).describe('clicks a batch'),
  rate: z.number().positive().default(1e-3).describe("Adam's learning rate, TensorFlow's form"),
  l2: z
    .number()
    .nonnegative()
    .default(1e-5)
    .describe('half of this, times the mean over the batch of the squared norms of the rows that a triple reads'),
  users: z
    .enum(['uniform', 'interaction'])
    .default('uniform')
    .describe('users are drawn uniformly, or in proportion to their clicks'),
  negatives: z.number().int().positive().default(1).describe('items without a click that are drawn for each click'),
  popularity: z
    .number()
    .default(0)
    .describe('negatives are drawn in proportion to (clicks of the item) ^ this; 0 draws all items alike'),
  epochs: z.number().int().positive().default(1000).describe('largest number of epochs'),
  every: z.number().int().positive().default(10).describe('epochs from one look at the selection set to the next'),
  patience: z.number().int().positive().default(10).describe('looks in a row below the best that end training'),
  cutoff: z.number().int().positive().default(20).describe('training stops on HR at this cut-off'),
};
type Settings = z.output<z.ZodObject<typeof clickSettings>>;

export const triples = (s: Settings): Extract<StreamDeclaration, { draw: 'triples' }> => ({
  draw: 'triples',
  batch: s.batch,
  user: s.users,
  negatives: s.negatives,
  popularity: s.popularity,
});

/** Stops on the pairs of port `selection`. */
export const onSelection = (s: Settings): StopDeclaration => ({
  rule: 'patience',
  metric: 'hr',
  cutoff: s.cutoff,
  on: 'selection',
  every: s.every,
  patience: s.patience,
  epochs: s.epochs,
});

/** (l2 / 2B) times the sum of squares of the rows that the triples of stream `on` read, each as often as it is read. */
export const rowDecay = <D extends string>(
  l2: number,
  tables: Readonly<Record<string, TableDeclaration>>,
  on: D,
): PenaltyDeclaration<string, D>[] =>
  Object.entries(tables)
    .filter(([, { rows }]) => rows === 'user' || rows === 'item')
    .map(([name, { width }]) => ({ weight: (l2 / 2) * width, on, meanSquare: [name] }));
