/** Settings that most methods share. */
import { z } from 'zod';
import type { StopDeclaration } from './declaration.ts';

export const stopSettings = {
  tolerance: z
    .number()
    .nonnegative()
    .default(1e-4)
    .describe('relative improvement below which an epoch counts as not better'),
  patience: z
    .number()
    .int()
    .nonnegative()
    .default(5)
    .describe('training ends at the (patience + 2)-th such epoch in total'),
  epochs: z.number().int().positive().default(1000).describe('largest number of epochs'),
};
export const widthSetting = z.number().int().positive().default(16).describe('numbers in an embedding');
export const batchSetting = z.number().int().positive().default(128).describe('observed rows a batch');
export const rateSetting = z.number().positive().default(0.01).describe("Adam's learning rate");
export const l2Setting = z
  .number()
  .nonnegative()
  .describe('weight decay, coupled: added to the gradient before the moments');

export const plateau = (s: { tolerance: number; patience: number; epochs: number }): StopDeclaration => ({
  rule: 'plateau',
  tolerance: s.tolerance,
  patience: s.patience,
  epochs: s.epochs,
});

/** Settings of methods that train raw scores and stop on validation NDCG: those of the code of Zhang et al. 2023 (KDD). */
export const rawScoreSettings = {
  width: widthSetting.default(64),
  batch: batchSetting.default(512),
  rate: rateSetting.default(5e-4),
  l2: l2Setting.default(1e-6),
  patience: z.number().int().positive().default(20).describe('epochs without a better validation NDCG'),
  cutoff: z.number().int().positive().default(5).describe('K of the validation NDCG@K'),
  epochs: z.number().int().positive().default(100).describe('largest number of epochs'),
};
export const untilNdcg = (s: { patience: number; cutoff: number; epochs: number }): StopDeclaration => ({
  rule: 'patience',
  metric: 'ndcg',
  cutoff: s.cutoff,
  on: 'validation',
  patience: s.patience,
  epochs: s.epochs,
});
