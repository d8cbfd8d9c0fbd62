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

const inEnvironment = (rows: string): Edge => ({ rows, at: 'environment' });
/** InvPref: an invariant and an environment-aware preference, and a classifier that must not tell environments apart. */
export const invPref = program({
  tables: {
    P: table('user', 64),
    Q: table('item', 64),
    P2: table('user', 64),
    Q2: table('item', 64),
    G: table(6, 64),
    classes: table('one', 64),
  },
  scores: {
    invariant: { dot: ['P', 'Q'] },
    aware: { sum: [{ dot: ['P', 'Q'] }, { dot: [{ times: ['P2', 'Q2'] }, inEnvironment('G')] }] },
    which: { dense: [{ reverse: { times: ['P', 'Q'] }, by: 1 }], layers: [{ weights: 'classes' }] },
  },
  columns: { environment: { port: 'environments', column: 'environment' } },
  state: { environment: 'uniform over 6' },
  streams: { B: { draw: 'observed', batch: 512 }, O: { draw: 'observed', batch: 1_000_000 } },
  groups: { all: { own: ['P', 'Q', 'P2', 'Q2', 'G', 'classes'], rate: 1e-4, l2: 1e-6 } },
  batch: ({ score, column, mean, nll }) => [
    {
      loss: {
        invariant: mean('B', squaredError(score('invariant'), column('y'))).times(4.965),
        aware: mean('B', squaredError(score('aware'), column('y'))).times(5.586),
        which: mean('B', nll('which', 'environment')),
      },
      move: ['all'],
    },
  ],
  every: ({ score, column }) => [
    { every: 2, assign: 'environment', argmin: squaredError(score('aware'), column('y')), over: 'O' },
  ],
  stop: plateau,
  serve: ({ score }) => score('invariant'),
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

/** Words that no method above needs: noise on a table and sums over features. */
export const noisy = program({
  tables: { P: table('user', 8), Q: table('item', 8), sd: table('user', 8) },
  scores: {
    z: {
      dot: [
        { noisy: 'P', sd: 'sd', draws: 10 },
        { bag: 'Q', features: 'itemFeatures' },
      ],
    },
  },
  streams: { B: { draw: 'observed', batch: 128 } },
  groups: { all: { own: ['P', 'Q', 'sd'], rate: 0.01 } },
  batch: ({ score, mean }) => [{ loss: mean('B', score('z')), move: ['all'] }],
  stop: plateau,
  serve: ({ score }) => score('z'),
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
