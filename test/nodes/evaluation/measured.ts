/** Measures small tables of scores and ratings written as rows. */
import { expect } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { evaluate } from '../../../nodes/evaluation/evaluate.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import type { Definition } from '../../../nodes/evaluation/schema.ts';

/** user, item, and a score or a rating. */
export type Row = readonly [user: number, item: number, value: number];
export interface Case {
  readonly shape: { readonly users: number; readonly items: number };
  readonly scores: readonly Row[];
  readonly test: readonly Row[];
  readonly train?: readonly (readonly [user: number, item: number])[];
}

const ids = (rows: readonly (readonly number[])[], at: 0 | 1) => Uint32Array.from(rows, (row) => row[at] as number);
const numbers = (rows: readonly Row[]) => Float32Array.from(rows, (row) => row[2]);
export const pairsOf = (rows: readonly (readonly number[])[]) => ({ user: ids(rows, 0), item: ids(rows, 1) });
export const labelsOf = (rows: readonly Row[]) => ({ ...pairsOf(rows), rating: numbers(rows) });

export async function measured(
  { shape, scores, test, train }: Case,
  definition: Definition = definitionOf('dt-icde24'),
  config: { scores?: 'as-defined' | 'order' } = {},
) {
  const warnings: string[] = [];
  const { metrics, perUser } = await runNode(
    evaluate,
    {
      scores: { ...pairsOf(scores), score: numbers(scores) },
      test: labelsOf(test),
      evaluation: definition,
      shape,
      ...(train && { train: pairsOf(train) }),
    },
    config,
    { say: (message) => message.say === 'log' && message.level === 'warn' && warnings.push(message.message) },
  );
  const values: Record<string, number> = {};
  const reasons: Record<string, string> = {};
  metrics.metric.forEach((name, row) => {
    values[`${name}@${metrics.k[row]}`] = metrics.value[row] as number;
    reasons[`${name}@${metrics.k[row]}`] = metrics.reason[row] as string;
  });
  return { values, reasons, metrics, perUser, warnings };
}

/** Equal to some digits, or both not a number. */
export function expectClose(actual: number | undefined, value: number, digits: number, cell: string): void {
  if (Number.isNaN(value)) expect(actual, cell).toBeNaN();
  else expect(actual, cell).toBeCloseTo(value, digits);
}
