import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Evaluation } from '../ports.ts';
import { definitionOf, presetNames } from './presets.ts';
import { overrides } from './schema.ts';

/** How results are measured, for every evaluator and floor of a protocol. Output `evaluation`: a complete definition. */
export const definition = node('evaluation/definition', {
  doc: 'Metric definitions as data: a named preset, and what should differ from it.',
  in: {},
  out: { evaluation: Evaluation },
  config: overrides.extend({
    preset: z.enum(presetNames).describe('the named definition to start from'),
  }),
  weight: 'light',
  run: (_, { preset, ...rest }) => ({ evaluation: definitionOf(preset, rest) }),
});

export { Evaluation as EvaluationPort } from '../ports.ts';
