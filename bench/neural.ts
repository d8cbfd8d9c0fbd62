/**
 * What a step of a VAE and a whole fit of an iVAE cost on each tensor backend that is installed, beside PyTorch doing the same
 * arithmetic; processor time of one thread, medians of rounds that alternate. The peer is found as for the training benchmark.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNative } from '../native-library.ts';
import type { MultiHot } from '../nodes/learning/tensor/multi-hot.ts';
import { benchmark, type Figures, format } from './figures.ts';
import { dataOf, epochsOfFit, type Size, sizes } from './neural/cases.ts';
import { Trainee } from './training/process.ts';
import { bundled, median, pythonWithTorch } from './training/sides.ts';

const rounds = 3;
// enough that the first round ends after the virtual machine has compiled what runs hot: the wide step settles after some twelve
const counts: Readonly<Record<Size, number>> = { coat: 40, wide: 20 };
/** Milliseconds of a step of the wide VAE, which a prototype took 25 (native) and 81 (WebAssembly) for. */
const aims: Readonly<Record<string, number>> = { wasm: 50 };

export const neural = () =>
  benchmark('neural', async (figures) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-neural-'));
    try {
      const ours = await bundled('neural/ours.ts');
      const python = pythonWithTorch();
      const native = findNative() !== undefined;
      figures.line(
        python
          ? `peer: PyTorch ${python.version}, one thread; ratios are peer / ours`
          : 'no PyTorch here, so no ratios: python3 -m venv /tmp/torch-venv && /tmp/torch-venv/bin/pip install torch numpy',
      );
      if (!native) figures.line('the native TensorFlow is not installed: `counterpoise backend install tensorflow`');
      for (const size of Object.keys(sizes) as Size[])
        await oneSize(size, { ours, folder, python: python?.command, native, figures });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

interface Surroundings {
  readonly ours: string;
  readonly folder: string;
  readonly python: string | undefined;
  readonly native: boolean;
  readonly figures: Figures;
}
async function oneSize(size: Size, { ours, folder, python, native, figures }: Surroundings): Promise<void> {
  const trainees = new Map<string, Trainee>();
  for (const backend of native ? ['wasm', 'tensorflow'] : ['wasm'])
    trainees.set(backend, await Trainee.start(process.execPath, [ours, size, backend]));
  if (python) {
    const file = join(folder, `${size}.json`);
    writeFileSync(file, JSON.stringify(caseFor(size)));
    const script = fileURLToPath(new URL('peers/neural.py', import.meta.url));
    for (const mode of ['script', 'tuned']) trainees.set(mode, await Trainee.start(python, [script, mode, file]));
  }
  try {
    const step = await timesOf(trainees, rounds, (trainee) =>
      trainee.ask({ do: 'steps', count: counts[size] }).then(({ ms }) => ms / counts[size]),
    );
    const fit =
      size === 'coat'
        ? await timesOf(trainees, 1, (trainee) => trainee.ask({ do: 'fit', epochs: epochsOfFit }).then(({ ms }) => ms))
        : undefined;
    report(size, step, fit, figures);
  } finally {
    for (const trainee of trainees.values()) trainee.end();
  }
}

/** The median of some rounds after one that warms up. */
async function timesOf(
  trainees: ReadonlyMap<string, Trainee>,
  count: number,
  ask: (trainee: Trainee) => Promise<number>,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>([...trainees.keys()].map((name) => [name, []]));
  for (let round = 0; round <= count; round++)
    for (const [name, trainee] of trainees) {
      const ms = await ask(trainee);
      if (round > 0) times.get(name)!.push(ms);
    }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

function report(
  size: Size,
  step: ReadonlyMap<string, number>,
  fit: ReadonlyMap<string, number> | undefined,
  { line, aim }: Figures,
): void {
  const { train, items, proxies, hidden, size: latent, layers } = sizes[size];
  line('');
  line(
    `${size} size: ${train} users a batch, ${items} items + ${proxies} proxies, ${layers} layers of ${hidden}, ${latent} latents`,
  );
  for (const [name, ms] of step) {
    const ours = name === 'wasm' || name === 'tensorflow';
    const peers = ['script', 'tuned'].filter((mode) => ours && step.has(mode));
    const ratios = peers.map((mode) => `${format(step.get(mode)! / ms)}x ${mode}`);
    const whole = fit && `${format(fit.get(name)!)} ms a fit of ${epochsOfFit} epochs`;
    line(
      [`  ${name.padEnd(11)} ${format(ms).padStart(8)} ms a step`, whole, ...ratios]
        .filter((word) => word !== undefined)
        .join(', '),
    );
  }
  for (const [name, limit] of Object.entries(aims))
    if (size === 'wide' && step.has(name)) aim(`  ${name}`, step.get(name)!, limit, 'ms a step');
  if (size === 'wide' && step.has('tensorflow') && step.has('script'))
    aim('  tensorflow against default Adam', step.get('script')! / step.get('tensorflow')!, 1, 'x', 'higher');
}

function caseFor(size: Size) {
  const { exposed, proxies } = dataOf(size);
  const lists = (of: MultiHot) =>
    Array.from({ length: of.rows }, (_, row) => [...of.column.subarray(of.start[row], of.start[row + 1])]);
  return { ...sizes[size], exposed: lists(exposed), known: proxies ? lists(proxies) : [] };
}
