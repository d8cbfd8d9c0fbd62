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
 * `imputation`); eta is the ridge regression of e = CE(z, y) on u over a batch B of observed pairs, and the loss is
 * mean_S u . eta over a sample S of all pairs, with gradients through e, the imputed errors and eta. Its normal equations make
 * sum_B u (e - u . eta) = ridge * eta. The stopping rule follows mean_B e / p with the model's p.
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
        const { score, column, given, mean, ridge } = words;
        const naive = constant(1).over(naiveBayes(column('y'), given('prior'), 'pairs'));
        const liked = constant(1).over(naiveBayes(ones, given('prior'), 'pairs'));
        const disliked = constant(1).over(naiveBayes(ones.times(0), given('prior'), 'pairs'));
        const expected = liked.times(given('prior')).plus(disliked.times(given('prior').negated().plus(1)));
        const u = candidates(words, naive);
        const e = ce(score('z'), column('y'));
        const eta = ridge('B', e, u, s.ridge);
        const loss = candidates(words, expected)
          .map((candidate, k) => mean('S', candidate).times(eta[k]!))
          .reduce((a, b) => a.plus(b));
        return [{ loss, move: ['prediction'] }];
      },
      watch: ({ score }) => [{ on: 'B', weights: inverse(score('p'), s.clip), clipped: score('p').inside(0, s.clip) }],
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});
