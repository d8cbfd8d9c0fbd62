/** Recommendations as steps of a pipeline: what a method has learnt, served to users, cached like everything else. */
import { resolve } from 'node:path';
import { optional, type Pipeline, Problem } from '../core/index.ts';
import { type Graph, withStep } from '../core/pipeline/graph.ts';
import { type AnyPipeline, openPipeline } from '../core/pipeline/pipeline.ts';
import { type Declared, declare } from '../core/ports/ports.ts';
import { fileDataset } from '../nodes/datasets/file.ts';
import { Ids, Pairs, Shape } from '../nodes/ports.ts';
import { askedUsers } from '../nodes/ranking/asked-users.ts';
import { externalIds } from '../nodes/ranking/external-ids.ts';
import { foldIn } from '../nodes/ranking/fold-in.ts';
import { topItems } from '../nodes/ranking/top-items.ts';
import { vectors } from '../nodes/ranking/vectors.ts';
import { type DataFile, sourceOf } from './own-data.ts';

/** The step whose output `items` holds the recommendations. */
export const recommendationStep = 'recommendations';
/** The step whose output `vectors` holds the vectors for a serving index. */
export const vectorStep = 'vectors';

/** Roles that recommending asks of a protocol beside what the method needs. */
const roles = {
  train: Pairs,
  shape: Shape,
  test: optional(Pairs),
  validation: optional(Pairs),
  uniform: optional(Pairs),
  known: optional(Pairs),
  userIds: optional(Ids),
  itemIds: optional(Ids),
};
type Roles = Declared<typeof roles>;

export interface RecommendingOptions {
  /** Items a user; 10 unless given. */
  readonly top?: number;
  /** Ids of the users to recommend to, as the data have them; every user with train rows unless given. */
  readonly users?: readonly string[];
  /** `step.port` of the trained model, for a pipeline that serves several. */
  readonly model?: string;
  /** Whether each row says why: columns match, gate and penalty (see nodes/ranking/ports). */
  readonly explain?: boolean;
  /** Whether step `vectors` gives the vectors of users and items. */
  readonly vectors?: boolean;
  /** A file of what new users liked, columns user and item: lists are theirs then, and nothing is trained anew. */
  readonly newUsers?: DataFile;
}
export type Recommending<P extends AnyPipeline> = Pipeline<
  string,
  Omit<Roles, keyof P['needs']> & P['needs'],
  P['steps'] & { 'top-items': typeof topItems; recommendations: typeof externalIds }
>;

/**
 * A pipeline that also recommends: `.on(protocol)` closes it as usual, and `run` gives `recommendations.items`, rows
 * { user, rank, item, score } with the ids of the data where the protocol gives `userIds` and `itemIds`. The steps of the
 * method keep their names and keys, so a model that is cached serves at once.
 *
 * @throws Problem usage when the pipeline serves no model, or several and `model` does not say which
 */
export function recommending<P extends AnyPipeline>(of: P, options: RecommendingOptions = {}): Recommending<P> {
  const { top, users, model, newUsers } = options;
  if (users && newUsers)
    throw new Problem('usage', 'recommendations are for users of the data or for new ones, not for both at once');
  if (options.vectors && newUsers)
    throw new Problem('usage', 'vectors are written for the users of the data, and these lists are of new ones', {
      hint: 'write the vectors in a run without --new-users',
    });
  const { graph } = of;
  const { ports, mayLack } = declare(roles);
  const own = Object.keys(graph.needs);
  const steps = [
    ...['top-items', recommendationStep],
    ...(users ? ['asked-users'] : []),
    ...(options.vectors ? [vectorStep] : []),
    ...(newUsers ? ['new-users', 'fold-in'] : []),
  ];
  const taken = steps.find((name) => name in graph.steps);
  if (taken !== undefined)
    throw new Problem('usage', `pipeline '${of.name}' already has a step '${taken}'`, {
      hint: 'rename it: recommending adds a step of that name',
    });
  const served = servedModel(graph, model);
  const open: Graph = {
    ...graph,
    name: `${graph.name}-recommendations`,
    needs: { ...ports, ...graph.needs } as Graph['needs'],
    mayLack: [...graph.mayLack, ...mayLack.filter((name) => !own.includes(name))],
  };
  const need = (name: string) => ({ from: name, port: open.needs[name] as Graph['needs'][string] });
  const needs = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, need(name)]));
  let made = open;
  if (users) made = withStep(made, 'asked-users', askedUsers, needs('userIds', 'shape'), { ids: users });
  const asked = users && { users: { from: 'asked-users.users', port: askedUsers.out.users } };
  const rated = needs('train', 'test', 'validation', 'uniform', 'known', 'shape');
  if (options.vectors) made = withStep(made, vectorStep, vectors, { model: served }, {});
  if (newUsers) made = folded(made, served, newUsers, needs);
  const lists = newUsers
    ? {
        model: { from: 'fold-in.model', port: foldIn.out.model },
        train: { from: 'fold-in.known', port: foldIn.out.known },
        shape: { from: 'fold-in.shape', port: foldIn.out.shape },
      }
    : { model: served, ...rated, ...asked };
  const config = { ...(top !== undefined && { top }), ...(options.explain && { explain: true }) };
  made = withStep(made, 'top-items', topItems, lists, config);
  made = withStep(made, recommendationStep, externalIds, {
    top: { from: 'top-items.top', port: topItems.out.top },
    ...needs('userIds', 'itemIds'),
    ...(newUsers && { userIds: { from: 'new-users.userIds', port: fileDataset.out.userIds } }),
  });
  return openPipeline(made) as unknown as Recommending<P>;
}

type Wires = Graph['steps'][string]['wires'];
/** Steps that read what new users liked and give them vectors. */
function folded(of: Graph, served: Wires[string], file: DataFile, needs: (...names: string[]) => Wires): Graph {
  const read = withStep(
    of,
    'new-users',
    fileDataset,
    {},
    {
      places: { train: resolve(file.file) },
      sources: { train: sourceOf(file) },
      feedback: 'implicit',
    },
  );
  return withStep(read, 'fold-in', foldIn, {
    model: served,
    ...needs('train', 'shape', 'itemIds'),
    likes: { from: 'new-users.train', port: fileDataset.out.train },
    likers: { from: 'new-users.userIds', port: fileDataset.out.userIds },
    likedIds: { from: 'new-users.itemIds', port: fileDataset.out.itemIds },
  });
}

/** Nodes that serve a model, the port that says what it scored, and the node that measures that. */
const serving: Readonly<Record<string, { readonly port: string; readonly measuredBy: string }>> = {
  'scoring/score': { port: 'scores', measuredBy: 'evaluation/evaluate' },
  'ranking/top-lists': { port: 'lists', measuredBy: 'evaluation/evaluate-lists' },
};

/** The model behind the scores or lists that are measured; behind any where none are. */
function servedModel(graph: Graph, chosen: string | undefined) {
  const scoring = Object.entries(graph.steps).flatMap(([step, { node, wires }]) => {
    const serves = serving[node.id];
    return serves && wires.model ? [{ from: `${step}.${serves.port}`, model: wires.model, ...serves }] : [];
  });
  const measured = scoring.filter(({ from, port, measuredBy }) =>
    Object.values(graph.steps).some(({ node, wires }) => node.id === measuredBy && wires[port]?.from === from),
  );
  const models = new Map(
    (measured.length > 0 && chosen === undefined ? measured : scoring).map(({ model }) => [model.from, model]),
  );
  const names = [...models.keys()];
  const model = models.get(chosen ?? (names[0] as string));
  if (names.length === 0)
    throw new Problem('usage', `pipeline '${graph.name}' serves no model, so there is nothing to recommend with`, {
      hint: 'it must hold a step scoring/score or ranking/top-lists; `counterpoise list pipelines` names the methods',
    });
  if (model === undefined)
    throw new Problem('usage', `pipeline '${graph.name}' serves no model '${chosen}'`, {
      hint: `it serves ${names.join(', ')}`,
    });
  if (names.length > 1 && chosen === undefined)
    throw new Problem('usage', `pipeline '${graph.name}' serves several models: ${names.join(', ')}`, {
      hint: 'say which one to recommend with: --model step.port',
    });
  return model;
}
