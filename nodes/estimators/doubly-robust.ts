import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { priorLabel } from '../imputing/prior-label.ts';
import { type Backbone, built, type ImputedLabel, type ObservedWeight } from '../learning/composition.ts';
import { program, type Words } from '../learning/declaration.ts';
import { logisticLoss, type ScoreEntropy, saturatingLoss } from '../learning/expression/losses.ts';
import { constant } from '../learning/expression/tree.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { Ratings, Shape } from '../ports.ts';
import { outside } from '../weighting/outside.ts';

/**
 * Doubly robust with weights from outside and an imputed label t, given or learnt. Per batch B of observed pairs and a sample S
 * of all pairs: [sum_B w CE(r, y) - sum_B k CE(r, t) + sum_S CE(r, t)] / |S|; a learnt label then takes a step of its own, with
 * the prediction's rate and decay. The control variate on B has k = 1
 * in the authors' code (`control: 'unweighted'`) and k = w in eq. 4 of the paper (`'weighted'`).
 * `target: 'on-stop'` adds the targeted step of TDR as coded: with epsilon = sum_B (e - eh)(w - 1) / sum_B (w - 1)^2 of the last
 * batch and f = eh + epsilon (w - 1), one step on [sum_B w e^2 - sum_B f^2 + sum_S f^2] / |S| of a fresh batch.
 * The stopping rule follows sum_B w CE(r, y) / |B|.
 */
export const doublyRobust = method('estimators/doubly-robust', {
  doc: 'Doubly robust cross-entropy; the imputed label is given, or learnt in turns with the prediction.',
  source: 'Wang et al. 2019, eq. 6; code of Li et al. 2024',
  in: { train: Ratings, shape: Shape },
  settings: z.strictObject({
    width: widthSetting,
    batch: batchSetting,
    rate: rateSetting,
    l2: l2Setting.default(1e-3),
    ratio: z.number().positive().default(1).describe('pairs of S for each pair of B'),
    control: z
      .enum(['unweighted', 'weighted'])
      .default('unweighted')
      .describe(
        'weight of the imputed error on observed pairs: 1 as in the code, or the propensity weight as in eq. 4',
      ),
    entropy: z
      .enum(['exact', 'saturating'])
      .default('exact')
      .describe(
        'cross-entropy from the score, or by way of its probability in 32 bits as in the code, where a score beyond 17 or so gets no gradient',
      ),
    target: z
      .enum(['none', 'on-stop'])
      .default('none')
      .describe(
        'whether one targeted step follows once the stopping rule has fired; weights must be known for all pairs',
      ),
    ...stopSettings,
  }),
  parts: { backbone: factors(), weight: outside(), imputation: priorLabel() },
  build: (s, parts) => {
    const backbone = built<Backbone>(parts.backbone);
    const z = backbone.score('', s.width);
    const weight = built<ObservedWeight>(parts.weight);
    const ce: ScoreEntropy = s.entropy === 'exact' ? logisticLoss : saturatingLoss;
    const imputed = built<ImputedLabel>(parts.imputation);
    const i = imputed.learns?.(backbone, s.width);
    const group = (own: readonly string[]) => ({ own, rate: s.rate, l2: s.l2 });
    return program({
      tables: { ...z.tables, ...i?.tables },
      scores: { z: z.score, ...(i && { i: i.score }), ...weight.scores },
      parameters: { epsilon: 0 },
      columns: weight.columns,
      givens: imputed.givens,
      streams: { B: { draw: 'observed', batch: s.batch }, S: { draw: 'pairs', per: 'B', ratio: s.ratio } },
      groups: { prediction: group(z.own), ...(i && { imputation: group(i.own) }) },
      batch: (words) => {
        const { score, column, sum, mean, size } = words;
        const w = weight.of(words);
        const we = w.times(ce(score('z'), column('y')));
        const eh = ce(score('z'), imputed.of(words));
        const control = s.control === 'weighted' ? w.times(eh) : eh;
        const loss = sum('B', we.minus(control)).plus(sum('S', eh)).over(size('S'));
        const step = { loss, move: ['prediction'] as const, track: mean('B', we) };
        if (imputed.loss === undefined) return [step];
        return [step, { loss: imputed.loss(words, score('z'), w, ce), move: ['imputation'], track: constant(0) }];
      },
      ...(s.target === 'on-stop' && { onStop: (words) => targeted(words, weight, imputed, ce) }),
      watch: (words) => [{ on: 'B', weights: weight.of(words) }],
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});

function targeted(
  words: Words<string, string, string, 'epsilon', 'B' | 'S'>,
  weight: ObservedWeight,
  imputed: ImputedLabel,
  ce: ScoreEntropy,
) {
  const { score, column, parameter, sum, size } = words;
  const e = ce(score('z'), column('y'));
  const eh = ce(score('z'), imputed.of(words));
  const w = weight.of(words);
  const excess = w.minus(1);
  const shifted = eh.plus(excess.times(parameter('epsilon'))).squared();
  return {
    hold: { epsilon: sum('B', e.minus(eh).times(excess)).over(sum('B', excess.squared())) },
    steps: [
      {
        loss: sum('B', w.times(e.squared()).minus(shifted)).plus(sum('S', shifted)).over(size('S')),
        move: ['prediction' as const],
      },
    ],
  };
}
