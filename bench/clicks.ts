/**
 * What an epoch on clicks costs: MF, LightGCN and MACR on both, at the size of Adressa and of Gowalla, beside PyTorch. One thread
 * each and processor time; medians of runs that alternate. `same` is a peer that makes the same products as we do, `script` one
 * that is written as the authors' code is, `best` the faster of the two. The peer's Python: see training.ts.
 * COUNTERPOISE_BENCH=lightgcn,mf/adressa chooses cases.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isReal, type Method, methods, rowsOf, type Size, settingsOf, sizes } from './clicks/cases.ts';
import { benchmark, type Figures, format } from './figures.ts';
import { Trainee } from './training/process.ts';
import { bundled, median, pythonWithTorch } from './training/sides.ts';

const chosen = process.env.COUNTERPOISE_BENCH?.split(',') ?? [];
const rounds = 3;
/** Steps of one timing. */
const amounts: Readonly<Record<Size, number>> = { adressa: 20, gowalla: 3 };

export const clicks = () =>
  benchmark('clicks', async (figures) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-clicks-'));
    try {
      const ours = await bundled('clicks/ours.ts');
      const python = pythonWithTorch();
      figures.line(
        python
          ? `peer: PyTorch ${python.version}, one thread; ratios are peer / ours`
          : 'no PyTorch here, so no ratios: python3 -m venv /tmp/torch-venv && /tmp/torch-venv/bin/pip install torch numpy',
      );
      for (const size of Object.keys(sizes) as Size[]) {
        const rows = rowsOf(size);
        writeFileSync(join(folder, `${size}-user.bin`), rows.user);
        writeFileSync(join(folder, `${size}-item.bin`), rows.item);
        figures.line('');
        figures.line(
          `${size} ${isReal(size) ? 'itself' : 'size, made up'}: ${rows.users} users, ${rows.items} items, ${rows.user.length} clicks, width 64, batch ${sizes[size].batch}`,
        );
        for (const method of methods)
          if (chosen.length === 0 || chosen.includes(method) || chosen.includes(`${method}/${size}`))
            await oneCase(method, size, ours, folder, python?.command, figures);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

async function oneCase(
  method: Method,
  size: Size,
  ours: string,
  folder: string,
  python: string | undefined,
  { line, aim }: Figures,
): Promise<void> {
  const trainees = new Map([['ours', await Trainee.start(process.execPath, [ours, method, size])]]);
  if (python) {
    const file = join(folder, `${method}-${size}.json`);
    const files = { user: join(folder, `${size}-user.bin`), item: join(folder, `${size}-item.bin`) };
    writeFileSync(file, JSON.stringify({ method, ...sizes[size], settings: settingsOf(method, size), files }));
    const script = fileURLToPath(new URL('peers/clicks.py', import.meta.url));
    for (const mode of ['same', 'script']) trainees.set(mode, await Trainee.start(python, [script, mode, file]));
  }
  try {
    const times = new Map<string, number[]>([...trainees.keys()].map((name) => [name, []]));
    const peak = new Map<string, number>();
    let perEpoch = 0;
    for (let round = 0; round <= rounds; round++)
      for (const [name, trainee] of trainees) {
        const answer = await trainee.ask({ do: 'steps', count: amounts[size] });
        // the first round warms up
        if (round > 0) times.get(name)!.push(answer.ms / amounts[size]);
        peak.set(name, answer.peak);
        perEpoch = answer.perEpoch;
      }
    const seconds = (name: string) => (median(times.get(name)!) * perEpoch) / 1000;
    for (const name of trainees.keys())
      line(
        `  ${method.padEnd(14)} ${name.padEnd(7)} ${format(seconds(name)).padStart(7)} s an epoch of ${perEpoch} steps, peak ${Math.round(peak.get(name)! / 2 ** 20)} MB${name === 'ours' ? '' : `, ${format(seconds(name) / seconds('ours'))}x`}`,
      );
    if (method.endsWith('lightgcn') && python) {
      aim(`  ${method}, ${size}: same arithmetic`, seconds('same') / seconds('ours'), 3, 'x', 'higher');
      const best = Math.min(seconds('same'), seconds('script'));
      aim(`  ${method}, ${size}: best against best`, best / seconds('ours'), 3, 'x', 'higher');
    }
  } finally {
    for (const trainee of trainees.values()) trainee.end();
  }
}
