/** Computes a step where it is called. */
import { asProblem, Problem } from '../errors.ts';
import type { Executor, Say, StepTask } from './executor.ts';
import { type StopFlag, servicesFor, stopFlag } from './step-services.ts';
import type { Value } from './values.ts';
import { checkOutputs, viewOf } from './views.ts';

/** Runs the node's body on views of its inputs and checks what comes back. Nothing is copied. */
export async function computeStep(task: StepTask, say: Say, flag: StopFlag): Promise<Readonly<Record<string, Value>>> {
  const where = `${task.pipeline}.${task.step}`;
  const views = Object.fromEntries(
    Object.entries(task.inputs).map(([name, { port, source, value }]) => [
      name,
      viewOf(`${where}.${name}`, port, source, value),
    ]),
  );
  let returned: unknown;
  try {
    returned = await task.node.body(views as never, task.config as never, servicesFor(task, say, flag) as never);
  } catch (error) {
    throw stepProblem(error, where);
  }
  return checkOutputs(task.node, where, returned);
}

/** A node's own Problem keeps its code and gains the step; anything else is a failed step with its message. */
export function stepProblem(error: unknown, where: string): Problem {
  if (error instanceof Problem)
    return new Problem(error.code, error.message, {
      where: error.where === undefined ? where : `${where}: ${error.where}`,
      ...(error.hint !== undefined && { hint: error.hint }),
      cause: error.cause ?? error,
    });
  const known = asProblem(error);
  if (known.code !== 'internal') return known;
  return new Problem('step-failed', known.message, {
    where,
    hint: 'run with --debug for the stack trace',
    cause: error,
  });
}

export function inProcess(): Executor {
  const flag = stopFlag();
  return {
    slots: 1,
    takes: () => true,
    run: (task, say, started) => {
      started(null);
      return computeStep(task, say, flag);
    },
    abort: () => Atomics.store(flag, 0, 1),
    close: async () => {},
  };
}
