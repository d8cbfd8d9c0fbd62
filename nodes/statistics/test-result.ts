/** What a two-sided test found. `p` is NaN where the data cannot carry the test. */
export interface TestResult {
  readonly statistic: number;
  readonly p: number;
}
export const noResult: TestResult = { statistic: Number.NaN, p: Number.NaN };
