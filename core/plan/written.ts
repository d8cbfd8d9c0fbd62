/**
 * The step seam: a plan on paper, with which other engines (a queue, a cluster) run a pipeline step by step. It holds the
 * normalised pipelines, seeds and the digests of everything that may not change in between, and no downstream keys: each
 * step derives its own from the memos of what it reads.
 */
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { carriesMethod, methodFrom, modulesOf } from '../method.ts';
import type { AnyNode } from '../node.ts';
import { canonicalJson } from '../numeric/canonical-json.ts';
import { type Graph, type Source, splitAddress } from '../pipeline/graph.ts';
import { type NormalisedPipeline, normalisedPipeline } from '../pipeline/normalise.ts';
import type { AnyClosed } from '../pipeline/pipeline.ts';
import type { Port, Table } from '../ports/ports.ts';
import type { Registry } from '../registry.ts';
import { type CoreService, coreServices } from '../services/services.ts';
import type { ServiceIdentity, Token } from '../tokens.ts';
import type { Surroundings } from './identify.ts';
import { type Trial, trial } from './resolve.ts';
import type { NamedTrial } from './trials.ts';

const WrittenPlanSchema = z.strictObject({
  format: z.literal(1),
  counterpoise: z.string(),
  trials: z.array(
    z.strictObject({
      label: z.string(),
      seed: z.number().int(),
      dataSeed: z.number().int(),
      pipeline: z.looseObject({ pipeline: z.string(), steps: z.record(z.string(), z.unknown()) }),
      /** SHA-256 of the files that source steps read, by step and name. */
      files: z.record(z.string(), z.record(z.string(), z.string().nullable())),
    }),
  ),
  /** Code digests by registry id. */
  digests: z.record(z.string(), z.string()),
  services: z.record(z.string(), z.unknown()),
  plugins: z.array(z.string()),
});
export type WrittenPlan = z.output<typeof WrittenPlanSchema>;

export function writePlan(
  trials: readonly NamedTrial[],
  around: Surroundings,
  extra: { readonly version: string; readonly plugins: readonly string[] },
): WrittenPlan {
  const digests: Record<string, string> = {};
  const services: Record<string, ServiceIdentity> = {};
  for (const { trial: of } of trials)
    for (const { node } of of.steps) {
      Object.assign(digests, digestsOf(node, around));
      Object.assign(services, identitiesOf(node, around));
    }
  return {
    format: 1,
    counterpoise: extra.version,
    trials: trials.map(({ label, trial: of }) => ({
      label,
      seed: of.seed,
      dataSeed: of.seeds.data,
      pipeline: normalisedPipeline(
        of.pipeline.graph,
        Object.fromEntries(of.steps.map(({ name, config }) => [name, config])),
      ) as unknown as WrittenPlan['trials'][number]['pipeline'],
      files: Object.fromEntries(
        of.steps.flatMap(({ name, node, config }) =>
          node.reads ? [[name, around.files.digests(node.reads(config as never), name)]] : [],
        ),
      ),
    })),
    digests,
    services,
    plugins: [...extra.plugins],
  };
}

/** @throws Problem bad-data when the text is no plan */
export function readPlan(text: string, where: string): WrittenPlan {
  try {
    return WrittenPlanSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Problem('bad-data', `'${where}' is not a written plan`, {
      where,
      hint: 'write one with `counterpoise plan ... --write FILE`',
      cause,
    });
  }
}

/** The trial of a written plan, made of the definitions that are loaded here. */
export function trialFrom(written: WrittenPlan['trials'][number], registry: Registry): Trial {
  const graph = graphFrom(written.pipeline as unknown as NormalisedPipeline, registry);
  const closed: AnyClosed = { kind: 'closed', name: graph.name, steps: graph.steps, graph };
  return trial(closed, { seed: written.seed, dataSeed: written.dataSeed });
}

/** A closed graph from its normalised form. */
export function graphFrom(normal: NormalisedPipeline, registry: Registry): Graph {
  const nodes = new Map<string, AnyNode>();
  for (const [name, { use, method }] of Object.entries(normal.steps)) {
    const base = registry.node(use);
    nodes.set(name, method && carriesMethod(base) ? base.remake(methodFrom(method, registry)) : base);
  }
  const steps = Object.entries(normal.steps).map(([name, { in: wires, narrowed, with: config }]) => [
    name,
    {
      node: nodes.get(name) as AnyNode,
      config,
      wires: Object.fromEntries(
        Object.entries(wires).map(([input, from]): [string, Source] => {
          const [step, output] = splitAddress(from);
          const port = (nodes.get(step)?.out as Readonly<Record<string, Port>> | undefined)?.[output];
          if (!port)
            throw new Problem('bad-wiring', `input '${input}' of '${name}' reads '${from}', which does not exist`);
          return [input, { from, port: narrow(port, narrowed?.[input]) }];
        }),
      ),
    },
  ]);
  return {
    name: normal.pipeline,
    needs: {},
    mayLack: [],
    steps: Object.fromEntries(steps),
    protocol: normal.protocol ?? undefined,
    evaluation: normal.evaluation ?? undefined,
    usesTestLabels: normal.usesTestLabels,
  };
}

function narrow(port: Port, columns: readonly string[] | undefined): Port {
  if (columns === undefined || port.port !== 'table') return port;
  const all = (port as Table<Readonly<Record<string, string>>>).columns;
  return { ...port, columns: Object.fromEntries(columns.map((name) => [name, all[name]])) };
}

/**
 * @throws Problem plan-differs when code, a service or a file is not what it was when the plan was written
 */
export function checkUnchanged(
  written: WrittenPlan,
  at: number,
  step: string,
  node: AnyNode,
  around: Surroundings,
  files: Readonly<Record<string, string | null>>,
): void {
  const differ = (what: string) =>
    new Problem('plan-differs', `${what} is not what it was when the plan was written`, {
      where: step,
      hint: 'write the plan again, or run the step where the same version is installed',
    });
  for (const [id, code] of Object.entries(digestsOf(node, around)))
    if (written.digests[id] !== code) throw differ(`the code of '${id}'`);
  for (const [id, identity] of Object.entries(identitiesOf(node, around)))
    if (canonicalJson(written.services[id] ?? null) !== canonicalJson(identity)) throw differ(`service '${id}'`);
  const then = written.trials[at]?.files[step] ?? {};
  for (const [name, sha256] of Object.entries(files)) if (then[name] !== sha256) throw differ(`the file '${name}'`);
}

function digestsOf(node: AnyNode, around: Surroundings): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const own = around.digests.node(node);
  if (own) found[node.id] = own.code;
  if (carriesMethod(node))
    for (const id of modulesOf(node.method)) {
      const digest = around.digests.module(id);
      if (digest) found[id] = digest.code;
    }
  return found;
}

function identitiesOf(node: AnyNode, around: Surroundings): Readonly<Record<string, ServiceIdentity>> {
  const found: Record<string, ServiceIdentity> = {};
  for (const token of Object.values(node.use as Readonly<Record<string, Token<string, unknown>>>)) {
    const identity = coreServices.includes(token.id as CoreService) ? undefined : around.identity(token);
    if (identity) found[token.id] = identity;
  }
  return found;
}
