import { z } from 'zod';
import { Cancel, Log, node, Problem, Rng } from '../../core/index.ts';
import type { Random } from '../../core/numeric/index.ts';
import { Propensities, Ratings, Shape } from '../ports.ts';

/**
 * Ratings that are missing not at random, with everything known that real data hide.
 *
 * Truth: mean(u, i) = 3 + tendency_u + quality_i + a_u . b_i with `factors`-dimensional normal vectors; the rating is the
 * mean plus normal noise (sd 0.5), rounded, cut to 1..5.
 *
 * Selection: logit p(u, i) = offset + popularity z_i + activity y_u + strength c_i (rating - 3), with z and y standard
 * normal and c_i uniform in [-1.5, 2]: some items are rated by those who like them, others by those who complain. So the log
 * shows items better or worse than they are, and no model of the log alone can tell. The offset is set so that the mean
 * of p is `density`; pairs are observed independently with probability p.
 *
 * `uniform` holds ratings of uniformly random pairs, `perUser` distinct items a user. `truth` holds p for each row of `log`.
 * Rows ascend by user, then item.
 */
export const simulated = node('datasets/simulated', {
  doc: 'Simulated ratings with known truth: a self-selected log, a uniform log, and the true propensities of the log.',
  source: 'the logistic selection model of the MNAR literature (Marlin and Zemel 2009; Schnabel et al. 2016)',
  in: {},
  out: { log: Ratings, uniform: Ratings, truth: Propensities, shape: Shape },
  config: z.strictObject({
    users: z.number().int().positive().default(400).describe('number of users'),
    items: z.number().int().positive().default(200).describe('number of items'),
    density: z.number().gt(0).lt(1).default(0.15).describe('expected share of all pairs in the log'),
    perUser: z.number().int().positive().default(20).describe('uniformly random ratings a user'),
    factors: z.number().int().nonnegative().default(2).describe('length of the taste vectors'),
    quality: z.number().nonnegative().default(0.8).describe('sd of how good items are'),
    taste: z.number().nonnegative().default(0.4).describe('sd of the taste part of a mean rating'),
    strength: z
      .number()
      .default(1.5)
      .describe('how much the rating itself decides whether it is given; 0: missing at random'),
    popularity: z.number().default(0.5).describe('spread of item popularity, in logits'),
    activity: z.number().default(0.5).describe('spread of user activity, in logits'),
  }),
  use: { rng: Rng, cancel: Cancel, log: Log },
  stream: 'data',
  run(_, config, { rng, cancel, log }) {
    const { users, items } = config;
    if (users * items > largest)
      throw new Problem(
        'bad-config',
        `${users} users x ${items} items are more pairs than the simulation takes (${largest})`,
        {
          hint: 'choose fewer users or items',
        },
      );
    if (config.perUser > items)
      throw new Problem('bad-config', `perUser ${config.perUser} is more than the ${items} items there are`);
    const rating = drawRatings(config, rng);
    cancel.check();
    const popularity = normals(items, 1, rng.for('popularity'));
    const activity = normals(users, 1, rng.for('activity'));
    const choice = rng.for('choice');
    const choose = Float32Array.from({ length: items }, () => 3.5 * choice.uniform() - 1.5);
    const logit = new Float32Array(users * items);
    for (let u = 0, at = 0; u < users; u++)
      for (let i = 0; i < items; i++, at++) {
        const choosy = choose[i]!;
        logit[at] =
          config.popularity * popularity[i]! +
          config.activity * activity[u]! +
          config.strength * choosy * (rating[at]! - 3);
      }
    const offset = offsetFor(config.density, logit);
    cancel.check();
    const seen = rng.for('observed');
    const rows: number[] = [];
    const p = logit.map((value) => logistic(offset + value));
    for (let at = 0; at < p.length; at++) if (seen.uniform() < p[at]!) rows.push(at);
    if (rows.length === 0)
      throw new Problem('bad-data', 'the simulated log is empty', {
        where: 'log',
        hint: 'raise density, users or items',
      });
    const observed = pairs(rows, rating, items);
    const asked = uniformRows(config, rng.for('uniform'));
    log.info(`${rows.length} self-selected and ${asked.length} uniform ratings simulated`);
    return {
      log: observed,
      uniform: pairs(asked, rating, items),
      truth: { user: observed.user, item: observed.item, p: Float32Array.from(rows, (at) => p[at]!) },
      shape: { users, items },
    };
  },
});

/** Three arrays of this many numbers are held at once. */
const largest = 50_000_000;

interface Tastes {
  readonly users: number;
  readonly items: number;
  readonly factors: number;
  readonly taste: number;
  readonly quality: number;
}

/** Ratings of all pairs, user by user. */
function drawRatings({ users, items, factors, taste, quality: spread }: Tastes, rng: Random): Float32Array {
  const tendency = normals(users, 0.5, rng.for('tendency'));
  const quality = normals(items, spread, rng.for('quality'));
  // a sum of `factors` products of two normals of this sd has the sd `taste`
  const sd = factors === 0 ? 0 : Math.sqrt(taste) / factors ** 0.25;
  const a = normals(users * factors, sd, rng.for('user-taste'));
  const b = normals(items * factors, sd, rng.for('item-taste'));
  const noise = rng.for('noise');
  const rating = new Float32Array(users * items);
  for (let u = 0, at = 0; u < users; u++)
    for (let i = 0; i < items; i++, at++) {
      let mean = 3 + tendency[u]! + quality[i]!;
      for (let f = 0; f < factors; f++) mean += a[u * factors + f]! * b[i * factors + f]!;
      rating[at] = Math.min(5, Math.max(1, Math.round(mean + 0.5 * noise.normal())));
    }
  return rating;
}

const normals = (length: number, sd: number, rng: Random) => Float32Array.from({ length }, () => sd * rng.normal());
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** The offset that makes the mean probability `density`, by bisection; the mean rises with the offset. */
function offsetFor(density: number, logit: Float32Array): number {
  let [low, high] = [-60, 60];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    let sum = 0;
    for (let at = 0; at < logit.length; at++) sum += logistic(middle + logit[at]!);
    if (sum / logit.length < density) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Places of `perUser` distinct random items of every user, ascending. */
function uniformRows({ users, items, perUser }: Tastes & { perUser: number }, rng: Random): Uint32Array {
  const rows = new Uint32Array(users * perUser);
  const deck = Uint32Array.from({ length: items }, (_, i) => i);
  for (let u = 0; u < users; u++) {
    const of = rows.subarray(u * perUser, (u + 1) * perUser);
    for (let n = 0; n < perUser; n++) {
      const drawn = n + rng.below(items - n);
      const item = deck[drawn]!;
      deck[drawn] = deck[n]!;
      deck[n] = item;
      of[n] = u * items + item;
    }
    of.sort();
  }
  return rows;
}

function pairs(rows: ArrayLike<number>, rating: Float32Array, items: number) {
  const user = new Uint32Array(rows.length);
  const item = new Uint32Array(rows.length);
  const of = new Float32Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const at = rows[row]!;
    user[row] = Math.floor(at / items);
    item[row] = at % items;
    of[row] = rating[at]!;
  }
  return { user, item, rating: of };
}
