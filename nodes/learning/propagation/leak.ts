/** A propensity must not read the answer off a graph. */
import { Problem } from '../../../core/index.ts';
import type { ScoreParts } from '../composition.ts';
import type { Edge } from '../vocabulary.ts';
import { edgesOf, isPropagate } from './edge.ts';

/**
 * A propensity says who is observed, so a graph of the observed pairs hands it its labels: a pair with an edge is observed.
 * @throws Problem bad-config when the score reads such a graph, and no `allowLeak` says that this is meant
 */
export function withoutLeak(propensity: ScoreParts): ScoreParts {
  const leaks = (edge: Edge): boolean => {
    if (isPropagate(edge)) return edge.edges === 'observed' && edge.allowLeak !== true;
    return typeof edge !== 'string' && 'stop' in edge && leaks(edge.stop);
  };
  if (edgesOf(propensity.score).some(leaks))
    throw new Problem('bad-config', 'the propensity reads a graph of the observed pairs, which are what it predicts', {
      where: 'edges: observed',
      hint: 'choose `edges: positive`, a graph of other clicks (backbones/light-gcn-on-clicks), or say `allowLeak: true`',
    });
  return propensity;
}
