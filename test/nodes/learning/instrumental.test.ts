import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { instrumental } from '../../../nodes/estimators/instrumental.ts';
import { orthonormal } from '../../../nodes/instruments/projection.ts';
import { bound, draw, gapOf, gradientOf, items, programOf, toyRows, users, valuesOf } from './bench.ts';

const width = 5;
const columns = 2;
const counts = { items, users };
type Of = keyof typeof counts;

/** Instruments of every item or user, and their bases. */
function instrumentsOf(of: Of) {
  const random = randomOf(`instruments of ${of}`);
  const rows = counts[of];
  const [Z, Q] = [0, 1].map(() => Array.from({ length: columns }, () => new Float32Array(rows * width)));
  for (let r = 0; r < rows; r++) {
    const made = Array.from({ length: columns }, () => Float64Array.from({ length: width }, () => random.normal()));
    orthonormal(made).forEach((direction, n) => {
      Z![n]!.set(made[n]!, r * width);
      Q![n]!.set(direction, r * width);
    });
  }
  const named = (name: string, tables: readonly Float32Array[]) =>
    tables.map((data, n) => [`${name}${n}`, { shape: [rows, width], data }] as const);
  return { head: { columns, of }, tensors: Object.fromEntries([...named('Z', Z!), ...named('Q', Q!)]) };
}
const machineOf = (of: Of, settings: object) => {
  const program = programOf(instrumental.with({ width, columns, hidden: 4, batch: 12, of, ...settings }));
  const machine = bound(program, { inputs: { instruments: { model: instrumentsOf(of) } } });
  // tables start near 0, where every score is flat
  const random = randomOf('wide');
  for (const { declaration, values, rows, stride } of machine.tables.values())
    if (!('given' in declaration.start))
      for (let r = 0; r < rows; r++)
        for (let k = 0; k < declaration.width; k++) machine.memory.floats[values + r * stride + k] = random.normal();
  draw(machine);
  return machine;
};

describe.each(['items', 'users'] as const)('factorisation with instruments of %s', (of) => {
  test.each(['bounded', 'sigmoid', 'softmax', 'fixed'] as const)(
    'has the gradient of finite differences, and leaves instruments where they are (weights %s)',
    (weights) => {
      const machine = machineOf(of, { weights });
      const moving = [...machine.tables.keys()].filter((name) => !/^[QZ]\d/.test(name));
      expect(moving.length).toBe(weights === 'fixed' ? 4 : 12);
      for (const table of moving) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
      for (let n = 0; n < columns; n++) expect(new Set(gradientOf(machine, 0, `Q${n}`))).toEqual(new Set([0]));
    },
  );

  test("scores p . (a Q Q' T + b (T - Q Q' T)) and the biases", () => {
    const [a, b] = [0.4, 1.7];
    const machine = machineOf(of, { weights: 'fixed', fitted: a, residual: b });
    const { tensors } = instrumentsOf(of);
    const [P, T, bu, bi] = ['P', 'T', 'bu', 'bi'].map((name) => valuesOf(machine, name)) as [
      number[],
      number[],
      number[],
      number[],
    ];
    const { user, item, columns: labels } = toyRows();
    let loss = 0;
    for (let n = 0; n < user.length; n++) {
      const [u, i] = [user[n] as number, item[n] as number];
      const t = T.slice(i * width, (i + 1) * width);
      const owner = of === 'items' ? i : u;
      const fit = Array(width).fill(0);
      for (let c = 0; c < columns; c++) {
        const q = tensors[`Q${c}`]!.data.subarray(owner * width, (owner + 1) * width);
        const along = t.reduce((sum, x, k) => sum + x * q[k]!, 0);
        for (let k = 0; k < width; k++) fit[k] += along * q[k]!;
      }
      const score = t.reduce((sum, x, k) => sum + P[u * width + k]! * (a * fit[k] + b * (x - fit[k])), bu[u]! + bi[i]!);
      loss += (score - (labels.y![n] as number)) ** 2 / user.length;
    }
    machine.steps[0]!.gradient();
    expect(machine.steps[0]!.loss()).toBeCloseTo(loss, 6);
  });
});
