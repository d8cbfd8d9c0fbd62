/**
 * Every format ends in the same table of texts: `user`, `item`, `rating`, `time`, one row of the file each, null where the
 * file has nothing. What the texts mean is decided in one place for all formats (rows.ts).
 */
import type { Chosen } from './columns.ts';
import type { Database } from './database.ts';
import type { Source } from './source.ts';

export interface ToRead {
  readonly db: Database;
  /** As DuckDB's readers take it. */
  readonly path: string;
  readonly source: Source;
  /** The table to make. */
  readonly table: string;
  readonly implicit: boolean;
  /** What to call the file in messages. */
  readonly where: string;
}
/** Something in the file that is no row at all. */
export interface Broken {
  /** `line 4`, or `row 3` where the format has no lines. */
  readonly at: string;
  readonly what: string;
}
export interface Texts {
  /** The file's own names of the columns. */
  readonly columns: Readonly<Record<keyof Chosen, string | undefined>>;
  readonly broken: { readonly count: number; readonly first: readonly Broken[] };
}

export const namesOf = (chosen: Chosen, names: readonly string[]): Texts['columns'] => ({
  user: names[chosen.user],
  item: names[chosen.item],
  rating: chosen.rating === undefined ? undefined : names[chosen.rating],
  time: chosen.time === undefined ? undefined : names[chosen.time],
});

/** The select list of a table of texts; `text` says how the column at a place becomes text. */
export const selectTexts = (chosen: Chosen, text: (at: number, part: keyof Chosen) => string): string =>
  (['user', 'item', 'rating', 'time'] as const)
    .map((part) => {
      const at = chosen[part];
      return `${at === undefined ? 'null::varchar' : text(at, part)} as "${part}"`;
    })
    .join(', ');

/** Problems that are shown before the rest is only counted. */
export const shownProblems = 5;
