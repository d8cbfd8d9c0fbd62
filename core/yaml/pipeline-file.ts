/** From the shape of a pipeline file to a pipeline: what it extends, its needs, its steps, its settings; all checked. */
import { checkGraph } from '../pipeline/check.ts';
import { sourceOf } from '../pipeline/check-wires.ts';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import {
  dropSettings,
  emptyGraph,
  type Graph,
  type PlacedStep,
  type SettingsByDataset,
  splitAddress,
} from '../pipeline/graph.ts';
import { type AnyPipeline, openPipeline } from '../pipeline/pipeline.ts';
import { mergeSpaces } from '../pipeline/space.ts';
import { samePort } from '../ports/describe.ts';
import { didYouMean } from '../registry.ts';
import { checkSpaces } from './check-axes.ts';
import type { Reading } from './context.ts';
import { readNeeds } from './needs.ts';
import { checkReplacement } from './replacement.ts';
import type { PipelineShape } from './shape.ts';
import { readStep, unknownPort } from './step-file.ts';

/**
 * @param original what the file extends
 * @returns undefined when something is wrong; the problems are in `reading`
 */
export function readPipeline(
  given: PipelineShape,
  original: AnyPipeline | undefined,
  reading: Reading,
): AnyPipeline | undefined {
  const start = original ? variantOf(original, given, reading) : newGraph(given, reading);
  const graph = withSpaces(withPorts(withSettings(withSteps(start, given, reading), given)), given, reading);
  if (reading.problems.length > 0) return undefined;
  for (const diagnostic of checkGraph(graph)) tell(diagnostic, graph, reading);
  return reading.problems.length > 0 ? undefined : openPipeline(graph);
}

function variantOf(original: AnyPipeline, given: PipelineShape, reading: Reading): Graph {
  if (given.pipeline === original.name)
    reading.at(['pipeline'], `a variant must have its own name, and '${original.name}' is the name of the original`);
  const added = readNeeds(given.needs ?? [], reading);
  for (const [name, port] of Object.entries(added.needs)) {
    const old = original.graph.needs[name];
    if (name in original.graph.steps || (old !== undefined && !samePort(old, port)))
      reading.atKey(
        ['needs'],
        `'${original.name}' already has a step or another need '${name}'`,
        'a variant adds needs, or makes one required that the original may lack',
      );
  }
  return {
    ...original.graph,
    name: given.pipeline,
    needs: { ...original.graph.needs, ...added.needs },
    mayLack: [...original.graph.mayLack.filter((name) => !(name in added.needs)), ...added.mayLack],
    ...(given.doc !== undefined && { doc: given.doc }),
    ...reasonsOf(given, original.graph, added.needs, reading),
    ...(given.usesTestLabels !== undefined && { usesTestLabels: given.usesTestLabels }),
  };
}

function newGraph(given: PipelineShape, reading: Reading): Graph {
  if (Object.keys(given.steps).length === 0)
    reading.at(['steps'], 'a pipeline has at least one step', 'or name the pipeline that it changes with `extends`');
  const { needs, mayLack } = readNeeds(given.needs ?? [], reading);
  return {
    ...emptyGraph(given.pipeline, given.doc),
    needs,
    mayLack,
    ...reasonsOf(given, emptyGraph(given.pipeline), needs, reading),
    ...(given.usesTestLabels !== undefined && { usesTestLabels: given.usesTestLabels }),
  };
}

/** A reason is one of a need of the pipeline, be it the file's own or the original's. */
function reasonsOf(
  { reasons }: PipelineShape,
  original: Graph,
  added: Graph['needs'],
  reading: Reading,
): Pick<Graph, 'reasons'> {
  if (!reasons) return {};
  const needs = Object.keys({ ...original.needs, ...added });
  for (const name of Object.keys(reasons))
    if (!needs.includes(name))
      reading.atKey(
        ['reasons', name],
        `there is no need '${name}' to give a reason for`,
        `${didYouMean(name, needs)}the needs are ${needs.join(', ')}`,
      );
  return { reasons: { ...original.reasons, ...reasons } };
}

function withSteps(start: Graph, given: PipelineShape, reading: Reading): Graph {
  let graph = start;
  for (const [name, shape] of Object.entries(given.steps)) {
    const old = Object.hasOwn(start.steps, name) ? start.steps[name] : undefined;
    const now = readStep(name, shape, old, Object.keys(start.steps), reading);
    if (!now) continue;
    if (old) checkReplacement(name, shape, old, now, reading);
    graph = { ...graph, steps: { ...graph.steps, [name]: now } };
    graph = dropSettings(graph, name, shape.use !== undefined ? 'all' : Object.keys(shape.with ?? {}));
  }
  return graph;
}

function withSettings(graph: Graph, given: PipelineShape): Graph {
  if (!given.settings) return graph;
  const settings: Record<string, Record<string, unknown>> = {
    ...(graph.settings as Record<string, Record<string, unknown>>),
  };
  for (const [dataset, steps] of Object.entries(given.settings)) {
    const merged: Record<string, unknown> = { ...settings[dataset] };
    for (const [step, of] of Object.entries(steps))
      merged[step] = typeof of === 'string' ? of : { ...(merged[step] as object | undefined), ...of };
    settings[dataset] = merged;
  }
  return { ...graph, settings: settings as SettingsByDataset };
}

function withSpaces(graph: Graph, given: PipelineShape, reading: Reading): Graph {
  if (!given.spaces) return graph;
  checkSpaces(given.spaces, [{ name: given.pipeline, graph }], ['spaces'], reading);
  return { ...graph, spaces: mergeSpaces(graph.spaces ?? {}, given.spaces) };
}

/** Every wire carries the port that it starts from; one that leads nowhere is found by the checks. */
function withPorts(graph: Graph): Graph {
  const port = (from: string) => {
    const source = sourceOf(graph, from);
    return 'port' in source ? source.port : unknownPort;
  };
  const steps = Object.entries(graph.steps).map(([name, step]): [string, PlacedStep] => [
    name,
    {
      ...step,
      wires: Object.fromEntries(
        Object.entries(step.wires).map(([input, { from }]) => [input, { from, port: port(from) }]),
      ),
    },
  ]);
  return { ...graph, steps: Object.fromEntries(steps) };
}

/** Says a finding where the file causes it: an inherited step is to blame only through what the file changed. */
function tell({ code, path, on, message, hint }: Diagnostic, graph: Graph, reading: Reading): void {
  reading.tell(
    placeOf(path, graph, reading),
    path[0] === 'steps' && !reading.source.has(path.slice(0, 2)) ? 'value' : on,
    { message, hint },
    code,
  );
}

function placeOf(path: readonly string[], graph: Graph, reading: Reading): readonly string[] {
  const [section, name, field, input] = path;
  if (section !== 'steps' || name === undefined || reading.source.has(['steps', name])) return path;
  const from = field === 'in' && input !== undefined ? graph.steps[name]?.wires[input]?.from : undefined;
  const cause = from === undefined ? undefined : splitAddress(from)[0];
  return cause !== undefined && reading.source.has(['steps', cause]) ? ['steps', cause, 'use'] : ['extends'];
}
