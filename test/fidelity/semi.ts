/** Semi-synthetic data: every method under three selections, against the cells that the notebooks compare and the right ones. */
import type { Figures } from '../../bench/figures.ts';
import { openWorkshop } from '../../compose.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { trialsOf } from '../../core/plan/trials.ts';
import { execute, firstFailure } from '../../core/run/run.ts';
import { metricRows } from '../../pipelines/results.ts';
import { fixedLimits, type SemiValues, semiCells, semiLimits } from './references/dt-semi.ts';
import { columns } from './table.ts';

const rhos = [...new Set(semiCells.map(({ rho }) => rho))];
const methods = [...new Set(semiCells.map(({ method }) => method))];
const axes = ['as-coded', 'fixed'] as const;
type Axis = (typeof axes)[number];
/** Means over the seeds, and the MSE of each. */
interface SemiMeans extends SemiValues {
  readonly mses: readonly number[];
}
type Measured = ReadonlyMap<string, SemiMeans>;
/** As a table of repeats would have it: which pairs are observed and where training starts follow the seed. */
const seeds = [2020, 2021, 2022];
const placed = (rho: number, axis: Axis, method: string) => `${rho} ${axis} ${method}`;
const names = ['mse', 'mae', 'ndcg'] as const;

/** @throws Problem when the data are not there, or a step fails */
export async function semi({ line, promise }: Figures): Promise<void> {
  const began = performance.now();
  const measured = await measureAll();
  line('MovieLens 100K completed, soft labels, protocol ml-100k-semi, means of seeds 2020..2022');
  line('');
  for (const text of columns([
    ['rho', 'axis', 'method', 'MSE', 'of seeds', 'MAE', 'NDCG@50', 'reference', 'verdict', 'printed'],
    ...rhos.flatMap((rho) => axes.flatMap((axis) => methods.map((method) => rowOf(measured, rho, axis, method)))),
  ]))
    line(text);
  line('');
  line(
    `limits of the means: MSE ${semiLimits.mse}, MAE ${semiLimits.mae}, NDCG@50 ${semiLimits.ndcg} from one run of the notebooks`,
  );
  line(`${((performance.now() - began) / 1000).toFixed(0)} s`);
  promise(
    'as coded, every cell is within the limits of its reference',
    semiCells.every((cell) => within(of(measured, cell.rho, 'as-coded', cell.method), cell.coded)),
  );
  const { recover, miss } = fixedLimits;
  const fixed = (list: readonly string[]) => rhos.flatMap((rho) => list.map((m) => of(measured, rho, 'fixed', m).mse));
  promise(
    `against the right cells ${recover.methods.join(' and ')} recover the truth (MSE <= ${recover.mse})`,
    fixed(recover.methods).every((mse) => mse <= recover.mse),
  );
  promise(
    `against the right cells ${miss.methods.join(' and ')} do not (MSE >= ${miss.mse})`,
    fixed(miss.methods).every((mse) => mse >= miss.mse),
  );
}

async function measureAll(): Promise<Measured> {
  const shop = await openWorkshop({ data: process.env.COUNTERPOISE_DATA ?? '../shared/data' });
  const measured = new Map<string, SemiMeans>();
  try {
    const protocol = shop.registry.protocol('ml-100k-semi');
    for (const rho of rhos)
      for (const axis of axes) {
        const trials = trialsOf({
          methods: methods.map((name) => shop.registry.pipeline(name)),
          floors: [],
          close: (pipeline) => closeChecked(pipeline, protocol),
          seeds,
          dataSeed: 0,
          grid: {},
          set: [
            { path: 'data.selection.rho', value: rho },
            { path: 'data.truth.axis', value: axis },
          ],
        });
        const done = await execute(
          trials.map(({ trial }) => trial),
          shop,
          { command: `fidelity dt-semi, rho ${rho}, ${axis}` },
        );
        const failure = firstFailure(done);
        if (failure) throw failure;
        const rows = await metricRows(trials, done);
        for (const method of methods) {
          const values = (name: string) =>
            rows.flatMap((row) => (row.pipeline === method && row.metric === name ? [row.value ?? Number.NaN] : []));
          const mean = (name: string) => values(name).reduce((a, b) => a + b, 0) / seeds.length;
          const means = { mse: mean('mse'), mae: mean('mae'), ndcg: mean('ndcg'), mses: values('mse') };
          measured.set(placed(rho, axis, method), means);
        }
      }
    return measured;
  } finally {
    await shop.close();
  }
}

const of = (measured: Measured, rho: number, axis: Axis, method: string) =>
  measured.get(placed(rho, axis, method)) as SemiMeans;
const within = (ours: SemiValues, reference: SemiValues) =>
  names.every((name) => Math.abs(ours[name] - reference[name]) <= semiLimits[name]);
const text = ({ mse, mae, ndcg }: SemiValues) => `${mse.toFixed(5)} / ${mae.toFixed(4)} / ${ndcg.toFixed(4)}`;

function rowOf(measured: Measured, rho: number, axis: Axis, method: string): readonly string[] {
  const ours = of(measured, rho, axis, method);
  const cell = semiCells.find((one) => one.rho === rho && one.method === method);
  const reference = cell && (axis === 'fixed' ? cell.fixed : cell.coded);
  return [
    String(rho),
    axis,
    method,
    ours.mse.toFixed(5),
    `${Math.min(...ours.mses).toFixed(5)}..${Math.max(...ours.mses).toFixed(5)}`,
    ours.mae.toFixed(4),
    ours.ndcg.toFixed(4),
    reference ? text(reference) : '–',
    reference ? (within(ours, reference) ? 'within' : 'FAR') : '',
    cell && axis === 'as-coded' ? text(cell.printed) : '',
  ];
}
