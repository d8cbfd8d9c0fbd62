/**
 * What selects settings instead of the test: the same protocol with another table in the test's place, and the same method
 * with another evaluator where the table is biased. No step of a selection is wired to the test.
 */
import { Problem } from '../../core/errors.ts';
import { type Graph, upOf, withStep } from '../../core/pipeline/graph.ts';
import { type AnyPipeline, openPipeline } from '../../core/pipeline/pipeline.ts';
import type { AnyProtocol, RoleHandles } from '../../core/pipeline/protocol.ts';
import type { FullTuning } from '../../core/pipeline/tuning.ts';
import type { Port } from '../../core/ports/ports.ts';
import { allCandidates } from '../../nodes/candidates/all.ts';
import { weightedEvaluate } from '../../nodes/evaluation/weighted.ts';
import { Propensities } from '../../nodes/ports.ts';
import { givenPropensity } from '../../nodes/propensity/given.ts';
import { observationRates } from '../../nodes/propensity/observation-rates.ts';
import { randomSplit } from '../../nodes/splits/random.ts';
import { resultStep } from '../results.ts';

export type SelectedOn = FullTuning['on'];
type Outputs = Readonly<Record<string, RoleHandles>>;

/** Roles that show data to reports and may hold the test: nothing that is selected may read them. */
const forReports = new Set(['log', 'randomised']);
/** The need through which a weighted evaluator gets its propensities. */
const heldOut = 'heldOutPropensities';

/** What tables say about where settings were selected. */
export const selectedOnText = (on: SelectedOn, protocol: string): string =>
  on === 'validation'
    ? `the uniform slice 'validation' of ${protocol}`
    : `a held-out fifth of the biased log of ${protocol}, weighted by SNIPS`;

/**
 * The protocol under which settings are selected. `validation`: the role of that name stands where the test stood. `snips`:
 * a fifth of train is held out and stands there; its propensities are the product of the user's and the item's observation
 * rates in the log.
 *
 * @throws Problem missing-role when the protocol gives no validation
 */
export function selectionProtocol(protocol: AnyProtocol, on: SelectedOn): AnyProtocol {
  const given = Object.fromEntries(Object.entries(protocol.roles).filter(([role]) => !forReports.has(role)));
  return on === 'validation' ? onValidation(protocol, given) : onHeldOut(protocol, given);
}

function onValidation(protocol: AnyProtocol, given: RoleHandles): AnyProtocol {
  const { validation, train, shape, known } = given;
  if (validation?.when !== 'always there')
    throw new Problem('missing-role', `protocol '${protocol.name}' gives no role 'validation' to select settings on`, {
      hint: 'choose a protocol that keeps a uniform slice for it (coat-5-5-90, simulation-5-5-90), or select on the biased log: --select snips',
    });
  // who ranks all items leaves out what is known: at the test that may hold the validation rows, which are now to be found
  const roles = { ...given, test: validation, candidates: validation, ...(known && { known: train as typeof known }) };
  if (protocol.evaluation.candidates !== 'all') return remade(protocol, 'validation', protocol.graph, roles);
  const name = 'selection-candidates';
  const graph = withStep(protocol.graph, name, allCandidates, { test: validation, train, shape });
  return remade(protocol, 'validation', graph, { ...roles, candidates: output(graph, name, 'pairs') });
}

function onHeldOut(protocol: AnyProtocol, given: RoleHandles): AnyProtocol {
  const { train, shape } = given;
  let graph = withStep(protocol.graph, 'selection-split', randomSplit, { ratings: train }, { test: 0.2 });
  const kept = output(graph, 'selection-split', 'train');
  const test = output(graph, 'selection-split', 'test');
  graph = withStep(graph, 'selection-rates', observationRates, { train, shape });
  const rates = output(graph, 'selection-rates', 'p');
  graph = withStep(graph, 'selection-propensity', givenPropensity, { train: test, given: rates, shape });
  const p = output(graph, 'selection-propensity', 'p');
  return remade(protocol, 'snips', graph, { ...given, train: kept, test, candidates: test, [heldOut]: p });
}

const output = (graph: Graph, step: string, port: string) =>
  (upOf(graph) as Outputs)[step]?.[port] as RoleHandles[string];

const remade = (protocol: AnyProtocol, on: SelectedOn, graph: Graph, roles: RoleHandles): AnyProtocol => ({
  ...protocol,
  name: `${protocol.name}/${on}`,
  graph: { ...graph, name: `${protocol.name}/${on}` },
  roles,
  gives: Object.fromEntries(Object.entries(roles).map(([role, wire]) => [role, wire.port])),
});

/**
 * The method as it is selected. On a biased table its evaluator becomes the weighted one.
 * @throws Problem usage when no step measures scores
 */
export function selectionPipeline(pipeline: AnyPipeline, on: SelectedOn): AnyPipeline {
  const { graph } = pipeline;
  const measured = graph.steps[resultStep]?.wires;
  if (on === 'validation' && measured?.lists !== undefined) return pipeline;
  const scores = measured?.scores;
  if (scores === undefined)
    throw new Problem('usage', `pipeline '${pipeline.name}' cannot be tuned: no step '${resultStep}' measures scores`, {
      hint: 'floors and pipelines without an evaluator have nothing to select on; leave them out of the study',
    });
  if (on === 'validation') return pipeline;
  const need = (name: string, port: Port) => ({ from: name, port: graph.needs[name] ?? port });
  const { test, evaluation } = weightedEvaluate.in as Readonly<Record<string, Port>>;
  const wires = {
    scores,
    test: need('test', test as Port),
    evaluation: need('evaluation', evaluation as Port),
    p: { from: heldOut, port: Propensities },
  };
  const needs = {
    ...graph.needs,
    test: wires.test.port,
    evaluation: wires.evaluation.port,
    [heldOut]: Propensities,
  };
  return openPipeline({
    ...graph,
    needs,
    steps: { ...graph.steps, [resultStep]: { node: weightedEvaluate, wires } },
  });
}
