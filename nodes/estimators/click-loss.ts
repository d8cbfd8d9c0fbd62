import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { clickSettings, onSelection, rowDecay, triples } from '../learning/click-settings.ts';
import {
  type Backbone,
  built,
  type ObservedWeight,
  type Regulariser,
  type ScoreScale,
} from '../learning/composition.ts';
import { type PenaltyDeclaration, program, type TableDeclaration } from '../learning/declaration.ts';
import { pairwise, pairwiseLosses } from '../learning/expression/pairwise.ts';
import type { At } from '../learning/expression/tree.ts';
import { Pairs, Shape } from '../ports.ts';
import { unregularised } from '../regularising/none.ts';
import { unscaled } from '../scaling/none.ts';
import { none } from '../weighting/none.ts';

/**
 * Clicks against items without a click: the mean over a batch of triples of a pairwise loss. A weight of a click multiplies its
 * own term of a cross-entropy, and all of a loss that compares scores; with weight 1 nothing is corrected.
 *
 * `itemBias: 'training'` is the biased score (BS) of Wei et al.: y_k + b_i is trained and y_k alone is served, so that b_i takes up
 * what popularity explains. b_i starts uniformly in +-sqrt(3 / (items + 1)) and is not decayed.
 * Training stops on HR at a cut-off over the pairs of `selection`, which a protocol names.
 */
export const clickLoss = method('estimators/click-loss', {
  doc: 'A pairwise loss of clicks against items without a click, on any backbone.',
  source: "Wei et al. 2021 (KDD), settings as in the authors' code; Rendle et al. 2009 (BPR)",
  in: { train: Pairs, selection: Pairs, shape: Shape },
  settings: z.strictObject({
    ...clickSettings,
    loss: z
      .enum(pairwiseLosses)
      .default('bce')
      .describe('cross-entropy of each score, BPR of their differences, or sampled softmax'),
    regularisation: z.number().nonnegative().default(1e-4).describe('weight of the regulariser, where there is one'),
    itemBias: z.enum(['none', 'training']).default('none').describe('a bias an item that is trained and not served'),
  }),
  parts: { backbone: factors({ start: 'xavier' }), weight: none(), scale: unscaled(), regulariser: unregularised() },
  build: (s, parts) => {
    const k = built<Backbone>(parts.backbone).score('', s.width);
    const weight = built<ObservedWeight>(parts.weight);
    const scale = built<ScoreScale>(parts.scale);
    const regulariser = built<Regulariser>(parts.regulariser);
    const biased = s.itemBias === 'training';
    const ofBias: Readonly<Record<string, TableDeclaration>> = biased
      ? { popular: { rows: 'item', width: 1, start: { xavier: Math.SQRT1_2 } } }
      : {};
    return program({
      tables: { ...k.tables, ...ofBias, ...scale.tables, ...regulariser.tables },
      scores: {
        k: k.score,
        y: biased ? { sum: [k.score, { bias: 'popular' }] } : k.score,
        ...weight.scores,
        ...scale.scores,
      },
      columns: weight.columns,
      streams: { T: triples(s) },
      groups: { all: { own: [...k.own, ...(biased ? ['popular'] : [])], rate: s.rate, by: 'adam-tf' } },
      batch: (words) => {
        const y = (at: At) => scale.of(words, words.score('y', at), at);
        const negatives = Array.from({ length: s.negatives }, (_, n) => y(n));
        return [
          {
            loss: words.mean('T', pairwise(s.loss, y('pos'), negatives, weight.of(words))),
            penalties: [
              ...rowDecay(s.l2, k.tables, 'T'),
              ...regulariser.penalties(k, s.regularisation),
            ] as PenaltyDeclaration<string, 'T'>[],
            move: ['all'],
          },
        ];
      },
      watch: (words) => [{ on: 'T', weights: weight.of(words) }],
      stop: onSelection(s),
      serve: ({ score }) => score('k'),
    });
  },
});
