import { Files, node } from '../../core/index.ts';
import { Ratings, Shape } from '../ports.ts';
import { checkCounts, type TripleCounts, type TripleFormat, triples } from './triples.ts';

/** What the files must hold. */
export const kuairecCounts = { users: 7_176, items: 10_728, log: 12_530_806, uniform: 117_113 };
const { users, items } = kuairecCounts;
const format = (file: string): TripleFormat => ({
  file,
  dataset: 'KuaiRec',
  separator: ',',
  firstId: 0,
  users,
  items,
  accepts: (value) => value >= 0 && Number.isFinite(value),
});
const log = format('kuairec/user.txt');
const uniform = format('kuairec/random.txt');
/** No digest is known for these files, so that they are known by their counts. */
const counts: Readonly<Record<'log' | 'uniform', TripleCounts>> = {
  log: { rows: kuairecCounts.log },
  uniform: { rows: kuairecCounts.uniform, users: 1_411, items: 2_519 },
};

/**
 * KuaiRec as prepared for debiasing studies: `user,item,watch_ratio` with ids from 0. `log` is what users watched of what
 * the platform showed them; `uniform` is a sample of the small matrix, whose 1,411 users watched (almost) all its items, so
 * that nobody chose. The rating is the watch ratio: the share of a video that was watched, above 1 when it was watched again.
 * Rows in the order of the files.
 *
 * @throws Problem bad-data for a line that is no watch ratio, and for files with other counts; no digest is checked
 */
export const kuairec = node('datasets/kuairec', {
  doc: 'KuaiRec: 12,530,806 watch ratios of 7,176 users on 10,728 videos, and 117,113 of a matrix that was watched in full.',
  source: 'Gao et al. 2022 (CIKM); files as in the code of Li et al. 2024 (ICDE)',
  in: {},
  out: { log: Ratings, uniform: Ratings, shape: Shape },
  use: { files: Files },
  reads: () => [
    { name: 'log', path: log.file },
    { name: 'uniform', path: uniform.file },
  ],
  run: (_, __, { files }) => {
    // the small file first: what is wrong shows before twelve million lines are read
    const asked = triples(files.bytes('uniform'), uniform);
    checkCounts(asked, counts.uniform, uniform);
    const chosen = triples(files.bytes('log'), log);
    checkCounts(chosen, counts.log, log);
    return { log: chosen, uniform: asked, shape: { users, items } };
  },
});
