import { json, node, optional } from '../../core/index.ts';
import { Labels, Shape } from '../ports.ts';
import { CardSchema } from './card-schema.ts';
import { findingsOf } from './findings.ts';
import { binsOf } from './rating-bins.ts';
import { type RoleTable, roleCard } from './role-card.ts';
import { selectionContrast } from './selection-contrast.ts';

/**
 * The card of a data set. `log` and `randomised` hold ratings as they were given, before a threshold or a split; the other
 * roles are what a protocol makes of them. The contrast compares `log` with `randomised`; of data without a `log` it
 * compares `train` with `uniform`, whose labels went through the same threshold. `test` is never taken for a random sample.
 *
 * Each role: rows, users and items that occur, density, mean, Gini coefficients of activity and popularity beside what
 * chance alone gives, and a histogram (each value up to 20, else ten equal ranges; shared by the roles of one kind).
 */
export const dataCard = node('reports/data-card', {
  doc: 'Counts, sparsity, concentration and rating histograms by role, and how a self-selected log differs from random ratings.',
  source: 'Schnabel et al. 2016, section 5.1 (propensity by rating); Pearson 1900 (chi-square)',
  in: {
    shape: Shape,
    train: Labels,
    log: optional(Labels),
    randomised: optional(Labels),
    validation: optional(Labels),
    uniform: optional(Labels),
    test: optional(Labels),
  },
  out: { card: json(CardSchema) },
  async run({ shape, train, log, randomised, validation, uniform, test }) {
    const given = kind({ log, randomised });
    const made = kind({ train, validation, uniform, test });
    const cards = [...given, ...made].map(({ role, table, bins }) => roleCard(role, table, shape, bins));
    const [selfSelected, random] = log ? (['log', 'randomised'] as const) : (['train', 'uniform'] as const);
    const tables = new Map([...given, ...made].map(({ role, table }) => [role, table]));
    const [left, right] = [tables.get(selfSelected), tables.get(random)];
    const cardOf = (role: string) => cards.find((card) => card.role === role) as (typeof cards)[number];
    const contrast =
      left && right
        ? await selectionContrast(left, right, { log: cardOf(selfSelected), random: cardOf(random) }, shape)
        : null;
    return {
      card: { users: shape.users, items: shape.items, roles: cards, contrast, findings: findingsOf(contrast) },
    };
  },
});

/** The roles of one kind that are there, over bins of their own. */
function kind(roles: Readonly<Record<string, RoleTable | undefined>>) {
  const there = Object.entries(roles).filter((entry): entry is [string, RoleTable] => entry[1] !== undefined);
  const bins = binsOf(there.map(([, { rating }]) => rating));
  return there.map(([role, table]) => ({ role, table, bins }));
}
