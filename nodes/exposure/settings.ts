/** Settings that all exposure models share; the defaults are those of the shipped Coat model of Zhang et al. 2023. */
import { z } from 'zod';

export const exposureSettings = {
  size: z.number().int().positive().default(16).describe('latent dimensions'),
  hidden: z.number().int().positive().default(32).describe('width of the hidden layers'),
  layers: z.number().int().positive().default(3).describe('linear layers in each network'),
  rate: z.number().positive().default(1e-3).describe("Adam's learning rate"),
  l2: z
    .number()
    .nonnegative()
    .default(1e-6)
    .describe('weight decay, coupled: added to the gradient before the moments'),
  norms: z
    .number()
    .nonnegative()
    .default(0.01)
    .describe('weight of the sum of Euclidean norms (not squared) of weights and biases'),
  batch: z.number().int().positive().default(512).describe('users a batch'),
  epochs: z.number().int().positive().default(1000).describe('largest number of epochs'),
  patience: z
    .number()
    .int()
    .positive()
    .default(100)
    .describe('training ends after so many epochs without a smaller negative ELBO of the held-out users'),
  warmup: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('share of all possible steps over which the weight of the divergence grows from 0 to 1'),
  heldOut: z
    .number()
    .positive()
    .lt(1)
    .default(0.2)
    .describe('share of the users that are held out, where no table says who'),
  runs: z
    .number()
    .int()
    .positive()
    .default(1)
    .describe('trainings from different draws; the smallest negative ELBO of the held-out users chooses'),
  live: z
    .number()
    .nonnegative()
    .default(0.3)
    .describe('a dimension is live when its posterior means spread more than this between users (standard deviation)'),
  seed: z.number().int().nonnegative().optional().describe('fixes the seed of this step, whatever the run says'),
};
const schema = z.strictObject(exposureSettings);
export type ExposureSettings = z.infer<typeof schema>;
