import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { type Backbone, built } from '../learning/composition.ts';
import { program, type Words } from '../learning/declaration.ts';
import { logisticLoss as ce, inverse } from '../learning/expression/losses.ts';
import { naiveBayes } from '../learning/expression/naive-bayes.ts';
import { constant, ones, type Rows } from '../learning/expression/tree.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { Params, Prior, Ratings, Shape } from '../ports.ts';

type W = Words<'z' | 'p' | 't', never, 'prior', never, 'B' | 'S'>;

/**
 * Multiple robust: with several candidate propensities and imputations the estimate is right when one of them is. Here
 * u = (1/p of naive Bayes, 1/p of the model at `propensity`, CE(z, prior), CE(z, t) with the labels t of the model at
 * `imputation`); eta is the ridge regression of e = CE(z, y) on u over a batch B of observed pairs. The loss is
 * mean_S u . eta + (|O|/|D|) mean_B w (e - u . eta) with w the mean of the two 1/p. Naive Bayes on S, where labels are not
 * known, is its mean over labels.
 *
 * The normal equations, sum_B u (e - u . eta) = ridge * eta, make the second term vanish within the ridge, so the value is
 * E_MR; what it decides is the gradient. With eta held (`through: 'residual'`) e and the imputed errors get the gradient that
 * doubly robust learning gives them. With `eta` it flows through the regression instead, where rows can weigh less than nothing,
 * and training drives the estimate away from the risk: on Coat .03 of AUC are lost. The stopping rule follows mean_B w e.
 */
export const multipleRobust = method('estimators/multiple-robust', {
  doc: 'Multiple robust learning over two propensities and two imputations, combined by least squares in every batch.',
  source: 'Li et al. 2022 (arXiv 2207.10796), appendix; no code of the authors is known',
  in: { train: Ratings, shape: Shape, prior: Prior, propensity: Params, imputation: Params },
  settings: z.strictObject({
    width: widthSetting,
    batch: batchSetting,
    ratio: z.number().positive().default(1).describe('pairs of S for each pair of B'),
    rate: rateSetting,
    l2: l2Setting.default(1e-4),
    clip: z.number().gt(0).lt(1).default(0.05).describe("smallest propensity kept of the model's"),
    through: z
      .enum(['residual', 'eta'])
      .default('residual')
      .describe('how the error reaches the gradient: through the weighted residual with eta held, or through eta'),
    ridge: z.number().positive().default(1e-3).describe('added to the diagonal of the normal equations'),
    ...stopSettings,
  }),
  parts: { backbone: factors() },
  build: (s, parts) => {
    const z = built<Backbone>(parts.backbone).score('', s.width);
    const candidates = ({ score, given }: W, naive: Rows) => [
      naive,
      inverse(score('p'), s.clip),
      ce(score('z'), given('prior')),
      ce(score('z'), score('t')),
    ];
    return program({
      tables: z.tables,
      scores: { z: z.score, p: { input: 'propensity' }, t: { input: 'imputation' } },
      givens: { prior: { port: 'prior', field: 'positive' } },
      streams: { B: { draw: 'observed', batch: s.batch }, S: { draw: 'pairs', per: 'B', ratio: s.ratio } },
      groups: { prediction: { own: z.own, rate: s.rate, l2: s.l2 } },
      batch: (words) => {
        const { score, column, given, mean, count, ridge } = words;
        const prior = given('prior');
        const of = (label: Rows) => constant(1).over(naiveBayes(label, prior, 'pairs'));
        const expected = of(ones)
          .times(prior)
          .plus(of(ones.times(0)).times(prior.negated().plus(1)));
        const u = candidates(words, of(column('y')));
        const e = ce(score('z'), column('y'));
        const solved = ridge('B', e, u, s.ridge);
        const eta = s.through === 'eta' ? solved : solved.map((number) => number.stop());
        const fitted = (columns: readonly Rows[]) =>
          columns.map((candidate, k) => candidate.times(eta[k]!)).reduce((a, b) => a.plus(b));
        const density = count('observed').over(count('pairs'));
        const w = u[0]!.plus(u[1]!).over(2);
        return [
          {
            loss: {
              fitted: mean('S', fitted(candidates(words, expected))),
              residual: mean('B', w.times(e.minus(fitted(u)))).times(density),
            },
            move: ['prediction'],
            track: mean('B', w.times(e)),
          },
        ];
      },
      watch: ({ score }) => [{ on: 'B', weights: inverse(score('p'), s.clip), clipped: score('p').inside(0, s.clip) }],
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
