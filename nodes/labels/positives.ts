import { z } from 'zod';
import { Log, node, optional, Problem } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { type LabelView, labelled, middleOf, usersWithout } from './threshold.ts';

/**
 * Turns the ratings of all parts of a data set into labels by one threshold: 1 for a rating of at least `threshold`, else 0.
 * Without a threshold it is the smallest rating of train that lies above the middle between train's smallest and largest: 4 on
 * a scale of 1..5, 3 on .5..5, 1 on 0/1; and the log says which. Where all ratings of train are equal, all are positive. Rows
 * and their order stay. Users without a positive stay too; how a metric counts them is part of its definition.
 *
 * @throws Problem bad-data when no row of train is positive
 */
export const positives = node('labels/positives', {
  doc: 'Ratings of at least the threshold become 1, the others 0; without a threshold, those above the middle of the scale.',
  in: { train: Ratings, validation: optional(Ratings), uniform: optional(Ratings), test: optional(Ratings) },
  out: { train: Ratings, validation: optional(Ratings), uniform: optional(Ratings), test: optional(Ratings) },
  config: z.strictObject({
    threshold: z.number().optional().describe('smallest rating that counts as positive'),
  }),
  use: { log: Log },
  run({ train, validation, uniform, test }, { threshold }, { log }) {
    const { smallest, largest, above } = middleOf(train.rating);
    const from = threshold ?? above;
    const labels = labelled(train, from);
    const positive = labels.rating.reduce((sum, label) => sum + label, 0);
    const share = `${((100 * positive) / labels.rating.length).toFixed(1)} % of the ratings in train`;
    if (positive === 0)
      throw new Problem('bad-data', `no rating in train is positive: they lie between ${smallest} and ${largest}`, {
        where: 'threshold',
        hint: `choose a threshold of at most ${largest}`,
      });
    if (threshold === undefined)
      log.warn(
        `ratings of ${from} and more count as positive (${share}), since they lie above the middle of ${smallest} to ${largest}; set \`threshold\` to choose`,
        { threshold: from },
      );
    else log.info(`ratings of ${from} and more count as positive (${share})`, { threshold: from });
    if (positive === labels.rating.length)
      log.warn('all ratings in train are positive: nothing tells liked items from others but that they were rated');
    const part = (of: LabelView | undefined, name: string) => {
      if (of === undefined) return undefined;
      const made = labelled(of, from);
      const without = usersWithout(made);
      if (without > 0)
        log.info(
          `${without} of ${new Set(made.user).size} users have no positive in ${name}; they stay, and the metrics' definition says how they count`,
        );
      return made;
    };
    const others = {
      validation: part(validation, 'validation'),
      uniform: part(uniform, 'uniform'),
      test: part(test, 'test'),
    };
    return { train: labels, ...there(others) };
  },
});

const there = <T extends object>(of: T) =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
