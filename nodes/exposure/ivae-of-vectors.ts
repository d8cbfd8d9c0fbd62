import { z } from 'zod';
import { node, Problem, type View } from '../../core/index.ts';
import { Features, type Shape } from '../ports.ts';
import { type DenseRows, matrixOf, proxiesOf } from './data.ts';
import { fit, fitOutputs, fitServices } from './fit.ts';
import { identifiableSettings } from './ivae.ts';
import { exposed, UserVectors } from './ports.ts';

/**
 * `exposure/ivae` whose encoder sees another vector of the user in place of the exposure, such as interactions that an
 * instrument has rebuilt; what the decoder has to explain is the exposure all the same.
 */
export const ivaeOfVectors = node('exposure/ivae-of-vectors', {
  doc: 'Latent confounders of exposure, identified by proxies, encoded from given vectors of the users.',
  source: 'Deng et al. 2024 (IViDR), eqs 10-16: the encoder of reconstructed interactions',
  in: { ...exposed, proxies: Features, vectors: UserVectors },
  out: fitOutputs,
  config: z.strictObject(identifiableSettings),
  use: fitServices,
  run: ({ exposure, shape, heldOut, proxies, vectors }, config, services) =>
    fit(
      {
        users: shape.users,
        items: shape.items,
        exposed: matrixOf({ row: exposure.user, column: exposure.item }, shape.users, shape.items, 'exposure'),
        proxies: proxiesOf(proxies, shape),
        given: rowsOf(vectors, shape),
      },
      heldOut,
      config,
      services,
    ),
});

/** @throws Problem bad-data when there is not one row a user, or an entry is not finite */
function rowsOf({ tensors: { rows } }: View<typeof UserVectors>, { users }: Shape): DenseRows {
  const [count, columns] = rows?.shape ?? [];
  if (rows === undefined || count !== users || columns === undefined || rows.shape.length !== 2)
    throw new Problem('bad-data', `'vectors' holds ${rows ? rows.shape.join(' x ') : 'no rows'} for ${users} users`, {
      hint: 'the tensor `rows` has one row a user',
    });
  const bad = rows.data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new Problem('bad-data', `'vectors' holds ${rows.data[bad]} in row ${Math.floor(bad / columns)}`);
  return { columns, values: rows.data };
}
