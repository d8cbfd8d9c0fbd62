/** Trains one size on one backend in a process of its own: `ours.ts SIZE BACKEND`. Orders and answers as in bench/training. */
import { createInterface } from 'node:readline';
import { randomOf } from '../../core/numeric/index.ts';
import { batchOf, divide, inputsOf } from '../../nodes/exposure/data.ts';
import { type NetworkSize, parametersOf } from '../../nodes/exposure/network.ts';
import { step, train, type Workplace } from '../../nodes/exposure/train.ts';
import { wasmEngine } from '../../nodes/learning/kernels/wasm.ts';
import { openTensors } from '../../nodes/learning/tensor/open.ts';
import { Parameters } from '../../nodes/learning/tensor/parameters.ts';
import { SparseSums } from '../../nodes/learning/tensor/sparse-sums.ts';
import { serviceParts } from '../../services.ts';
import { packageLoader } from '../../tensor-backend.ts';
import { dataOf, type Size, sizes } from './cases.ts';

const [size, backend] = process.argv.slice(2) as [Size, string];
const parts = await serviceParts(() => undefined, backend);
const tf = await openTensors(parts.tensors.name, packageLoader(parts.tensors)).open();
const data = dataOf(size);
const shape = sizes[size];
const network: NetworkSize = {
  inputs: inputsOf(data),
  proxies: shape.proxies,
  items: shape.items,
  size: shape.size,
  hidden: shape.hidden,
  layers: shape.layers,
  priorMean: 'zero',
};
const engine = wasmEngine(parts.numeric.binary);
const at: Workplace = {
  tf,
  sums: new SparseSums(engine),
  network,
  parameters: new Parameters(engine, parametersOf(network)),
  data,
  users: divide(data.users, undefined, 1 - shape.train / shape.users, randomOf('users')),
  settings: {
    ...{ size: shape.size, hidden: shape.hidden, layers: shape.layers, batch: shape.batch, rate: 1e-3, l2: 1e-6 },
    ...{ norms: 0.01, epochs: 1000, patience: 1000, warmup: 0.2, heldOut: 0.2, runs: 1, live: 0.3 },
  },
  cancel: { requested: false, check() {} },
};
at.parameters.draw(randomOf('init'));
const batch = batchOf(tf, data, at.users.train);
const noise = randomOf('noise');

const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
async function timed(body: () => unknown): Promise<number> {
  const began = processorTime();
  await body();
  return processorTime() - began;
}
const steps = (count: number) => {
  for (let n = 0; n < count; n++) step(at, batch, 1, noise);
};
const fit = (epochs: number) =>
  train({ ...at, settings: { ...at.settings, epochs, patience: epochs } }, randomOf('fit'), () => {});

const answer = (value: object) =>
  console.log(JSON.stringify({ ...value, peak: process.resourceUsage().maxRSS * 1024, perEpoch: 1 }));
answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as { do: 'steps'; count: number } | { do: 'fit'; epochs: number };
  answer({ ms: await timed(() => (order.do === 'steps' ? steps(order.count) : fit(order.epochs))), epochs: 0 });
}
