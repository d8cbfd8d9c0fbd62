/** What every exposure node does: trains one or several networks, keeps the best by held-out ELBO, tells what it found. */
import {
  aside,
  Cancel,
  type Cancellation,
  Checkpoints,
  Log,
  Progress,
  Rng,
  type StepCheckpoints,
  type StepLog,
  type StepProgress,
  type View,
} from '../../core/index.ts';
import type { Random } from '../../core/numeric/index.ts';
import { historyTable } from '../learning/history.ts';
import { Numeric, type NumericEngine } from '../learning/kernels/numeric.ts';
import { type TensorBackend, Tensors } from '../learning/tensor/backend.ts';
import { Parameters } from '../learning/tensor/parameters.ts';
import { SparseSums } from '../learning/tensor/sparse-sums.ts';
import { History, Params } from '../ports.ts';
import { batchOf, divide, type ExposureData, inputsOf, release } from './data.ts';
import { diagnose } from './diagnosis.ts';
import { checkpointOf, type FitState, type Run, restore } from './fit-state.ts';
import { latentTable } from './latents.ts';
import { type NetworkSize, parametersOf } from './network.ts';
import { Dimensions, Latents } from './ports.ts';
import { describe } from './posterior.ts';
import type { ExposureSettings } from './settings.ts';
import { type EpochValues, evaluate, type TrainingState, train, type Workplace } from './train.ts';

export const fitOutputs = {
  posterior: Latents,
  dimensions: aside(Dimensions),
  curve: aside(History),
  params: aside(Params),
};
export const fitServices = {
  rng: Rng,
  log: Log,
  progress: Progress,
  cancel: Cancel,
  checkpoints: Checkpoints,
  numeric: Numeric,
  tensors: Tensors,
};
interface FitServices {
  readonly rng: Random;
  readonly log: StepLog;
  readonly progress: StepProgress;
  readonly cancel: Cancellation;
  readonly checkpoints: StepCheckpoints;
  readonly numeric: NumericEngine;
  readonly tensors: TensorBackend;
}

/** Samples a held-out user by which runs are compared: the same ones for all runs. */
const comparingSamples = 16;

export async function fit(
  data: ExposureData,
  heldOut: { readonly user: Uint32Array } | undefined,
  settings: ExposureSettings & { readonly priorMean: NetworkSize['priorMean'] },
  { rng, log, progress, cancel, checkpoints, numeric, tensors }: FitServices,
) {
  const users = divide(data.users, heldOut, settings.heldOut, rng);
  const tf = await tensors.open();
  const network: NetworkSize = {
    inputs: inputsOf(data),
    proxies: data.proxies?.columns ?? 0,
    items: data.items,
    size: settings.size,
    hidden: settings.hidden,
    layers: settings.layers,
    priorMean: settings.priorMean,
  };
  const parameters = new Parameters(numeric, parametersOf(network));
  const at: Workplace = { tf, sums: new SparseSums(numeric), network, parameters, data, users, settings, cancel };
  let state: FitState = { runs: [], present: undefined };
  checkpoints.resume((saved) => {
    state = restore(saved, parameters);
  });
  const { runs } = state;
  while (runs.length < settings.runs) {
    const told = (present: TrainingState) => {
      const epoch = present.history.length;
      progress.epoch(epoch, present.history.at(-1) as EpochValues);
      progress.report(runs.length * settings.epochs + epoch, settings.runs * settings.epochs);
      if (checkpoints.due || cancel.requested) checkpoints.save(checkpointOf(runs, present, parameters));
    };
    const training = await train(at, rng.for(`run/${runs.length}`), told, state.present);
    state.present = undefined;
    runs.push({ ...training, compared: compare(at, rng), values: parameters.copy() });
  }
  const chosen = runs.reduce((best, next, n) => (next.compared < runs[best]!.compared ? n : best), 0);
  const run = runs[chosen] as Run;
  parameters.restore(run.values);
  const { posterior, divergences } = describe(at);
  const dimensions = diagnose(posterior, divergences, settings.live, log);
  log.info(
    `trained ${run.history.length} epochs, best ${run.bestEpoch}: held-out negative ELBO ${run.compared.toFixed(2)}${settings.runs > 1 ? ` (run ${chosen + 1} of ${settings.runs})` : ''}`,
  );
  const head = {
    method: { use: data.proxies ? 'exposure/ivae' : 'exposure/vae', with: settings },
    network,
    run: chosen,
    heldOut: runs.map(({ compared }) => compared),
    epochs: runs.map(({ history }) => history.length),
    bestEpoch: run.bestEpoch,
  };
  return {
    posterior: latentTable(posterior),
    dimensions,
    curve: historyTable(run.history),
    params: { head, tensors: parameters.named() } as unknown as View<typeof Params>,
  };
}

/** The negative ELBO of the held-out users as the mean over samples that are the same for every run. */
function compare(at: Workplace, rng: Random): number {
  const batch = batchOf(at.tf, at.data, at.users.heldOut);
  try {
    let sum = 0;
    for (let sample = 0; sample < comparingSamples; sample++) sum += evaluate(at, batch, rng.for(`compare/${sample}`));
    return sum / comparingSamples;
  } finally {
    release(batch);
  }
}
