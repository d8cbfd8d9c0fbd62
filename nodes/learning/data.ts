/** From ports to what the engine trains on: checks ids, labels and the alignment of columns that come from other ports. */
import { Problem, type TensorBundle } from '../../core/index.ts';
import type { Program, ScoreDeclaration } from './declaration.ts';
import type { NumericEngine } from './kernels/numeric.ts';
import type { BindOptions } from './machine/bind.ts';
import { propagationsIn } from './propagation/edge.ts';
import type { TrainingRows } from './sampling/samplers.ts';
import { type Scorer, scorer } from './serve.ts';
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
  for (let r = 0; r < user.length; r++) {
    if (user[r]! >= users) throw outside('user', user[r]!, users, 'train', r);
    if (item[r]! >= items) throw outside('item', item[r]!, items, 'train', r);
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

/** The models at the ports that scores or first values read. */
export function modelsOf(program: Program, inputs: Inputs, numeric: NumericEngine): NonNullable<BindOptions['inputs']> {
  const ports = new Set<string>();
  const walk = (score: ScoreDeclaration): void => {
    if ('input' in score) ports.add(score.input);
    if ('sum' in score) score.sum.forEach(walk);
  };
  Object.values(program.scores).forEach(walk);
  for (const { start } of Object.values(program.tables)) if ('given' in start) ports.add(start.given);
  return Object.fromEntries(
    [...ports].map((port) => {
      const model = inputs[port] as TensorBundle<unknown>;
      return [port, { model, scorer: fitting(scorer(model, numeric), port, inputs) }];
    }),
  );
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
  const { users, items } = inputs.shape as { users: number; items: number };
  for (let r = 0; r < user.length; r++) {
    if (user[r]! >= users) throw outside('user', user[r]!, users, 'clicks', r);
    if (item[r]! >= items) throw outside('item', item[r]!, items, 'clicks', r);
  }
  return { user, item };
}

/** The rows that a `patience` rule looks at. */
export const validationOf = ({ stop }: Program, inputs: Inputs): ValidationRows | undefined =>
  stop.rule === 'patience' ? (inputs[stop.on] as ValidationRows) : undefined;

const outside = (what: string, id: number, count: number, port: string, row: number) =>
  new Problem('bad-data', `${what} ${id} is not below the ${count} ${what}s of the data set's shape`, {
    where: `${port}, row ${row}`,
    hint: 'ids must be dense; read the data through a datasets/ node, which maps them',
  });

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
