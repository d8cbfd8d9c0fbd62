/**
 * What training costs, beside PyTorch doing the same arithmetic. One thread each and processor time, so that work of others
 * on the machine counts little; medians of runs that alternate. The peer needs
 * `python3 -m venv /tmp/torch-venv && /tmp/torch-venv/bin/pip install torch numpy`, or COUNTERPOISE_TORCH=python with torch.
 * COUNTERPOISE_BENCH=mf,dt-ips/coat chooses cases; the word `quick` among them takes fewer steps, no whole fits and leaves
 * torch.compile out, which takes minutes to warm up.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchmark, type Figures, format } from './figures.ts';
import { type Method, methods, ratingsOf, type Size, settingsOf, sizes } from './training/cases.ts';
import { type Answer, Trainee } from './training/process.ts';
import { bundled, median, pythonWithTorch } from './training/sides.ts';

const modes = ['script', 'tuned', 'compiled'] as const;
type Mode = (typeof modes)[number];
const chosen = process.env.COUNTERPOISE_BENCH?.split(',') ?? [];
const quick = chosen.includes('quick');
const rounds = quick ? 3 : 5;
const fitRounds = 3;
/** Steps of one timing, and epochs of a fit where the whole one would take minutes; 0: until the stopping rule ends it. */
const amounts: Readonly<Record<Size, { steps: number; heavy: number; epochs: number }>> = {
  coat: { steps: quick ? 100 : 400, heavy: quick ? 30 : 100, epochs: 0 },
  yahoo: { steps: quick ? 4 : 12, heavy: quick ? 2 : 6, epochs: 1 },
};
const cases: readonly (readonly [Method, Size])[] = [
  ...methods.map((method) => [method, 'coat'] as const),
  ...methods.map((method) => [method, 'yahoo'] as const),
  ['mf-64', 'yahoo'],
  ['mf-lazy', 'yahoo'],
];
/** How many times faster we want to be, by case and mode. */
function aimOf(method: Method, size: Size, mode: Mode): number | undefined {
  if (mode === 'compiled') return undefined;
  if (size === 'coat') return mode === 'script' || ['mf', 'ips', 'esmm'].includes(method) ? 10 : 5;
  if (method === 'mf' || method === 'mf-64') return mode === 'script' ? 5 : 2;
  if (method === 'dt-ips' || method === 'dt-dr') return mode === 'script' ? 4 : undefined;
  return method === 'mf-lazy' && mode === 'script' ? 5 : undefined;
}

export const training = () =>
  benchmark('training', async (figures) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-training-'));
    try {
      const ours = await bundled('training/ours.ts');
      const python = pythonWithTorch();
      figures.line(
        python
          ? `peer: PyTorch ${python.version}, one thread; ratios are peer / ours`
          : 'no PyTorch here, so no ratios: python3 -m venv /tmp/torch-venv && /tmp/torch-venv/bin/pip install torch numpy',
      );
      for (const size of Object.keys(sizes) as Size[]) writeRatings(size, folder);
      for (const [method, size] of cases)
        if (chosen.every((word) => word === 'quick') || chosen.includes(method) || chosen.includes(`${method}/${size}`))
          await oneCase(method, size, { ours, folder, python: python?.command, figures });
      if (chosen.length === 0) await twoSeeds(ours, figures);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

interface Surroundings {
  readonly ours: string;
  readonly folder: string;
  readonly python: string | undefined;
  readonly figures: Figures;
}
async function oneCase(method: Method, size: Size, { ours, folder, python, figures }: Surroundings): Promise<void> {
  const { steps, heavy, epochs } = amounts[size];
  const count = ['esmm', 'dt-ips', 'dt-dr'].includes(method) ? heavy : steps;
  const trainees = new Map<string, Trainee>();
  trainees.set('ours', await Trainee.start(process.execPath, [ours, method, size, 'wasm']));
  trainees.set('plain kernels', await Trainee.start(process.execPath, [ours, method, size, 'plain']));
  if (python) {
    const file = join(folder, `${method}-${size}.json`);
    writeFileSync(file, JSON.stringify(caseFor(method, size, folder)));
    const script = fileURLToPath(new URL('peers/training.py', import.meta.url));
    for (const mode of modes)
      if (mode === 'script' || (method !== 'mf-lazy' && !(quick && mode === 'compiled')))
        trainees.set(mode, await Trainee.start(python, [script, mode, file]));
  }
  try {
    const step = new Map<string, number[]>([...trainees.keys()].map((name) => [name, []]));
    const peak = new Map<string, number>();
    for (let round = 0; round <= rounds; round++)
      for (const [name, trainee] of trainees) {
        // the first round warms up: an engine that compiles while it runs needs more of it
        const warm = round === 0 && name === 'ours' ? 8 : 1;
        const answer = await trainee.ask({ do: 'steps', count: count * warm }).catch((error: Error) => {
          figures.line(`${method}, ${size}, ${name}: ${error.message}`);
          trainees.delete(name);
        });
        if (answer && round > 0) step.get(name)!.push(answer.ms / count);
        if (answer) peak.set(name, answer.peak);
      }
    const fits = new Map<string, number[]>([...trainees.keys()].map((name) => [name, []]));
    let fitted: Answer | undefined;
    for (let round = 0; round < (quick ? 0 : size === 'coat' ? fitRounds : 1); round++)
      for (const [name, trainee] of trainees) {
        if (name === 'plain kernels' || name === 'compiled') continue;
        if (size === 'yahoo' && method === 'esmm') continue;
        const answer = await trainee.ask({ do: 'fit', epochs: name === 'ours' ? epochs : fitted!.epochs });
        if (name === 'ours') fitted = answer;
        fits.get(name)!.push(answer.ms);
      }
    report(method, size, { step, fits, peak, epochs: fitted?.epochs }, figures);
  } finally {
    for (const trainee of trainees.values()) trainee.end();
  }
}

interface Measured {
  readonly step: ReadonlyMap<string, readonly number[]>;
  readonly fits: ReadonlyMap<string, readonly number[]>;
  readonly peak: ReadonlyMap<string, number>;
  readonly epochs: number | undefined;
}
function report(method: Method, size: Size, { step, fits, peak, epochs }: Measured, { line, aim }: Figures): void {
  const { width, batch } = settingsOf(method, size);
  line('');
  line(`${method}, ${size} size (width ${width}, batch ${batch})`);
  const mine = median(step.get('ours')!);
  for (const [name, times] of step) {
    if (times.length === 0) continue;
    const fit = fits.get(name) ?? [];
    const words = [
      `  ${name.padEnd(14)} ${format(median(times)).padStart(8)} ms a step`,
      fit.length > 0 ? `${format(median(fit))} ms a fit of ${epochs} epoch${epochs === 1 ? '' : 's'}` : undefined,
      `peak ${Math.round(peak.get(name)! / 2 ** 20)} MB`,
      name === 'ours' ? undefined : `${format(median(times) / mine)}x`,
    ];
    line(words.filter((word) => word !== undefined).join(', '));
  }
  for (const mode of modes) {
    const limit = aimOf(method, size, mode);
    const times = step.get(mode);
    if (limit !== undefined && times && times.length > 0)
      aim(`  against ${peerName(method, mode)}`, median(times) / mine, limit, 'x', 'higher');
  }
}
const peerName = (method: Method, mode: Mode) =>
  method === 'mf-lazy' ? 'SparseAdam' : mode === 'script' ? 'default Adam' : 'tuned, fused Adam';

/** Two seeds side by side on two cores, against one alone: the clock counts here. */
async function twoSeeds(ours: string, { aim }: Figures): Promise<void> {
  const pair = await Promise.all([0, 1].map(() => Trainee.start(process.execPath, [ours, 'mf', 'coat', 'wasm'])));
  const clock = async (of: readonly Trainee[]) => {
    const began = performance.now();
    await Promise.all(of.map((trainee) => trainee.ask({ do: 'fit', epochs: 60 })));
    return performance.now() - began;
  };
  try {
    await clock(pair);
    const times = { one: [] as number[], two: [] as number[] };
    for (let round = 0; round < 7; round++) {
      times.one.push(await clock(pair.slice(0, 1)));
      times.two.push(await clock(pair));
    }
    aim('two seeds on two cores, against one: mf, coat size', median(times.two) / median(times.one), 1.2, 'x');
  } finally {
    for (const trainee of pair) trainee.end();
  }
}

const fileOf = (size: Size, name: string, folder: string) => join(folder, `${size}-${name}.bin`);
function writeRatings(size: Size, folder: string): void {
  const { user, item, columns } = ratingsOf(size);
  for (const [name, values] of Object.entries({ user, item, ...columns }))
    writeFileSync(fileOf(size, name, folder), values);
}
const caseFor = (method: Method, size: Size, folder: string) => ({
  method,
  ...sizes[size],
  settings: settingsOf(method, size),
  files: Object.fromEntries(['user', 'item', 'y', 'w'].map((name) => [name, fileOf(size, name, folder)])),
});
