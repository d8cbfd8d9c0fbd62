import { z } from 'zod';
import { method } from '../../core/method.ts';
import { Instruments } from '../instruments/ports.ts';
import { program, type ScoreDeclaration, type TableDeclaration } from '../learning/declaration.ts';
import { squaredError } from '../learning/expression/losses.ts';
import { constant, ones, type Rows } from '../learning/expression/tree.ts';
import { rawScoreSettings, untilNdcg } from '../learning/settings.ts';
import { Labels, Ratings, Shape } from '../ports.ts';

/**
 * Matrix factorisation whose item vector is a treatment that two-stage least squares has rebuilt: with Q_i an orthonormal basis of
 * the instruments of item i, score = p_u . (a1_i Q_i Q_i' T_i + a2_i (T_i - Q_i Q_i' T_i)) + b_u + b_i. Instruments stay as they
 * are; treatments, factors, biases and the two weights of each item are trained together by the rating loss.
 * A weight is a small network on [T_i; vec Z_i], tanh between its layers, and `bounded`: sigmoid(tanh(x)), in (.269, .731);
 * `sigmoid`: sigmoid(x); `softmax`: a1 + a2 = 1; `fixed`: the settings.
 * With instruments of users (`of`), Q_u and Z_u take the place of Q_i and Z_i: how an item is rebuilt depends on the user.
 * Readouts: `fitted weight` and `residual weight` of an item, or of a pair.
 */
export const instrumental = method('estimators/instrumental', {
  doc: 'Matrix factorisation on items that two-stage least squares has rebuilt from instruments.',
  source: 'Si et al. 2022 (IV4Rec) on matrix factorisation, as in Deng et al. 2024 (IViDR), eq. 4-9',
  in: { train: Ratings, shape: Shape, validation: Labels, instruments: Instruments },
  settings: z.strictObject({
    ...rawScoreSettings,
    width: rawScoreSettings.width.default(32),
    columns: z
      .number()
      .int()
      .positive()
      .default(4)
      .describe('instruments of an item or a user: fields of user features'),
    of: z.enum(['items', 'users']).default('items').describe('whose instruments they are'),
    hidden: z.number().int().positive().default(32).describe('hidden units of a weight'),
    weights: z
      .enum(['bounded', 'sigmoid', 'softmax', 'fixed'])
      .default('bounded')
      .describe('how the two weights are made'),
    fitted: z.number().default(1).describe('fixed weight of the part that the instruments explain'),
    residual: z.number().default(1).describe('fixed weight of the rest'),
  }),
  parts: {},
  build: (s) => {
    const columns = Array.from({ length: s.columns }, (_, n) => n);
    const given = (tensor: string): TableDeclaration => ({
      rows: s.of === 'items' ? 'item' : 'user',
      width: s.width,
      start: { given: 'instruments', tensor },
    });
    const small = (rows: 'user' | 'item', width: number): TableDeclaration => ({
      rows,
      width,
      start: { uniform: 0.01 },
    });
    const inputs = s.width * (1 + s.columns);
    const glorot = (rows: number | 'one', width: number, outputs: number): TableDeclaration => ({
      rows,
      width,
      start: { uniform: Math.sqrt(6 / (width + outputs)) },
    });
    const learnt = s.weights !== 'fixed';
    const networks: Record<string, TableDeclaration> = {};
    const weightScores: Record<string, ScoreDeclaration> = {};
    for (const name of learnt ? ['a1', 'a2'] : []) {
      networks[`hidden ${name}`] = glorot(s.hidden, inputs, s.hidden);
      networks[`shift ${name}`] = { rows: 'one', width: s.hidden, start: { constant: 0 } };
      networks[`last ${name}`] = glorot('one', s.hidden, 1);
      networks[`offset ${name}`] = { rows: 'one', width: 1, start: { constant: 0 } };
      weightScores[name] = {
        dense: ['T', ...columns.map((n) => ({ stop: `Z${n}` }))],
        layers: [
          { weights: `hidden ${name}`, bias: `shift ${name}`, activation: 'tanh' },
          { weights: `last ${name}`, bias: `offset ${name}` },
        ],
      };
    }
    const moving: Record<string, TableDeclaration> = {
      P: small('user', s.width),
      T: small('item', s.width),
      bu: small('user', 1),
      bi: small('item', 1),
      ...networks,
    };
    const fixed: Record<string, TableDeclaration> = Object.fromEntries(
      columns.flatMap((n) => [[`Q${n}`, given(`Q${n}`)], ...(learnt ? [[`Z${n}`, given(`Z${n}`)]] : [])]),
    );
    const scores: Record<string, ScoreDeclaration> = {
      whole: { dot: ['P', 'T'] },
      biases: { sum: [{ bias: 'bu' }, { bias: 'bi' }] },
      ...weightScores,
    };
    for (const n of columns) {
      scores[`of user ${n}`] = { dot: ['P', `Q${n}`] };
      scores[`of item ${n}`] = { dot: [`Q${n}`, 'T'] };
    }
    const weightsOf = (score: (name: string) => Rows): readonly [Rows, Rows] => {
      if (!learnt) return [ones.times(s.fitted), ones.times(s.residual)];
      const [a, b] = [score('a1'), score('a2')];
      if (s.weights === 'softmax') {
        const share = a.minus(b).sigmoid();
        return [share, constant(1).minus(share)];
      }
      const made = (x: Rows) => (s.weights === 'bounded' ? tanh(x) : x).sigmoid();
      return [made(a), made(b)];
    };
    const scoreOf = (score: (name: string) => Rows): Rows => {
      const fit = columns
        .map((n) => score(`of user ${n}`).times(score(`of item ${n}`)))
        .reduce((sum, part) => sum.plus(part));
      const [a1, a2] = weightsOf(score);
      return a1
        .times(fit)
        .plus(a2.times(score('whole').minus(fit)))
        .plus(score('biases'));
    };
    return program<string, string, 'B', 'all'>({
      tables: { ...moving, ...fixed },
      scores,
      streams: { B: { draw: 'observed', batch: s.batch, last: 'fill' } },
      groups: { all: { own: Object.keys(moving), rate: s.rate, l2: s.l2 } },
      batch: ({ score, column, mean }) => [
        { loss: mean('B', squaredError(scoreOf(score), column('y'))), move: ['all'] },
      ],
      stop: untilNdcg(s),
      serve: ({ score }) => scoreOf(score),
      readouts: ({ score }) => {
        const [a1, a2] = weightsOf(score);
        return { 'fitted weight': a1, 'residual weight': a2 };
      },
    });
  },
});

/** The hyperbolic tangent by the sigmoid. */
const tanh = (x: Rows): Rows => x.times(2).sigmoid().times(2).minus(1);
