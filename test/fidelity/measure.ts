/** Runs the methods and floors of a set of references, through the store like any other run. */
import { openWorkshop } from '../../compose.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { trialsOf } from '../../core/plan/trials.ts';
import { execute, firstFailure } from '../../core/run/run.ts';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import { metricRows } from '../../pipelines/results.ts';
import type { ReferenceSet } from './reference.ts';

export interface Measured {
  readonly rows: readonly MetricRow[];
  readonly computed: number;
  readonly cached: number;
  readonly seconds: number;
}

/** @throws Problem when the data are not there, or a step fails */
export async function measure(name: string, set: ReferenceSet): Promise<Measured> {
  const shop = await openWorkshop({ data: process.env.COUNTERPOISE_DATA ?? '../shared/data' });
  try {
    const pipelines = (names: readonly string[]) => [...new Set(names)].map((n) => shop.registry.pipeline(n));
    const protocol = shop.registry.protocol(set.protocol);
    const trials = trialsOf({
      methods: pipelines(set.cells.map(({ method }) => method)),
      floors: pipelines(set.floors.map(({ pipeline }) => pipeline)),
      close: (pipeline) => closeChecked(pipeline, protocol),
      seeds: set.seeds,
      dataSeed: 0,
      grid: {},
      set: [],
    });
    const done = await execute(
      trials.map(({ trial }) => trial),
      shop,
      { command: `fidelity ${name}` },
    );
    const failure = firstFailure(done);
    if (failure) throw failure;
    const count = (status: string) => done.steps.flat().filter((step) => step.status === status).length;
    return {
      rows: await metricRows(trials, done),
      computed: count('computed'),
      cached: count('cached'),
      seconds: done.ms / 1000,
    };
  } finally {
    await shop.close();
  }
}
