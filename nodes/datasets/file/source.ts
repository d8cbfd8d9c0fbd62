/** How one file is written: its format, and which of its columns is which. */
import { z } from 'zod';

export const formats = ['csv', 'tsv', 'parquet', 'jsonl', 'arrow'] as const;
export type Format = (typeof formats)[number];

const column = z.union([z.string().min(1), z.number().int().positive()]);
export const columnsSchema = z.strictObject({
  user: column
    .optional()
    .describe("the column of users: its name in the file, or its number from 1; guessed if it isn't named"),
  item: column.optional().describe('the column of items'),
  rating: column.optional().describe('the column of ratings or labels'),
  time: z
    .union([column, z.literal(false)])
    .optional()
    .describe('the column of times; false: do not read any'),
});
export type Columns = z.output<typeof columnsSchema>;

export const sourceSchema = z.strictObject({
  format: z.enum(formats).describe('how the file is written'),
  columns: columnsSchema.default({}).describe("which of the file's columns is which"),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .describe('what divides the columns of a csv or tsv file; comma and tab unless given'),
  header: z.boolean().default(true).describe('whether the first line of a csv or tsv file names the columns'),
});
export type Source = z.output<typeof sourceSchema>;
