/** What the training benchmark trains: methods with the widths and batches that their pipelines store, at two sizes. */
import type { AnyMethod } from '../../core/method.ts';
import { randomOf } from '../../core/numeric/index.ts';
import { type Program, program } from '../../nodes/learning/declaration.ts';
import { logisticLoss } from '../../nodes/learning/expression/losses.ts';
import type { TrainingRows } from '../../nodes/learning/sampling/samplers.ts';
import { plateau } from '../../nodes/learning/settings.ts';
import { drJl } from '../../pipelines/dt/dr-jl.ts';
import { dtDr, dtIps } from '../../pipelines/dt/dt.ts';
import { esmm } from '../../pipelines/dt/esmm.ts';
import { ips } from '../../pipelines/dt/ips.ts';
import { mf } from '../../pipelines/dt/mf.ts';

export const sizes = {
  coat: { users: 290, items: 300, ratings: 6_960 },
  yahoo: { users: 15_400, items: 1_000, ratings: 311_704 },
} as const;
export type Size = keyof typeof sizes;

const pipelines = { mf, ips, 'dr-jl': drJl, esmm, 'dt-ips': dtIps, 'dt-dr': dtDr } as const;
export type Method = keyof typeof pipelines | 'mf-64' | 'mf-lazy';
export const methods = Object.keys(pipelines) as readonly (keyof typeof pipelines)[];

/** The settings of a method's model, after defaults. */
export function settingsOf(method: Method, size: Size): Readonly<Record<string, unknown>> {
  if (method === 'mf-64' || method === 'mf-lazy') return { ...settingsOf('mf', size), width: 64, batch: 2048 };
  return chosen(method, size).settings as Readonly<Record<string, unknown>>;
}
function chosen(method: keyof typeof pipelines, size: Size): AnyMethod {
  const { steps, settings } = pipelines[method].graph;
  const of = (steps as Readonly<Record<string, { node: unknown }>>).model!.node as { method: AnyMethod };
  const stored = (settings as Readonly<Record<string, { model?: object }>>)[size]?.model ?? {};
  return (of.method as unknown as { with: (patch: object) => AnyMethod }).with(stored);
}

export function programOf(method: Method, size: Size): Program {
  if (method === 'mf-64' || method === 'mf-lazy') return factorisation(method, size);
  const of = chosen(method, size);
  return (of.build as (settings: object, parts: object) => Program)(of.settings, of.parts);
}
function factorisation(method: 'mf-64' | 'mf-lazy', size: Size): Program {
  const s = settingsOf(method, size) as { width: number; batch: number; rate: number; l2: number } & Parameters<
    typeof plateau
  >[0];
  const start = { normal: 1 } as const;
  return program({
    tables: { P: { rows: 'user', width: s.width, start }, Q: { rows: 'item', width: s.width, start } },
    scores: { z: { dot: ['P', 'Q'] } },
    streams: { B: { draw: 'observed', batch: s.batch } },
    groups: {
      all: { own: ['P', 'Q'], rate: s.rate, ...(method === 'mf-lazy' ? { by: 'adam-lazy' as const } : { l2: s.l2 }) },
    },
    batch: ({ score, column, mean }) => [{ loss: mean('B', logisticLoss(score('z'), column('y'))), move: ['all'] }],
    stop: plateau(s),
    serve: ({ score }) => score('z').sigmoid(),
  });
}

/** Ratings of made-up users and items, no pair twice, that factors of width 4 could explain; weights between 1 and 20. */
export function ratingsOf(size: Size): TrainingRows {
  const { users, items, ratings } = sizes[size];
  const random = randomOf(`bench/training/${size}`);
  const seen = new Set<number>();
  while (seen.size < ratings) seen.add(random.below(users * items));
  const pairs = Uint32Array.from(seen).sort();
  const [p, q] = [users, items].map((rows) => Float32Array.from({ length: rows * 4 }, () => random.normal()));
  const user = pairs.map((pair) => Math.floor(pair / items));
  const item = pairs.map((pair) => pair % items);
  const y = Float32Array.from(user, (u, r) => {
    let z = 0;
    for (let k = 0; k < 4; k++) z += p![u * 4 + k]! * q![item[r]! * 4 + k]!;
    return random.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  });
  return {
    users,
    items,
    user,
    item,
    columns: { y, w: Float32Array.from(y, () => 1 / (0.05 + 0.95 * random.uniform())) },
  };
}
