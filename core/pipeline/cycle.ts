/** Finds a cycle among the wires of a graph. O(steps + wires). */
import { type Graph, splitAddress } from './graph.ts';

/** The names along the first cycle, in the direction in which tables flow, with the first name repeated at the end. */
export function cycle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  for (const root of Object.keys(graph.steps)) {
    if (done.has(root)) continue;
    const found = from(graph, root, done);
    if (found) return found;
  }
  return undefined;
}

interface Visit {
  readonly name: string;
  readonly waiting: string[];
}

function from(graph: Graph, root: string, done: Set<string>): readonly string[] | undefined {
  const path: Visit[] = [{ name: root, waiting: upstream(graph, root) }];
  const open = new Set([root]);
  for (let visit = path.at(-1); visit; visit = path.at(-1)) {
    const next = visit.waiting.pop();
    if (next === undefined) {
      open.delete(visit.name);
      done.add(visit.name);
      path.pop();
    } else if (open.has(next)) {
      const names = path.map(({ name }) => name);
      return [next, ...names.slice(names.indexOf(next) + 1), next].reverse();
    } else if (!done.has(next)) {
      open.add(next);
      path.push({ name: next, waiting: upstream(graph, next) });
    }
  }
  return undefined;
}

const upstream = (graph: Graph, name: string): string[] =>
  Object.values(graph.steps[name]?.wires ?? {})
    .map(({ from: address }) => splitAddress(address)[0])
    .filter((step) => Object.hasOwn(graph.steps, step));
