/** MACR on Adressa: how near HR@20 comes, and where the best constant lies. Epochs are chosen on the test, as the authors do. */
import type { Figures } from '../../bench/figures.ts';
import { openWorkshop } from '../../compose.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { trialsOf } from '../../core/plan/trials.ts';
import { execute, firstFailure, type Report } from '../../core/run/run.ts';
import { metricRows } from '../../pipelines/results.ts';
import { hrLimit, type MacrCell, macrCells, macrConstants, macrProtocol, macrSeeds } from './references/macr.ts';
import { columns } from './table.ts';

export interface Measured {
  readonly cell: MacrCell;
  /** HR@20 by seed, at the cell's constant. */
  readonly hr: readonly number[];
  /** Mean HR@20 over seeds by constant; empty where there is none. */
  readonly tried: ReadonlyMap<number, number>;
}
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** @throws Problem when the data are not there, or a step fails */
export async function macr({ line, promise }: Figures): Promise<void> {
  const began = performance.now();
  const measured: Measured[] = [];
  for (const cell of macrCells) measured.push(await measure(cell, macrSeeds));
  const bestOf = ({ tried }: Measured) =>
    [...tried].reduce((a, b) => (b[1] > a[1] ? b : a), [Number.NaN, -1] as const)[0];
  line(`Adressa, protocol ${macrProtocol} (epochs chosen on the test), seeds ${macrSeeds[0]}..${macrSeeds.at(-1)}`);
  line('');
  for (const text of columns([
    ['method', 'epochs at most', 'c', 'HR@20 by seed', 'mean', 'must be', 'best c', 'must lie in', 'paper'],
    ...measured.map((m) => [
      m.cell.method,
      String(m.cell.epochs),
      m.cell.c === undefined ? '' : String(m.cell.c),
      m.hr.map((x) => x.toFixed(4)).join(' '),
      mean(m.hr).toFixed(4),
      m.cell.hr === undefined ? '' : `${m.cell.hr} +- ${hrLimit}`,
      m.tried.size === 0 ? '' : String(bestOf(m)),
      m.cell.best === undefined ? '' : m.cell.best.join('..'),
      m.cell.printed.join(' / '),
    ]),
  ]))
    line(text);
  line('');
  line('mean HR@20 of the kept models by constant:');
  for (const text of columns([
    ['method', ...macrConstants.map((c) => `c = ${c}`)],
    ...measured
      .filter(({ tried }) => tried.size > 0)
      .map(({ cell, tried }) => [cell.method, ...macrConstants.map((c) => (tried.get(c) as number).toFixed(4))]),
  ]))
    line(text);
  line(`${((performance.now() - began) / 1000).toFixed(0)} s`);
  for (const m of measured) {
    const { method, hr, best, below } = m.cell;
    if (hr !== undefined)
      promise(`${method}: HR@20 is within ${hrLimit} of ${hr}`, Math.abs(mean(m.hr) - hr) <= hrLimit);
    if (best) promise(`${method}: the best c lies in ${best.join('..')}`, bestOf(m) >= best[0] && bestOf(m) <= best[1]);
    if (below !== undefined)
      promise(`${method}: HR@20 at c = 40 is below ${below}`, (m.tried.get(40) as number) < below);
  }
}

/** Trains a cell's method under the protocol that chooses epochs on the test. */
export async function measure(cell: MacrCell, seeds: readonly number[]): Promise<Measured> {
  const shop = await openWorkshop({ data: process.env.COUNTERPOISE_DATA ?? '../shared/data' });
  try {
    const protocol = shop.registry.protocol(macrProtocol);
    const constants = cell.c === undefined ? [] : [{ path: 'counterfactual.c', value: macrConstants }];
    const trials = trialsOf({
      methods: [shop.registry.pipeline(cell.method)],
      floors: [],
      close: (pipeline) => closeChecked(pipeline, protocol),
      seeds,
      dataSeed: 0,
      grid: {},
      set: [{ path: 'model.epochs', value: cell.epochs }, ...constants],
    });
    const done = await execute(
      trials.map(({ trial }) => trial),
      shop,
      { command: `fidelity macr ${cell.method}` },
    );
    const failure = firstFailure(done);
    if (failure) throw failure;
    if (cell.c === undefined) {
      const rows = (await metricRows(trials, done)).filter(({ metric, k }) => metric === 'hr' && k === 20);
      return { cell, hr: rows.map(({ value }) => value ?? Number.NaN), tried: new Map() };
    }
    const bySeed = await Promise.all(trials.map((_, at) => triedOf(done, at)));
    const at = (c: number) => bySeed.map((tried) => tried.get(c) ?? Number.NaN);
    return { cell, hr: at(cell.c), tried: new Map(macrConstants.map((c) => [c, mean(at(c))])) };
  } finally {
    await shop.close();
  }
}

/** HR@20 of a trained model by the constant that it is served with. */
async function triedOf(done: Report, trial: number): Promise<ReadonlyMap<number, number>> {
  const value = await done.output(trial, 'counterfactual', 'tried');
  if (value.port !== 'table') throw new TypeError("'tried' is a table");
  const { c, hr } = value.frame.columns;
  if (c?.kind !== 'f64' || hr?.kind !== 'f64') throw new TypeError("'tried' has columns c and hr");
  return new Map([...c.values].map((constant, row) => [Number(constant), Number(hr.values[row])]));
}
