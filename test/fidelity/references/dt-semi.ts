/**
 * Li et al. 2024 (ICDE) on semi-synthetic MovieLens 100K. References are one run each of the authors' notebooks
 * (haoxuanli-pku/ICDE24-MNAR, commit 7348f0d; class names mapped, NCF mended) over a port of their completion, which they
 * did not seed: so the limits are differences, not standard deviations. Beside them stands the paper's Table III.
 */
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

type Three = readonly [mse: number, mae: number, ndcg: number];
const values = ([mse, mae, ndcg]: Three): SemiValues => ({ mse, mae, ndcg });
const cell = (rho: number, method: string, coded: Three, printed: Three, fixed: Three): SemiCell => ({
  rho,
  method,
  coded: values(coded),
  printed: values(printed),
  fixed: values(fixed),
});

export const semiCells: readonly SemiCell[] = [
  cell(0.5, 'mf', [0.0144, 0.0975, 0.79], [0.0154, 0.1033, 0.8015], [0.01401, 0.0968, 0.972]),
  cell(0.5, 'ips', [0.0127, 0.0875, 0.79], [0.0124, 0.0863, 0.8016], [0.00018, 0.0101, 0.9998]),
  cell(0.5, 'dt-ips-oracle', [0.0204, 0.1197, 0.791], [0.0193, 0.1155, 0.8022], [0.01518, 0.1087, 0.916]),
  cell(0.5, 'dt-dr-oracle', [0.0122, 0.0865, 0.79], [0.0118, 0.0845, 0.8019], [0.00271, 0.0428, 0.993]),
  cell(1, 'mf', [0.0132, 0.0921, 0.79], [0.0142, 0.0981, 0.8016], [0.01174, 0.089, 0.987]),
  cell(1, 'ips', [0.0131, 0.089, 0.79], [0.0128, 0.0876, 0.8017], [0.0001, 0.0074, 0.9999]),
  cell(1, 'dr-jl', [0.0129, 0.0884, 0.79], [0.0126, 0.0871, 0.8016], [0.00016, 0.0088, 0.9998]),
  cell(1, 'dt-ips-oracle', [0.0097, 0.0762, 0.79], [0.0092, 0.0742, 0.802], [0.00415, 0.0501, 0.901]),
  cell(1, 'dt-dr-oracle', [0.01, 0.0772, 0.79], [0.0098, 0.0764, 0.8018], [0.00167, 0.03, 0.99]),
  cell(1.5, 'mf', [0.0123, 0.088, 0.79], [0.0134, 0.0942, 0.8015], [0.00991, 0.0823, 0.988]),
  cell(1.5, 'ips', [0.0134, 0.0899, 0.79], [0.013, 0.0885, 0.8017], [0.00006, 0.0054, 0.9999]),
  cell(1.5, 'dt-ips-oracle', [0.0119, 0.0855, 0.79], [0.0121, 0.0874, 0.8019], [0.00676, 0.0664, 0.918]),
  cell(1.5, 'dt-dr-oracle', [0.0099, 0.0766, 0.79], [0.0097, 0.0766, 0.8017], [0.00241, 0.0382, 0.986]),
];

/** How far a run may lie from its reference. */
export const semiLimits: SemiValues = { mse: 0.002, mae: 0.008, ndcg: 0.02 };
/** Against the right cells: largest MSE of those that recover the truth, and smallest of those that do not. */
export const fixedLimits = {
  recover: { methods: ['ips', 'dr-jl'], mse: 0.0005 },
  miss: { methods: ['dt-ips-oracle', 'dt-dr-oracle'], mse: 0.001 },
} as const;
