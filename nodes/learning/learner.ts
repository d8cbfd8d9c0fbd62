/** The node that trains a method. Its ports are those that the method and its parts read. */
import { z } from 'zod';
import {
  aside,
  Cancel,
  Checkpoints,
  Log,
  type Node,
  node,
  Problem,
  Progress,
  Rng,
  type View,
} from '../../core/index.ts';
import { type AnyMethod, type AnyMethodNode, type MethodNode, method, methodJson } from '../../core/method.ts';
import type { Random } from '../../core/numeric/index.ts';
import { History, Params } from '../ports.ts';
import { clicksOf, featuresOf, givensOf, modelsOf, sized, trainingRows, validationOf } from './data.ts';
import type { Program } from './declaration.ts';
import { checkLearnt, historyTable } from './history.ts';
import { Numeric } from './kernels/numeric.ts';
import type { TrainingRows } from './sampling/samplers.ts';
import { scorer, servingOf } from './serve.ts';
import { train } from './train.ts';

const out = { params: Params, history: aside(History) };
const use = { rng: Rng, log: Log, progress: Progress, cancel: Cancel, numeric: Numeric, checkpoints: Checkpoints };
/** A learner's config is the method's settings, key by key, with the method's own values as defaults; and `seed`. */
export type LearnerConfig<M extends AnyMethod> = { [K in keyof M['settings']]?: M['settings'][K] } & { seed?: number };
export type Learner<M extends AnyMethod> = Node<M['in'], typeof out, LearnerConfig<M>, typeof use> & MethodNode<M>;

/**
 * Makes a node of a method.
 *
 * Its config has the method's settings as keys (`--set model.width=32`), so settings per data set are settings of the step;
 * what is not given keeps the value that the method carries. `seed` fixes the step's seed.
 * Outputs: `params`, the tables of every score, under a head with the method, the data's shape, how to serve a score and
 * whether the model learnt; and `history`, the training curve.
 */
export function learner<M extends AnyMethod>(of: M): Learner<M> {
  const made = node('learning/learner', {
    doc: of.doc,
    ...(of.source !== undefined && { source: of.source }),
    in: of.in as Record<string, never>,
    out,
    config: configOf(of),
    use,
    run(inputs, config, services) {
      const { seed: _, ...settings } = config as Readonly<Record<string, unknown>>;
      const chosen = (of as unknown as { with: (patch: object) => AnyMethod }).with(settings);
      const program = (chosen.build as (settings: object, parts: object) => Program)(chosen.settings, chosen.parts);
      const data = inputs as unknown as Inputs;
      return trainMethod(chosen, sized(program, data), data, services as never);
    },
  });
  return Object.assign(made, {
    method: of,
    remake: (next: AnyMethod) => learner(next) as unknown as AnyMethodNode,
  }) as unknown as Learner<M>;
}

type Inputs = Readonly<Record<string, unknown>> & {
  readonly train: { user: Uint32Array; item: Uint32Array };
};

function trainMethod(chosen: AnyMethod, program: Program, inputs: Inputs, services: Parameters<typeof train>[2]) {
  const rows = trainingRows(program, inputs);
  const trained = train(program, rows, services, {
    givens: givensOf(program, inputs),
    inputs: modelsOf(program, inputs, services.numeric),
    clicks: clicksOf(program, inputs),
    features: featuresOf(program, inputs),
    validation: validationOf(program, inputs),
  });
  const serving = servingOf(program);
  const { user, item, label } = rows.columns.y ? { ...rows, label: rows.columns.y } : againstOthers(rows, services.rng);
  const scores = new Float32Array(user.length);
  const match = program.readouts && 'match' in program.readouts ? 'match' : undefined;
  scorer({ head: { serving }, tensors: trained.tensors }, services.numeric, match).score(user, item, scores);
  const { auc, learnt } = checkLearnt(scores, label, trained.epochs, services.log);
  const last = trained.history.at(-1) as Readonly<Record<string, number>>;
  const history = [...trained.history.slice(0, -1), { ...last, 'train auc': auc, learnt: learnt ? 1 : 0 }];
  services.log.info(`trained ${trained.epochs} epochs, ${trained.steps} steps`, {
    epochs: trained.epochs,
    steps: trained.steps,
  });
  const head = {
    method: methodJson(chosen),
    shape: { users: rows.users, items: rows.items },
    epochs: trained.epochs,
    steps: trained.steps,
    learnt,
    serving: serving as unknown as Readonly<Record<string, unknown>>,
  };
  return { params: { head, tensors: trained.tensors } as View<typeof Params>, history: historyTable(history) };
}

/** Every row as a positive, and for each a pair of its user and any item as a negative: what a method without labels is held to. */
function againstOthers({ user, item, items }: TrainingRows, random: Random) {
  const n = user.length;
  const draws = random.for('learnt');
  return {
    user: Uint32Array.from({ length: 2 * n }, (_, row) => user[row % n]!),
    item: Uint32Array.from({ length: 2 * n }, (_, row) => (row < n ? item[row]! : draws.below(items))),
    label: Float32Array.from({ length: 2 * n }, (_, row) => (row < n ? 1 : 0)),
  };
}

interface Defaulted {
  readonly shape: Readonly<Record<string, z.ZodDefault<z.ZodType>>>;
}
function configOf(of: AnyMethod) {
  const { shape } = of.schema as unknown as Defaulted;
  const values = of.settings as Readonly<Record<string, unknown>>;
  const keys = Object.entries(shape).map(([name, schema]) => {
    const text = schema.description;
    const own = schema.unwrap().default(values[name] as never);
    return [name, text === undefined ? own : own.describe(text)] as const;
  });
  return z.strictObject({
    ...Object.fromEntries(keys),
    seed: z.number().int().nonnegative().optional().describe('fixes the seed of this step, whatever the run says'),
  });
}

/** The definition that a registry finds under this node's id; `remake` gives it a method. */
export const anyLearner = learner(
  method('learning/learner', {
    doc: 'Trains a method: parameters and the training curve.',
    settings: z.strictObject({}),
    parts: {},
    build: (): Program => {
      throw new Problem('bad-config', 'this learner has no method', {
        where: 'learning/learner',
        hint: 'say which one with `method: { use: estimators/cross-entropy }`',
      });
    },
  }),
);
