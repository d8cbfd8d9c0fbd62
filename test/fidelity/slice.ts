/** The methods that learn from, or stop on, a slice of Coat's uniform ratings, under two rules for users without a positive. */
import type { Figures } from '../../bench/figures.ts';
import { openWorkshop } from '../../compose.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { trialsOf } from '../../core/plan/trials.ts';
import { execute, firstFailure } from '../../core/run/run.ts';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import { metricRows } from '../../pipelines/results.ts';
import { mrLoss, v2Cells, v2Limit, v2Seeds } from './references/v2.ts';
import { columns } from './table.ts';

const methods = ['mf', 'mr', ...new Set(v2Cells.map(({ method }) => method))];
const presets = [...new Set(v2Cells.map(({ preset }) => preset))];

/** @throws Problem when the data are not there, or a step fails */
export async function slice({ line, promise }: Figures): Promise<void> {
  const began = performance.now();
  const rows = new Map<string, readonly MetricRow[]>();
  for (const preset of presets) rows.set(preset, await measured(preset));
  const mean = (method: string, preset: string, metric: string): number => {
    const values = rows
      .get(preset)!
      .flatMap((r) => (r.pipeline === method && r.metric === metric ? [r.value ?? Number.NaN] : []));
    return values.reduce((a, b) => a + b, 0) / values.length;
  };
  const judged = v2Cells.map((cell) => {
    const ours = mean(cell.method, cell.preset, cell.metric);
    return { ...cell, ours, near: Math.abs(ours - cell.value) <= v2Limit };
  });
  line(`Coat, protocol coat-5-5-90, seeds ${v2Seeds[0]}..${v2Seeds.at(-1)}`);
  line('');
  for (const text of columns([
    ['method', 'rule', 'metric', 'ours', 'reference, one run', 'verdict'],
    ...judged.map((c) => [c.method, c.preset, c.metric, c.ours.toFixed(4), String(c.value), c.near ? 'ok' : 'FAR']),
  ]))
    line(text);
  const [mf, mr] = ['mf', 'mr'].map((method) => mean(method, 'dt-icde24', 'auc')) as [number, number];
  line('');
  line(`AUC of mr ${mr.toFixed(4)}, of mf ${mf.toFixed(4)}`);
  line(`${((performance.now() - began) / 1000).toFixed(0)} s`);
  promise(
    `every cell of IPS-V2 and DR-V2 is within ${v2Limit} of the authors' run`,
    judged.every(({ near }) => near),
  );
  promise(`mr loses at most ${mrLoss} of AUC against mf`, mr >= mf - mrLoss);
}

async function measured(preset: string): Promise<readonly MetricRow[]> {
  const shop = await openWorkshop({ data: process.env.COUNTERPOISE_DATA ?? '../shared/data' });
  try {
    const protocol = shop.registry.protocol('coat-5-5-90');
    const trials = trialsOf({
      methods: methods.map((name) => shop.registry.pipeline(name)),
      floors: [],
      close: (pipeline) => closeChecked(pipeline, protocol),
      seeds: v2Seeds,
      dataSeed: 0,
      grid: {},
      set: [{ path: 'data.evaluation.preset', value: preset }],
    });
    const done = await execute(
      trials.map(({ trial }) => trial),
      shop,
      { command: 'fidelity dt-slice' },
    );
    const failure = firstFailure(done);
    if (failure) throw failure;
    return await metricRows(trials, done);
  } finally {
    await shop.close();
  }
}
