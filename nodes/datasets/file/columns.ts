/** Which of a file's columns holds the users, the items, the ratings and the times. */
import { Problem } from '../../../core/index.ts';
import type { Source } from './source.ts';

/** Names as files carry them, without case, spaces and punctuation; earlier ones win. */
const usual = {
  user: [
    ...['user', 'userid', 'uid', 'username', 'useridx', 'userindex', 'customer', 'customerid', 'member', 'memberid'],
    ...[
      'reviewer',
      'reviewerid',
      'visitor',
      'visitorid',
      'account',
      'accountid',
      'client',
      'clientid',
      'person',
      'personid',
    ],
  ],
  item: [
    ...['item', 'itemid', 'iid', 'itemidx', 'itemindex', 'movie', 'movieid', 'film', 'filmid', 'product', 'productid'],
    ...[
      'sku',
      'asin',
      'parentasin',
      'article',
      'articleid',
      'book',
      'bookid',
      'isbn',
      'song',
      'songid',
      'track',
      'trackid',
    ],
    ...['artist', 'artistid', 'video', 'videoid', 'game', 'gameid', 'business', 'businessid', 'coat', 'coatid'],
  ],
  rating: ['rating', 'ratings', 'score', 'stars', 'star', 'label', 'overall', 'ratingvalue', 'value', 'feedback'],
  time: [
    ...['timestamp', 'time', 'ts', 'datetime', 'date', 'unixtime', 'unixreviewtime', 'unixtimestamp', 'timems'],
    ...['createdat', 'ratedat', 'eventtime', 'reviewtime'],
  ],
} as const;
type Part = keyof typeof usual;
const parts = ['user', 'item', 'rating', 'time'] as const;

/** Places among the file's columns, from 0. */
export interface Chosen {
  readonly user: number;
  readonly item: number;
  /** Undefined for implicit feedback. */
  readonly rating: number | undefined;
  readonly time: number | undefined;
}

/**
 * What the source names, else the first column with a usual name. A file without a header line holds users, items, ratings
 * and times in this order.
 *
 * @param names the file's columns in their order; their numbers where the file has no header
 * @param implicit whether ratings are not wanted
 * @throws Problem bad-data when a column is not there, or none looks like users, items or ratings; lists the file's columns
 */
export function chooseColumns(names: readonly string[], source: Source, implicit: boolean, where: string): Chosen {
  if (names.some((name) => name.includes('\0')))
    throw new Problem('bad-data', 'the file is no text in UTF-8', {
      where,
      hint: 'save it as UTF-8; other formats are told by the ending of the file name',
    });
  const wanted: readonly Part[] = implicit ? parts.filter((part) => part !== 'rating') : parts;
  const bare = (source.format === 'csv' || source.format === 'tsv') && !source.header;
  const pick = (part: Part): number | undefined => {
    const given = source.columns[part];
    if (given === false) return undefined;
    if (given !== undefined) return named(given, part, names, where);
    if (bare) return wanted.indexOf(part) < names.length ? wanted.indexOf(part) : undefined;
    const plain = names.map(plainName);
    const known: readonly string[] = usual[part];
    const found = known.map((name) => plain.indexOf(name)).find((at) => at >= 0);
    return found;
  };
  const demand = (part: 'user' | 'item' | 'rating'): number => {
    const at = pick(part);
    if (at === undefined) throw unknown(part, names, bare, where);
    return at;
  };
  const chosen = {
    user: demand('user'),
    item: demand('item'),
    rating: implicit ? undefined : demand('rating'),
    time: pick('time'),
  };
  const places = Object.values(chosen).filter((at) => at !== undefined);
  const twice = places.find((at, n) => places.indexOf(at) !== n);
  if (twice !== undefined)
    throw new Problem('bad-data', `column '${names[twice]}' would be two things at once`, {
      where,
      hint: `${shown(names)}; name each in a data card: columns: { user: NAME, item: NAME, rating: NAME, time: false }`,
    });
  return chosen;
}

const plainName = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function named(given: string | number, part: Part, names: readonly string[], where: string): number {
  const at = typeof given === 'number' ? given - 1 : names.indexOf(given);
  if (at >= 0 && at < names.length) return at;
  throw new Problem('bad-data', `there is no column ${typeof given === 'number' ? `number ${given}` : `'${given}'`}`, {
    where: `${where}, columns.${part}`,
    hint: shown(names),
  });
}

function unknown(part: 'user' | 'item' | 'rating', names: readonly string[], bare: boolean, where: string): Problem {
  const map = `name it in a data card: columns: { ${part}: NAME }`;
  const [only = ''] = names;
  const divider = names.length === 1 ? [';', '\t', '|', ','].find((char) => only.includes(char)) : undefined;
  const hints = [
    shown(names),
    ...(divider === undefined
      ? []
      : [
          `the columns seem to be divided by ${JSON.stringify(divider)}: say so in a data card, delimiter: ${JSON.stringify(divider)}`,
        ]),
    ...(!bare && names.length > 1 && names.every((name) => /^[-+.\d]+$/.test(name))
      ? ['the first line looks like data: for a file without names of columns write header: false into a data card']
      : []),
    ...(part === 'rating'
      ? [`${map}; where every row is a positive (a click, a purchase), say feedback: implicit there`]
      : [map]),
  ];
  return new Problem('bad-data', `no column looks like ${part}s`, { where, hint: hints.join('\n') });
}

const shown = (names: readonly string[]) =>
  `the file's columns are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}`;
