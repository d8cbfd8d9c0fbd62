import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../compose.ts';
import type { AnyProtocol } from '../../core/index.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { memoryStore } from '../../core/testing/index.ts';
import { floorRandom } from '../../pipelines/floors.ts';
import { coat5590 } from '../../pipelines/protocols/coat-5-5-90.ts';
import { coatDt } from '../../pipelines/protocols/coat-dt.ts';
import { coatIdcf } from '../../pipelines/protocols/coat-idcf.ts';
import { ml100k } from '../../pipelines/protocols/ml-100k.ts';
import { ml100kTemporal } from '../../pipelines/protocols/ml-100k-temporal.ts';
import { simulation } from '../../pipelines/protocols/simulation.ts';
import { run } from '../../run.ts';

const data = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const lacks = { coat: !existsSync(join(data, 'coat')), movielens: !existsSync(join(data, 'ml-100k/u.data')) };
for (const [name, gone] of Object.entries(lacks))
  if (gone) console.warn(`${name} is not in the data folder (COUNTERPOISE_DATA): its protocols are not tested`);

let workshop: OpenWorkshop;
beforeAll(async () => {
  workshop = await openWorkshop({ store: memoryStore(), jobs: 0, data });
});
afterAll(() => workshop.close());

interface Part {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rating: Float32Array;
  readonly time?: BigInt64Array;
}
/** What a protocol gives for a role, after a run of the cheapest pipeline on it. */
async function rolesOf(protocol: AnyProtocol, seed = 0): Promise<(role: string) => Part> {
  const outputs = (await run(closeChecked(floorRandom, protocol) as never, { workshop, seed })) as Record<
    string,
    Record<string, Part>
  >;
  return (role) => {
    const [step, port] = (protocol.roles[role]?.from ?? '').split('.') as [string, string];
    return outputs[`data.${step}`]?.[port] as Part;
  };
}
const rows = (part: Part) => part.user.length;
const share = (part: Part) => part.rating.reduce((a, b) => a + b, 0) / rows(part);
const pairs = (part: Part) => new Set(part.user.map((u, row) => u * 100_000 + part.item[row]!));

describe.skipIf(lacks.coat)('protocols on Coat', () => {
  test('coat-dt learns from the whole log and leaves the uniform set whole, positive from 3 on', async () => {
    const role = await rolesOf(coatDt);
    expect([rows(role('train')), rows(role('test')), rows(role('candidates'))]).toEqual([6960, 4640, 4640]);
    expect([...new Set(role('test').rating)].sort()).toEqual([0, 1]);
    expect(share(role('train'))).toBeGreaterThan(share(role('test')));
  });
  test('coat-5-5-90 divides the uniform set under its budget, by the seed', async () => {
    const role = await rolesOf(coat5590);
    expect(['uniform', 'validation', 'test'].map((name) => rows(role(name)))).toEqual([232, 232, 4176]);
    const all = ['uniform', 'validation', 'test'].flatMap((name) => [...pairs(role(name))]);
    expect(new Set(all).size).toBe(4640);
    const other = await rolesOf(coat5590, 1);
    expect(pairs(other('uniform'))).not.toEqual(pairs(role('uniform')));
  });
});

/** The validation users of the code of Zhang et al. 2023 (KDD) on Coat. */
const idcfValidation =
  '0 3 4 10 14 16 18 28 30 34 37 38 41 45 47 50 53 55 62 70 72 76 78 81 82 84 85 86 89 96 103 105 107 109 113 116 118 120 121 128 133 135 139 143 151 152 154 158 159 171 172 174 175 177 178 183 184 195 197 204 211 218 223 226 229 231 233 235 236 240 243 246 248 249 250 251 253 258 261 263 270 277 279 282 284 285 289';

describe.skipIf(lacks.coat)('coat-idcf', () => {
  test('divides the users of the uniform ratings as published code does, whatever the seed', async () => {
    const role = await rolesOf(coatIdcf);
    const users = (name: string) => [...new Set(role(name).user)];
    expect(users('validation').join(' ')).toBe(idcfValidation);
    expect(['train', 'validation', 'test'].map((name) => rows(role(name)))).toEqual([6960, 1392, 3248]);
    const other = await rolesOf(coatIdcf, 1);
    expect([...other('test').user]).toEqual([...role('test').user]);
  });
  test('calls ratings from 4 on positive: 1,905 in train, 233 of 70 users to validate, 627 of 167 users to test', async () => {
    const role = await rolesOf(coatIdcf);
    const positives = (part: Part) => part.rating.reduce((a, b) => a + b, 0);
    const liking = (part: Part) => new Set(part.user.filter((_, row) => part.rating[row] === 1)).size;
    expect(['train', 'validation', 'test'].map((name) => positives(role(name)))).toEqual([1905, 233, 627]);
    expect([liking(role('validation')), liking(role('test'))]).toEqual([70, 167]);
  });
});

describe.skipIf(lacks.movielens)('protocols on MovieLens 100K', () => {
  test("ml-100k tests a fifth of each user's ratings and knows every user", async () => {
    const role = await rolesOf(ml100k);
    expect(rows(role('train')) + rows(role('test'))).toBe(100_000);
    expect(Math.abs(rows(role('test')) - 20_000)).toBeLessThan(500);
    expect(new Set(role('train').user).size).toBe(943);
    expect(share(role('train'))).toBeCloseTo(0.5538, 2);
  });
  test('ml-100k-temporal learns nothing of the future', async () => {
    const role = await rolesOf(ml100kTemporal);
    const times = (part: Part) => [...(part.time as BigInt64Array)].sort((a, b) => (a < b ? -1 : 1));
    expect(times(role('train')).at(-1)! < times(role('test'))[0]!).toBe(true);
    expect(Math.abs(rows(role('test')) - 20_000)).toBeLessThan(200);
  });
});

test('the simulation tests on uniform ratings, and gives the true propensities of the rows of train', async () => {
  const role = await rolesOf(simulation);
  expect(rows(role('test'))).toBe(8000);
  expect([...role('truth').user]).toEqual([...role('train').user]);
  expect([...role('truth').item]).toEqual([...role('train').item]);
  expect(share(role('train'))).toBeGreaterThan(share(role('test')));
});
