/** What threads beside a step's own can do, by name: each takes an input that can be cloned, and nothing else. */
import { rankTests } from './rank-tests.ts';
import { type RankServices, rankUsers } from './rank-users.ts';

export const threadTasks = { 'rank-users': rankUsers, 'rank-tests': rankTests } as const;
export type ThreadTask = keyof typeof threadTasks;
export type InputOf<T extends ThreadTask> = Parameters<(typeof threadTasks)[T]>[0];
export type OutputOf<T extends ThreadTask> = ReturnType<(typeof threadTasks)[T]>;

/** A task that a thread was started for. */
export const taskNamed = (name: string): ((input: unknown, services: RankServices) => unknown) => {
  const task = threadTasks[name as ThreadTask];
  if (task === undefined) throw new RangeError(`there is no task '${name}'`);
  return task as (input: unknown, services: RankServices) => unknown;
};
