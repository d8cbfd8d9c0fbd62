/** Data sets of clicks as the code of Wei et al. 2021 ships them: a train file, a test file, and the counts that tell them. */
import { type FileRead, Problem } from '../../core/index.ts';
import { type ClickRows, clickLists } from './click-lists.ts';

/** What is known of a data set; null where nobody told us. */
export interface ClickCounts {
  readonly users: number;
  readonly items: number;
  /** Clicks of the train and of the test file; what is null is not checked. */
  readonly train: number | null;
  readonly test: number;
}
export interface ClickDataset {
  /** For messages. */
  readonly title: string;
  /** Below the data folder; it holds `train.txt` and `test.txt`. */
  readonly folder: string;
  readonly counts: ClickCounts;
  readonly sha256?: Readonly<Record<Part, string>>;
}
type Part = 'train' | 'test';

export const clickReads = ({ folder, sha256 }: ClickDataset): readonly FileRead[] =>
  (['train', 'test'] as const).map((part) => ({
    name: part,
    path: `${folder}/${part}.txt`,
    ...(sha256 && { sha256: sha256[part] }),
  }));

/**
 * Reads both files, the small one first.
 * @throws Problem bad-data for a line that is no clicks of the data set, and for another number of clicks
 */
export function readClicks(dataset: ClickDataset, files: { bytes(name: string): Uint8Array }) {
  const { title, folder, counts } = dataset;
  const { users, items } = counts;
  const read = (part: Part): ClickRows => {
    const file = `${folder}/${part}.txt`;
    const rows = clickLists(files.bytes(part), { file, dataset: title, users, items });
    const [found, wanted] = [rows.user.length, counts[part]];
    if (found === 0 || (wanted !== null && found !== wanted))
      throw new Problem(
        'bad-data',
        `${file} holds ${found} clicks${wanted === null ? '' : `, and ${title} has ${wanted}`}`,
        {
          where: file,
          hint: 'it is cut short or another version; read a file of your own with --on FILE',
        },
      );
    return rows;
  };
  const test = read('test');
  return { train: read('train'), test, shape: { users, items } };
}
