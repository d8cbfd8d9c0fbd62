/** Protocols on files of one's own: read, label, split, rank what was rated. */
import { basename, extname, resolve } from 'node:path';
import { type AnyNode, type ConfigOf, Problem, type Protocol, protocol } from '../core/index.ts';
import { allCandidates } from '../nodes/candidates/all.ts';
import { ratedCandidates } from '../nodes/candidates/rated.ts';
import { type Columns, type Format, formats } from '../nodes/datasets/file/source.ts';
import { fileDataset } from '../nodes/datasets/file.ts';
import { definition } from '../nodes/evaluation/definition.ts';
import { positives } from '../nodes/labels/positives.ts';
import type { Clicks, Evaluation, Ids, Pairs, Ratings, Shape } from '../nodes/ports.ts';
import { givenSplit } from '../nodes/splits/given.ts';
import { perUserSplit } from '../nodes/splits/per-user.ts';
import { randomPerItem } from '../nodes/splits/random-per-item.ts';
import { ratedPairs } from './roles.ts';

/** One file, and how it is written. */
export interface DataFile {
  /** Relative paths start in `folder`. */
  readonly file: string;
  /** By the ending of the file unless given. */
  readonly format?: Format | undefined;
  /** Which of the file's columns is which, by name or by number from 1; usual names are found without. */
  readonly columns?: { readonly [K in keyof Columns]?: Columns[K] } | undefined;
  readonly delimiter?: string | undefined;
  readonly header?: boolean | undefined;
}
export interface OwnData {
  /** The data set's name in tables, `[a-z0-9-]+`; a method's settings are looked up by it. */
  readonly name: string;
  readonly doc?: string | undefined;
  readonly roles: {
    readonly train: DataFile;
    /** Without it the test is split off from train. */
    readonly test?: DataFile | undefined;
    readonly validation?: DataFile | undefined;
    /** Ratings of randomly chosen pairs that may be learnt from. */
    readonly uniform?: DataFile | undefined;
  };
  /** Smallest rating that is positive; see labels/positives for what happens without. */
  readonly positive?: number | undefined;
  readonly feedback?: 'ratings' | 'implicit' | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly badRows?: 'refuse' | 'drop' | undefined;
  readonly duplicates?: 'last' | 'first' | 'refuse' | undefined;
  /** Which items of a user are ranked: the rated ones, or all but those of train (for implicit feedback). */
  readonly candidates?: 'rated' | 'all' | undefined;
  /** A node that divides `ratings`, and its config; splits/per-user unless given. */
  readonly split?: { readonly node: AnyNode; readonly with?: object | undefined } | undefined;
}
interface Gives {
  readonly train: typeof Ratings;
  readonly test: typeof Ratings;
  readonly candidates: typeof Pairs;
  readonly shape: typeof Shape;
  readonly evaluation: typeof Evaluation;
  readonly userIds: typeof Ids;
  readonly itemIds: typeof Ids;
  readonly validation?: typeof Ratings;
  /** Of implicit feedback: clicks on which epochs and constants are chosen. */
  readonly valid?: typeof Clicks;
  /** What is not ranked at the test, where all items are ranked. */
  readonly known?: typeof Ratings;
  readonly uniform?: typeof Ratings;
  /** As they were read, for those who describe the data. */
  readonly log: typeof Ratings;
  readonly randomised?: typeof Ratings;
}
export type FileProtocol = Protocol<string, Gives, {}>;

/**
 * A protocol on a file, or on the files of several roles: `ips.on(fileProtocol('ratings.csv'))`. Nothing is read yet.
 *
 * A plain file is train; a random fifth of each user's ratings is split off as the test, whether or not there are times, so
 * that a guessed column never changes what is measured. Steps: `data.raw`, `data.labels`, `data.split`, `data.candidates`,
 * `data.evaluation`.
 *
 * Of implicit feedback all items are ranked under the preset `macr`, and where no file or split brings a validation part a few
 * clicks of each item leave train for `valid` (step `data.selection`); they are not ranked at the test.
 *
 * @param folder where relative paths start
 * @throws Problem usage when a format cannot be told, or the split does not divide ratings
 */
export function fileProtocol(data: string | OwnData, folder = process.cwd()): FileProtocol {
  const plain = typeof data === 'string';
  const own: OwnData = plain ? { name: plainName(data), roles: { train: { file: data } } } : data;
  const files = Object.entries(own.roles).filter((entry): entry is [string, DataFile] => entry[1] !== undefined);
  const raw = {
    places: Object.fromEntries(files.map(([role, { file }]) => [role, resolve(folder, file)])),
    sources: Object.fromEntries(files.map(([role, file]) => [role, sourceOf(file)])),
    ...given({ feedback: own.feedback, range: own.range, badRows: own.badRows, duplicates: own.duplicates }),
  } as ConfigOf<typeof fileDataset>;
  const whole = own.candidates ?? (own.feedback === 'implicit' ? 'all' : 'rated');
  // implicit feedback whose rated pairs alone are ranked is no ranking of all items, which is what methods on clicks are measured by
  const clicks = own.feedback === 'implicit' && whole === 'all';
  const validation = validationFrom(own);
  const labels = protocol(own.name, {
    // a file is no data set of the catalogue, whatever it is called: no method's settings are meant for it
    dataset: plain ? basename(data) : own.name,
    evaluation: clicks ? 'macr' : 'dt-icde24',
    candidates: whole,
    floors: clicks ? ['listed-random', 'listed-popularity', 'listed-least-popular'] : ratedPairs.floors,
    otherwise:
      'a data card can give `validation` and `uniform`, and `valid` and `known` where it says `feedback: implicit`: every row is a click',
    doc: own.doc ?? `Own data: ${files.map(([role, { file }]) => `${role} from ${file}`).join(', ')}.`,
  })
    .step('raw', fileDataset, () => ({}), raw)
    .step(
      'labels',
      positives,
      ({ raw }) => ({ train: raw.train, validation: raw.validation, uniform: raw.uniform, test: raw.test }),
      given({ threshold: own.positive }),
    );
  const split = own.roles.test
    ? labels.step('split', givenSplit, (up) => ({
        train: up.labels.train,
        test: up.labels.test,
        validation: up.labels.validation,
      }))
    : labels.step(
        'split',
        divider(own),
        (up) => ({ ratings: up.labels.train }),
        own.split ? (own.split.with ?? {}) : { test: 0.2 },
      );
  // both ways give train, test and perhaps validation
  const divided = split as typeof split & ReturnType<typeof labels.step<'split', typeof givenSplit, never>>;
  const ranked =
    whole === 'all'
      ? divided.step('candidates', allCandidates, (up) => ({
          test: up.split.test,
          train: up.split.train,
          shape: up.raw.shape,
        }))
      : divided.step('candidates', ratedCandidates, (up) => ({ test: up.split.test }));
  const complete = ranked as ReturnType<typeof divided.step<'candidates', typeof ratedCandidates, never>>;
  const selected =
    clicks && validation === undefined
      ? complete.step('selection', randomPerItem, (up) => ({ ratings: up.split.train }), { share: 0.2, cap: 2 })
      : complete;
  // where nothing is selected, nothing of it is read
  return (selected as ReturnType<typeof complete.step<'selection', typeof randomPerItem, never>>)
    .step(
      'evaluation',
      definition,
      () => ({}),
      clicks
        ? { preset: 'macr', cutoffs: [20], candidates: whole }
        : { preset: 'dt-icde24', cutoffs: [5], candidates: whole },
    )
    .gives((up) => {
      const held = { file: up.labels.validation, split: up.split.validation, selection: up.selection?.test };
      const valid = validation ?? (clicks ? 'selection' : undefined);
      return {
        train: valid === 'selection' ? up.selection.train : up.split.train,
        test: up.split.test,
        candidates: up.candidates.pairs,
        log: up.raw.train,
        shape: up.raw.shape,
        evaluation: up.evaluation.evaluation,
        userIds: up.raw.userIds,
        itemIds: up.raw.itemIds,
        ...(valid && { validation: held[valid], ...(clicks && { valid: held[valid] }) }),
        // what is not ranked, for methods that rank all items by themselves
        ...(whole === 'all' && { known: up.split.train }),
        ...(own.roles.uniform && { uniform: up.labels.uniform, randomised: up.raw.uniform }),
      };
    }) as unknown as FileProtocol;
}

/** Which step gives the validation part, if one does. */
function validationFrom({ roles, split }: OwnData): 'file' | 'split' | undefined {
  if (roles.validation) return 'file';
  const share = (split?.with as { validation?: unknown } | undefined)?.validation;
  return roles.test === undefined && typeof share === 'number' && share > 0 ? 'split' : undefined;
}

const endings: Readonly<Record<string, Format>> = { ndjson: 'jsonl', feather: 'arrow', ipc: 'arrow', tab: 'tsv' };

/** @throws Problem usage */
function formatOf(file: string): Format {
  const ending = extname(file).slice(1).toLowerCase();
  const format = formats.find((name) => name === ending) ?? endings[ending];
  if (format) return format;
  throw new Problem('usage', `the ending of '${basename(file)}' does not tell how the file is written`, {
    where: file,
    hint: `endings are ${[...formats, ...Object.keys(endings)].map((name) => `.${name}`).join(', ')}; a data card can name the format`,
  });
}

/** Whether a plain file can be read by its ending. */
export const isDataFile = (file: string): boolean => {
  const ending = extname(file).slice(1).toLowerCase();
  return ending in endings || formats.some((name) => name === ending);
};

export const sourceOf = ({ file, format, columns, delimiter, header }: DataFile) => ({
  format: format ?? formatOf(file),
  ...given({ columns: columns && given(columns), delimiter, header }),
});

/** `ratings.csv` becomes `file-ratings`, so that it cannot pass for a named protocol. */
const plainName = (file: string): string =>
  `file-${
    basename(file, extname(file))
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'data'
  }`;

function divider({ split }: OwnData): typeof perUserSplit {
  if (split === undefined) return perUserSplit;
  const { node } = split;
  if ('ratings' in node.in && 'train' in node.out && 'test' in node.out) return node as typeof perUserSplit;
  throw new Problem('usage', `'${node.id}' does not divide ratings into train and test`, {
    hint: 'take splits/per-user, splits/random, splits/temporal, splits/leave-last-out, splits/k-fold, splits/user-disjoint, splits/latest-per-item, splits/random-per-item or splits/uniform-over-items',
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(of: T) =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Given<T>;
