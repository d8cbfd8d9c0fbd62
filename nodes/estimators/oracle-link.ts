/** What both oracle methods assume: the propensity is the generator's own link of the prediction. */

import type { Rows } from '../learning/expression/tree.ts';
import { Indicators, Labels, Shape } from '../ports.ts';

/** clip(2^r - 1, low, 1): exact where semi-synthetic data were made with rho 1. No gradient under the clip. */
export const oracleLink = (r: Rows, low: number): Rows => r.times(Math.LN2).exp().minus(1).clip(low, 1);

export const oraclePorts = { train: Labels, shape: Shape, indicator: Indicators };
export const oracleColumns = { indicator: { port: 'indicator', column: 'o' } } as const;
