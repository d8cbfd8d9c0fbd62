/** Verdicts by hand: what counts as near, as far, as failed, and as not run. */
import { describe, expect, test } from 'vitest';
import { gathered, judgeCell, judgeSection } from '../../../cli/reproduce/judge.ts';
import type { SeedValue, Values } from '../../../cli/reproduce/values.ts';
import type { Column, Entry, Section } from '../../../pipelines/reproductions/declaration.ts';

const auc: Column = {
  title: 'AUC',
  quantity: { of: 'metric', metric: 'auc', k: null, definition: 'dt-icde24' },
  rule: { s: 0.01 },
  digits: 4,
};
const entry: Entry = { pipeline: 'mf', protocol: 'coat-dt', cost: 1 };
const done = (values: readonly number[]): SeedValue[] =>
  values.map((value, seed) => ({ seed, status: 'done', value, reason: undefined }));
const holding = (found: readonly SeedValue[], problem?: string): Values => ({
  problem: () => problem,
  of: () => found,
  curve: () => undefined,
  points: () => undefined,
});
const seeds = Array.from({ length: 10 }, (_, at) => at);
const judged = (found: readonly SeedValue[], column = auc, problem?: string) =>
  judgeCell(
    column,
    {
      printed: { mean: 0.71, sd: 0.005, digits: 3 },
      measured: { mean: 0.7, sd: 0.01, n: 10, source: 'by hand' },
    },
    gathered(holding(found, problem), entry, column, seeds, true),
  );

describe('a cell with a fixed spread', () => {
  const scale = 0.01 * Math.sqrt(1 / 10 + 1 / 10);
  test.each([
    [0.7, 'within 2'],
    [0.7 + 1.99 * scale, 'within 2'],
    [0.7 - 2.01 * scale, 'beyond 2'],
    [0.7 + 3.49 * scale, 'beyond 2'],
    [0.7 - 3.51 * scale, 'beyond 3.5'],
  ])('a mean of %f is %s', (mean, verdict) => {
    const cell = judged(done(seeds.map(() => mean)));
    expect(cell.verdict).toBe(verdict);
    expect(cell.z).toBeCloseTo((mean - 0.7) / scale, 9);
    expect(cell.zPrinted).toBeCloseTo((mean - 0.71) / 0.005, 9);
  });

  test('fewer seeds widen the limits', () => {
    expect(judged(done([0.7 + 2.01 * scale])).z).toBeCloseTo((2.01 * scale) / (0.01 * Math.sqrt(1 / 10 + 1)), 9);
  });

  test('seeds on the initial plateau and seeds without a result are counted and left out of the mean', () => {
    const found = done([0.7, 0.72, 0.55]);
    const failed: SeedValue = { seed: 3, status: 'failed', value: undefined, reason: 'a loss is infinite' };
    const cell = judged([...found, failed]);
    expect(cell.ours).toMatchObject({ n: 2, failed: 2 });
    expect(cell.ours?.mean).toBeCloseTo(0.71, 12);
    expect(cell.z, 'failures do not widen the limits').toBeCloseTo(0.01 / (0.01 * Math.sqrt(1 / 10 + 1 / 4)), 9);
    expect(cell.reason).toBe('a loss is infinite');
  });

  test('no trained seed is a failure, and not a number', () => {
    const cell = judged(done([0.5, 0.51]));
    expect(cell).toMatchObject({ verdict: 'failed', z: null, reason: 'no seed left the initial plateau' });
    expect(cell.ours).toMatchObject({ mean: null, n: 0, failed: 2 });
  });

  test('what was not reached, or cannot run, says why', () => {
    const later: SeedValue = { seed: 1, status: 'not reached', value: undefined, reason: 'not reached' };
    expect(judged([{ ...later, seed: 0 }, later])).toMatchObject({ verdict: 'not run', reason: 'not reached' });
    expect(judged([...done([0.7]), later])).toMatchObject({
      verdict: 'within 2',
      reason: '1 of 2 seeds were not reached',
    });
    expect(judged([], auc, "there is no pipeline 'mf'")).toMatchObject({
      verdict: 'not run',
      reason: "there is no pipeline 'mf'",
    });
  });

  test('seeds that the table does not ask for are not in its mean', () => {
    const other: SeedValue = { seed: 77, status: 'done', value: 0.9, reason: undefined };
    expect(judged([...done([0.7]), other]).ours).toMatchObject({ mean: 0.7, n: 1 });
  });
});

test('a cell with a limit is judged by the difference alone', () => {
  const column: Column = { ...auc, rule: { limit: 0.002 } };
  expect(judged(done([0.7019]), column)).toMatchObject({ verdict: 'within the limit', z: null });
  expect(judged(done([0.7021]), column)).toMatchObject({ verdict: 'beyond the limit', z: null });
});

describe('a section', () => {
  const section = (rows: Section['rows']): Section => ({
    name: 'coat',
    title: 'Coat',
    data: 'coat',
    protocol: 'coat-dt',
    columns: [auc],
    rows,
    floors: [],
    plateau: true,
  });
  const row = { label: 'MF', entry, references: [{ measured: { mean: 0.7, n: 10, source: 'by hand' } }] };
  const judge = (found: readonly SeedValue[], missing: string | null = null) =>
    judgeSection(section([row, { label: 'MR', entry: { none: 'no code' }, references: [{}] }]), {
      values: holding(found),
      seeds,
      missing,
      floors: [],
    });

  test('passes as a whole by the fidelity rule, on ten seeds', () => {
    const near = seeds.map((seed) => 0.7 + 0.005 * (seed % 2));
    expect(judge(done(near)).rule).toMatchObject({ cells: 1, beyond: 0, allowed: 1, far: 0, seeds: 10, passes: true });
    expect(judge(done(near.map((value) => value + 0.03))).rule).toMatchObject({ far: 1, passes: false });
    expect(judge(done(near.slice(0, 9))).rule).toMatchObject({ seeds: 9, passes: null });
    expect(judge([]).rule).toBeNull();
  });

  test('a row that is not run says why, and so does a data set that is not there', () => {
    expect(judge([]).rows[1]?.cells[0]).toMatchObject({ verdict: 'not run', reason: 'no code', ours: null });
    const absent = judge(done([0.7]), 'ask for it');
    expect(absent.missing).toBe('ask for it');
    expect(absent.rows[0]?.cells[0]).toMatchObject({
      verdict: 'not run',
      ours: null,
      measured: { mean: 0.7 },
      reason: 'the data set coat is not here',
    });
  });
});
