/** What the benchmark of clicks trains: methods with the widths and batches that their authors' code uses, at two sizes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyMethod } from '../../core/method.ts';
import { randomOf } from '../../core/numeric/index.ts';
import { lightGcn } from '../../nodes/backbones/light-gcn.ts';
import { clickLoss } from '../../nodes/estimators/click-loss.ts';
import { macr } from '../../nodes/estimators/macr.ts';
import type { Program } from '../../nodes/learning/declaration.ts';
import type { TrainingRows } from '../../nodes/learning/sampling/samplers.ts';

export const sizes = {
  adressa: { users: 13_485, items: 744, clicks: 113_345, batch: 1024 },
  gowalla: { users: 29_858, items: 40_981, clicks: 1_030_000, batch: 4096 },
} as const;
export type Size = keyof typeof sizes;
const graph = { backbone: lightGcn({ start: 'xavier' }) };
const made = {
  mf: (batch: number) => clickLoss.with({ batch }),
  lightgcn: (batch: number) => clickLoss.with({ batch, ...graph }),
  'macr-mf': (batch: number) => macr.with({ batch }),
  'macr-lightgcn': (batch: number) => macr.with({ batch, alpha: 1e-2, ...graph }),
} as const;
export type Method = keyof typeof made;
export const methods = Object.keys(made) as readonly Method[];

const chosen = (method: Method, size: Size): AnyMethod => made[method](sizes[size].batch);
export const settingsOf = (method: Method, size: Size) =>
  chosen(method, size).settings as Readonly<Record<string, unknown>>;
export function programOf(method: Method, size: Size): Program {
  const of = chosen(method, size);
  return (of.build as (settings: object, parts: object) => Program)(of.settings, of.parts);
}

/** Rows of a user and of an item in a file whose lines are a user and that user's items. */
export function clicksIn(file: string): Pick<TrainingRows, 'user' | 'item'> {
  const lists = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(' ').filter(Boolean).map(Number));
  const pairs = lists.flatMap(([user, ...items]) => items.map((item) => [user as number, item] as const));
  return { user: Uint32Array.from(pairs, ([user]) => user), item: Uint32Array.from(pairs, ([, item]) => item) };
}

/** Adressa itself where its file is at hand; otherwise, and for the larger size, clicks of a made-up crowd. */
export const rowsOf = (size: Size): TrainingRows => (size === 'adressa' && adressaFile() ? adressa() : crowd(size));
export const isReal = (size: Size): boolean => size === 'adressa' && adressaFile() !== undefined;

function adressaFile(): string | undefined {
  const folder = process.env.COUNTERPOISE_DATA ?? fileURLToPath(new URL('../shared/data', import.meta.url));
  const file = join(folder, 'adressa/train.txt');
  return existsSync(file) ? file : undefined;
}
function adressa(): TrainingRows {
  const { users, items } = sizes.adressa;
  return { users, items, ...clicksIn(adressaFile() as string), columns: {} };
}

/** No pair twice; activity and popularity fall off as powers, so that few items hold most of the clicks. */
function crowd(size: Size): TrainingRows {
  const { users, items, clicks } = sizes[size];
  const random = randomOf(`bench/clicks/${size}`);
  const seen = new Set<number>();
  while (seen.size < clicks)
    seen.add(Math.floor(users * random.uniform() ** 2) * items + Math.floor(items * random.uniform() ** 2.5));
  const pairs = Float64Array.from(seen).sort();
  return {
    users,
    items,
    user: Uint32Array.from(pairs, (pair) => Math.floor(pair / items)),
    item: Uint32Array.from(pairs, (pair) => pair % items),
    columns: {},
  };
}
