/**
 * Where settings are looked for when nobody says: by the name of the setting, whatever the step. Rates and decays are those
 * of the grid of Li et al. 2024 (ICDE); widths and batches are multiples of the method's own for the data set, since the
 * grid gives other ones for small and for large data.
 */
import type { AnySpace } from '../../core/pipeline/space.ts';

export const usualSpaces: Readonly<Record<string, AnySpace>> = {
  rate: [0.005, 0.01, 0.05, 0.1],
  l2: [1e-6, 5e-6, 1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 1e-1],
  width: { times: [0.25, 0.5, 1, 2, 4] },
  batch: { times: [0.5, 1, 2, 4] },
};
