import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { ImputedLabel } from '../learning/composition.ts';
import { Prior } from '../ports.ts';

/** The same imputed label for every pair: the share of positives at port `prior`. */
export const priorLabel = part('imputing/prior-label', {
  slot: 'imputation',
  doc: 'A constant imputed label: the share of positives from another step.',
  in: { prior: Prior },
  config: z.strictObject({}),
  build: (): ImputedLabel => ({
    givens: { prior: { port: 'prior', field: 'positive' } },
    of: ({ given }) => given('prior'),
  }),
});
