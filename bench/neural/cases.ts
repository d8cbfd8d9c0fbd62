/** Sizes that both sides train: the iVAE of Coat, and a wider VAE whose products weigh more than its many small steps. */
import { randomOf } from '../../core/numeric/index.ts';
import type { ExposureData } from '../../nodes/exposure/data.ts';
import { matrixOf } from '../../nodes/exposure/data.ts';

export const sizes = {
  coat: { users: 290, train: 232, items: 300, proxies: 14, perUser: 24, size: 16, hidden: 32, layers: 3, batch: 232 },
  wide: { users: 640, train: 512, items: 1000, proxies: 0, perUser: 40, size: 64, hidden: 256, layers: 2, batch: 512 },
} as const;
export type Size = keyof typeof sizes;
export const epochsOfFit = 200;

/** Made-up exposure of the size: popular items more often, four features a user. */
export function dataOf(size: Size): ExposureData {
  const { users, items, proxies, perUser } = sizes[size];
  const rng = randomOf(`bench/${size}`);
  const row: number[] = [];
  const column: number[] = [];
  for (let user = 0; user < users; user++)
    for (let n = 0; n < perUser; n++) {
      row.push(user);
      column.push(Math.floor(items * rng.uniform() ** 2));
    }
  const exposed = { row: Uint32Array.from(row), column: Uint32Array.from(column) };
  const known = { row: new Uint32Array(users * 4), column: new Uint32Array(users * 4) };
  for (let at = 0; at < known.row.length; at++) {
    known.row[at] = at >> 2;
    known.column[at] = proxies === 0 ? 0 : rng.below(proxies);
  }
  return {
    users,
    items,
    exposed: matrixOf(exposed, users, items, 'exposure'),
    proxies: proxies === 0 ? undefined : matrixOf(known, users, proxies, 'proxies'),
    given: undefined,
  };
}
