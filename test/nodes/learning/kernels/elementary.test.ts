import { expect, test } from 'vitest';
import * as elementary from '../../../../nodes/learning/kernels/elementary.ts';
import { compiledEngine, Layout } from './twins.ts';

const count = 1 << 18;
const layout = new Layout();
const x = layout.takeFloats(count);
const y = layout.takeFloats(count);
const arena = compiledEngine.arena(layout.bytes);
const { floats, ids } = layout.build(arena.buffer);
const kernels = arena.kernels({ floats, ids });

/** Every finite magnitude is met: the bit patterns are walked with a stride that is odd. */
function walk(from: number, to: number) {
  const [low, high] = [from, to].map((v) => new Uint32Array(new Float32Array([v]).buffer)[0]!);
  const step = Math.max(1, Math.floor((high! - low!) / count)) | 1;
  for (let i = 0; i < count; i++) ids[x + i] = low! + ((i * step) % (high! - low! + 1));
}
/** Distance in units of the last place of the exact value; what is below the normal numbers counts in their last place. */
function ulps(got: number, exact: number): number {
  if (Object.is(got, exact) || got === exact || (Number.isNaN(got) && Number.isNaN(exact))) return 0;
  if (Math.fround(exact) === got) return 0;
  const size = Math.max(Math.abs(exact), 2 ** -126);
  return Math.abs(got - exact) / 2 ** (Math.floor(Math.log2(size)) - 23);
}
const functions: readonly [
  name: string,
  run: (n: number) => void,
  exact: (v: number) => number,
  limit: number,
  ranges: readonly (readonly [number, number])[],
][] = [
  [
    'exp',
    (n) => kernels.exp(x, y, n),
    Math.exp,
    2,
    [
      [0, 88.7],
      [-0, -103],
    ],
  ],
  [
    'log',
    (n) => kernels.log(x, 0, y, n),
    Math.log,
    2,
    [
      [2 ** -149, 3e38],
      [0.5, 2],
    ],
  ],
  [
    'sigmoid',
    (n) => kernels.sigmoid(x, y, n),
    (v) => 1 / (1 + Math.exp(-v)),
    3,
    [
      [0, 100],
      [-0, -87],
    ],
  ],
  [
    'softplus',
    (n) => kernels.softplus(x, y, n),
    (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
    3,
    [
      [0, 100],
      [-0, -87],
    ],
  ],
  [
    'tanh',
    (n) => kernels.tanh(x, y, n),
    Math.tanh,
    3,
    [
      [0, 50],
      [-0, -50],
    ],
  ],
];

for (const [name, run, exact, limit, ranges] of functions)
  test(`${name} is within ${limit} units in the last place of the exact value`, () => {
    for (const [from, to] of ranges) {
      walk(from, to);
      run(count);
      let worst = 0;
      let where = 0;
      for (let i = 0; i < count; i++) {
        const off = ulps(floats[y + i]!, exact(floats[x + i]!));
        if (!(off <= worst)) [worst, where] = [off, floats[x + i]!];
      }
      expect(worst, `worst at ${where}`).toBeLessThanOrEqual(limit);
    }
  });

const special = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  2 ** -149,
  -(2 ** -149),
  1e-30,
  89,
  104,
  -89,
  -104.5,
  -200,
  3e38,
  -3e38,
];
for (const [name, run, exact] of functions)
  test(`${name} of NaN, infinities, zeros and extreme numbers is what Math gives in 32 bits`, () => {
    // three at a time, so that whole vectors and tails both meet each value
    special.forEach((v, i) => {
      for (let c = 0; c < 7; c++) floats[x + c] = c % 2 === 0 ? v : special[(i + c) % special.length]!;
      run(7);
      for (let c = 0; c < 7; c++) {
        const at = floats[x + c]!;
        const [got, want] = [floats[y + c]!, Math.fround(exact(at))];
        const close =
          Object.is(got, want) ||
          got === want ||
          Math.abs(got - want) <= 4e-7 * Math.abs(want) ||
          (Math.abs(want) < 2 ** -126 && Math.abs(got - want) <= 2 ** -147);
        if (!close) expect(got, `${name}(${at})`).toBe(want);
      }
    });
  });

test('the twin is within a billionth of Math', () => {
  const pairs = [
    [elementary.exp, Math.exp],
    [elementary.sigmoid, (v: number) => 1 / (1 + Math.exp(-v))],
    [elementary.softplus, (v: number) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))],
    [elementary.tanh, Math.tanh],
  ] as const;
  for (const [own, exact] of pairs)
    for (let v = -60; v <= 60; v += 0.0137)
      if (!(Math.abs(own(v) - exact(v)) <= 1e-9 * Math.abs(exact(v)))) expect(own(v), `at ${v}`).toBe(exact(v));
  for (let v = 1e-6; v < 1e6; v *= 1.01)
    if (!(Math.abs(elementary.log(v) - Math.log(v)) <= 1e-9 * Math.abs(Math.log(v)) + 1e-15))
      expect(elementary.log(v), `at ${v}`).toBe(Math.log(v));
});
