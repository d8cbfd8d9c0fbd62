import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { clickSettings, onSelection, rowDecay, triples } from '../learning/click-settings.ts';
import { type Backbone, built, representation } from '../learning/composition.ts';
import { program, type TableDeclaration } from '../learning/declaration.ts';
import { bceOf } from '../learning/expression/pairwise.ts';
import type { Rows } from '../learning/expression/tree.ts';
import { Pairs, Shape } from '../ports.ts';

/**
 * Model-agnostic counterfactual reasoning: the match y_k of any backbone is trained under the gates of an item and of a user,
 * sigma(y_i) and sigma(y_u), two linear heads without bias on the vectors that the backbone multiplies. L = L_O + alpha L_I +
 * beta L_U, where L_I and L_U are the cross-entropy of y_i and y_u alone (a user stands once with label 1 and once with 0).
 *
 * `fusion`: `cross` pairs every gate of a batch with every match of it, L_O = mean_a mean_b [softplus(-g+_a y+_b) +
 * softplus(g-_a y-_b)], which is what the authors' code computes; `paired` is equation 7, a gate with its own match.
 *
 * Served is the counterfactual (y_k - c) sigma(y_i) sigma(y_u). c is a knob: counterfactual/scorer sets it in the trained model.
 * Readouts: `match` y_k, `total effect` y_k sigma(y_i) sigma(y_u), `item gate` and `user gate`. A branch that is off has gate 1.
 */
export const macr = method('estimators/macr', {
  doc: 'Matches trained under gates of the item and of the user, served as a counterfactual: popularity is taken out again.',
  source: "Wei et al. 2021 (KDD), equations 5 to 9; heads, samples and `cross` as in the authors' code",
  in: { train: Pairs, selection: Pairs, shape: Shape },
  settings: z.strictObject({
    ...clickSettings,
    fusion: z
      .enum(['cross', 'paired'])
      .default('cross')
      .describe('every gate with every match of a batch (code), or each with its own (paper)'),
    alpha: z.number().nonnegative().default(1e-3).describe('weight of the loss of the item head alone'),
    beta: z.number().nonnegative().default(1e-3).describe('weight of the loss of the user head alone'),
    c: z.number().default(40).describe('the match at the reference state, subtracted when serving'),
    itemBranch: z.boolean().default(true).describe('whether there is a gate of the item'),
    userBranch: z.boolean().default(true).describe('whether there is a gate of the user'),
  }),
  parts: { backbone: factors({ start: 'xavier' }) },
  build: (s, parts) => {
    const k = built<Backbone>(parts.backbone).score('', s.width);
    const vectors = representation(k, 'estimators/macr');
    const head: TableDeclaration = { rows: 'one', width: vectors.width, start: { xavier: 1 } };
    const branches = [...(s.itemBranch ? (['item'] as const) : []), ...(s.userBranch ? (['user'] as const) : [])];
    const heads = branches.map((side) => `${side}Head`);
    return program({
      tables: { ...k.tables, ...Object.fromEntries(heads.map((name) => [name, head])) } as Record<
        string,
        TableDeclaration
      >,
      scores: {
        k: k.score,
        ...(s.itemBranch && { i: { dot: [vectors.item, 'itemHead'] } as const }),
        ...(s.userBranch && { u: { dot: [vectors.user, 'userHead'] } as const }),
      } as { k: typeof k.score; i?: typeof k.score; u?: typeof k.score },
      parameters: { c: s.c },
      streams: { T: triples(s) },
      groups: { all: { own: [...k.own, ...heads], rate: s.rate, by: 'adam-tf' } },
      batch: ({ score, mean, cross }) => {
        /** The gates of a triple's item, or nothing where both branches are off. */
        const gate = (at: 'pos' | number) => {
          const item = s.itemBranch ? score('i', at).sigmoid() : undefined;
          const user = s.userBranch ? score('u').sigmoid() : undefined;
          return item && user ? item.times(user) : (item ?? user);
        };
        const matching = (at: 'pos' | number, sign: 1 | -1) => {
          const [g, match] = [gate(at), score('k', at)];
          if (g === undefined) return mean('T', match.times(sign).softplus());
          return s.fusion === 'cross' ? cross('T', g, match, sign) : mean('T', g.times(match).times(sign).softplus());
        };
        const share = 1 / s.negatives;
        const negatives = Array.from({ length: s.negatives }, (_, n) => n);
        const total = <X extends { plus(x: X): X }>(terms: readonly X[]): X => terms.reduce((a, b) => a.plus(b));
        return [
          {
            loss: {
              matching: matching('pos', -1).plus(total(negatives.map((n) => matching(n, 1))).times(share)),
              ...(s.itemBranch && {
                item: mean(
                  'T',
                  bceOf(score('i', 'pos')).plus(total(negatives.map((n) => score('i', n).softplus())).times(share)),
                ).times(s.alpha),
              }),
              ...(s.userBranch && {
                user: mean('T', bceOf(score('u')).plus(score('u').softplus())).times(s.beta),
              }),
            },
            penalties: rowDecay(s.l2, k.tables, 'T'),
            move: ['all'],
          },
        ];
      },
      stop: onSelection(s),
      serve: ({ score, parameter }) => gated(score('k').minus(parameter('c')), score),
      readouts: ({ score }) => ({
        match: score('k'),
        'total effect': gated(score('k'), score),
        ...(s.itemBranch && { 'item gate': score('i').sigmoid() }),
        ...(s.userBranch && { 'user gate': score('u').sigmoid() }),
      }),
    });

    function gated(match: Rows, score: (name: 'i' | 'u') => Rows): Rows {
      const withItem = s.itemBranch ? match.times(score('i').sigmoid()) : match;
      return s.userBranch ? withItem.times(score('u').sigmoid()) : withItem;
    }
  },
});
