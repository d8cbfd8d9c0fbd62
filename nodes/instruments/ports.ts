/** What the instrument stage gives and reads. */
import { z } from 'zod';
import { tensors } from '../../core/index.ts';

/**
 * Instruments of items: for each column n of them the f32 tensors `Z<n>` (items x width, the column as it was made) and `Q<n>`
 * (items x width, an orthonormal basis of the columns of each item; zeros where a column depends on the ones before it).
 */
export const Instruments = tensors(z.looseObject({ columns: z.number().int().positive() }));

/**
 * Treatments of items and what 2SLS makes of them, each an f32 tensor of items x width: `original` (T), `fitted` (its projection
 * on the instruments), `residual` (the rest) and `reconstructed` = weight of the fitted part x fitted + weight of the residual x
 * residual; and `weights`, items x 2.
 */
export const Treatments = tensors(z.looseObject({}));
