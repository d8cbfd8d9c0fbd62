import { z } from 'zod';
import { Cancel, f64, Log, node, Problem, Rng, table, u32 } from '../../core/index.ts';
import { LegacyNumpy, type Random } from '../../core/numeric/index.ts';
import { Features, Ratings, Shape } from '../ports.ts';
import { classes, classLaw, latents, latentsOf, publishedConfounders } from './confounding/confounders.ts';

/** True latents of users: one row a user and dimension, user by user. */
export const TrueLatents = table({ user: u32, dimension: u32, value: f64 });

/** More pairs than this do not fit beside each other in memory. */
const largest = 40_000_000;
const embedding = 16;

/**
 * Ratings whose exposure and values share latent confounders of the users, for which proxies are observed.
 *
 * A user has a class W (five, one-hot: the proxies) and confounders C^k ~ N(mu_k(W), s_k(W)), k = 1, 2, with mu_k uniform on
 * (-10, 10) and variances s_k uniform on (1, 5). With `seed` 1234 they are those of the published generator bit for bit (numpy's
 * legacy generator); what follows has its laws, drawn from the run's own seed of data.
 * Exposure: A_ui ~ Bernoulli(density x sigmoid(LeakyReLU_.2(H_ui M e_i) + noise x N(0, 1))), entries of the 2 x 2 matrix M uniform
 * on (0, .3) and of e_i uniform on (0, 1).
 * Ratings: raw = e_u . e_i + effect x H_ui . e_i + ratingNoise x N(0, 1) with 16-dimensional e_u uniform on (0, 1) and e_i ~ N(b_i, 25),
 * b_i uniform on {0, 1, 2, 3}; the rating is ceil(5 (raw - q05) / (q95 - q05)) cut to 1..5, with quantiles over all pairs.
 * H_ui is C_u (`mix: none`, the simulation of iDCF), or C_u with an item factor V_i from five classes of items (appendix F of IViDR;
 * how the two meet is not printed): their sum or their product, V standardised first.
 *
 * `log` holds the exposed pairs, `uniform` `perUser` random items a user; rows ascend by user, then item. `latents` is C.
 */
export const confounded = node('datasets/confounded', {
  doc: 'Simulated ratings with latent confounders of exposure and rating, proxies for them, and their true values.',
  source: 'Zhang et al. 2023 (iDCF, KDD), section 5.3 and code; Deng et al. 2024 (IViDR), appendix F',
  in: {},
  out: { log: Ratings, uniform: Ratings, shape: Shape, proxies: Features, latents: TrueLatents },
  config: z.strictObject({
    users: z.number().int().min(classes).default(2000).describe('number of users'),
    items: z.number().int().positive().default(300).describe('number of items'),
    perUser: z.number().int().positive().default(15).describe('uniformly random ratings a user'),
    density: z.number().gt(0).lte(1).default(0.1).describe('alpha: the largest probability of exposure'),
    effect: z.number().default(2).describe('beta: how much the confounder moves the rating'),
    noise: z.number().nonnegative().default(0).describe('gamma: sd of the noise of exposure, in logits'),
    ratingNoise: z.number().nonnegative().default(10).describe('sd of the noise of the raw rating'),
    proxies: z
      .enum(['in-turn', 'peaked'])
      .default('in-turn')
      .describe('classes of users in turn, or drawn with probabilities in proportion to exp(-(class - 2)^2 / 2)'),
    mix: z
      .enum(['none', 'add', 'hadamard'])
      .default('none')
      .describe('whether an item factor moves what the confounder does: not at all, added, or multiplied'),
    latentSeed: z.number().int().min(0).max(4294967295).default(1234).describe("seed of numpy's generator"),
  }),
  use: { rng: Rng, cancel: Cancel, log: Log },
  stream: 'data',
  run(_, config, { rng, cancel, log }) {
    const { users, items, density, effect, noise, perUser } = config;
    if (users * items > largest)
      throw new Problem(
        'bad-config',
        `${users} users x ${items} items are more pairs than the simulation takes (${largest})`,
        {
          hint: 'choose fewer users or items',
        },
      );
    if (perUser > items)
      throw new Problem('bad-config', `perUser ${perUser} is more than the ${items} items there are`);
    const { ofUser, C } =
      config.proxies === 'in-turn' ? publishedConfounders(users, config.latentSeed) : peaked(config, rng);
    const V = config.mix === 'none' ? undefined : itemFactors(items, config.latentSeed, rng);
    const [c1, c2] = C as readonly [Float64Array, Float64Array];
    const ofItem = uniforms(items * latents, 1, rng.for('item effects'));
    const M = uniforms(4, 0.3, rng.for('mixing'));
    const person = uniforms(users * embedding, 1, rng.for('users'));
    const thing = itemEmbeddings(items, rng.for('items'));
    const exposure = rng.for('exposure');
    const spread = rng.for('rating noise');
    const raw = new Float32Array(users * items);
    const shown: number[] = [];
    for (let u = 0; u < users; u++) {
      if ((u & 255) === 0) cancel.check();
      for (let i = 0; i < items; i++) {
        let [h1, h2] = [c1[u] as number, c2[u] as number];
        if (V !== undefined) {
          const [v1, v2] = [V[0]?.[i] as number, V[1]?.[i] as number];
          [h1, h2] = config.mix === 'add' ? [h1 + v1, h2 + v2] : [h1 * v1, h2 * v2];
        }
        const [e1, e2] = [ofItem[2 * i] as number, ofItem[2 * i + 1] as number];
        const through = (h1 * M[0]! + h2 * M[2]!) * e1 + (h1 * M[1]! + h2 * M[3]!) * e2;
        const logit = (through >= 0 ? through : 0.2 * through) + noise * exposure.normal();
        if (exposure.uniform() < density / (1 + Math.exp(-logit))) shown.push(u * items + i);
        let match = 0;
        for (let k = 0; k < embedding; k++) match += person[u * embedding + k]! * thing[i * embedding + k]!;
        raw[u * items + i] = match + effect * (h1 * e1 + h2 * e2) + config.ratingNoise * spread.normal();
      }
    }
    const [low, high] = quantiles(raw);
    const rate = (pair: number) =>
      Math.min(5, Math.max(1, Math.ceil((5 * ((raw[pair] as number) - low)) / (high - low))));
    log.info('confounded ratings', { shown: shown.length, density: shown.length / (users * items), low, high });
    return {
      log: rowsOf(Uint32Array.from(shown), items, rate),
      uniform: rowsOf(drawn(users, items, perUser, rng.for('uniform')), items, rate),
      shape: { users, items },
      proxies: {
        row: Uint32Array.from({ length: users }, (_, u) => u),
        feature: Uint32Array.from(ofUser),
        value: new Float32Array(users).fill(1),
      },
      latents: {
        user: Uint32Array.from({ length: users * latents }, (_, n) => Math.floor(n / latents)),
        dimension: Uint32Array.from({ length: users * latents }, (_, n) => n % latents),
        value: Float64Array.from(
          { length: users * latents },
          (_, n) => C[n % latents]?.[Math.floor(n / latents)] as number,
        ),
      },
    };
  },
});

/** The published laws with classes of users that are drawn, the middle one most often. */
function peaked({ users, latentSeed }: { users: number; latentSeed: number }, rng: Random) {
  const random = new LegacyNumpy(latentSeed);
  const law = classLaw(random);
  const ofUser = peakedClasses(users, rng.for('user classes'));
  return { ofUser, C: latentsOf(law, ofUser, (mean, sd) => random.normal(mean, sd)) };
}
/** Factors of items from classes with laws of their own, each latent with mean 0 and standard deviation 1 over the items. */
function itemFactors(items: number, latentSeed: number, rng: Random): readonly Float64Array[] {
  const random = new LegacyNumpy(latentSeed + 1);
  const law = classLaw(random);
  const V = latentsOf(law, peakedClasses(items, rng.for('item classes')), (mean, sd) => random.normal(mean, sd));
  return V.map((values) => {
    const mean = values.reduce((a, b) => a + b, 0) / items;
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / items);
    return values.map((x) => (sd === 0 ? 0 : (x - mean) / sd));
  });
}
function peakedClasses(count: number, random: Random): Uint8Array {
  const weight = Array.from({ length: classes }, (_, c) => Math.exp(-((c - 2) ** 2) / 2));
  const total = weight.reduce((a, b) => a + b, 0);
  return Uint8Array.from({ length: count }, () => {
    let left = random.uniform() * total;
    return Math.min(
      classes - 1,
      Math.max(
        0,
        weight.findIndex((w) => (left -= w) < 0),
      ),
    );
  });
}

const uniforms = (count: number, high: number, random: Random): Float64Array =>
  Float64Array.from({ length: count }, () => high * random.uniform());

function itemEmbeddings(items: number, random: Random): Float64Array {
  const shift = Float64Array.from({ length: items }, () => random.below(4));
  return Float64Array.from(
    { length: items * embedding },
    (_, n) => 5 * random.normal() + (shift[Math.floor(n / embedding)] as number),
  );
}

/** The 5 % and 95 % quantiles, interpolated linearly. */
function quantiles(values: Float32Array): readonly [number, number] {
  const sorted = values.slice().sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const [a, b] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
    return a + (place - below) * (b - a);
  };
  return [at(0.05), at(0.95)];
}

/** `perUser` distinct random items of every user, as ascending pairs. */
function drawn(users: number, items: number, perUser: number, random: Random): Uint32Array {
  const pairs = new Uint32Array(users * perUser);
  const order = Uint32Array.from({ length: items }, (_, i) => i);
  for (let u = 0; u < users; u++) {
    for (let n = 0; n < perUser; n++) {
      const at = n + random.below(items - n);
      const held = order[n] as number;
      order[n] = order[at] as number;
      order[at] = held;
    }
    const chosen = order.slice(0, perUser).sort();
    for (let n = 0; n < perUser; n++) pairs[u * perUser + n] = u * items + (chosen[n] as number);
  }
  return pairs;
}

const rowsOf = (pairs: Uint32Array, items: number, rate: (pair: number) => number) => ({
  user: pairs.map((pair) => Math.floor(pair / items)),
  item: pairs.map((pair) => pair % items),
  rating: Float32Array.from(pairs, rate),
});
