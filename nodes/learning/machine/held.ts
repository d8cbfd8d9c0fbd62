/** Numbers that are read off the last batch of a training and kept in parameters. */
import { Problem } from '../../../core/index.ts';
import type { Tree } from '../expression/tree.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Design } from './design.ts';
import { type Leaves, plan } from './lower.ts';
import { scalar } from './planned-step.ts';

export function plannedHold(hold: Readonly<Record<string, Tree>>, design: Design) {
  const { layout } = design;
  const graph = design.newGraph();
  const wanted = Object.entries(hold).map(([name, tree]) => [name, scalar(graph, tree)] as const);
  const planned = plan(
    graph,
    wanted.map(([, id]) => id),
    layout,
    'on stop',
  );
  design.reserveScores(graph);
  return {
    graph,
    bind(kernels: Kernels, leaves: Leaves, keep: (name: string, value: number) => void) {
      const lowered = planned.bind(kernels, leaves);
      return () => {
        lowered.run();
        for (const [name, id] of wanted) {
          const value = lowered.value(id);
          if (!Number.isFinite(value))
            throw new Problem('step-failed', `'${name}' is ${value} on the last batch`, { where: 'on stop' });
          keep(name, value);
        }
      };
    },
  };
}
