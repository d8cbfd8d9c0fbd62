/** The simulations of iDCF and IViDR: how much of their latents exposure models recover, and how long the larger one takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figures } from '../../bench/figures.ts';
import { openWorkshop } from '../../compose.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { type Assignment, trialsOf } from '../../core/plan/trials.ts';
import { execute, firstFailure, type Report } from '../../core/run/run.ts';
import { mean, standardDeviation } from '../../nodes/statistics/moments.ts';
import { metricRows } from '../../pipelines/results.ts';
import { draws, judgedNoises, leastGap, leastMcc, levels, seed, wholeLimit, widths } from './references/recovery.ts';
import { columns } from './table.ts';

/** Settings that make a simulation smaller, to try the harness; none for the real thing. */
type Cut = readonly Assignment[];
const models = { ivae: 'idcf-recovery', vae: 'idcf-w-recovery' } as const;
type Model = keyof typeof models;

/**
 * The levels of noise that are judged, or those that are reported with their spread: at these, more trainings tell nothing new.
 * @throws Problem when a step fails
 */
export const recovery =
  (which: 'judged' | 'reported', cut: Cut = []) =>
  (figures: Figures): Promise<void> =>
    recovered(
      figures,
      levels.filter(({ noise }) => judgedNoises.includes(noise) === (which === 'judged')),
      cut,
    );

/** Three trainings of one model: `heldOut` holds their held-out negative ELBO, the smallest of which chose. */
interface Recovered {
  readonly noise: number;
  readonly draw: number;
  readonly model: Model;
  readonly width: number;
  readonly mcc: number;
  readonly heldOut: readonly number[];
}

async function recovered({ line, promise }: Figures, shown: typeof levels, cut: Cut): Promise<void> {
  const began = performance.now();
  const measured = await trained(
    shown.map(({ noise }) => noise),
    cut,
  );
  const of = (noise: number, model: Model, width: number) =>
    measured.filter((one) => one.noise === noise && one.model === model && one.width === width);
  const loss = (ones: readonly Recovered[]) => mean(ones.map(({ heldOut }) => Math.min(...heldOut)));
  /** The width whose best trainings explain the held-out users best, on average over the draws; nothing else is looked at. */
  const tuned = (noise: number, model: Model) =>
    widths.reduce((best, next) => (loss(of(noise, model, next)) < loss(of(noise, model, best)) ? next : best));
  const at = (noise: number, model: Model) => of(noise, model, tuned(noise, model)).map(({ mcc }) => mcc);
  const spread = (values: readonly number[]) => `${mean(values).toFixed(4)}±${standardDeviation(values).toFixed(4)}`;
  const each = (values: readonly number[]) => values.map((x) => x.toFixed(4)).join(' ');
  line(
    `Simulation of iDCF, protocol confounded-idcf: MCC over exposure draws ${draws.join(', ')}, each the best of three trainings by held-out ELBO (seed ${seed})`,
  );
  line(`of networks as wide as the mean held-out ELBO chooses for the model and the noise, of ${widths.join(', ')}`);
  line('');
  for (const text of columns([
    ['noise', 'width', 'iVAE by draw', 'mean±sd', 'shipped', 'width', 'VAE by draw', 'mean±sd', 'shipped', 'gap', ''],
    ...shown.map(({ noise, shipped }) => {
      const [ivae, vae] = [at(noise, 'ivae'), at(noise, 'vae')];
      return [
        String(noise),
        ...[String(tuned(noise, 'ivae')), each(ivae), spread(ivae), shipped.ivae],
        ...[String(tuned(noise, 'vae')), each(vae), spread(vae), shipped.vae],
        (mean(ivae) - mean(vae)).toFixed(4),
        judgedNoises.includes(noise) ? 'judged' : 'reported',
      ];
    }),
  ]))
    line(text);
  line('');
  line('what was chosen from, with the held-out negative ELBO of the best training:');
  for (const text of columns([
    ['noise', 'pipeline', 'width', 'ELBO by draw', 'mean', 'MCC by draw', 'mean', ''],
    ...shown.flatMap(({ noise }) =>
      (Object.keys(models) as Model[]).flatMap((model) =>
        widths.map((width) => {
          const ones = of(noise, model, width);
          return [
            ...[String(noise), models[model], String(width)],
            ones.map(({ heldOut }) => Math.min(...heldOut).toFixed(3)).join(' '),
            loss(ones).toFixed(3),
            each(ones.map(({ mcc }) => mcc)),
            mean(ones.map(({ mcc }) => mcc)).toFixed(4),
            width === tuned(noise, model) ? 'chosen' : '',
          ];
        }),
      ),
    ),
  ]))
    line(text);
  line(`${((performance.now() - began) / 1000).toFixed(0)} s`);
  for (const { noise } of shown) {
    if (!judgedNoises.includes(noise)) continue;
    const [ivae, vae] = [mean(at(noise, 'ivae')), mean(at(noise, 'vae'))];
    promise(`noise ${noise}: MCC of the iVAE is at least ${leastMcc}`, ivae >= leastMcc);
    promise(`noise ${noise}: and at least ${leastGap} above the VAE without proxies`, ivae - vae >= leastGap);
  }
}

/** Every model, width and draw at these levels of noise. */
async function trained(noises: readonly number[], cut: Cut): Promise<readonly Recovered[]> {
  const shop = await openWorkshop();
  try {
    const protocol = shop.registry.protocol('confounded-idcf');
    const placed = noises.flatMap((noise) =>
      draws.flatMap((draw) =>
        (Object.keys(models) as Model[]).flatMap((model) =>
          widths.flatMap((width) =>
            trialsOf({
              methods: [shop.registry.pipeline(models[model])],
              floors: [],
              close: (pipeline) => closeChecked(pipeline, protocol),
              seeds: [seed],
              dataSeed: draw,
              grid: {},
              set: [{ path: 'data.raw.noise', value: noise }, { path: 'exposure.hidden', value: width }, ...cut],
            }).map((named) => ({ noise, draw, model, width, named })),
          ),
        ),
      ),
    );
    const done = await execute(
      placed.map(({ named }) => named.trial),
      shop,
      { command: 'fidelity idcf-simulation' },
    );
    const failure = firstFailure(done);
    if (failure) throw failure;
    const rows = await metricRows(
      placed.map(({ named }) => named),
      done,
    );
    return await Promise.all(
      placed.map(async ({ named: _, ...one }, at) => ({
        ...one,
        mcc: rows[at]?.value ?? Number.NaN,
        heldOut: await heldOutOf(done, at),
      })),
    );
  } finally {
    await shop.close();
  }
}

/** The held-out negative ELBO of every training of a trial: the smallest chose. */
async function heldOutOf(done: Report, trial: number): Promise<readonly number[]> {
  const value = await done.output(trial, 'exposure', 'params');
  if (value.port !== 'tensors') throw new TypeError("'params' of an exposure model are tensors");
  return (value.bundle.head as { readonly heldOut: readonly number[] }).heldOut;
}

/**
 * One level of noise, one seed, a training of each model, in a store that knows nothing, on two workers.
 * @throws Problem when a step fails
 */
export async function wholeSimulation({ line, promise }: Figures, cut: Cut = []): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-recovery-'));
  try {
    const shop = await openWorkshop({ store: folder, jobs: 2 });
    try {
      const protocol = shop.registry.protocol('confounded-ividr');
      const trials = trialsOf({
        methods: [shop.registry.pipeline('ividr-recovery')],
        floors: [],
        close: (pipeline) => closeChecked(pipeline, protocol),
        seeds: [seed],
        dataSeed: 0,
        grid: {},
        set: [{ path: 'exposure.runs', value: 1 }, { path: 'rebuilt.runs', value: 1 }, ...cut],
      });
      const done = await execute(
        trials.map(({ trial }) => trial),
        shop,
        { command: 'fidelity ividr-simulation' },
      );
      const failure = firstFailure(done);
      if (failure) throw failure;
      const mcc = (await metricRows(trials, done))[0]?.value ?? Number.NaN;
      line('Simulation of IViDR, protocol confounded-ividr at noise 0: data, instruments, both iVAEs, fusion and MCC');
      line('');
      const steps = done.steps.flat().filter(({ status }) => status === 'computed');
      for (const text of columns([
        ['step', 'seconds'],
        ...steps.map(({ step, ms }) => [step.name, (ms / 1000).toFixed(1)]),
      ]))
        line(text);
      line(`MCC ${mcc.toFixed(4)}; ${(done.ms / 1000).toFixed(0)} s from nothing, on two workers`);
      promise(`the simulation of IViDR takes less than ${wholeLimit} s`, done.ms / 1000 < wholeLimit);
    } finally {
      await shop.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
