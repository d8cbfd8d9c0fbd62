import { z } from 'zod';
import { method } from '../../core/method.ts';
import { factors } from '../backbones/factors.ts';
import { clickSettings, onSelection, rowDecay, triples } from '../learning/click-settings.ts';
import { type Backbone, built, representation, type ScoreParts, tableOf } from '../learning/composition.ts';
import { program, type TableDeclaration } from '../learning/declaration.ts';
import { pairwise, pairwiseLosses } from '../learning/expression/pairwise.ts';
import type { Num, Rows } from '../learning/expression/tree.ts';
import { Indicators, Pairs, Shape } from '../ports.ts';

const treated = ' treated';

/**
 * CausE: users share their vectors, items have two, one for the biased clicks (control) and one for those at random (treatment).
 * A click and its negatives are scored with the vectors of the part that it belongs to (`marks.o`, 1 for treatment), and pull the
 * vectors that they use towards their twins, which stand still: loss + distance times the root of the sum over the batch's
 * positive and negative rows of |q/|q| - stop(q'/|q'|)|^2. The distance reads 0-th layers where a backbone propagates; each
 * copy of the items then has a graph of its own.
 *
 * A reconstruction: the sketch in the code of Wei et al. cannot run, and normalises the two sides over different axes. Both are
 * normalised by row here, the twin stands still whichever part a click belongs to, and cross-entropy is the default as the paper
 * says for all its baselines. `serves` chooses the vectors that are served; the sketch reads the control.
 */
export const causalEmbeddings = method('estimators/causal-embeddings', {
  doc: 'CausE: item vectors for biased clicks and for clicks at random, drawn together.',
  source: 'Bonner & Vasile 2018 (RecSys), reconstructed; sketch in the code of Wei et al. 2021 (KDD)',
  in: { train: Pairs, selection: Pairs, shape: Shape, marks: Indicators },
  settings: z.strictObject({
    ...clickSettings,
    loss: z.enum(pairwiseLosses).default('bce').describe('cross-entropy of each score, BPR, or sampled softmax'),
    distance: z.number().nonnegative().default(1).describe('weight of the distance between twins'),
    serves: z.enum(['control', 'treatment']).default('control').describe('whose item vectors are served'),
  }),
  parts: { backbone: factors({ start: 'xavier' }) },
  build: (s, parts) => {
    const control = built<Backbone>(parts.backbone).score('', s.width);
    const treatment = twinOf(control);
    const q = tableOf(representation(control, 'estimators/causal-embeddings').item);
    const twin = `${q}${treated}`;
    const tables: Readonly<Record<string, TableDeclaration>> = { ...control.tables, ...treatment.tables };
    return program({
      tables,
      scores: {
        control: control.score,
        treatment: treatment.score,
        'length of control': { dot: [q, q] },
        'length of treatment': { dot: [twin, twin] },
        'towards treatment': { dot: [q, { stop: twin }] },
        'towards control': { dot: [{ stop: q }, twin] },
      },
      columns: { marked: { port: 'marks', column: 'o' } },
      streams: { T: triples(s) },
      groups: { all: { own: Object.keys(tables), rate: s.rate, by: 'adam-tf' } },
      batch: ({ score, column, mean, sum }) => {
        const isTreated = column('marked');
        const negatives = Array.from({ length: s.negatives }, (_, n) => n);
        const y = (at: 'pos' | number) => isTreated.choose(score('treatment', at), score('control', at));
        /** |q/|q| - q'/|q'||^2 = 2 - 2 cos, with the twin held still. */
        const apart = (at: 'pos' | number): Rows => {
          const [a, b] = [score('length of control', at), score('length of treatment', at)];
          const cosine = (product: Rows, lengths: Rows) => product.times(inverseRoot(lengths));
          return isTreated
            .choose(
              cosine(score('towards control', at), b.times(a.stop())),
              cosine(score('towards treatment', at), a.times(b.stop())),
            )
            .times(-2)
            .plus(2);
        };
        const total = negatives.map(apart).reduce((x, next) => x.plus(next), apart('pos'));
        return [
          {
            loss: {
              clicks: mean('T', pairwise(s.loss, y('pos'), negatives.map(y))),
              distance: root(sum('T', total)).times(s.distance),
            },
            penalties: rowDecay(s.l2, tables, 'T'),
            move: ['all'],
          },
        ];
      },
      stop: onSelection(s),
      serve: ({ score }) => score(s.serves),
    });
  },
});

/** Keeps roots away from 0, where they have no slope. */
const tiny = 1e-12;
const inverseRoot = (x: Rows): Rows => x.log(tiny).times(-0.5).exp();
const root = (x: Num): Num => x.log(tiny).times(0.5).exp();

/** The same score on item tables of its own. */
function twinOf({ tables, score, own }: ScoreParts): ScoreParts {
  const items = Object.keys(tables).filter((name) => tables[name]?.rows === 'item');
  const renamed = (name: string) => (items.includes(name) ? `${name}${treated}` : name);
  const text = JSON.stringify(score, (_, value) => (typeof value === 'string' ? renamed(value) : value));
  return {
    tables: Object.fromEntries(Object.entries(tables).map(([name, table]) => [renamed(name), table])),
    score: JSON.parse(text) as ScoreParts['score'],
    own: own.map(renamed),
  };
}
