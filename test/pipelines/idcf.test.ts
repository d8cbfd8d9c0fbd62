import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../compose.ts';
import { memoryStore } from '../../core/testing/index.ts';
import { squaredErrorMethod } from '../../nodes/estimators/squared-error.ts';
import { embeddedFeatures } from '../../nodes/features/embedded.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Features } from '../../nodes/ports.ts';
import { idcfInvPref } from '../../pipelines/idcf/invpref.ts';
import { idcfIv4rMf } from '../../pipelines/idcf/iv4r-mf.ts';
import { idcfMf } from '../../pipelines/idcf/mf.ts';
import { idcfMfWf, idcfMfWfAsCoded } from '../../pipelines/idcf/mf-wf.ts';
import { idcfRdIps } from '../../pipelines/idcf/rd-ips.ts';
import { coatIdcf } from '../../pipelines/protocols/coat-idcf.ts';
import { run } from '../../run.ts';

const data = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const lacksCoat = !existsSync(join(data, 'coat'));
if (lacksCoat)
  console.warn('coat is not in the data folder (COUNTERPOISE_DATA): methods against confounders are not run on it');

let workshop: OpenWorkshop;
beforeAll(async () => {
  workshop = await openWorkshop({ store: memoryStore(), jobs: 0, data });
}, 60_000);
afterAll(() => workshop.close());

const sided = idcfMf
  .as('idcf-mf-sided', { needs: { userFeatures: Features, itemFeatures: Features } })
  .rewire('model', learner(squaredErrorMethod.with({ features: embeddedFeatures() })), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
    userFeatures: up.userFeatures,
    itemFeatures: up.itemFeatures,
  }));

interface Outputs {
  readonly model: {
    readonly params: { readonly tensors: Readonly<Record<string, { readonly shape: readonly number[] }>> };
  };
  readonly metrics: { readonly metrics: { readonly metric: readonly string[]; readonly value: Float64Array } };
  readonly [step: string]: Readonly<Record<string, unknown>>;
}
const short = { model: { epochs: 2 } };
const outputsOf = async (pipeline: { readonly on: (protocol: typeof coatIdcf) => unknown }) =>
  (await run(pipeline.on(coatIdcf) as never, { workshop, seed: 1230 })) as unknown as Outputs;
const ndcg = ({ metrics: { metrics } }: Outputs) => metrics.value[metrics.metric.indexOf('ndcg')] as number;

test.skipIf(lacksCoat)(
  'every method against confounders that needs no network trains, stops and ranks on Coat',
  async () => {
    for (const pipeline of [
      idcfMfWf.as('wf').configure(short),
      idcfRdIps.as('rd').configure({ model: { epochs: 2, every: 1 } }),
      idcfInvPref.as('inv').configure({ model: { epochs: 2, every: 1 } }),
      idcfIv4rMf.as('iv').configure(short),
      idcfIv4rMf.as('ivu').configure({ instruments: { of: 'users' }, model: { of: 'users', epochs: 2 } }),
      sided.as('sided').configure(short),
    ]) {
      const value = ndcg(await outputsOf(pipeline as never));
      expect(value, pipeline.name).toBeGreaterThan(0.2);
      expect(value, pipeline.name).toBeLessThan(0.8);
    }
  },
);

test.skipIf(lacksCoat)('propensities by label are those of the published code: weights 6.722 and 14.678', async () => {
  const { byLabel, slice } = await outputsOf(idcfRdIps.as('rd').configure({ model: { epochs: 2, every: 1 } }) as never);
  const weights = byLabel?.byLabel as { negative: number; positive: number };
  expect(weights.positive).toBeCloseTo(6.722, 3);
  expect(weights.negative).toBeCloseTo(14.678, 3);
  const first = slice?.first as { user: Uint32Array };
  expect([first.user.length, new Set(first.user).size]).toEqual([231, 15]);
});

test.skipIf(lacksCoat)(
  'side features get a row for each of the 14 and 33 features of Coat; frozen tables stay as they start',
  async () => {
    const { tensors } = (await outputsOf(sided.as('sided').configure(short) as never)).model.params;
    expect([tensors.X?.shape, tensors.Y?.shape]).toEqual([
      [14, 16],
      [33, 16],
    ]);
    const frozen = async (epochs: number) =>
      (await outputsOf(idcfMfWfAsCoded.as('wf').configure({ model: { epochs } }) as never)).model.params.tensors;
    const [one, two] = [await frozen(1), await frozen(2)];
    expect(two.E0).toEqual(one.E0);
    expect(two.P).not.toEqual(one.P);
  },
);
