import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { type Backbone, besides, built, type JointPenalty } from '../learning/composition.ts';
import { type GroupDeclaration, program, type StreamDeclaration } from '../learning/declaration.ts';
import { crossEntropyOf, inverse, squaredError } from '../learning/expression/losses.ts';
import { constant, type Num, type Rows } from '../learning/expression/tree.ts';
import { withoutLeak } from '../learning/propagation/leak.ts';
import { batchSetting, l2Setting, plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { noPenalty } from '../penalties/none.ts';
import { Ratings, Shape } from '../ports.ts';
import { maskSettings } from './masks.ts';

/**
 * Prediction r, propensity p and imputed label t learnt together: one formula, whose settings say which terms are there and
 * where gradients stop. With w = 1 / clip(p, clip, 1), e the error of r, eh the imputed error, a batch B of observed pairs and
 * a sample S of all pairs:
 *
 *   risk * R + imputationWeight * reduce_B w (e - eh)^2 + observation * mean_S CE(p, o) + conversion * mean_S CE(p r, o y)
 *   + balance * (mean_S (o/p - (1-o)/(1-p)) r)^2 + penaltyWeight * penalty
 *
 * where R = reduce_B w e without a control variate, and [sum_B (w e - k eh) + sum_S eh] / |S| with one (k = 1 or w). Nothing is
 * detached but what a setting says. One Adam for the tables of each score; tables that scores share move once.
 */
export const joint = method('estimators/joint', {
  doc: 'Prediction, propensity and imputation in one loss: multi-task, ESMM, ESCM2, V2 and DT estimators by their masks.',
  source: 'Li et al. 2024 (ICDE); Zhang et al. 2020 (Multi-*); Ma et al. 2018 (ESMM); Wang et al. 2022 (ESCM2)',
  in: { train: Ratings, shape: Shape },
  settings: z.strictObject({
    width: widthSetting,
    auxiliary: widthSetting.describe("numbers in an embedding of the propensity's own"),
    batch: batchSetting.describe('observed rows a batch; pairs a batch where no term is on observed rows'),
    ratio: z.number().positive().default(1).describe('pairs of S for each row of B'),
    rate: rateSetting,
    l2: l2Setting.default(1e-4),
    propensityL2: l2Setting.default(1e-4).describe("weight decay of the propensity's own tables"),
    imputationL2: l2Setting.default(1e-4).describe("weight decay of the imputation's tables"),
    ...maskSettings,
    ...stopSettings,
  }),
  parts: { backbone: factors(), propensity: factors(), imputation: factors(), penalty: noPenalty() },
  build: (s, parts) => {
    const backbone = built<Backbone>(parts.backbone);
    const beside = (own: { readonly build: unknown }) => besides(backbone, built<Backbone>(own));
    const prediction = backbone.score('', s.width);
    const propensity = withoutLeak(beside(parts.propensity).score('x', s.auxiliary, prediction));
    const imputes = s.control !== 'none' || s.imputationWeight > 0;
    const imputation = imputes ? beside(parts.imputation).score('i', s.width, prediction) : undefined;
    const onObserved = s.risk > 0 || s.imputationWeight > 0;
    const onPairs = s.control !== 'none' || s.observation > 0 || s.conversion > 0 || s.balance > 0;
    const drawn = [...(onPairs ? ['S' as const] : []), ...(onObserved ? ['B' as const] : [])];
    const streams: { B?: StreamDeclaration; S?: StreamDeclaration } = {
      ...(onObserved && { B: { draw: 'observed', batch: s.batch } }),
      ...(onPairs && {
        S: onObserved ? { draw: 'pairs', per: 'B', ratio: s.ratio } : { draw: 'pairs', batch: s.batch },
      }),
    };
    const { own, groups } = grouped(s.twice, [
      ['prediction', prediction.own, { rate: s.rate, l2: s.l2 }],
      ['propensity', propensity.own, { rate: s.rate, l2: s.propensityL2 }],
      ...(imputation ? [['imputation', imputation.own, { rate: s.rate, l2: s.imputationL2 }] as const] : []),
    ]);
    return program({
      tables: { ...prediction.tables, ...propensity.tables, ...imputation?.tables },
      scores: { z: prediction.score, x: propensity.score, ...(imputation && { i: imputation.score }) },
      streams,
      groups,
      batch: ({ score, column, sum, mean, size, count }) => {
        const r = score('z').sigmoid();
        const p = score('x').sigmoid();
        const w = inverse(p, s.clip);
        const shown = s.clipEverywhere ? p.clip(s.clip, 1) : p;
        const error = (a: Rows, b: Rows) =>
          s.error === 'squared' ? squaredError(a, b) : crossEntropyOf(a, b, s.shift);
        const imputed = (of: Rows) => {
          const label = score('i').sigmoid();
          return s.swapped ? error(label, of) : error(of, label);
        };
        const reduce = (rows: Rows, how: 'mean' | 'sum' | 'all'): Num =>
          how === 'sum'
            ? sum('B', rows)
            : how === 'mean'
              ? mean('B', rows)
              : mean('B', rows).times(count('observed')).over(count('pairs'));
        const e = error(r, column('y'));
        const we = w.times(e);
        const terms: Record<string, Num> = {};
        if (s.control !== 'none') {
          const eh = imputed(r);
          const corrected = we.minus(s.control === 'weighted' ? w.times(eh) : eh);
          terms.risk =
            s.reduce === 'all'
              ? reduce(corrected, 'all').plus(mean('S', eh))
              : sum('B', corrected).plus(sum('S', eh)).over(size('S'));
        } else if (s.risk > 0) terms.risk = reduce(we, s.reduce);
        if (terms.risk && s.risk !== 1) terms.risk = terms.risk.times(s.risk);
        if (s.imputationWeight > 0) {
          const held = s.throughPrediction ? r : r.stop();
          const gap = error(held, column('y')).minus(imputed(held));
          terms.imputation = reduce(w.times(gap.squared()), s.imputationReduce).times(s.imputationWeight);
        }
        if (s.observation > 0)
          terms.observation = mean('S', crossEntropyOf(shown, column('o'), s.shift)).times(s.observation);
        if (s.conversion > 0)
          terms.conversion = mean('S', crossEntropyOf(shown.times(r), column('y'), s.shift)).times(s.conversion);
        if (s.balance > 0) {
          const o = column('o');
          const contrast = o.over(shown).minus(constant(1).minus(o).over(constant(1).minus(shown)));
          terms.balance = mean('S', contrast.times(r)).squared().times(s.balance);
        }
        return [
          {
            loss: terms,
            penalties: built<JointPenalty>(parts.penalty)(prediction, propensity, drawn, s.penaltyWeight) as never,
            move: own,
            ...(s.track === 'data' && { track: mean('B', we) }),
          },
        ];
      },
      watch: ({ score }) => {
        const p = score('x').sigmoid();
        return onObserved ? [{ on: 'B' as const, weights: inverse(p, s.clip), clipped: p.inside(0, s.clip) }] : [];
      },
      stop: plateau(s),
      serve: ({ score }) => score('z').sigmoid(),
    });
  },
});

type Named = readonly [name: string, own: readonly string[], how: { readonly rate: number; readonly l2: number }];
/** A group a score, of the tables that no earlier group has; or, `twice`, each group owning everything. */
function grouped(twice: boolean, of: readonly Named[]) {
  const all = [...new Set(of.flatMap(([, own]) => own))];
  const taken = new Set<string>();
  const groups: Record<string, GroupDeclaration> = {};
  for (const [name, tables, how] of of) {
    const own = twice ? all : tables.filter((table) => !taken.has(table));
    for (const table of own) taken.add(table);
    if (own.length > 0) groups[name] = { own, ...how };
  }
  return { groups, own: Object.keys(groups) };
}
