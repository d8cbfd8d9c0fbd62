/** The library: `import { node, pipeline, run } from 'counterpoise'`. */

/** The schema library of configs, so that a plugin needs no package of its own. */
export { z } from 'zod';
export { type OpenWorkshop, openWorkshop, type WorkshopOptions } from './compose.ts';
export * from './core/index.ts';
export * from './core/numeric/index.ts';
export type { Plan, PlannedStep } from './core/plan/plan.ts';
export { type Overrides, type Trial, trial } from './core/plan/resolve.ts';
export { execute, makePlan, type Report } from './core/run/run.ts';
export { type Outputs, type RunOptions, type RunResult, report, run } from './run.ts';
export { version } from './version.ts';
