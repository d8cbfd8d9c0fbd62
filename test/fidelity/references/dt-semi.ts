/**
 * Li et al. 2024 (ICDE) on semi-synthetic MovieLens 100K. References are one run each of the authors' notebooks
 * (haoxuanli-pku/ICDE24-MNAR, commit 7348f0d; class names mapped, NCF mended) over a port of their completion, which they
 * did not seed: so the limits are differences, not standard deviations. Beside them stands the paper's Table III.
 */
import { rhos, semiLimits, semiRows } from '../../../pipelines/reproductions/dt/semi-synthetic.ts';

export interface SemiCell {
  readonly rho: number;
  readonly method: string;
  readonly coded: SemiValues;
  readonly fixed: SemiValues;
  /** What the paper prints, which is as coded. */
  readonly printed: SemiValues;
}
export interface SemiValues {
  readonly mse: number;
  readonly mae: number;
  readonly ndcg: number;
}

const three = (of: readonly ({ readonly mean: number } | undefined)[]): SemiValues | undefined => {
  const [mse, mae, ndcg] = of.map((one) => one?.mean);
  return mse === undefined || mae === undefined || ndcg === undefined ? undefined : { mse, mae, ndcg };
};
/** The numbers are those of the reproduction; cells that nobody measured are left out. */
export const semiCells: readonly SemiCell[] = rhos.flatMap((rho) => {
  const fixed = semiRows(rho, 'fixed');
  return semiRows(rho, 'as-coded').flatMap(({ label, entry, references }): SemiCell[] => {
    if ('none' in entry) return [];
    const right = fixed.find((row) => row.label === label)?.references ?? [];
    const coded = three(references.map(({ measured }) => measured));
    const against = three(right.map(({ measured }) => measured));
    const print = three(references.map(({ printed }) => printed));
    return coded && against && print
      ? [{ rho: Number(rho), method: entry.pipeline, coded, fixed: against, printed: print }]
      : [];
  });
});

/** How far a run may lie from its reference. */
export { semiLimits };
/** Against the right cells: largest MSE of those that recover the truth, and smallest of those that do not. */
export const fixedLimits = {
  recover: { methods: ['ips', 'dr-jl'], mse: 0.0005 },
  miss: { methods: ['dt-ips-oracle', 'dt-dr-oracle'], mse: 0.001 },
} as const;
