import { z } from 'zod';
import { method } from '../../core/method.ts';
import { biasedFactors } from '../backbones/biased-factors.ts';
import { noConfounder } from '../confounding/none.ts';
import { noFeatures } from '../features/none.ts';
import { type AddedTerms, type Backbone, built, withTerms } from '../learning/composition.ts';
import { program, type TableDeclaration } from '../learning/declaration.ts';
import { squaredError } from '../learning/expression/losses.ts';
import { constant, Num } from '../learning/expression/tree.ts';
import { rawScoreSettings, untilNdcg } from '../learning/settings.ts';
import { Labels, Ratings, Shape, Weights } from '../ports.ts';
import { LabelWeights } from '../weights/label-weights.ts';

/**
 * The robust deconfounder: weights that an unmeasured confounder may have moved. The weight of label y starts at the given w0 and
 * may become, item by item, anything in [1 + (w0 - 1) / gamma, 1 + (w0 - 1) gamma]. Before every `every`-th epoch the weights
 * climb the weighted loss for one pass (Adam, kept within their bounds after every step); then the model descends it.
 */
export const robustSquaredError = method('estimators/robust-squared-error', {
  doc: 'Weighted squared error under the worst weights that a confounder of strength gamma allows.',
  source: 'Ding et al. 2022 (RD-IPS, KDD), as in the code of Zhang et al. 2023',
  in: { train: Ratings, shape: Shape, validation: Labels, w: Weights, byLabel: LabelWeights },
  settings: z.strictObject({
    ...rawScoreSettings,
    gamma: z.number().min(1).default(2).describe('how strong a confounder may be; 1: it changes no weight'),
    every: z.number().int().positive().default(5).describe('epochs from one pass of the weights to the next'),
    worstRate: z.number().positive().default(0.01).describe("Adam's learning rate of the weights"),
  }),
  parts: {
    backbone: biasedFactors({ start: 'uniform', global: false }),
    features: noFeatures(),
    confounder: noConfounder(),
  },
  build: (s, parts) => {
    const z = withTerms(
      built<Backbone>(parts.backbone).score('', s.width),
      built<AddedTerms>(parts.features),
      built<AddedTerms>(parts.confounder),
    );
    // what is added to the given weight, by label and item
    const added: TableDeclaration = { rows: 'item', width: 1, start: { constant: 0 } };
    const within = (label: 'negative' | 'positive') => {
      const excess = new Num({ op: 'given', name: label }).minus(1);
      return [excess.over(s.gamma).minus(excess).tree, excess.times(s.gamma).minus(excess).tree] as const;
    };
    const worst = { rate: s.worstRate, ascend: true } as const;
    return program({
      tables: { ...z.tables, negatives: added, positives: added },
      scores: { z: z.score, negatives: { bias: 'negatives' }, positives: { bias: 'positives' } },
      columns: { w: { port: 'w', column: 'w' } },
      givens: {
        negative: { port: 'byLabel', field: 'negative' },
        positive: { port: 'byLabel', field: 'positive' },
      },
      streams: { B: { draw: 'observed', batch: s.batch, last: 'fill' } },
      groups: {
        prediction: { own: z.own, rate: s.rate, l2: s.l2 },
        negatives: { own: ['negatives'], ...worst, within: within('negative') },
        positives: { own: ['positives'], ...worst, within: within('positive') },
      },
      batch: (words) => [{ loss: lossOf(words), move: ['prediction'] }],
      every: (words) => [{ every: s.every, pass: [{ loss: lossOf(words), move: ['negatives', 'positives'] }] }],
      watch: (words) => [{ on: 'B', weights: weightOf(words) }],
      stop: untilNdcg(s),
      serve: ({ score }) => score('z'),
    });
  },
});

type RobustWords = Parameters<
  Parameters<typeof program<string, 'z' | 'negatives' | 'positives', 'B', string, 'w'>>[0]['batch']
>[0];
const weightOf = ({ score, column }: RobustWords) => {
  const y = column('y');
  return column('w')
    .plus(y.times(score('positives')))
    .plus(constant(1).minus(y).times(score('negatives')));
};
const lossOf = (words: RobustWords) =>
  words.mean('B', weightOf(words).times(squaredError(words.score('z'), words.column('y'))));
