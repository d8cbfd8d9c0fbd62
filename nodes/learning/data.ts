/** From ports to what the engine trains on: checks ids, labels and the alignment of columns that come from other ports. */
import { Problem, type TensorBundle, type View } from '../../core/index.ts';
import { posteriorOf } from '../exposure/latents.ts';
import type { Latents } from '../exposure/ports.ts';
import type { Shape } from '../ports.ts';
import type { Program, ScoreDeclaration } from './declaration.ts';
import { checkIds } from './ids.ts';
import type { NumericEngine } from './kernels/numeric.ts';
import type { FeatureTable } from './machine/features.ts';
import type { BindOptions } from './machine/machine.ts';
import { propagationsIn } from './propagation/edge.ts';
import type { TrainingRows } from './sampling/samplers.ts';
import { bagsIn, type Scorer, scorer } from './serve.ts';
import type { ValidationRows } from './validation/validation.ts';

export interface TrainTable {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rating?: Float32Array;
}
type Inputs = Readonly<Record<string, unknown>>;

/**
 * @throws Problem bad-data when an id is outside of the shape, a label is no number, or a table does not hold the train rows
 * in their order
 */
export function trainingRows(program: Program, inputs: Inputs): TrainingRows {
  const train = inputs.train as TrainTable;
  const { users, items } = inputs.shape as { users: number; items: number };
  const { user, item } = train;
  // a method that only models who is observed has a port without ratings, and asking that port for them is an error
  const rating = 'rating' in train ? train.rating : undefined;
  if (user.length === 0)
    throw new Problem('bad-data', 'there is nothing to train on: the train table is empty', { where: 'train' });
  checkIds(train, 'train', { users, items });
  for (let r = 0; r < user.length; r++) {
    if (rating !== undefined && !Number.isFinite(rating[r]))
      throw new Problem('bad-data', `the rating is ${rating[r]}`, {
        where: `train, row ${r}`,
        hint: 'drop such rows when the data are read',
      });
  }
  const columns: Record<string, Float32Array> = rating === undefined ? {} : { y: rating };
  for (const [name, { port, column }] of Object.entries(program.columns))
    columns[name] = aligned(inputs[port] as Readonly<Record<string, Float32Array | Uint32Array>>, port, column, train);
  return { users, items, user, item, columns };
}

/** Numbers that the program reads from JSON ports. */
export const givensOf = (program: Program, inputs: Inputs): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(program.givens).map(([name, { port, field }]) => {
      const value = (inputs[port] as Readonly<Record<string, unknown>>)[field];
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new Problem('bad-data', `'${port}' holds no number '${field}'`, { where: port });
      return [name, value];
    }),
  );

/** The models at the ports that scores or first values read. A posterior at a port gives tensors `mean` and `sd`. */
export function modelsOf(program: Program, inputs: Inputs, numeric: NumericEngine): NonNullable<BindOptions['inputs']> {
  const scored = new Set<string>();
  const walk = (score: ScoreDeclaration): void => {
    if ('input' in score) scored.add(score.input);
    if ('sum' in score) score.sum.forEach(walk);
  };
  Object.values(program.scores).forEach(walk);
  const given = Object.values(program.tables).flatMap(({ start }) => ('given' in start ? [start.given] : []));
  return Object.fromEntries(
    [...new Set([...scored, ...given])].map((port) => {
      const model = tensorsAt(inputs[port], port);
      return [port, { model, ...(scored.has(port) && { scorer: fitting(scorer(model, numeric), port, inputs) }) }];
    }),
  );
}

function tensorsAt(input: unknown, port: string): TensorBundle<unknown> {
  if (typeof input === 'object' && input !== null && 'tensors' in input) return input as TensorBundle<unknown>;
  const { users, size, mean, sd } = posteriorOf(input as View<typeof Latents>, port);
  const shape = [users, size];
  return { head: {}, tensors: { mean: { shape, data: mean }, sd: { shape, data: sd } } };
}

/** Side features at the ports that bags read. */
export const featuresOf = (program: Program, inputs: Inputs): NonNullable<BindOptions['features']> =>
  Object.fromEntries(bagsIn(program).map(({ features }) => [features, inputs[features] as FeatureTable]));

/**
 * The program with the sizes that only the data know: tables with a row a feature, and tables as wide as a posterior.
 * @throws Problem bad-data when a port has no feature, or its posterior no dimension
 */
export function sized(program: Program, inputs: Inputs): Program {
  const largest = (ids: Uint32Array, port: string, what: string): number => {
    if (ids.length === 0) throw new Problem('bad-data', `there is no ${what} at port '${port}'`, { where: port });
    return ids.reduce((a, b) => Math.max(a, b), 0) + 1;
  };
  const tables = Object.entries(program.tables).map(([name, { fit, ...table }]) => [
    name,
    {
      ...table,
      ...(fit?.rows && { rows: largest((inputs[fit.rows] as FeatureTable).feature, fit.rows, 'feature') }),
      ...(fit?.width && {
        width: largest((inputs[fit.width] as View<typeof Latents>).dimension, fit.width, 'dimension'),
      }),
    },
  ]);
  return { ...program, tables: Object.fromEntries(tables) };
}

function fitting(given: Scorer, port: string, inputs: Inputs): Scorer {
  const { users, items } = inputs.shape as { users: number; items: number };
  if (given.users < users || given.items < items)
    throw new Problem(
      'bad-data',
      `the model knows ${given.users} users and ${given.items} items, the data set has ${users} and ${items}`,
      { where: port },
    );
  return given;
}

/** The pairs of a graph that is given from outside. @throws Problem bad-data when an id is outside of the shape */
export function clicksOf(program: Program, inputs: Inputs): BindOptions['clicks'] {
  if (!propagationsIn(program).some(({ edges }) => edges === 'clicks')) return undefined;
  const { user, item } = inputs.clicks as TrainTable;
  checkIds({ user, item }, 'clicks', inputs.shape as Shape);
  return { user, item };
}

/** The rows that a `patience` rule looks at. @throws Problem bad-data when an id is outside of the shape */
export function validationOf({ stop }: Program, inputs: Inputs): ValidationRows | undefined {
  if (stop.rule !== 'patience') return undefined;
  const rows = inputs[stop.on] as ValidationRows | undefined;
  if (rows) checkIds(rows, stop.on, inputs.shape as Shape);
  return rows;
}

function aligned(
  table: Readonly<Record<string, Float32Array | Uint32Array>>,
  port: string,
  column: string,
  train: TrainTable,
): Float32Array {
  const { user, item } = table;
  const hint = 'make this table from the same train table: its rows follow the train rows one by one';
  if (user?.length !== train.user.length)
    throw new Problem('bad-data', `'${port}' has ${user?.length ?? 0} rows and train has ${train.user.length}`, {
      where: port,
      hint,
    });
  for (let r = 0; r < train.user.length; r++)
    if (user[r] !== train.user[r] || item![r] !== train.item[r])
      throw new Problem(
        'bad-data',
        `'${port}' is not in the order of train: row ${r} is user ${user[r]}, item ${item![r]} there and user ${train.user[r]}, item ${train.item[r]} in train`,
        { where: port, hint },
      );
  const values = table[column] as Float32Array;
  for (let r = 0; r < values.length; r++)
    if (!Number.isFinite(values[r]))
      throw new Problem('bad-data', `'${port}.${column}' is ${values[r]}`, { where: `${port}, row ${r}` });
  return values;
}
