/** A node that stands in for another gives no less, and when the wires stay it needs no more: said where it is named. */
import { carriesMethod } from '../method.ts';
import type { PlacedStep } from '../pipeline/graph.ts';
import { portProblem } from '../pipeline/roles.ts';
import { isAside, type Port } from '../ports/ports.ts';
import type { Reading } from './context.ts';
import type { StepShape } from './shape.ts';

type Ports = Readonly<Record<string, Port>>;

export function checkReplacement(
  name: string,
  given: StepShape,
  old: PlacedStep,
  now: PlacedStep,
  reading: Reading,
): void {
  if (now.node === old.node) return;
  const path = ['steps', name, given.use !== undefined ? 'use' : 'method'];
  const what =
    given.use !== undefined ? `${now.node.id} cannot replace ${old.node.id}` : `step '${name}' cannot take this method`;
  if (!given.in)
    for (const problem of needsMore(old, now)) {
      const part = partBehind(now, problem.input);
      reading[part || given.use !== undefined ? 'at' : 'atKey'](
        part ? ['steps', name, 'method', 'parts', part.slot, 'use'] : path,
        `${what} on the old wires: ${part ? `part ${part.id} needs input '${problem.input}', which has no wire` : problem.text}`,
        `give the wires of step '${name}' with in: { ${Object.keys(now.node.in)
          .map((input) => `${input}: ${old.wires[input]?.from ?? '...'}`)
          .join(', ')} }`,
        'bad-wiring',
      );
    }
  for (const text of givesLess(old, now))
    reading[given.use !== undefined ? 'at' : 'atKey'](
      path,
      `${what}: ${text}`,
      `'${old.node.id}' gave it, and other steps or readers of the results may lean on it`,
      'bad-wiring',
    );
}

function needsMore(old: PlacedStep, now: PlacedStep): readonly { input: string; text: string }[] {
  return Object.entries(now.node.in as Ports).flatMap(([input, port]) => {
    const wire = old.wires[input];
    if (wire) {
      const [wrong] = portProblem(input, wire.port, port);
      return wrong === undefined ? [] : [{ input, text: `its input ${wrong}` }];
    }
    return now.node.mayLack.includes(input) ? [] : [{ input, text: `its input '${input}' has no wire` }];
  });
}

function givesLess(old: PlacedStep, now: PlacedStep): readonly string[] {
  const outputs = now.node.out as Ports;
  return Object.entries(old.node.out as Ports).flatMap(([output, port]) => {
    const next = Object.hasOwn(outputs, output) ? outputs[output] : undefined;
    if (!next) return isAside(port) ? [] : [`it has no output '${output}'`];
    if (now.node.mayOmit.includes(output) && !old.node.mayOmit.includes(output))
      return [`its output '${output}' may be absent`];
    return portProblem(output, next, port)
      .slice(0, 1)
      .map((wrong) => `its output ${wrong}`);
  });
}

/** The part that asks for an input, when the method itself does not. */
function partBehind({ node }: PlacedStep, input: string) {
  if (!carriesMethod(node) || Object.hasOwn(node.method.base, input)) return undefined;
  const found = Object.entries(node.method.parts).find(([, part]) => Object.hasOwn(part.in, input));
  return found && { slot: found[0], id: found[1].id };
}
