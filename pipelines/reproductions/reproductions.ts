/** Every paper that can be reproduced, by the name that `counterpoise reproduce` takes. */
import type { Reproduction } from './declaration.ts';
import { dtReproduction } from './dt/dt.ts';
import { ividrReproduction } from './ividr/ividr.ts';
import { macrReproduction } from './macr/macr.ts';

export const reproductions: readonly Reproduction[] = [dtReproduction, macrReproduction, ividrReproduction];
