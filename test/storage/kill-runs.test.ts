import { expect, test } from 'vitest';
import { killRuns } from '../torture/kill-runs.ts';

test('thirty runs killed at random moments, some in pairs, leave a store in which nothing is broken', {
  timeout: 180_000,
}, async () => {
  const report = await killRuns(30, 0.3, 7);
  expect(report.kills).toBeGreaterThanOrEqual(30);
  expect(report.findings).toEqual([]);
  expect(report.danglingMemos).toBe(0);
  expect(report.sameAsQuiet).toBe(true);
});
