import { describe, expect, test } from 'vitest';
import type { AnyMethod, Part } from '../../../core/method.ts';
import { randomOf } from '../../../core/numeric/index.ts';
import { auxiliaryFactors } from '../../../nodes/backbones/auxiliary-factors.ts';
import { factors } from '../../../nodes/backbones/factors.ts';
import { lightGcn } from '../../../nodes/backbones/light-gcn.ts';
import { lightGcnOnClicks } from '../../../nodes/backbones/light-gcn-on-clicks.ts';
import { balanced } from '../../../nodes/estimators/balanced.ts';
import { crossEntropy } from '../../../nodes/estimators/cross-entropy.ts';
import { cvib } from '../../../nodes/estimators/cvib.ts';
import { doublyRobust } from '../../../nodes/estimators/doubly-robust.ts';
import { joint } from '../../../nodes/estimators/joint.ts';
import { stableDoublyRobust } from '../../../nodes/estimators/stable-doubly-robust.ts';
import { learntLabel } from '../../../nodes/imputing/learnt-label.ts';
import { clicksOf } from '../../../nodes/learning/data.ts';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { scorer, servingOf } from '../../../nodes/learning/serve.ts';
import { train } from '../../../nodes/learning/train.ts';
import { rankAuc } from '../../../nodes/learning/validation/rank-auc.ts';
import { disentangle } from '../../../nodes/penalties/disentangle.ts';
import { frobenius } from '../../../nodes/penalties/frobenius.ts';
import { outside } from '../../../nodes/weighting/outside.ts';
import { dtIps } from '../../../pipelines/dt/dt.ts';
import { bound, draw, gapOf, gradientOf, items, programOf, users } from './bench.ts';
import { compiledEngine } from './kernels/twins.ts';

const small = { width: 3, batch: 6 };
const backbone = lightGcn({ layers: 2, sd: 0.7 });
const whole = lightGcn({ layers: 3, sd: 0.7, scores: 'all' });
const both = { ...small, auxiliary: 2, ratio: 1.5, clip: 0.3, observation: 0.5 };
const dt = { propensity: auxiliaryFactors({ sd: 0.7 }), penalty: disentangle(), penaltyWeight: 0.3 };
const methods: Record<string, Program> = {
  naive: programOf(crossEntropy.with({ ...small, backbone })),
  SNIPS: programOf(crossEntropy.with({ ...small, backbone, weight: outside(), normalise: 'batch' })),
  'DR-JL': programOf(doublyRobust.with({ ...small, ratio: 1.5, backbone, imputation: learntLabel() })),
  CVIB: programOf(cvib.with({ ...small, backbone })),
  'Stable-DR': programOf(stableDoublyRobust.with({ ...small, backbone, ratio: 1.5, eta: 0.1 })),
  'DR-V2': programOf(balanced.with({ width: 3, users: 3, items: 2, robust: true, imputation: 2, backbone })),
  'DT-IPS': programOf(joint.with({ ...both, ...dt, backbone })),
  'DT-IPS as written': programOf(joint.with({ ...both, ...dt, backbone, penalty: frobenius(), reduce: 'all' })),
  'DT-DR with every score on the graph': programOf(
    joint.with({ ...both, ...dt, backbone: whole, control: 'weighted', imputationWeight: 1 }),
  ),
  'ESCM2-IPS with every score on the graph': programOf(
    joint.with({ ...both, backbone: whole, reduce: 'sum', risk: 0.1, conversion: 1 }),
  ),
};
const options = { givens: { prior: 0.4 } };

describe('gradients of estimators on LightGCN equal finite differences, step by step', () => {
  test.each(Object.entries(methods))('%s', (_, of) => {
    const machine = bound(of, options);
    draw(machine);
    of.batch.forEach(({ move }, step) => {
      for (const table of new Set(move.flatMap((group) => of.groups[group]!.own)))
        expect(gapOf(machine, step, table), `step ${step + 1}, ${table}`).toBeLessThan(1e-5);
    });
  });

  test('what a step of DR-JL holds gets exactly no gradient over the graph either', () => {
    const of = methods['DR-JL'] as Program;
    const loose = { ...of, batch: of.batch.map((step) => ({ ...step, move: Object.keys(of.groups) })) };
    const machine = bound(loose, options);
    draw(machine);
    for (const table of ['Pi', 'Qi']) expect(new Set(gradientOf(machine, 0, table))).toEqual(new Set([0]));
    for (const table of ['P', 'Q']) expect(new Set(gradientOf(machine, 1, table))).toEqual(new Set([0]));
  });
});

describe('which scores are on the graph', () => {
  const propagates = (of: Program, score: string) => JSON.stringify(of.scores[score]).includes('propagate');
  test('the prediction alone, unless every one is asked for', () => {
    const own = { ...both, propensity: factors(), imputation: factors(), control: 'weighted' } as const;
    const [one, all] = [backbone, whole].map((chosen) => programOf(joint.with({ ...own, backbone: chosen })));
    expect(['z', 'x', 'i'].map((name) => propagates(one!, name))).toEqual([true, false, false]);
    expect(['z', 'x', 'i'].map((name) => propagates(all!, name))).toEqual([true, true, true]);
  });
  test('a propensity that adds to the prediction goes on adding to it', () => {
    const of = methods['DT-DR with every score on the graph'] as Program;
    const [prediction, added] = (of.scores.x as { sum: readonly object[] }).sum;
    expect(prediction).toEqual(of.scores.z);
    expect(JSON.stringify(added)).toContain('"Px","Qx"');
    expect(propagates({ ...of, scores: { added: added as never } }, 'added')).toBe(true);
  });
});

describe('a propensity on a graph of the observed pairs', () => {
  const on = (config: Parameters<typeof lightGcn>[0]) => () =>
    programOf(joint.with({ ...both, ...dt, backbone: lightGcn(config) }));
  test('is refused, since these are what it predicts, unless that is said to be meant', () => {
    expect(on({ edges: 'observed' })).toThrow('the propensity reads a graph of the observed pairs');
    expect(on({ edges: 'observed', allowLeak: true })).not.toThrow();
    expect(on({ edges: 'positive' })).not.toThrow();
    const v2 = balanced.with({ users: 3, items: 2, backbone: lightGcn({ edges: 'observed' }) });
    expect(() => programOf(v2)).toThrow('the propensity reads a graph of the observed pairs');
  });
  test('is no matter where the prediction alone reads it', () => {
    const own = joint.with({ ...both, propensity: factors(), backbone: lightGcn({ edges: 'observed' }) });
    expect(() => programOf(own)).not.toThrow();
  });
});

test('a pipeline gets the graph by one part of its method; one of clicks without a wire does not compile', () => {
  const variant = dtIps.as('dt-ips-light-gcn').method('model', (m) => m.with({ backbone: lightGcn({ layers: 3 }) }));
  const { node } = variant.graph.steps.model as unknown as { node: { method: AnyMethod } };
  expect(node.method.parts.backbone).toMatchObject({
    id: 'backbones/light-gcn',
    config: { layers: 3, scores: 'prediction' },
  });
  const clicks = () =>
    // @ts-expect-error the port `clicks` has no wire
    dtIps.as('dt-ips-on-clicks').method('model', (m) => m.with({ backbone: lightGcnOnClicks() }));
  expect(clicks).toBeTypeOf('function');
});

describe('a graph of clicks', () => {
  const of = crossEntropy.with({ backbone: lightGcnOnClicks() });
  test('is a port that the learner cannot do without', () => {
    expect(Object.keys(of.in)).toContain('clicks');
    expect(Object.keys(crossEntropy.with({ backbone: lightGcn() }).in)).not.toContain('clicks');
  });
  test('is checked against the shape', () => {
    const clicks = { user: Uint32Array.of(0, 9), item: Uint32Array.of(1, 1) };
    const inputs = { clicks, shape: { users, items } };
    expect(() => clicksOf(programOf(of), inputs)).toThrow("user 9 is not below the 5 users of the data set's shape");
    const fine = { user: Uint32Array.of(4), item: Uint32Array.of(1) };
    expect(clicksOf(programOf(of), { ...inputs, clicks: fine })).toEqual(fine);
    expect(clicksOf(programOf(crossEntropy), inputs)).toBeUndefined();
  });
});

/** Two tastes: half of the users like the even items, the other half the odd ones; who likes an item rates it more often. */
function tastes() {
  const random = randomOf('tastes');
  const [n, m] = [60, 40];
  const likes = (u: number, i: number) => (u % 2 === i % 2) !== random.uniform() < 0.1;
  const all = Array.from({ length: n * m }, (_, pair) => {
    const [user, item] = [Math.floor(pair / m), pair % m];
    const y = likes(user, item) ? 1 : 0;
    return { user, item, y, p: y ? 0.4 : 0.15, test: random.uniform() < 0.3 };
  });
  const seen = all.filter(({ test: held, p }) => !held && random.uniform() < p);
  const tested = all.filter(({ test: held }) => held);
  const rows = {
    users: n,
    items: m,
    user: Uint32Array.from(seen, ({ user }) => user),
    item: Uint32Array.from(seen, ({ item }) => item),
    columns: { y: Float32Array.from(seen, ({ y }) => y), w: Float32Array.from(seen, ({ p }) => 1 / p) },
  };
  return { rows, tested };
}

describe('on two tastes', () => {
  const { rows, tested } = tastes();
  const quiet = { debug() {}, info() {}, warn() {} };
  const services = {
    rng: randomOf('learns'),
    log: quiet,
    progress: { report() {}, epoch() {} },
    cancel: { requested: false, check() {} },
    numeric: compiledEngine,
  };
  const auc = (of: AnyMethod) => {
    const program = programOf(of);
    const { tensors } = train(program, rows, services);
    const out = new Float32Array(tested.length);
    const [user, item] = [Uint32Array.from(tested, (t) => t.user), Uint32Array.from(tested, (t) => t.item)];
    scorer({ head: { serving: servingOf(program) }, tensors }, compiledEngine).score(user, item, out);
    return rankAuc(
      out,
      Float32Array.from(tested, ({ y }) => y),
    );
  };
  const fast = { width: 8, batch: 64, rate: 0.02, l2: 1e-4, epochs: 40 };
  test.each<[string, (part: Part<'backbone', object>) => AnyMethod]>([
    ['IPS', (part) => crossEntropy.with({ ...fast, weight: outside(), backbone: part })],
    [
      'DT-IPS',
      (part) =>
        joint.with({ ...fast, ...dt, auxiliary: 4, ratio: 2, observation: 0.5, penaltyWeight: 1e-3, backbone: part }),
    ],
  ])('%s on LightGCN learns what was held back, three layers too', (_, method) => {
    expect(auc(method(lightGcn({ layers: 1 })))).toBeGreaterThan(0.8);
    expect(auc(method(lightGcn({ layers: 3 })))).toBeGreaterThan(0.8);
  });
});
