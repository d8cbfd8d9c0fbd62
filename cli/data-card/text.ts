/** A data card for a terminal of 100 columns. */
import type { Card, RoleCard } from '../../nodes/reports/card-schema.ts';
import { plainTable } from '../tables.ts';
import { bar } from './bar.ts';
import { fixed, number, percent, ratingText } from './figures.ts';

export interface CardHeading {
  readonly dataset: string;
  readonly protocol: string;
  readonly doc: string | undefined;
}

export function cardText({ dataset, protocol, doc }: CardHeading, card: Card, width = 100): string {
  return [
    `${dataset}: ${number(card.users)} users, ${number(card.items)} items, ${number(card.users * card.items)} pairs`,
    ...wrapped(`protocol ${protocol}${doc === undefined ? '' : `: ${doc}`}`, width),
    '',
    rolesTable(card),
    giniNote,
    ...groups(card.roles).flatMap(([title, roles]) => ['', histograms(title, roles)]),
    ...(card.contrast === null ? [] : ['', contrastTable(card.contrast)]),
    '',
    ...card.findings.flatMap((finding) => wrapped(`* ${finding}`, width)),
  ].join('\n');
}

const giniNote =
  'rows per user and item: least-median-most; Gini: 0 when all have equally many, near 1 when few have\nnearly all, in brackets what chance alone gives';

const rolesTable = ({ roles }: Card) =>
  plainTable(
    ['role', 'rows', 'users', 'items', 'sparsity', 'mean', 'per user', 'per item', 'Gini users', 'Gini items'],
    roles.map((role) => [
      role.role,
      number(role.rows),
      number(role.users),
      number(role.items),
      role.sparsity === null ? '–' : percent(role.sparsity, 2),
      fixed(role.mean, 3),
      spreadText(role.perUser),
      spreadText(role.perItem),
      giniText(role.gini.users, role.gini.usersAtRandom),
      giniText(role.gini.items, role.gini.itemsAtRandom),
    ]),
    { align: ['left', ...Array<'right'>(9).fill('right')] },
  );

/** Least, median, most. */
const spreadText = (spread: RoleCard['perUser']) =>
  spread === null
    ? '–'
    : spread.least === spread.most
      ? number(spread.least)
      : `${number(spread.least)}-${number(spread.median)}-${number(spread.most)}`;
const giniText = (value: number | null, atRandom: number | null) => `${fixed(value, 2)} (${fixed(atRandom, 2)})`;

/** Ratings as they came, then labels that a protocol made of them: their values differ. */
function groups(roles: readonly RoleCard[]): readonly (readonly [string, readonly RoleCard[]])[] {
  const raw = roles.filter(({ role }) => role === 'log' || role === 'randomised');
  const made = roles.filter((role) => !raw.includes(role));
  const all = [
    ['ratings as they were given', raw],
    [raw.length > 0 ? 'after the threshold and the split of the protocol' : 'ratings', made],
  ] as const;
  return all.filter(([, of]) => of.length > 0);
}

const barWidth = 14;
function histograms(title: string, roles: readonly RoleCard[]): string {
  const most = Math.max(...roles.flatMap(({ ratings }) => ratings.map(({ share }) => share)), 0);
  const rows = (roles[0]?.ratings ?? []).map((bin, at) => [
    ratingText(bin),
    ...roles.map((role) => {
      const { count, share } = role.ratings[at] as RoleCard['ratings'][number];
      return `${bar(most === 0 ? 0 : share / most, barWidth)} ${percent(share).padStart(6)} ${number(count).padStart(7)}`;
    }),
  ]);
  return `${title}\n${plainTable(['rating', ...roles.map(({ role }) => role)], rows, { align: ['right', ...roles.map(() => 'left' as const)] })}`;
}

function contrastTable(contrast: NonNullable<Card['contrast']>): string {
  const { log, random, byRating, meanDifference, totalVariation, chiSquare, pairsInBoth } = contrast;
  const table = plainTable(
    ['rating', `share in ${log}`, `in ${random}`, 'P(observed | rating)', 'relative'],
    byRating.map((row) => [
      ratingText(row),
      percent(row.log),
      percent(row.random),
      fixed(row.propensity, 4),
      fixed(row.relative, 2),
    ]),
    { align: Array<'right'>(5).fill('right') },
  );
  const test =
    chiSquare === null
      ? ''
      : `; chi-square ${chiSquare.statistic.toFixed(1)}, df ${chiSquare.df}, p ${chiSquare.p === 0 ? '< 1e-15' : `= ${chiSquare.p.toPrecision(2)}`}`;
  return [
    `${log} (self-selected) against ${random} (uniformly random): ${number(pairsInBoth)} pairs are in both`,
    table,
    `difference of means ${signed(meanDifference)}; total variation ${totalVariation.toFixed(3)} (0 when equal)${test}`,
    'P(observed | rating) by naive Bayes; relative to its mean, so 1 everywhere when missing at random;',
    'p takes ratings as independent, though those of one user are not quite',
  ].join('\n');
}
const signed = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;

/** Broken between words, with the second line and those after it indented. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
