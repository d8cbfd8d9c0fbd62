/** A small data set and a machine on it, with gradients against finite differences. */
import type { AnyMethod } from '../../../core/method.ts';
import { randomOf } from '../../../core/numeric/index.ts';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { bind } from '../../../nodes/learning/machine/bind.ts';
import type { BindOptions, Machine } from '../../../nodes/learning/machine/machine.ts';
import type { TrainingRows } from '../../../nodes/learning/sampling/samplers.ts';

export const users = 5;
export const items = 4;

/** Observed pairs with labels, some weights, and a second column. */
export function toyRows(observed = 12): TrainingRows {
  const random = randomOf('toy');
  const pairs = [...random.permutation(users * items).subarray(0, observed)].sort((a, b) => a - b);
  return {
    users,
    items,
    user: Uint32Array.from(pairs, (pair) => Math.floor(pair / items)),
    item: Uint32Array.from(pairs, (pair) => pair % items),
    columns: {
      y: Float32Array.from(pairs, () => (random.uniform() < 0.5 ? 1 : 0)),
      w: Float32Array.from(pairs, () => 1 + 8 * random.uniform()),
    },
  };
}

export const bound = (program: Program, options: Partial<BindOptions> = {}, rows = toyRows()): Machine =>
  bind(program, rows, { precision: 'f64', random: randomOf('bench'), ...options });

/** Draws the first batch of every stream. */
export function draw(machine: Machine, step = 0, epoch = 0): void {
  for (const sampler of machine.samplers) {
    sampler.startEpoch(epoch);
    sampler.draw(step);
  }
}

/** Entries of a table or parameter, without padding. */
export function entriesOf(machine: Machine, name: string): readonly number[] {
  const { values, rows, stride, declaration } = machine.tables.get(name)!;
  return Array.from({ length: rows * declaration.width }, (_, n) => {
    const row = Math.floor(n / declaration.width);
    return values + row * stride + (n % declaration.width);
  });
}
export const valuesOf = (machine: Machine, name: string): number[] =>
  entriesOf(machine, name).map((at) => machine.memory.floats[at] as number);

/** The gradient that a step leaves on a table, for the batch that was drawn. */
export function gradientOf(machine: Machine, step: number, name: string): number[] {
  const { values, gradient } = machine.tables.get(name)!;
  for (const table of machine.tables.values())
    machine.memory.floats.fill(0, table.gradient, table.gradient + table.count);
  machine.steps[step]!.gradient();
  return entriesOf(machine, name).map((at) => machine.memory.floats[at - values + gradient] as number);
}

/** d(loss)/d(entry) by the four-point central difference. */
export function differencesOf(machine: Machine, step: number, name: string): number[] {
  const { floats } = machine.memory;
  const h = 1e-3;
  return entriesOf(machine, name).map((at) => {
    const old = floats[at] as number;
    const loss = (shift: number) => {
      floats[at] = old + shift;
      machine.steps[step]!.gradient();
      return machine.steps[step]!.loss();
    };
    const slope = (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * h);
    floats[at] = old;
    return slope;
  });
}

/** The largest gap between gradient and finite difference, relative to the largest slope. */
export function gapOf(machine: Machine, step: number, name: string): number {
  const slopes = differencesOf(machine, step, name);
  const gradient = gradientOf(machine, step, name);
  const scale = Math.max(1e-3, ...slopes.map(Math.abs));
  return Math.max(...slopes.map((slope, n) => Math.abs(slope - (gradient[n] as number)) / scale));
}

/** What a method trains. */
export const programOf = (method: AnyMethod): Program =>
  (method.build as (settings: object, parts: object) => Program)(method.settings, method.parts);
