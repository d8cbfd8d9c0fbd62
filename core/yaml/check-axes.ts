/** Settings by step and key, as grids and search spaces name them: each must exist somewhere, each value must fit. */
import { configIssues } from '../pipeline/config-issues.ts';
import type { Graph } from '../pipeline/graph.ts';
import { settingNames } from '../pipeline/settings-text.ts';
import type { AnySpaces } from '../pipeline/space.ts';
import { didYouMean } from '../registry.ts';
import type { Reading } from './context.ts';

export interface NamedGraph {
  readonly name: string;
  readonly graph: Graph;
}
/** A value to try, and its place below the setting. */
interface Sample {
  readonly at: readonly string[];
  readonly value: unknown;
}

/** A method without the step ignores the axis; a value must fit every method that has it. */
export function checkGrid(
  grid: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>,
  methods: readonly NamedGraph[],
  path: readonly string[],
  reading: Reading,
): void {
  for (const [step, axes] of Object.entries(grid)) {
    const having = stepHolders(step, methods, path, reading);
    for (const [key, values] of Object.entries(axes))
      checkAxis(
        [...path, step, key],
        values.map((value, n) => ({ at: [String(n)], value })),
        having,
        reading,
      );
  }
}

/** As a grid; of a range both ends are tried, and of multiples only the setting's name. */
export function checkSpaces(
  spaces: AnySpaces,
  methods: readonly NamedGraph[],
  path: readonly string[],
  reading: Reading,
): void {
  for (const [step, axes] of Object.entries(spaces)) {
    const having = stepHolders(step, methods, path, reading);
    for (const [key, space] of Object.entries(axes)) {
      const samples: readonly Sample[] = Array.isArray(space)
        ? space.map((value, n) => ({ at: [String(n)], value }))
        : 'from' in space
          ? [
              { at: ['from'], value: space.from },
              { at: ['to'], value: space.to },
            ]
          : [];
      checkAxis([...path, step, key], samples, having, reading);
    }
  }
}

function stepHolders(step: string, methods: readonly NamedGraph[], path: readonly string[], reading: Reading) {
  const having = methods.filter(({ graph }) => Object.hasOwn(graph.steps, step));
  if (having.length === 0) {
    const steps = [...new Set(methods.flatMap(({ graph }) => Object.keys(graph.steps)))];
    reading.atKey(
      [...path, step],
      `no method has a step '${step}'`,
      `${didYouMean(step, steps)}the steps are ${steps.join(', ')}`,
    );
  }
  return having;
}

function checkAxis(
  path: readonly string[],
  samples: readonly Sample[],
  having: readonly NamedGraph[],
  reading: Reading,
) {
  const [step = '', key = ''] = path.slice(-2);
  const takers = having.filter(({ graph }) => settingNames(graph.steps[step]!.node.schema).includes(key));
  if (having.length > 0 && takers.length === 0) {
    const names = [...new Set(having.flatMap(({ graph }) => settingNames(graph.steps[step]!.node.schema)))];
    reading.atKey(
      path,
      `step '${step}' of no method has a setting '${key}'`,
      `${didYouMean(key, names)}the settings are ${names.join(', ')}`,
    );
  }
  for (const { at, value } of samples)
    for (const { name, graph } of takers) {
      const placed = graph.steps[step]!;
      const issue = configIssues(
        placed.node,
        { ...placed.config, [key]: value },
        `step '${step}' of '${name}' (${placed.node.id})`,
      ).find(({ path: of }) => of[0] === key);
      if (!issue) continue;
      reading.at([...path, ...at], issue.message, issue.hint, 'bad-config');
      break;
    }
}
