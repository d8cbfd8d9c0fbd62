/** What the instrument stage gives and reads. */
import { z } from 'zod';
import { tensors } from '../../core/index.ts';

/** Whose instruments or treatments a row of the tensors holds. */
const of = z.enum(['items', 'users']);

/**
 * Instruments of items, or of users: for each column n of them the f32 tensors `Z<n>` (rows x width, the column as it was made) and
 * `Q<n>` (rows x width, an orthonormal basis of the columns of each row; zeros where a column depends on the ones before it).
 */
export const Instruments = tensors(z.looseObject({ columns: z.number().int().positive(), of }));

/**
 * Treatments of items and what 2SLS makes of them, each an f32 tensor of items x width: `original` (T), `fitted` (its projection
 * on the instruments), `residual` (the rest) and `reconstructed` = weight of the fitted part x fitted + weight of the residual x
 * residual; and `weights`, items x 2. Where users have the instruments, an item's treatment is another one for each of them: a row
 * is then the mean over the items of a user, and there are no `weights`.
 */
export const Treatments = tensors(z.looseObject({ of }));
