import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { runNode } from '../../../core/testing/index.ts';
import { firstComponent } from '../../../nodes/instruments/first-component.ts';
import { reconstructedInteractions } from '../../../nodes/instruments/interactions.ts';
import { orthonormal, projected } from '../../../nodes/instruments/projection.ts';
import { twoStage } from '../../../nodes/instruments/two-stage.ts';
import { twoStageOfUsers } from '../../../nodes/instruments/two-stage-of-users.ts';
import { userFeatureInstruments } from '../../../nodes/instruments/user-features.ts';

const random = randomOf('instruments');
const vector = (length: number) => Float64Array.from({ length }, () => random.normal());
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, k) => sum + x * b[k]!, 0);
const minus = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (x, k) => x - b[k]!);

describe('the projection on instruments', () => {
  test('leaves a rest that is orthogonal to it, and projecting twice changes nothing', () => {
    const basis = orthonormal([vector(9), vector(9), vector(9)]);
    const h = vector(9);
    const fit = projected(h, basis);
    expect(dot(fit, minus(h, fit))).toBeCloseTo(0, 12);
    projected(fit, basis).forEach((x, k) => {
      expect(x).toBeCloseTo(fit[k]!, 12);
    });
  });

  test('is that of the least squares fit: the rest is orthogonal to every column', () => {
    const columns = [vector(7), vector(7)];
    const h = vector(7);
    const rest = minus(h, projected(h, orthonormal(columns)));
    for (const column of columns) expect(dot(rest, column)).toBeCloseTo(0, 12);
  });

  test('works with columns that depend on each other, wherever they stand', () => {
    const [a, b] = [vector(6), vector(6)];
    const twice = a.map((x) => 2 * x);
    const h = vector(6);
    const fit = projected(h, orthonormal([a, b]));
    for (const columns of [
      [a, twice, b],
      [new Float64Array(6), a, b, a.map((x, k) => x - 3 * b[k]!)],
    ]) {
      const basis = orthonormal(columns);
      expect(basis.filter((direction) => dot(direction, direction) > 0)).toHaveLength(2);
      projected(h, basis).forEach((x, k) => {
        expect(x).toBeCloseTo(fit[k]!, 10);
      });
    }
  });

  test('takes everything where there are as many columns as entries, and nothing without columns', () => {
    const h = vector(3);
    const all = projected(h, orthonormal([vector(3), vector(3), vector(3), vector(3)]));
    for (const x of minus(h, all)) expect(x).toBeCloseTo(0, 12);
    expect([...projected(h, [])]).toEqual([0, 0, 0]);
  });
});

/** Four users in two fields (2 and 3 levels), five items; nobody has seen item 4. */
const shape = { users: 4, items: 5 };
const log = { user: Uint32Array.of(0, 1, 2, 3, 0, 2, 0), item: Uint32Array.of(0, 0, 1, 1, 2, 3, 3) };
const userFeatures = {
  row: Uint32Array.of(0, 0, 1, 1, 2, 2, 3, 3),
  feature: Uint32Array.of(0, 2, 1, 3, 0, 4, 1, 2),
  value: new Float32Array(8).fill(1),
};
const width = 6;
const instrumented = () => runNode(userFeatureInstruments, { log, userFeatures, shape }, { fields: [2, 3], width });
const treatmentOf = () => Float32Array.from({ length: shape.items * width }, () => random.normal());
const row = (data: ArrayLike<number>, item: number) => Array.from(data).slice(item * width, (item + 1) * width);

describe('instruments of items', () => {
  test('are means over the users who interacted with them, and zero where nobody did', async () => {
    const { tensors } = (await instrumented()).instruments;
    const Z = (f: number, item: number) => row(tensors[`Z${f}`]!.data as Float32Array, item);
    // items 0 and 1 have one user of each level of the first field
    Z(0, 0).forEach((x, k) => {
      expect(x).toBeCloseTo(Z(0, 1)[k]!, 6);
    });
    // item 3 has users 2 and 0, both of level 0, which is what item 2 has with user 0 alone
    Z(0, 3).forEach((x, k) => {
      expect(x).toBeCloseTo(Z(0, 2)[k]!, 6);
    });
    expect(Z(1, 4)).toEqual(Array(width).fill(0));
  });

  test("of users are the embeddings of their own levels, from which those of an item's users are averaged", async () => {
    const ofItems = (await instrumented()).instruments;
    const { instruments } = await runNode(
      userFeatureInstruments,
      { log, userFeatures, shape },
      { fields: [2, 3], width, of: 'users' },
    );
    const own = (u: number) => row(instruments.tensors.Z0!.data as Float32Array, u);
    expect(instruments.tensors.Z0!.shape).toEqual([4, width]);
    expect(own(0)).toEqual(own(2));
    expect(own(0)).not.toEqual(own(1));
    row(ofItems.tensors.Z0!.data as Float32Array, 0).forEach((x, k) => {
      expect(x).toBeCloseTo((own(0)[k]! + own(1)[k]!) / 2, 6);
    });
  });

  test('are refused without one-hot features in every field', async () => {
    await expect(
      runNode(userFeatureInstruments, { log, userFeatures, shape }, { fields: [2, 2], width }),
    ).rejects.toThrow('feature 4 of user 2 lies outside of the fields or the users');
    const missing = { row: Uint32Array.of(0), feature: Uint32Array.of(0), value: Float32Array.of(1) };
    await expect(
      runNode(userFeatureInstruments, { log, userFeatures: missing, shape }, { fields: [2] }),
    ).rejects.toThrow('user 1 has no level in field 0');
  });
});

describe('two-stage least squares', () => {
  const staged = async (config: object) => {
    const { instruments } = await instrumented();
    const T = treatmentOf();
    const model = { head: { method: {} }, tensors: { T: { shape: [shape.items, width], data: T } } };
    const { treatments } = await runNode(twoStage, { model, instruments, shape }, config as never);
    return { T, tensors: treatments.tensors as Record<string, { data: Float32Array; shape: readonly number[] }> };
  };

  test('cuts every treatment into two orthogonal parts that add up to it, and weighs them', async () => {
    const { T, tensors } = await staged({ weights: 'fixed', fitted: 0.3, residual: 2 });
    for (let item = 0; item < shape.items; item++) {
      const [fit, rest] = [row(tensors.fitted!.data, item), row(tensors.residual!.data, item)];
      expect(dot(fit, rest)).toBeCloseTo(0, 5);
      row(T, item).forEach((t, k) => {
        expect(fit[k]! + rest[k]!).toBeCloseTo(t, 5);
        expect(row(tensors.reconstructed!.data, item)[k]).toBeCloseTo(0.3 * fit[k]! + 2 * rest[k]!, 5);
      });
    }
    expect(row(tensors.fitted!.data, 4)).toEqual(Array(width).fill(0));
  });

  test('with equal weights gives the treatments back, times the weight', async () => {
    const { T, tensors } = await staged({ weights: 'fixed' });
    T.forEach((t, n) => {
      expect(tensors.reconstructed!.data[n]).toBeCloseTo(t, 5);
    });
  });

  test('asks a model for learned weights that it has', async () => {
    await expect(staged({})).rejects.toThrow('the parameters do not say how to score pairs');
  });
});

describe('two-stage least squares with instruments of users', () => {
  const ofUsers = async (config: object, of: 'users' | 'items' = 'users') => {
    const { instruments } = await runNode(
      userFeatureInstruments,
      { log, userFeatures, shape },
      { fields: [2, 3], width, of },
    );
    const T = treatmentOf();
    const model = { head: { method: {} }, tensors: { T: { shape: [shape.items, width], data: T } } };
    const { treatments } = await runNode(twoStageOfUsers, { log, model, instruments, shape }, config as never);
    return { T, instruments, treatments };
  };

  test('gives each user the mean over its items of what is made of them for this user', async () => {
    const { T, instruments, treatments } = await ofUsers({ weights: 'fixed', fitted: 0.3, residual: 2 });
    for (let user = 0; user < shape.users; user++) {
      const basis = [0, 1].map((f) => row(instruments.tensors[`Q${f}`]!.data as Float32Array, user));
      const mine = [...log.item].filter((_, n) => log.user[n] === user);
      const expected = Array(width).fill(0);
      for (const item of mine) {
        const [whole, fit] = [row(T, item), projected(row(T, item), basis)];
        for (let k = 0; k < width; k++) expected[k] += (0.3 * fit[k]! + 2 * (whole[k]! - fit[k]!)) / mine.length;
      }
      row(treatments.tensors.reconstructed!.data as Float32Array, user).forEach((x, k) => {
        expect(x).toBeCloseTo(expected[k], 5);
      });
    }
  });

  test('makes interactions that differ between users with the same items and other features', async () => {
    const twins = { user: Uint32Array.of(0, 0, 1, 1), item: Uint32Array.of(2, 3, 2, 3) };
    const { instruments } = await ofUsers({ weights: 'fixed' });
    const T = { shape: [shape.items, width], data: treatmentOf() };
    const model = { head: { method: {} }, tensors: { T } };
    const rowsBy = async (config: object) => {
      const given = { log: twins, model, instruments, shape };
      const { treatments } = await runNode(twoStageOfUsers, given, config as never);
      const { vectors } = await runNode(reconstructedInteractions, { log: twins, treatments, shape });
      return vectors.tensors.rows!.data as Float32Array;
    };
    const unequal = await rowsBy({ weights: 'fixed', fitted: 2 });
    expect(row(unequal, 0)).not.toEqual(row(unequal, 1));
    // with equal weights nothing is left of the instruments
    const equal = await rowsBy({ weights: 'fixed' });
    row(equal, 0).forEach((x, k) => {
      expect(x).toBeCloseTo(row(equal, 1)[k]!, 5);
      const sum = T.data[2 * width + k]! + T.data[3 * width + k]!;
      expect(x).toBeCloseTo(sum / Math.sqrt(2) + sum / 2, 4);
    });
  });

  test('refuses instruments of items, and a number an item', async () => {
    await expect(ofUsers({ weights: 'fixed' }, 'items')).rejects.toThrow('instruments of items, where those of users');
    const { treatments } = await ofUsers({ weights: 'fixed' });
    await expect(runNode(reconstructedInteractions, { log, treatments, shape }, { design: 'items' })).rejects.toThrow(
      'there is no number an item where treatments depend on the user',
    );
  });
});

describe('rebuilt interactions', () => {
  const tensor = (data: Float32Array) => ({ shape: [shape.items, 2], data });
  const original = Float32Array.of(1, 0, 0, 1, 2, 2, 4, 0, 9, 9);
  const reconstructed = Float32Array.of(1, 1, 1, 1, 0, 0, 3, 3, 9, 9);
  const treatments = {
    head: { of: 'items' as const },
    tensors: { original: tensor(original), reconstructed: tensor(reconstructed) },
  };
  const rowsOf = async (config: object) => {
    const { vectors } = await runNode(reconstructedInteractions, { log, treatments, shape }, config as never);
    return vectors.tensors.rows as { shape: readonly number[]; data: Float32Array };
  };

  test('in the space of treatments are a root mean of T and a mean of T^re over the items of the user', async () => {
    const { shape: dims, data } = await rowsOf({});
    expect(dims).toEqual([4, 2]);
    // user 0 has items 0, 2 and 3
    expect(data[0]).toBeCloseTo((1 + 2 + 4) / Math.sqrt(3) + (1 + 0 + 3) / 3, 5);
    expect(data[1]).toBeCloseTo(2 / Math.sqrt(3) + (1 + 0 + 3) / 3, 5);
  });

  test('over the items are 1 + kappa times a standardised number of the item, at the items of the user alone', async () => {
    const { shape: dims, data } = await rowsOf({ design: 'items', kappa: 0.5 });
    expect(dims).toEqual([4, 5]);
    const s = firstComponent(reconstructed, 5, 2);
    expect(s.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
    expect(s.reduce((a, b) => a + b * b, 0) / 5).toBeCloseTo(1, 12);
    expect(s[4]).toBeGreaterThan(0);
    expect([...data.slice(0, 5)].map((x) => x.toFixed(5))).toEqual(
      [0, 1, 2, 3, 4].map((item) => ([0, 2, 3].includes(item) ? 1 + 0.5 * s[item]! : 0).toFixed(5)),
    );
  });

  test('can be made of any of the parts', async () => {
    const { data } = await rowsOf({ part: 'original' });
    expect(data[0]).toBeCloseTo(7 / Math.sqrt(3) + 7 / 3, 5);
  });
});
