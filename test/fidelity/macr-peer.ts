/**
 * MF on Adressa beside an independent training of it: the references of MACR rest on one training a method, and a hit rate over
 * 2,090 users moves by more than a standard error from seed to seed. The same recipe in PyTorch, on as many seeds as ours,
 * tells whether a distance from the reference is in the recipe or in the draw.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clicksIn, settingsOf, sizes } from '../../bench/clicks/cases.ts';
import type { Figures } from '../../bench/figures.ts';
import { Trainee } from '../../bench/training/process.ts';
import { pythonWithTorch } from '../../bench/training/sides.ts';
import { Problem } from '../../core/errors.ts';
import { mean, standardDeviation } from '../../nodes/statistics/moments.ts';
import { welchT } from '../../nodes/statistics/welch-t.ts';
import { measure } from './macr.ts';
import { hrLimit, type MacrCell, macrCells, macrProtocol } from './references/macr.ts';
import { columns } from './table.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const every = 10;
const patience = 10;

/** @throws Problem when the data or PyTorch are not there, or a step fails */
export async function macrPeer({ line, promise }: Figures): Promise<void> {
  const cell = macrCells.find(({ method }) => method === 'clicks-mf') as MacrCell & { hr: number };
  const python = pythonWithTorch();
  if (python === undefined)
    throw new Problem('usage', 'PyTorch is not there, and it is what clicks-mf is compared with', {
      hint: 'python3 -m venv /tmp/torch-venv && /tmp/torch-venv/bin/pip install torch numpy',
    });
  const ours = (await measure(cell, seeds)).hr;
  const theirs = await trained(python.command, cell.epochs);
  line(
    `Adressa, protocol ${macrProtocol} (epochs chosen on the test, ${cell.epochs} at most), peer PyTorch ${python.version}`,
  );
  line('');
  const row = (who: string, values: readonly number[]) => [
    who,
    values.map((hr) => hr.toFixed(4)).join(' '),
    mean(values).toFixed(4),
    standardDeviation(values).toFixed(4),
  ];
  const head = [cell.method, `HR@20 of seeds ${seeds[0]}..${seeds.at(-1)}`, 'mean', 'sd'];
  for (const text of columns([head, row('ours', ours), row('PyTorch', theirs)])) line(text);
  const { p } = await welchT(ours, theirs);
  line(
    `Welch's t test of the two: p = ${p.toFixed(3)}; a mean over three seeds has sd ${(standardDeviation(theirs) / Math.sqrt(3)).toFixed(4)} in PyTorch`,
  );
  promise('our mean is that of PyTorch (p > 0.05)', p > 0.05);
  promise(`our mean is within ${hrLimit} of the reference, ${cell.hr}`, Math.abs(mean(ours) - cell.hr) <= hrLimit);
}

/** HR@20 of the best epoch of each seed, in PyTorch; as many at once as there are processors. */
async function trained(python: string, epochs: number): Promise<readonly number[]> {
  const data = join(process.env.COUNTERPOISE_DATA ?? '../shared/data', 'adressa');
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-macr-peer-'));
  try {
    const [train, test] = [clicksIn(join(data, 'train.txt')), clicksIn(join(data, 'test.txt'))];
    const written = { user: train.user, item: train.item, testUser: test.user, testItem: test.item };
    const files = Object.fromEntries(Object.keys(written).map((name) => [name, join(folder, `${name}.bin`)]));
    for (const [name, ids] of Object.entries(written)) writeFileSync(files[name] as string, ids);
    const one = async (seed: number): Promise<number> => {
      const file = join(folder, `${seed}.json`);
      const settings = settingsOf('mf', 'adressa');
      writeFileSync(file, JSON.stringify({ method: 'mf', ...sizes.adressa, settings, files, seed }));
      const script = fileURLToPath(new URL('../../bench/peers/clicks.py', import.meta.url));
      const trainee = await Trainee.start<{ readonly hits: readonly number[] }>(python, [script, 'same', file]);
      try {
        return Math.max(...(await trainee.ask({ do: 'history', epochs, every, patience })).hits);
      } finally {
        trainee.end();
      }
    };
    const left = [...seeds];
    const found = new Map<number, number>();
    const worker = async () => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) found.set(seed, await one(seed));
    };
    await Promise.all(cpus().map(worker));
    return seeds.map((seed) => found.get(seed) as number);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
