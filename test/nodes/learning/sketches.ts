/**
 * Methods of other papers in the engine's words, so that the vocabulary stays wide enough for them: they compile, and bind says
 * which of their words it does not run yet.
 */
import {
  type Edge,
  type PenaltyDeclaration,
  program,
  type TableDeclaration,
} from '../../../nodes/learning/declaration.ts';
import { squaredError } from '../../../nodes/learning/expression/losses.ts';
import { constant } from '../../../nodes/learning/expression/tree.ts';

const plateau = { rule: 'plateau', tolerance: 1e-4, patience: 5, epochs: 100 } as const;
const table = (rows: TableDeclaration['rows'], width: number): TableDeclaration => ({
  rows,
  width,
  start: { uniform: 0.1 },
});

const propagated = (side: 'user' | 'item'): Edge => ({ propagate: ['P', 'Q'], side, layers: 2, edges: 'clicks' });
const perRow = (table: 'P' | 'Q'): PenaltyDeclaration<'P' | 'Q', 'T'> => ({
  weight: 1e-5,
  on: 'T',
  meanSquare: [table],
});
/** MACR on LightGCN: the matching score is gated by what user and item alone say; the sums run over all pairs of a batch. */
export const macrLightGcn = program({
  tables: { P: table('user', 64), Q: table('item', 64), wi: table('one', 64), wu: table('one', 64) },
  scores: {
    k: { dot: [propagated('user'), propagated('item')] },
    i: { dot: [propagated('item'), 'wi'] },
    u: { dot: [propagated('user'), 'wu'] },
  },
  streams: { T: { draw: 'triples', batch: 1024, user: 'uniform', negatives: 1, popularity: 0 } },
  groups: { all: { own: ['P', 'Q', 'wi', 'wu'], rate: 1e-3, by: 'adam-tf' } },
  batch: ({ score, mean, cross }) => {
    const gate = (at: 'pos' | 'neg') => score('i', at).sigmoid().times(score('u', at).sigmoid());
    return [
      {
        loss: {
          matching: cross('T', gate('pos'), score('k', 'pos'), -1).plus(cross('T', gate('neg'), score('k', 'neg'), 1)),
          item: mean('T', score('i', 'pos').negated().softplus().plus(score('i', 'neg').softplus())).times(1e-2),
          user: mean('T', score('u').negated().softplus().plus(score('u').softplus())).times(1e-3),
        },
        penalties: [perRow('P'), perRow('Q')],
        move: ['all'],
      },
    ];
  },
  stop: { rule: 'patience', metric: 'auc', on: 'validation', patience: 10, epochs: 1000 },
  serve: ({ score }) => score('k').minus(40).times(score('i').sigmoid()),
});

/** ULTD-TP, second phase: how far a row follows its pseudo-label depends on its user's mean error on a uniform sample. */
export const ultdTp = program({
  tables: {
    P: table('user', 8),
    Q: table('item', 8),
    bu: table('user', 1),
    bi: table('item', 1),
    slope: table('user', 1),
    offset: table('user', 1),
  },
  scores: {
    z: { sum: [{ dot: ['P', 'Q'] }, { bias: 'bu' }, { bias: 'bi' }] },
    label: { input: 'pseudoLabel' },
    slope: { bias: 'slope' },
    offset: { bias: 'offset' },
  },
  columns: { userWeight: { port: 'weights', column: 'w' } },
  streams: { B: { draw: 'observed', batch: 128 }, A: { draw: 'pairs', batch: 1_000_000 } },
  groups: {
    prediction: { own: ['P', 'Q', 'bu', 'bi'], rate: 0.01, l2: 1e-4 },
    rate: { own: ['slope', 'offset'], rate: 1e-3 },
  },
  batch: ({ score, column, mean, by }) => {
    const f = score('z').sigmoid();
    const error = squaredError(f, column('y'));
    const share = score('slope')
      .softplus()
      .times(by('A', 'user', error, 'mean'))
      .plus(score('offset'))
      .sigmoid();
    const mixed = share.times(squaredError(f, score('label'))).plus(constant(1).minus(share).times(error));
    return [{ loss: mean('B', column('userWeight').times(mixed)), move: ['prediction', 'rate'] }];
  },
  stop: plateau,
  serve: ({ score }) => score('z').sigmoid(),
});

// what must not compile
program({
  tables: { P: table('user', 8), Q: table('item', 8) },
  scores: { z: { dot: ['P', 'Q'] } },
  streams: { B: { draw: 'observed', batch: 8 } },
  groups: { all: { own: ['P'], rate: 1 } },
  stop: plateau,
  serve: ({ score }) => score('z'),
  batch: ({ score, column, mean }) => [
    // @ts-expect-error a score that was not declared
    { loss: mean('B', squaredError(score('zz'), column('y'))), move: ['all'] },
  ],
});
program({
  tables: { P: table('user', 8), Q: table('item', 8) },
  scores: { z: { dot: ['P', 'Q'] } },
  streams: { B: { draw: 'observed', batch: 8 } },
  groups: { all: { own: ['P'], rate: 1 } },
  stop: plateau,
  serve: ({ score }) => score('z'),
  // @ts-expect-error a column of values is not a loss
  batch: ({ score, column }) => [{ loss: squaredError(score('z'), column('y')), move: ['all'] }],
});
