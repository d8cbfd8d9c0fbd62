/** Whether every input of a step has a wire that leads somewhere and brings what the input needs. */
import { list, portText } from '../ports/describe.ts';
import type { Port } from '../ports/ports.ts';
import { didYouMean } from '../registry.ts';
import type { Diagnostic } from './diagnostic.ts';
import { stepAt } from './diagnostic.ts';
import { type Graph, type PlacedStep, type Source, splitAddress } from './graph.ts';
import { portProblem } from './roles.ts';

export function checkWires(graph: Graph, name: string, step: PlacedStep): readonly Diagnostic[] {
  const inputs = step.node.in as Readonly<Record<string, Port>>;
  const who = stepAt(name, step);
  const found: Diagnostic[] = [];
  for (const [input, wire] of Object.entries(step.wires)) {
    const path = ['steps', name, 'in', input];
    const wanted = Object.hasOwn(inputs, input) ? inputs[input] : undefined;
    if (wanted === undefined)
      found.push({
        code: 'bad-wiring',
        path,
        on: 'key',
        message: `${who} has no input '${input}'`,
        hint: `${didYouMean(input, Object.keys(inputs))}its inputs are ${list(Object.keys(inputs))}`,
      });
    else {
      const wrong = checkWire(graph, wire, wanted, input, who, step);
      if (wrong) found.push({ code: 'bad-wiring', path, on: 'value', ...wrong });
    }
  }
  // a misspelt input is one mistake, not two
  if (Object.keys(step.wires).some((input) => !Object.hasOwn(inputs, input))) return found;
  for (const [input, port] of Object.entries(inputs))
    if (!Object.hasOwn(step.wires, input) && !step.node.mayLack.includes(input))
      found.push({
        code: 'bad-wiring',
        path: ['steps', name, 'in'],
        on: 'value',
        message: `input '${input}' of ${who} has no wire`,
        hint: suggestion(graph, name, port),
      });
  return found;
}

/** Ports are values that many wires share: each pair is compared once. */
const fits = new WeakMap<Port, WeakSet<Port>>();

function checkWire(graph: Graph, wire: Source, wanted: Port, input: string, who: string, step: PlacedStep) {
  const source = sourceOf(graph, wire.from);
  if ('message' in source) return source;
  if (source.mayBeAbsent && !step.node.mayLack.includes(input))
    return {
      message: `input '${input}' of ${who} must be there, and '${wire.from}' may be absent`,
      hint: `wire it from something that is always there`,
    };
  if (fits.get(wire.port)?.has(wanted)) return undefined;
  const problems = portProblem(wire.from, wire.port, wanted);
  if (problems.length === 0) {
    const known = fits.get(wire.port);
    if (known) known.add(wanted);
    else fits.set(wire.port, new WeakSet([wanted]));
    return undefined;
  }
  return {
    message: `input '${input}' of ${who} does not fit: ${problems.slice(0, 3).join('; ')}`,
    hint: `'${wire.from}' gives ${portText(wire.port)}; the input needs ${portText(wanted)}`,
  };
}

type Found = { readonly port: Port; readonly mayBeAbsent: boolean };
type Lost = { readonly message: string; readonly hint: string };
/** What an address names, or why it names nothing. */
export function sourceOf(graph: Graph, address: string): Found | Lost {
  if (Object.hasOwn(graph.needs, address))
    return { port: graph.needs[address] as Port, mayBeAbsent: graph.mayLack.includes(address) };
  const [name, output] = splitAddress(address);
  const step = Object.hasOwn(graph.steps, name) ? graph.steps[name] : undefined;
  const whole = Object.hasOwn(graph.steps, address) ? graph.steps[address] : undefined;
  if (whole)
    return {
      message: `'${address}' is a step; a wire starts at one of its outputs`,
      hint: `write ${list(Object.keys(whole.node.out).map((port) => `${address}.${port}`))}`,
    };
  if (step === undefined) {
    const starts = addresses(graph);
    const what = name === '' ? `need or step '${address}'` : `step '${name}'`;
    const near = name === '' ? didYouMean(address, starts) : didYouMean(name, Object.keys(graph.steps));
    return { message: `there is no ${what}`, hint: `${near}wires can start at ${list(starts)}` };
  }
  const outputs = step.node.out as Readonly<Record<string, Port>>;
  if (!Object.hasOwn(outputs, output))
    return {
      message: `${stepAt(name, step)} has no output '${output}'`,
      hint: `${didYouMean(output, Object.keys(outputs))}its outputs are ${list(Object.keys(outputs))}`,
    };
  return { port: outputs[output] as Port, mayBeAbsent: step.node.mayOmit.includes(output) };
}

const addresses = (graph: Graph): readonly string[] => [
  ...Object.keys(graph.needs),
  ...Object.entries(graph.steps).flatMap(([name, { node }]) => Object.keys(node.out).map((port) => `${name}.${port}`)),
];

/** Where a missing input could come from: what fits it. */
function suggestion(graph: Graph, name: string, port: Port): string {
  const fits = addresses(graph).filter((address) => {
    const source = sourceOf(graph, address);
    return 'port' in source && !address.startsWith(`${name}.`) && portProblem('', source.port, port).length === 0;
  });
  return `it needs ${portText(port)}${fits.length === 0 ? ', and nothing here gives that' : `; these fit: ${list(fits, 6)}`}`;
}
