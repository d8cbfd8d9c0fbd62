/** A finding about a graph, with the path of its cause in the shape of a pipeline file. */
import type { ProblemCode } from '../errors.ts';
import type { PlacedStep } from './graph.ts';

export interface Diagnostic {
  readonly code: ProblemCode;
  /** `['steps', 'weights', 'in', 'p']`. */
  readonly path: readonly string[];
  /** Whether the key at `path` is to blame, or its value. */
  readonly on: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** `step 'weights' (weights/inverse-propensity)`. */
export const stepAt = (name: string, { node }: PlacedStep) => `step '${name}' (${node.id})`;
