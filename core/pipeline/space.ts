/** Where a search for good settings may look, as data: by step and setting, in a pipeline, a study or a file. */
import { z } from 'zod';
import type { ConfigOf } from '../node.ts';

export const spaceShape = z.union([
  z.array(z.unknown()).min(1).describe('one of these values'),
  z
    .strictObject({
      from: z.number(),
      to: z.number(),
      scale: z.enum(['linear', 'log']).optional().describe('log: every factor of ten is as likely; linear unless said'),
      whole: z.boolean().optional().describe('whole numbers only'),
    })
    .refine(({ from, to }) => from < to, '`from` must lie below `to`')
    .refine(({ from, scale }) => scale !== 'log' || from > 0, 'a logarithmic space begins above 0'),
  z
    .strictObject({ times: z.array(z.number().positive()).min(1) })
    .describe("the setting's own value times one of these; whole numbers stay whole"),
]);
export type AnySpace = z.output<typeof spaceShape>;
/** By step and setting. */
export type AnySpaces = Readonly<Record<string, Readonly<Record<string, AnySpace>>>>;

type NumberSpace = Exclude<AnySpace, readonly unknown[]>;
type SpaceOf<T> = readonly T[] | (number extends T ? NumberSpace : never);
/** Spaces for the settings of a pipeline's steps, typed by their configs. */
export type Spaces<Steps> = {
  readonly [K in keyof Steps]?: {
    readonly [S in keyof ConfigOf<Steps[K]>]?: SpaceOf<Exclude<ConfigOf<Steps[K]>[S], undefined>>;
  };
};

/** Later spaces win, setting by setting. */
export const mergeSpaces = (a: AnySpaces, b: AnySpaces): AnySpaces => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([step, keys]) => [step, { ...a[step], ...keys }])),
});
