/** What the numbers of a data card mean, in sentences. */
import type { Contrast } from './card-schema.ts';

/** The usual level; the sentence names p, so that a reader may choose another. */
const level = 0.05;
/** Pearson's rule of thumb for the expected count of a cell. */
const enoughExpected = 5;

export function findingsOf(contrast: Contrast | null): string[] {
  if (contrast === null)
    return [
      'there are no ratings of uniformly random pairs, so whether ratings are missing at random cannot be known from these data',
      'a test set split off the log is as biased as the log: it shows fit, not what users would say of items they did not choose',
    ];
  const { log, random, meanDifference, totalVariation, chiSquare } = contrast;
  const found = [
    `the mean rating in '${log}', which users chose to give, is ${Math.abs(meanDifference).toFixed(2)} ${meanDifference < 0 ? 'lower' : 'higher'} than in '${random}', of pairs chosen at random; ${percent(totalVariation)} of its ratings would have to change for the two to look alike`,
  ];
  if (chiSquare === null) return [...found, 'only one rating value occurs, so there is no selection by rating to see'];
  const test = `chi-square ${chiSquare.statistic.toFixed(1)} on ${chiSquare.df} degrees of freedom, p ${pText(chiSquare.p)}`;
  if (chiSquare.p < level) {
    found.push(`ratings are missing not at random: whether a pair is rated depends on what the rating is (${test})`);
    found.push(...extremes(contrast));
    found.push(
      `averages over '${log}', and models that only fit it, inherit this selection; results on '${random}' do not`,
    );
  } else
    found.push(
      `by their ratings alone the two look alike (${test}); selection that differs from item to item can hide in these totals`,
    );
  if (chiSquare.smallestExpected < enoughExpected)
    found.push(
      `some ratings are rare (expected ${chiSquare.smallestExpected.toFixed(1)} times), so that p is a rough guide`,
    );
  return found;
}

function extremes({ byRating }: Contrast): string[] {
  const known = byRating.filter((row): row is typeof row & { relative: number } => row.relative !== null);
  const [first] = known;
  if (first === undefined) return [];
  const most = known.reduce((a, b) => (b.relative > a.relative ? b : a), first);
  const least = known.reduce((a, b) => (b.relative < a.relative ? b : a), first);
  if (least === most) return [];
  const times =
    least.relative === 0
      ? `and one of ${ratingText(least)} never is`
      : `${(most.relative / least.relative).toFixed(1)} times as likely as one of ${ratingText(least)}`;
  return [`a pair whose rating is ${ratingText(most)} is the likeliest to be rated, ${times}`];
}

const ratingText = ({ from, to }: { from: number; to: number }) =>
  from === to ? round(from) : `${round(from)} to ${round(to)}`;
const round = (value: number) => String(Number(value.toPrecision(4)));
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const pText = (p: number) => (p < 1e-15 ? '< 1e-15' : `= ${p < 0.001 ? p.toExponential(1) : p.toFixed(3)}`);
