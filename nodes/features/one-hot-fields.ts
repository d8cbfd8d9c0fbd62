import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Features, Shape } from '../ports.ts';
import { levelsOf } from './field-levels.ts';

/**
 * User features as they come, once it is sure that they have the fields that a method was told of: a method with a table a field
 * would otherwise read the levels of one field as those of another.
 *
 * @throws Problem bad-data for a feature outside of the fields, a user outside of the shape, or a user without a level in a field
 */
export const oneHotFields = node('features/one-hot-fields', {
  doc: 'Checks that every user has a level in each of the fields of features that a method is told of.',
  in: { userFeatures: Features, shape: Shape },
  out: { userFeatures: Features },
  config: z.strictObject({
    fields: z
      .array(z.number().int().positive())
      .min(1)
      .describe('levels of each field, whose features are numbered field by field'),
  }),
  weight: 'light',
  run({ userFeatures, shape }, { fields }) {
    levelsOf(userFeatures, fields, shape.users);
    return { userFeatures };
  },
});
