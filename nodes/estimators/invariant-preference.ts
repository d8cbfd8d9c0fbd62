import { z } from 'zod';
import { method } from '../../core/method.ts';
import { biasedFactors } from '../backbones/biased-factors.ts';
import { noConfounder } from '../confounding/none.ts';
import { noFeatures } from '../features/none.ts';
import { type AddedTerms, type Backbone, built, representation, withTerms } from '../learning/composition.ts';
import { program, type ScoreDeclaration, type TableDeclaration } from '../learning/declaration.ts';
import { classLoss, squaredError } from '../learning/expression/losses.ts';
import { rawScoreSettings, untilNdcg } from '../learning/settings.ts';
import { Labels, Ratings, Shape } from '../ports.ts';

/**
 * Invariant preference learning. Each train row belongs to an environment e, at first a random one; before them all, a
 * preference `inv`, and in them `env` = inv + sum(p' q' g_e) + b'_u + b'_i + c_e. A linear classifier on p_u q_i (entry by entry)
 * tries to tell the environments apart, and its gradient reaches the factors reversed. Every `every` epochs a row moves to the
 * environment under which `env` fits its label best.
 * Loss: invariant (inv - y)^2 + aware (env - y)^2 + NLL(classifier, e), means over the batch. What is served is `inv`.
 */
export const invariantPreference = method('estimators/invariant-preference', {
  doc: 'An invariant and an environment-aware preference, with environments that are learnt from the residuals.',
  source: 'Wang et al. 2022 (InvPref, KDD), as in the code of Zhang et al. 2023',
  in: { train: Ratings, shape: Shape, validation: Labels },
  settings: z.strictObject({
    ...rawScoreSettings,
    environments: z.number().int().min(2).default(6).describe('how many environments there are'),
    invariant: z.number().nonnegative().default(4.965).describe('weight of the invariant error'),
    aware: z.number().nonnegative().default(5.586).describe('weight of the environment-aware error'),
    reversal: z
      .number()
      .nonnegative()
      .default(1)
      .describe("what the classifier's gradient is multiplied with, and turned"),
    every: z.number().int().positive().default(2).describe('epochs from one assignment of environments to the next'),
  }),
  parts: {
    backbone: biasedFactors({ start: 'uniform', global: false }),
    features: noFeatures(),
    confounder: noConfounder(),
  },
  build: (s, parts) => {
    const backbone = built<Backbone>(parts.backbone);
    const prediction = backbone.score('', s.width);
    const vectors = representation(prediction, 'estimators/invariant-preference');
    const inv = withTerms(prediction, built<AddedTerms>(parts.features), built<AddedTerms>(parts.confounder));
    const start = { uniform: 0.01 };
    const ofRows = (rows: TableDeclaration['rows'], width: number): TableDeclaration => ({ rows, width, start });
    const classes = Array.from({ length: s.environments }, (_, e) => e);
    const glorot = { uniform: Math.sqrt(6 / (s.width + s.environments)) };
    const classifier = Object.fromEntries(
      classes.flatMap((e) => [
        [`class${e}`, { rows: 'one', width: vectors.width, start: glorot } satisfies TableDeclaration],
        [
          `offset${e}`,
          { rows: 'one', width: 1, start: { uniform: 1 / Math.sqrt(s.width) } } satisfies TableDeclaration,
        ],
      ]),
    );
    const aware: Readonly<Record<string, TableDeclaration>> = {
      P2: ofRows('user', s.width),
      Q2: ofRows('item', s.width),
      bu2: ofRows('user', 1),
      bi2: ofRows('item', 1),
      G: ofRows(s.environments, s.width),
      c: ofRows(s.environments, 1),
    };
    const factors = { reverse: { times: [vectors.user, vectors.item] }, by: s.reversal } as const;
    const logits = Object.fromEntries(
      classes.map((e): [string, ScoreDeclaration] => [
        `is${e}`,
        { sum: [{ dot: [factors, `class${e}`] }, { bias: `offset${e}` }] },
      ]),
    );
    const tables = { ...inv.tables, ...aware, ...classifier };
    return program<string, string, 'B', 'all', 'environment'>({
      tables,
      scores: {
        inv: inv.score,
        env: {
          sum: [
            inv.score,
            { dot: [{ times: ['P2', 'Q2'] }, { rows: 'G', at: 'environment' }] },
            { bias: 'bu2' },
            { bias: 'bi2' },
            { bias: { rows: 'c', at: 'environment' } },
          ],
        },
        ...logits,
      },
      state: { environment: { classes: s.environments } },
      streams: { B: { draw: 'observed', batch: s.batch, last: 'fill' } },
      groups: { all: { own: [...inv.own, ...Object.keys(aware), ...Object.keys(classifier)], rate: s.rate, l2: s.l2 } },
      batch: ({ score, column, mean }) => [
        {
          loss: {
            invariant: mean('B', squaredError(score('inv'), column('y'))).times(s.invariant),
            aware: mean('B', squaredError(score('env'), column('y'))).times(s.aware),
            classifier: mean(
              'B',
              classLoss(
                classes.map((e) => score(`is${e}`)),
                column('environment'),
              ),
            ),
          },
          move: ['all'],
        },
      ],
      every: ({ score, column }) => [
        { every: s.every, assign: 'environment', argmin: squaredError(score('env'), column('y')), over: 'B' },
      ],
      stop: untilNdcg(s),
      serve: ({ score }) => score('inv'),
    });
  },
});
