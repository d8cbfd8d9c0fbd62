import { z } from 'zod';
import { Cancel, f64, Log, node, Problem, type TensorBundle, table, type View } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import type { Serving } from '../learning/serve.ts';
import { hitRate } from '../learning/validation/hit-rate.ts';
import { Pairs, Params, Shape } from '../ports.ts';

/** One row a constant that was tried. */
const Tried = table({ c: f64, hr: f64 });

/** The grid of the paper. */
const usual = Array.from({ length: 11 }, (_, n) => 20 + 2 * n);

/**
 * What a model with a reference constant c is asked for, set without training it again.
 *
 * `counterfactual` (y_k - c) sigma(y_i) sigma(y_u): the total effect minus the natural direct effect, with c the match at the
 * reference state. `c` is a number, a list, or `auto` (20, 22, .. 40); of several the one with the highest HR over the pairs of
 * `selection` is kept, the first of equals. `total-effect` is c = 0, `backbone` y_k alone.
 * Out: `model`, the same parameters under another serve expression, for everything that takes a model; `tried`, the HR of every
 * constant (NaN for a single one, which nothing has to be measured for).
 *
 * @throws Problem bad-config for a readout that the model does not have
 */
export const counterfactualScorer = node('counterfactual/scorer', {
  doc: 'Sets the constant of a counterfactual score, or another readout, in a trained model.',
  source: 'Wei et al. 2021 (KDD), equation 9 and section 4.1.4',
  in: { model: Params, selection: Pairs, train: Pairs, shape: Shape },
  out: { model: Params, tried: Tried },
  config: z.strictObject({
    readout: z
      .enum(['counterfactual', 'total-effect', 'backbone'])
      .default('counterfactual')
      .describe('what the model is asked for'),
    c: z
      .union([z.number(), z.array(z.number()).min(1), z.literal('auto')])
      .default(40)
      .describe('the match at the reference state: a number, several to choose from, or `auto` for 20, 22, .. 40'),
    cutoff: z.number().int().positive().default(20).describe('cut-off of the HR that chooses'),
  }),
  use: { log: Log, cancel: Cancel, numeric: Numeric },
  run({ model, selection, train, shape }, { readout, c, cutoff }, { log, cancel, numeric }) {
    if (readout === 'backbone') return { model: reading(model, 'match'), tried: { c: none, hr: none } };
    if (readout === 'total-effect') return { model: withConstant(model, 0), tried: { c: none, hr: none } };
    const asked = c === 'auto' ? usual : typeof c === 'number' ? [c] : c;
    if (asked.length === 1) {
      const [only = 0] = asked;
      return { model: withConstant(model, only), tried: { c: Float64Array.of(only), hr: Float64Array.of(Number.NaN) } };
    }
    const measure = hitRate(selection, { ...shape, user: train.user, item: train.item }, cutoff, numeric);
    const hr = asked.map((value) => {
      cancel.check();
      return measure(withConstant(model, value));
    });
    const best = asked[hr.indexOf(Math.max(...hr))] as number;
    log.info(`c = ${best} is the best of ${asked.length} on the selection set`, { c: best, hr: Math.max(...hr) });
    return { model: withConstant(model, best), tried: { c: Float64Array.from(asked), hr: Float64Array.from(hr) } };
  },
});
const none = new Float64Array(0);

type Model = View<typeof Params>;
const servingOf = (model: Model): Serving | undefined => (model.head as { serving?: Serving }).serving;

/** The model with another constant. */
export function withConstant(model: Model, c: number): Model {
  if (model.tensors.c?.data.length !== 1)
    throw new Problem('bad-config', 'the model has no constant c to set', {
      where: 'model',
      hint: 'a counterfactual score needs a model of estimators/macr',
    });
  const tensors = { ...model.tensors, c: { shape: [1, 1], data: Float32Array.of(c) } };
  return { head: model.head, tensors } as TensorBundle<unknown> as Model;
}

/** The model with one of its readouts as its score. */
function reading(model: Model, readout: string): Model {
  const serving = servingOf(model);
  const serve = serving?.readouts?.[readout];
  if (serve === undefined)
    throw new Problem('bad-config', `the model has no readout '${readout}'`, {
      where: 'model',
      hint: `it has ${Object.keys(serving?.readouts ?? {}).join(', ') || 'its score alone'}`,
    });
  return { ...model, head: { ...(model.head as object), serving: { ...serving, serve } } } as unknown as Model;
}
