/**
 * Trains one program in a process of its own. Reads orders from its input, a JSON line each, and answers each with one:
 * `{ do: 'steps', count }`, `{ do: 'fit', epochs }`.
 */
import { createInterface } from 'node:readline';
import { randomOf } from '../../core/numeric/index.ts';
import type { Program } from '../../nodes/learning/declaration.ts';
import { plainEngine } from '../../nodes/learning/kernels/numeric.ts';
import { wasmEngine } from '../../nodes/learning/kernels/wasm.ts';
import { bind } from '../../nodes/learning/machine/bind.ts';
import type { TrainingRows } from '../../nodes/learning/sampling/samplers.ts';
import { runEpoch, train } from '../../nodes/learning/train.ts';
import { serviceParts } from '../../services.ts';

/** Answers until the input ends. */
export async function takeOrders(program: Program, rows: TrainingRows, kernels: 'wasm' | 'plain'): Promise<void> {
  const numeric = kernels === 'plain' ? plainEngine : wasmEngine((await serviceParts(() => undefined)).numeric.binary);
  const machine = bind(program, rows, { random: randomOf('seed'), numeric });
  let epoch = 0;

  /** Milliseconds of processor time: with one thread what a quiet machine's clock would show, whoever else is at work. */
  const processorTime = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };

  /** Milliseconds of `count` steps, without what happens once an epoch. */
  function steps(count: number): number {
    let total = 0;
    for (let left = count; left > 0; left -= machine.stepsPerEpoch) {
      let once = 0;
      const samplers = machine.samplers.map((sampler) => ({
        ...sampler,
        startEpoch: (at: number) => {
          const began = processorTime();
          sampler.startEpoch(at);
          once += processorTime() - began;
        },
      }));
      const began = processorTime();
      runEpoch({ ...machine, samplers, stepsPerEpoch: Math.min(left, machine.stepsPerEpoch) }, epoch++);
      total += processorTime() - began - once;
    }
    return total;
  }

  /** A whole training from its first draw on; 0 epochs leaves its end to the stopping rule. */
  function wholeFit(epochs: number) {
    const began = processorTime();
    const stop = epochs > 0 ? { ...program.stop, tolerance: -1e9, epochs } : program.stop;
    const trained = train({ ...program, stop }, rows, {
      rng: randomOf('seed'),
      log: { debug() {}, info() {}, warn() {} },
      progress: { report() {}, epoch() {} },
      cancel: { requested: false, check() {} },
      numeric,
    });
    return { ms: processorTime() - began, epochs: trained.epochs };
  }

  const answer = (value: object) =>
    console.log(
      JSON.stringify({ ...value, peak: process.resourceUsage().maxRSS * 1024, perEpoch: machine.stepsPerEpoch }),
    );
  answer({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line) as { do: 'steps'; count: number } | { do: 'fit'; epochs: number };
    answer(order.do === 'steps' ? { ms: steps(order.count) } : wholeFit(order.epochs));
  }
}
