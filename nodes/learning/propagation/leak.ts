/** A propensity must not read the answer off a graph. */
import { Problem } from '../../../core/index.ts';
import type { ScoreParts } from '../composition.ts';
import { propagatesOf } from './edge.ts';

/**
 * A propensity says who is observed, so a graph of the observed pairs hands it its labels: a pair with an edge is observed.
 * @throws Problem bad-config when the score reads such a graph, and no `allowLeak` says that this is meant
 */
export function withoutLeak(propensity: ScoreParts): ScoreParts {
  if (propagatesOf(propensity.score).some(({ edges, allowLeak }) => edges === 'observed' && allowLeak !== true))
    throw new Problem('bad-config', 'the propensity reads a graph of the observed pairs, which are what it predicts', {
      where: 'edges: observed',
      hint: 'choose `edges: positive`, a graph of other clicks (backbones/light-gcn-on-clicks), or say `allowLeak: true`',
    });
  return propensity;
}
