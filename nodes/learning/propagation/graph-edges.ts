/** Which pairs a graph joins. */
import { Problem } from '../../../core/index.ts';
import type { TrainingRows } from '../sampling/samplers.ts';
import type { GraphEdges } from './edge.ts';
import type { Edges } from './sparse-matrix.ts';

/**
 * @param clicks the pairs at port `clicks`
 * @throws Problem bad-data when `positive` meets a label that is neither 0 nor 1, or no pair is joined
 */
export function graphEdges(kind: GraphEdges, rows: TrainingRows, clicks: Edges | undefined): Edges {
  const edges = chosen(kind, rows, clicks);
  if (edges.user.length === 0)
    throw new Problem('bad-data', `the graph of ${kind} pairs has no edge`, {
      hint: 'on such data choose a backbone without a graph, such as backbones/factors',
    });
  return edges;
}

function chosen(kind: GraphEdges, { user, item, columns: { y } }: TrainingRows, clicks: Edges | undefined): Edges {
  if (kind === 'observed') return { user, item };
  if (kind === 'clicks') {
    if (clicks === undefined) throw new TypeError("a graph is made from port 'clicks', which was not given");
    return clicks;
  }
  if (y === undefined) return { user, item };
  const kept: number[] = [];
  y.forEach((label, r) => {
    if (label !== 0 && label !== 1)
      throw new Problem('bad-data', `the graph joins positive pairs, and label ${label} is neither 0 nor 1`, {
        where: `train, row ${r}`,
        hint: 'put a labels/ node before it, or choose `edges: observed`',
      });
    if (label === 1) kept.push(r);
  });
  return { user: Uint32Array.from(kept, (r) => user[r]!), item: Uint32Array.from(kept, (r) => item[r]!) };
}
