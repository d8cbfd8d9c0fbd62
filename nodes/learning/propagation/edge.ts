/** The word `propagate` of the vocabulary: what it stands for, and the names of the tables that it makes. */
import { Problem } from '../../../core/index.ts';
import { bagName } from '../machine/made-rows.ts';
import { notYet } from '../not-yet.ts';
import type { Edge, ScoreDeclaration, TableShape } from '../vocabulary.ts';

export type PropagateEdge = Extract<Edge, { readonly propagate: unknown }>;
/** Which pairs are joined: see `Edge`. */
export type GraphEdges = PropagateEdge['edges'];
/** A user and an item table that are averaged together over one graph, and the names of the two tables that come of it. */
export interface PropagationDeclaration {
  readonly user: string;
  readonly item: string;
  readonly layers: number;
  readonly edges: GraphEdges;
  readonly width: number;
  readonly propagated: { readonly user: string; readonly item: string };
}

export const isPropagate = (edge: Edge): edge is PropagateEdge => typeof edge !== 'string' && 'propagate' in edge;

/** @throws Problem bad-config for a number of layers that cannot be; TypeError for tables that do not fit */
export function propagationOf(
  { propagate, layers, edges }: PropagateEdge,
  tables: Readonly<Record<string, TableShape>>,
): PropagationDeclaration {
  const [user, item] = propagate;
  if (typeof user !== 'string' || typeof item !== 'string') throw notYet("'propagate' of anything but tables");
  const [users, items] = [tables[user], tables[item]];
  if (users?.rows !== 'user' || items?.rows !== 'item' || users.width !== items.width)
    throw new TypeError(`'propagate' takes a table by user and one by item of one width, not '${user}' and '${item}'`);
  if (!Number.isInteger(layers) || layers < 1)
    throw new Problem('bad-config', `a graph is propagated over ${layers} layers`, {
      hint: 'choose a whole number of layers from 1 on; without layers it is backbones/factors',
    });
  return { user, item, layers, edges, width: users.width, propagated: namesOf(user, item, layers, edges) };
}
const namesOf = (user: string, item: string, layers: number, edges: GraphEdges) => {
  const how = `(${layers} layers, ${edges})`;
  return { user: `${user} ~ ${item} ${how}`, item: `${item} ~ ${user} ${how}` };
};

/** The propagations that the scores of a program read, each once, by the names of the tables that they make. */
export function propagationsIn({
  tables,
  scores,
}: {
  readonly tables: Readonly<Record<string, TableShape>>;
  readonly scores: Readonly<Record<string, ScoreDeclaration>>;
}): readonly PropagationDeclaration[] {
  const found = new Map<string, PropagationDeclaration>();
  for (const edge of Object.values(scores).flatMap(propagatesOf)) {
    const made = propagationOf(edge, tables);
    found.set(made.propagated.user, made);
  }
  return [...found.values()];
}
export function edgesOf(score: ScoreDeclaration): readonly Edge[] {
  if ('sum' in score) return score.sum.flatMap(edgesOf);
  if ('input' in score) return [];
  return 'bias' in score ? [score.bias] : 'dot' in score ? score.dot : score.dense;
}
/** Where a score reads a graph, however deep in its edges. */
export const propagatesOf = (score: ScoreDeclaration): readonly PropagateEdge[] => edgesOf(score).flatMap(within);
function within(edge: Edge): readonly PropagateEdge[] {
  if (typeof edge === 'string') return [];
  if (isPropagate(edge)) return [edge];
  if ('times' in edge) return edge.times.flatMap(within);
  if ('noisy' in edge) return [...within(edge.noisy), ...within(edge.sd)];
  return within('stop' in edge ? edge.stop : 'reverse' in edge ? edge.reverse : 'rows' in edge ? edge.rows : edge.bag);
}

/** The tables that the propagations of a program make. */
export const propagatedTables = (program: Parameters<typeof propagationsIn>[0]): Readonly<Record<string, TableShape>> =>
  Object.fromEntries(
    propagationsIn(program).flatMap(({ propagated, width }) => [
      [propagated.user, { rows: 'user', width }],
      [propagated.item, { rows: 'item', width }],
    ]),
  );

/** A score that reads propagated tables, and the sums of bags, by name: what is left once training has written them down. */
export function settled(score: ScoreDeclaration, tables: Readonly<Record<string, TableShape>>): ScoreDeclaration {
  const edge = (of: Edge): Edge => {
    if (typeof of === 'string') return of;
    if (isPropagate(of)) return propagationOf(of, tables).propagated[of.side];
    if ('stop' in of) return { stop: edge(of.stop) };
    if ('reverse' in of) return edge(of.reverse);
    if ('times' in of) return { times: [edge(of.times[0]), edge(of.times[1])] };
    if ('noisy' in of) return edge(of.noisy);
    return 'bag' in of ? bagName(of) : of;
  };
  if ('sum' in score) return { sum: score.sum.map((part) => settled(part, tables)) };
  if ('bias' in score) return { bias: edge(score.bias) };
  if ('dot' in score) return { dot: [edge(score.dot[0]), edge(score.dot[1])] };
  return 'dense' in score ? { ...score, dense: score.dense.map(edge) } : score;
}
