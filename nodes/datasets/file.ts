import { z } from 'zod';
import { Cancel, Files, Log, node, optional, Problem } from '../../core/index.ts';
import { Ids, Ratings, Shape } from '../ports.ts';
import { readArrow } from './file/arrow.ts';
import { type Database, onlyThisFile, withDatabase } from './file/database.ts';
import { readDelimited } from './file/delimited.ts';
import { denseRatings, numberIds, type Part } from './file/dense.ts';
import { readJsonl } from './file/jsonl.ts';
import { readParquet } from './file/parquet.ts';
import { columnsText, usableRows } from './file/rows.ts';
import { type Source, sourceSchema } from './file/source.ts';
import type { Texts, ToRead } from './file/texts.ts';

/** In the order in which their ids are numbered. */
const roles = ['train', 'validation', 'uniform', 'test'] as const;
type Role = (typeof roles)[number];
const byRole = <T extends z.ZodType>(of: T) =>
  z.strictObject({ train: of, validation: of.optional(), uniform: of.optional(), test: of.optional() });

/**
 * Own ratings, one file a role. Rows keep the order of their file.
 *
 * | what                                                   | rule                                                          |
 * |--------------------------------------------------------|---------------------------------------------------------------|
 * | columns                                                | by name or number, else by usual names (user_id, movieId, ...) |
 * | ids                                                    | any text; exact whatever their length; dense ids count from 0 by first appearance over all roles (train, validation, uniform, test); `userIds` and `itemIds` lead back |
 * | a line that is no row, a row without user, item, rating or time, a rating that is no finite number or outside `range` | `badRows`: refuse with row numbers, or drop and count |
 * | a pair that comes twice in a file                      | `duplicates`: last (by time where there are times, else in the file), first, or refuse; counted |
 * | no column of ratings                                   | refused, unless `feedback` is implicit: then each rating is 1  |
 * | times                                                  | whole numbers as they are; dates and timestamps as microseconds since 1970, UTC where they name no zone |
 * | bytes that are not UTF-8                               | the line is no row                                            |
 * | an empty file, a file without rows                     | refused                                                       |
 *
 * White space around a value of a csv or tsv file is no part of it. Where files lie, and what they are called, is not part of
 * the key: a copy under another name is the same data.
 */
export const fileDataset = node('datasets/file', {
  doc: 'Own ratings from CSV, TSV, Parquet, JSONL or Arrow files, with ids of any kind.',
  in: {},
  out: {
    train: Ratings,
    validation: optional(Ratings),
    uniform: optional(Ratings),
    test: optional(Ratings),
    shape: Shape,
    userIds: Ids,
    itemIds: Ids,
  },
  config: z.strictObject({
    places: byRole(z.string()).describe('the path of the file of each role; no part of the key'),
    sources: byRole(sourceSchema).describe('how each file is written'),
    feedback: z
      .enum(['ratings', 'implicit'])
      .default('ratings')
      .describe('implicit: every row is a positive, and columns of ratings are not read'),
    range: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('smallest and largest rating; others make a row unusable'),
    badRows: z
      .enum(['refuse', 'drop'])
      .default('refuse')
      .describe('what becomes of rows that cannot be used; drop says how many'),
    duplicates: z
      .enum(['last', 'first', 'refuse'])
      .default('last')
      .describe('which row of a pair of user and item counts when a file has several'),
  }),
  use: { files: Files, log: Log, cancel: Cancel },
  places: ['places'],
  reads: ({ places }) => given(places).map((role) => ({ name: role, path: places[role] as string })),
  run: (_, config, { files, log, cancel }) =>
    withDatabase(async (db) => {
      const { places, sources } = config;
      const parts: Part[] = [];
      for (const role of given(places)) {
        const source = sources[role];
        const where = places[role] as string;
        if (source === undefined)
          throw new Problem('bad-config', `role '${role}' has a file and no source`, { where: `sources.${role}` });
        cancel.check();
        const from = {
          db,
          path: onlyThisFile(files.path(role)),
          source,
          table: role,
          implicit: config.feedback === 'implicit',
          where,
        };
        const texts = await readTexts(from, () => files.bytes(role));
        const table = `${role} rows`;
        await usableRows(db, { from: role, into: table, texts, where }, config, log);
        await db.run(`drop table "${role}"`);
        log.info(`${where} plays ${role}; its columns are taken as ${columnsText(texts.columns)}`);
        parts.push({ role, table, where, timed: texts.columns.time !== undefined });
      }
      cancel.check();
      const { users, items } = await numberIds(db, parts);
      const ratings: Partial<Record<Role, Awaited<ReturnType<typeof denseRatings>>>> = {};
      for (const part of parts) {
        cancel.check();
        ratings[part.role as Role] = await denseRatings(db, part, config.duplicates, log);
      }
      const { train, ...others } = ratings;
      if (train === undefined) throw new Problem('bad-config', "there is no file for role 'train'");
      log.info(
        `${train.user.length} ratings to learn from; ${users.length} users and ${items.length} items in all files`,
      );
      return {
        train,
        ...others,
        shape: { users: users.length, items: items.length },
        userIds: { id: users },
        itemIds: { id: items },
      };
    }),
});

const given = (places: Readonly<Partial<Record<Role, string | undefined>>>): readonly Role[] =>
  roles.filter((role) => places[role] !== undefined);

/** @throws Problem bad-data when the file is empty */
async function readTexts(from: ToRead, bytes: () => Uint8Array): Promise<Texts> {
  if ((await sizeOf(from.db, from.path)) === 0)
    throw new Problem('bad-data', 'the file is empty', { where: from.where });
  const { format }: Source = from.source;
  switch (format) {
    case 'csv':
    case 'tsv':
      return readDelimited(from);
    case 'parquet':
      return readParquet(from);
    case 'jsonl':
      return readJsonl(from);
    case 'arrow':
      return readArrow(from, bytes());
  }
}

const sizeOf = async (db: Database, path: string): Promise<number> =>
  Number((await db.rows('select size from read_blob($path)', { path }))[0]?.size ?? 0);
