/** Tail probabilities, on jstat; loaded when the first test is made. Relative accuracy about 1e-7. */
export interface Distributions {
  /** P(|T| >= |t|) for Student's t with `df` degrees of freedom (not necessarily whole). */
  studentTails(t: number, df: number): number;
  /** P(|Z| >= |z|) for the standard normal. */
  normalTails(z: number): number;
  normalCdf(z: number): number;
  normalQuantile(p: number): number;
  /** P(X >= x) for chi-square with `df` degrees of freedom; absolute accuracy about 1e-15, so that smaller ones are 0. */
  chiSquareTail(x: number, df: number): number;
}

export async function distributions(): Promise<Distributions> {
  const { jStat } = (await import('jstat')).default;
  return {
    // I_x(df/2, 1/2) at x = df / (df + t^2) is both tails at once, without the cancellation of 1 - cdf
    studentTails: (t, df) => jStat.ibeta(df / (df + t * t), df / 2, 0.5),
    normalTails: (z) => jStat.erfc(Math.abs(z) / Math.SQRT2),
    normalCdf: (z) => jStat.normal.cdf(z, 0, 1),
    normalQuantile: (p) => jStat.normal.inv(p, 0, 1),
    chiSquareTail: (x, df) => {
      const tail = x <= 0 ? 1 : 1 - jStat.lowRegGamma(df / 2, x / 2);
      return tail < 1e-15 ? 0 : Math.min(1, tail);
    },
  };
}
