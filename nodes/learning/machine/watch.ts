/** What a machine reports of a stream's weights: read after a step's forward pass. */
import type { Program } from '../declaration.ts';
import type { Graph, Id } from '../expression/graph.ts';
import type { Tree } from '../expression/tree.ts';
import type { Lowered } from './lower.ts';

export interface Watched {
  readonly on: string;
  readonly size: number;
  readonly sum: number;
  readonly squares: number;
  readonly largest: number;
  readonly clipped: number;
}
export interface WatchNodes {
  readonly on: string;
  readonly nodes: readonly Id[];
  readonly read: (lowered: Lowered, size: number) => Watched;
}

/** Adds to the graph what the watch reads; weights that are constant are not worth a report. */
export function watchNodes(graph: Graph, { on, weights, clipped }: Program['watch'][number]): WatchNodes {
  const w = weights && graph.read(weights, on);
  const nodes =
    w === undefined || graph.isConstant(w)
      ? []
      : [
          graph.sum(on, w),
          graph.sum(on, graph.mul(w, w)),
          graph.read({ op: 'max', on, of: [weights as Tree] }, undefined),
        ];
  const share = clipped && graph.sum(on, graph.read(clipped, on));
  return {
    on,
    nodes: share === undefined ? nodes : [...nodes, share],
    read: (lowered, size) => {
      const [sum, squares, largest] = nodes.map((id) => lowered.value(id));
      return {
        on,
        size,
        sum: sum ?? Number.NaN,
        squares: squares ?? Number.NaN,
        largest: largest ?? Number.NaN,
        clipped: share === undefined ? Number.NaN : lowered.value(share),
      };
    },
  };
}
