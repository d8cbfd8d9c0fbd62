/** The training loop: draws, steps, reports, stops. */
import { type Cancellation, Problem, type StepCheckpoints, type StepLog, type StepProgress } from '../../core/index.ts';
import type { Random } from '../../core/numeric/index.ts';
import type { Program } from './declaration.ts';
import type { NumericEngine } from './kernels/numeric.ts';
import { bind } from './machine/bind.ts';
import type { BindOptions, BoundStep, Machine } from './machine/machine.ts';
import type { TrainingRows } from './sampling/samplers.ts';
import { stoppingRule } from './stopping.ts';
import { beginning, checkpointOf, restore } from './training-state.ts';
import { type ValidationRows, validation } from './validation/validation.ts';

export interface TrainServices {
  readonly rng: Random;
  readonly log: StepLog;
  readonly progress: StepProgress;
  readonly cancel: Cancellation;
  readonly numeric: NumericEngine;
  /** Where a long training saves where it stands; one without cannot be resumed. */
  readonly checkpoints?: StepCheckpoints;
}
export interface Trained {
  /** Tables without padding, row-major. */
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>;
  readonly epochs: number;
  readonly steps: number;
  /** Whether the stopping rule ended training, rather than the largest number of epochs. */
  readonly stopped: boolean;
  /** One entry an epoch. */
  readonly history: readonly Readonly<Record<string, number>>[];
}

/**
 * Trains a program. One that goes on from a checkpoint ends in the same bytes as one that was never stopped.
 * @throws Problem step-failed when a loss is no longer a finite number, bad-config when the data cannot fill its batches
 */
export function train(
  program: Program,
  rows: TrainingRows,
  { rng, log, progress, cancel, numeric, checkpoints }: TrainServices,
  options: Omit<BindOptions, 'random' | 'numeric'> & { readonly validation?: ValidationRows | undefined } = {},
): Trained {
  const machine = bind(program, rows, { ...options, random: rng, numeric });
  const rule = stoppingRule(program.stop);
  const validate = validation(program, rows, options.validation, numeric);
  const keepsBest = program.stop.rule === 'patience' && program.stop.restore !== 'last';
  let state = beginning();
  const resumed = checkpoints?.resume((saved) => {
    state = restore(saved, machine.kept, rule);
  });
  if (resumed) progress.report(state.epoch, program.stop.epochs);
  const save = () => checkpoints?.save(checkpointOf(state, machine.kept, rule));
  let stopped = false;
  while (state.epoch < program.stop.epochs && !stopped) {
    if (cancel.requested && state.epoch > 0) save();
    cancel.check();
    const { last, ...values } = runEpoch(machine, state.epoch);
    const epoch = ++state.epoch;
    const looks = validate !== undefined && (epoch % validate.every === 0 || epoch === program.stop.epochs);
    const metric = looks ? validate.of(tensorsOf(machine)) : Number.NaN;
    const reported = looks ? { ...values, [validate.name]: metric } : values;
    state.history.push(reported);
    progress.epoch(epoch, reported);
    progress.report(epoch, program.stop.epochs, `loss ${(values.loss as number).toPrecision(5)}`);
    stopped = rule.ends({ tracked: values.tracked as number, last: last as number, metric });
    if (rule.best && keepsBest) state.best = tensorsOf(machine);
    if (!stopped && epoch < program.stop.epochs && checkpoints?.due) save();
  }
  const { epoch, history, best } = state;
  if (stopped && machine.onStop) runOnStop(machine.onStop, machine, epoch);
  if (!stopped)
    log.warn(`training was ended by its limit of ${program.stop.epochs} epochs, not by the stopping rule`, {
      epochs: epoch,
    });
  const tensors = best ?? tensorsOf(machine);
  checkFinite(tensors);
  return { tensors, epochs: epoch, steps: epoch * machine.stepsPerEpoch, stopped, history };
}

/** Runs one epoch. @returns its report: losses, gradient norms, weights */
export function runEpoch(machine: Machine, epoch: number): Record<string, number> {
  const { steps, samplers, stepsPerEpoch, groups, kernels } = machine;
  for (const { every, steps: passed } of machine.passes) if ((epoch + 1) % every === 0) runPass(machine, passed, epoch);
  for (const sampler of samplers) sampler.startEpoch(epoch);
  const losses = steps.map(() => 0);
  const terms = steps.map((step) => step.parts.map(() => 0));
  const norms: Record<string, number> = {};
  const watched = new Map<string, { rows: number; sum: number; squares: number; largest: number; clipped: number }>();
  let tracked = 0;
  let last = 0;
  for (let t = 0; t < stepsPerEpoch; t++) {
    for (let i = 0; i < samplers.length; i++) samplers[i]!.draw(t);
    const before = tracked;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      step.gradient();
      const loss = step.loss();
      if (!Number.isFinite(loss)) throw diverged(epoch, t, i, steps.length, loss);
      losses[i] = losses[i]! + loss;
      const sums = terms[i]!;
      for (let k = 0; k < sums.length; k++) sums[k] = sums[k]! + step.parts[k]![1]();
      tracked += step.tracked();
      if (t === stepsPerEpoch - 1)
        for (const name of step.groups)
          norms[`gradient ${name}`] = Math.sqrt(groups.get(name)!.gradientSquares(kernels));
      for (const read of step.watched) {
        const now = read();
        const so = watched.get(now.on) ?? {
          rows: 0,
          sum: 0,
          squares: 0,
          largest: Number.NEGATIVE_INFINITY,
          clipped: 0,
        };
        so.rows += now.size;
        so.sum += now.sum;
        so.squares += now.squares;
        so.largest = Math.max(so.largest, now.largest);
        so.clipped += now.clipped;
        watched.set(now.on, so);
      }
      step.move();
    }
    last = tracked - before;
  }
  const values: Record<string, number> = { loss: losses.reduce((a, b) => a + b, 0) / stepsPerEpoch, tracked, last };
  if (steps.length > 1) for (let i = 0; i < steps.length; i++) values[`loss ${i + 1}`] = losses[i]! / stepsPerEpoch;
  steps.forEach((step, i) => {
    step.parts.forEach(([name], k) => {
      values[`loss ${name}`] = terms[i]![k]! / stepsPerEpoch;
    });
  });
  for (const { rows, sum, squares, largest, clipped } of watched.values()) {
    if (!Number.isNaN(sum)) {
      values['effective sample size'] = (sum * sum) / squares;
      values['largest weight'] = largest;
    }
    if (!Number.isNaN(clipped)) values['share at the clip'] = clipped / rows;
  }
  for (const { every, name, run } of machine.assignments)
    if ((epoch + 1) % every === 0) values[`share of ${name} that moved`] = run() / (machine.state[name]?.length ?? 1);
  return { ...values, ...norms };
}

/** Steps of their own on every batch of the epoch to come. */
function runPass({ samplers, stepsPerEpoch }: Machine, steps: readonly BoundStep[], epoch: number): void {
  for (const sampler of samplers) sampler.startEpoch(epoch);
  for (let t = 0; t < stepsPerEpoch; t++) {
    for (const sampler of samplers) sampler.draw(t);
    steps.forEach((step, i) => {
      step.gradient();
      if (!Number.isFinite(step.loss())) throw diverged(epoch, t, i, steps.length, step.loss());
      step.move();
    });
  }
}

/** The acts on stop: numbers from the last batch, then steps on the first batch of an epoch that is not trained. */
function runOnStop({ hold, steps }: NonNullable<Machine['onStop']>, { samplers }: Machine, epoch: number): void {
  hold();
  for (const sampler of samplers) {
    sampler.startEpoch(epoch);
    sampler.draw(0);
  }
  steps.forEach((step, i) => {
    step.gradient();
    if (!Number.isFinite(step.loss())) throw diverged(epoch, 0, i, steps.length, step.loss());
    step.move();
  });
}

/** A loss can be finite while the step after it is not. */
function checkFinite(tensors: Trained['tensors']): void {
  for (const [name, { data }] of Object.entries(tensors))
    for (let n = 0; n < data.length; n++)
      if (!Number.isFinite(data[n]))
        throw new Problem('step-failed', `training diverged: table '${name}' holds ${data[n]}`, {
          hint: 'lower the learning rate or raise the clip of the propensities',
        });
}

const diverged = (epoch: number, t: number, i: number, count: number, loss: number) =>
  new Problem('step-failed', `training diverged: the loss became ${loss} in epoch ${epoch + 1}, batch ${t + 1}`, {
    ...(count > 1 && { where: `step ${i + 1} of the batch` }),
    hint: 'lower the learning rate, raise the clip of the propensities, or check the ratings for extreme values',
  });

/** The tables as they are now, the propagated ones with all of their rows, and the sums of feature bags. */
export function tensorsOf({ tables, propagations, bags, kernels, memory }: Machine): Trained['tensors'] {
  const declared = [...tables].map(([name, { declaration, ...cells }]) => ({
    name,
    ...cells,
    width: declaration.width,
  }));
  const propagated = propagations.flatMap((propagation) => {
    propagation.forward(kernels);
    const { propagated: names, width } = propagation.declared;
    return (['user', 'item'] as const).map((side) => ({ name: names[side], ...propagation[side], width }));
  });
  return Object.fromEntries([
    ...[...declared, ...propagated].map(({ name, rows, stride, values, width }) => {
      const data = new Float32Array(rows * width);
      for (let r = 0; r < rows; r++)
        for (let k = 0; k < width; k++) data[r * width + k] = memory.floats[values + r * stride + k] as number;
      return [name, { shape: [rows, width], data }] as const;
    }),
    ...bags().map(({ name, shape, data }) => [name, { shape, data }] as const),
  ]);
}
