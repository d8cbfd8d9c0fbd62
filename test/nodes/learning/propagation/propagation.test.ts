import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../../core/numeric/index.ts';
import { type Edge, type Program, program } from '../../../../nodes/learning/declaration.ts';
import { logisticLoss } from '../../../../nodes/learning/expression/losses.ts';
import type { Machine } from '../../../../nodes/learning/machine/machine.ts';
import type { PropagateEdge } from '../../../../nodes/learning/propagation/edge.ts';
import { scorer, servingOf } from '../../../../nodes/learning/serve.ts';
import { tensorsOf } from '../../../../nodes/learning/train.ts';
import { bound, draw, gapOf, gradientOf, items, toyRows, users, valuesOf } from '../bench.ts';
import { compiledEngine } from '../kernels/twins.ts';

type Kind = 'positive' | 'observed' | 'clicks';
interface Trial {
  readonly layers: number;
  readonly edges?: Kind;
  readonly width?: number;
  readonly move?: readonly string[];
  readonly user?: (edge: Edge) => Edge;
  readonly by?: 'adam-lazy';
}
/** A rating score and a one-sided one on propagated tables, with a penalty on the tables themselves. */
const trial = ({ layers, edges = 'observed', width = 3, move = ['P', 'Q'], user = (e) => e, by }: Trial): Program => {
  const side = (of: 'user' | 'item'): Edge => ({ propagate: ['P', 'Q'], side: of, layers, edges });
  return program({
    tables: {
      P: { rows: 'user', width, start: { normal: 0.7 } },
      Q: { rows: 'item', width, start: { normal: 0.7 } },
      w: { rows: 'one', width, start: { normal: 0.7 } },
    },
    scores: { z: { dot: [user(side('user')), side('item')] }, i: { dot: [side('item'), 'w'] } },
    streams: { B: { draw: 'observed', batch: 4 }, S: { draw: 'pairs', per: 'B', ratio: 0.75 } },
    groups: {
      P: { own: ['P'], rate: 0.1, ...(by && { by }) },
      Q: { own: ['Q'], rate: 0.1 },
      w: { own: ['w'], rate: 0.1 },
    },
    batch: ({ score, column, mean }) => [
      {
        loss: mean('B', logisticLoss(score('z'), column('y'))).plus(mean('S', score('z').times(score('i').sigmoid()))),
        penalties: [{ weight: 0.3, on: 'B', meanSquare: ['P'] }],
        move: [...move, 'w'] as never,
      },
    ],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('z').times(score('i')),
  });
};
const ready = (of: Trial, options: Parameters<typeof bound>[1] = {}): Machine => {
  const machine = bound(trial(of), options);
  draw(machine);
  return machine;
};

/** The mean of the layers by its definition, on a dense adjacency. */
function naive(machine: Machine, layers: number, width = 3): { user: number[][]; item: number[][] } {
  const rows = toyRows();
  const n = users + items;
  const A = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  for (let r = 0; r < rows.user.length; r++) {
    const [u, i] = [rows.user[r]!, users + rows.item[r]!];
    A[u]![i] = A[i]![u] = 1;
  }
  const degrees = A.map((row) => row.reduce((a, b) => a + b, 0));
  const norm = A.map((row, a) =>
    row.map((x, b) => (x === 0 ? 0 : Math.fround(1 / Math.sqrt(degrees[a]! * degrees[b]!)))),
  );
  const flat = [...valuesOf(machine, 'P'), ...valuesOf(machine, 'Q')];
  let layer = Array.from({ length: n }, (_, r) => flat.slice(r * width, (r + 1) * width));
  const sum = layer.map((row) => [...row]);
  for (let l = 0; l < layers; l++) {
    layer = norm.map((row) => layer[0]!.map((_, k) => row.reduce((dot, x, b) => dot + x * layer[b]![k]!, 0)));
    for (const [r, row] of layer.entries()) for (const [k, x] of row.entries()) sum[r]![k]! += x;
  }
  const mean = sum.map((row) => row.map((x) => x / (layers + 1)));
  return { user: mean.slice(0, users), item: mean.slice(users) };
}

describe.each([1, 2, 3, 4, 5])('%i layers', (layers) => {
  test('mean all layers of the users and items of the graph', () => {
    const machine = ready({ layers });
    const tensors = tensorsOf(machine);
    const expected = naive(machine, layers);
    for (const [name, rows] of [
      [`P ~ Q (${layers} layers, observed)`, expected.user],
      [`Q ~ P (${layers} layers, observed)`, expected.item],
    ] as const)
      tensors[name]!.data.forEach((x, n) => {
        expect(x).toBeCloseTo(rows[Math.floor(n / 3)]![n % 3]!, 6);
      });
  });

  test('gradients equal finite differences', () => {
    const machine = ready({ layers });
    for (const table of ['P', 'Q', 'w']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  });

  test('a table that the step does not move gets no gradient over the graph, the other one its own', () => {
    const [both, half] = [ready({ layers }), ready({ layers, move: ['Q'] })];
    expect(new Set(gradientOf(half, 0, 'P'))).toEqual(new Set([0]));
    expect(gradientOf(half, 0, 'Q')).toEqual(gradientOf(both, 0, 'Q'));
  });

  test('a stopped propagation lets nothing through, and a second step finds no gradient of the first', () => {
    const stopped = ready({ layers, user: (edge) => ({ stop: edge }) });
    const whole = ready({ layers });
    expect(gradientOf(stopped, 0, 'P')).not.toEqual(gradientOf(whole, 0, 'P'));
    expect(gradientOf(whole, 0, 'P')).toEqual(gradientOf(whole, 0, 'P'));
    stopped.steps[0]!.gradient();
    whole.steps[0]!.gradient();
    expect(stopped.steps[0]!.loss()).toBe(whole.steps[0]!.loss());
  });

  test('compiled kernels leave the values and gradients of the 64-bit ones', () => {
    const [wide, compiled] = [
      ready({ layers, width: 10 }),
      ready({ layers, width: 10 }, { precision: 'f32', numeric: compiledEngine }),
    ];
    for (const table of ['P', 'Q', 'w']) {
      const [a, b] = [gradientOf(wide, 0, table), gradientOf(compiled, 0, table)];
      a.forEach((slope, n) => {
        expect(b[n]).toBeCloseTo(slope, 5);
      });
    }
  });

  test('a scorer needs no graph, and scores what the machine scores', () => {
    const machine = ready({ layers });
    const serving = servingOf(trial({ layers }));
    expect(JSON.stringify(serving)).not.toContain('propagate');
    const { score } = scorer({ head: { serving }, tensors: tensorsOf(machine) });
    const [user, item] = [Uint32Array.of(0, 1, 4), Uint32Array.of(3, 0, 2)];
    const out = new Float32Array(3);
    score(user, item, out);
    const { user: E, item: F } = naive(machine, layers);
    const w = valuesOf(machine, 'w');
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
    out.forEach((x, r) => {
      const [p, q] = [E[user[r]!]!, F[item[r]!]!];
      expect(x).toBeCloseTo(dot(p, q) * dot(q, w), 5);
    });
  });
});

test('a product with propagated rows is differentiated through the graph, and served without it', () => {
  const user = (edge: Edge): Edge => ({ times: [edge, 'P'] });
  const machine = ready({ layers: 2, user });
  for (const table of ['P', 'Q', 'w']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  const serving = servingOf(trial({ layers: 2, user }));
  expect(JSON.stringify(serving)).not.toContain('propagate');
  const out = new Float32Array(1);
  scorer({ head: { serving }, tensors: tensorsOf(machine) }).score(Uint32Array.of(1), Uint32Array.of(2), out);
  const { user: E, item: F } = naive(machine, 2);
  const [P, w] = [valuesOf(machine, 'P'), valuesOf(machine, 'w')];
  const dots = [0, 1, 2].map((k) => [E[1]![k]! * P[3 + k]! * F[2]![k]!, F[2]![k]! * w[k]!] as const);
  const sum = (at: 0 | 1) => dots.reduce((total, dot) => total + dot[at], 0);
  expect(out[0]).toBeCloseTo(sum(0) * sum(1), 5);
});

test('the shortcut of two layers equals full propagation to 1e-6, forwards and backwards', () => {
  const [short, full] = [true, false].map((shortcut) => ready({ layers: 2 }, { shortcut })) as [Machine, Machine];
  for (const table of ['P', 'Q', 'w'])
    gradientOf(short, 0, table).forEach((slope, n) => {
      expect(Math.abs(slope - gradientOf(full, 0, table)[n]!)).toBeLessThan(1e-6);
    });
  expect(short.steps[0]!.loss()).toBeCloseTo(full.steps[0]!.loss(), 7);
  const [a, b] = [tensorsOf(short), tensorsOf(full)];
  let same = true;
  for (const [name, { data }] of Object.entries(a))
    data.forEach((x, n) => {
      expect(Math.abs(x - b[name]!.data[n]!)).toBeLessThan(1e-6);
      same &&= x === b[name]!.data[n];
    });
  expect(same, 'rounding tells the two ways apart').toBe(false);
});

describe('the pairs that a graph joins', () => {
  const edgesOf = (edges: Kind, options: Parameters<typeof bound>[1] = {}) => {
    const rows = toyRows();
    const machine = ready({ layers: 1, edges }, options);
    const P = valuesOf(machine, 'P');
    const Q = valuesOf(machine, 'Q');
    const moved = tensorsOf(machine)[`P ~ Q (1 layers, ${edges})`]!.data;
    // with one layer a user's row is half of its own, plus a share of each neighbour
    return Array.from({ length: users }, (_, u) => moved[3 * u]! * 2 - P[3 * u]!).map((rest) => ({ rest, rows, Q }));
  };
  test('are those with label 1, all of train, or those of the port of clicks', () => {
    const { rows } = edgesOf('positive')[0]!;
    const liked = new Set([...rows.user].filter((_, r) => rows.columns.y![r] === 1));
    const seen = new Set(rows.user);
    const clicks = { user: Uint32Array.of(2), item: Uint32Array.of(1) };
    const touched = (kind: Kind, options = {}) =>
      edgesOf(kind, options).flatMap(({ rest }, u) => (Math.abs(rest) > 1e-6 ? [u] : []));
    expect(touched('positive')).toEqual([...liked].sort());
    expect(touched('observed')).toEqual([...seen].sort());
    expect(touched('clicks', { clicks })).toEqual([2]);
  });
  test('must have labels 0 and 1 where they are positive ones', () => {
    const rows = toyRows();
    rows.columns.y![3] = 4;
    expect(() => bound(trial({ layers: 1, edges: 'positive' }), {}, rows)).toThrow(
      'the graph joins positive pairs, and label 4 is neither 0 nor 1',
    );
    rows.columns.y!.fill(0);
    expect(() => bound(trial({ layers: 1, edges: 'positive' }), {}, rows)).toThrow(
      'the graph of positive pairs has no edge',
    );
  });
});

test('what cannot be propagated is refused with its reason', () => {
  expect(() => ready({ layers: 0 })).toThrow('a graph is propagated over 0 layers');
  expect(() => ready({ layers: 2, by: 'adam-lazy' })).toThrow(
    "a lazy optimiser moves the rows of a batch, and 'P' is propagated",
  );
  const crossed = (edge: Edge): Edge => ({ ...(edge as PropagateEdge), propagate: ['Q', 'P'] });
  expect(() => ready({ layers: 2, user: crossed })).toThrow("'propagate' takes a table by user and one by item");
});

test('two machines of one seed leave the same bytes', () => {
  const bytes = () => {
    const machine = ready(
      { layers: 3, width: 8 },
      { precision: 'f32', numeric: compiledEngine, random: randomOf('same') },
    );
    for (let t = 0; t < 3; t++) {
      draw(machine, t % machine.stepsPerEpoch);
      machine.steps[0]!.gradient();
      machine.steps[0]!.move();
    }
    return tensorsOf(machine);
  };
  expect(bytes()).toEqual(bytes());
});
