/**
 * What can be wrong with a graph that came from a file, or that types could not see. Each finding has the path of its cause
 * in the shape of a pipeline file (`steps.weights.in.p`), so that a loader can point at it.
 */
import { Problem } from '../errors.ts';
import { list } from '../ports/describe.ts';
import { didYouMean } from '../registry.ts';
import { checkWires } from './check-wires.ts';
import { configIssues } from './config-issues.ts';
import { cycle } from './cycle.ts';
import { type Diagnostic, stepAt } from './diagnostic.ts';
import type { Graph, PlacedStep } from './graph.ts';

/** Everything that is wrong with the graph; an empty list means that it can be planned. */
export function checkGraph(graph: Graph): readonly Diagnostic[] {
  const steps = Object.entries(graph.steps);
  return [
    ...steps.flatMap(([name]) => checkStepName(graph, name)),
    ...steps.flatMap(([name, step]) => checkWires(graph, name, step)),
    ...checkCycle(graph),
    ...steps.flatMap(([name, step]) => checkConfig(name, step)),
    ...checkSettings(graph),
  ];
}

/** @throws Problem with the first finding; its hint says how many more there are */
export const assertGraph = (graph: Graph): void => refuse(graph, checkGraph(graph));

const sound = new WeakSet<Graph>();
/**
 * The checks that a run makes of a graph that came from code; configs and cycles are found when its steps are put in order.
 * A graph is checked once.
 */
export function assertWiring(graph: Graph): void {
  if (sound.has(graph)) return;
  const wires = Object.entries(graph.steps).flatMap(([name, step]) => checkWires(graph, name, step));
  refuse(graph, [...wires, ...checkSettings(graph)]);
  sound.add(graph);
}

function refuse(graph: Graph, [first, ...more]: readonly Diagnostic[]): void {
  if (!first) return;
  const others =
    more.length === 0 ? '' : `; ${more.length} more ${more.length === 1 ? 'problem' : 'problems'} in this pipeline`;
  const hint = `${first.hint ?? ''}${others}`.replace(/^; /, '');
  throw new Problem(first.code, first.message, {
    where: `pipeline '${graph.name}': ${first.path.join('.')}`,
    ...(hint !== '' && { hint }),
  });
}

function checkStepName(graph: Graph, name: string): readonly Diagnostic[] {
  const wrong = (message: string): readonly Diagnostic[] => [
    { code: 'bad-wiring', path: ['steps', name], on: 'key', message },
  ];
  if (Object.hasOwn(graph.needs, name)) return wrong(`'${name}' is a need; a step must have another name`);
  const bare = graph.protocol !== undefined && name.startsWith('data.') ? name.slice('data.'.length) : name;
  if (/^[A-Za-z][\w-]*$/.test(bare)) return [];
  return wrong(
    name.startsWith('data.')
      ? `'${name}': the prefix 'data.' is kept for protocols`
      : `'${name}' cannot be the name of a step: it consists of letters, digits, - and _, and starts with a letter`,
  );
}

function checkCycle(graph: Graph): readonly Diagnostic[] {
  const path = cycle(graph);
  if (!path) return [];
  const [first] = path as [string];
  return [
    {
      code: 'bad-wiring',
      path: ['steps', first, 'in'],
      on: 'value',
      message: `the wires form a cycle: ${bounded(path).join(' -> ')}`,
      hint: 'give one of these steps another input',
    },
  ];
}
const bounded = (path: readonly string[]) =>
  path.length <= 12 ? path : [...path.slice(0, 6), `(${path.length - 9} more)`, ...path.slice(-3)];

const checkConfig = (name: string, step: PlacedStep): readonly Diagnostic[] =>
  configIssues(step.node, step.config ?? {}, stepAt(name, step)).map(({ path, ...rest }) => ({
    ...rest,
    code: 'bad-config',
    path: ['steps', name, 'with', ...path],
  }));

/** Settings for a data set are configs in waiting: each must fit on top of its step's own. */
function checkSettings(graph: Graph): readonly Diagnostic[] {
  const names = Object.keys(graph.steps);
  return Object.entries(graph.settings ?? {}).flatMap(([dataset, settings]) =>
    Object.entries(settings).flatMap(([name, config]): readonly Diagnostic[] => {
      const path = ['settings', dataset, name];
      if (name === 'protocol' && typeof config === 'string') return [];
      const step = Object.hasOwn(graph.steps, name) ? graph.steps[name] : undefined;
      if (step === undefined)
        return [
          {
            code: 'bad-config',
            path,
            on: 'key',
            message: `the settings for '${dataset}' name a step '${name}', and there is none`,
            hint: `${didYouMean(name, [...names, 'protocol'])}the steps are ${list(names)}`,
          },
        ];
      if (typeof config !== 'object' || config === null || Array.isArray(config))
        return [
          { code: 'bad-config', path, on: 'value', message: `the settings of step '${name}' are keys and values` },
        ];
      const given = config as object;
      const before = new Set(configIssues(step.node, step.config ?? {}, '').map(({ path: at }) => at.join('.')));
      return configIssues(step.node, { ...step.config, ...given }, stepAt(name, step))
        .filter(({ path: at }) => at.length === 0 || Object.hasOwn(given, at[0] as string) || !before.has(at.join('.')))
        .map(({ path: at, ...rest }) => ({ ...rest, code: 'bad-config', path: [...path, ...at] }));
    }),
  );
}
