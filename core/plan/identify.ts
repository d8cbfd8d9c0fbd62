/** The key of a step, once the artifacts of everything it reads are known. */

import type { KeyMaterial } from '../keys/material.ts';
import { keyOf } from '../keys/material.ts';
import { methodJson, modulesOf } from '../method.ts';
import type { AnyNode } from '../node.ts';
import type { ContentHash } from '../numeric/hash.ts';
import type { Table } from '../ports/ports.ts';
import { stepSeed } from '../seeds.ts';
import type { CoreService } from '../services/services.ts';
import { coreServices } from '../services/services.ts';
import type { Artifact, Key } from '../store.ts';
import type { ServiceIdentity, Token } from '../tokens.ts';
import type { DataFiles } from './data-files.ts';
import type { ResolvedInput, ResolvedStep, Trial } from './resolve.ts';

/** The code of a definition: the digest of its closure and the versions of the packages that it calls. */
export interface CodeDigest {
  readonly code: string;
  readonly packages: Readonly<Record<string, string>>;
}
/** Digests of what loaded modules export; undefined for anything else, such as a node made inside a test. */
export interface Digests {
  node(node: AnyNode): CodeDigest | undefined;
  /** Of a method's or a part's module, by registry id. */
  module(id: string): CodeDigest | undefined;
}
export interface Surroundings {
  readonly digests: Digests;
  readonly files: DataFiles;
  /** The identity of a bound service, or undefined when it cannot change a number. */
  identity(token: Token<string, unknown>): ServiceIdentity | undefined;
}
export interface Identity {
  readonly key: Key;
  readonly material: KeyMaterial;
}

const runtime = `node${process.versions.node.split('.')[0]}`;

/** Undefined when the step's code has no digest: such a step is computed each time. */
export function identify(
  step: ResolvedStep,
  of: Trial,
  artifact: (input: ResolvedInput) => Artifact | undefined,
  around: Surroundings,
): Identity | undefined {
  const { node, method, config } = step;
  const own = around.digests.node(node);
  if (own === undefined) return undefined;
  let packages = own.packages;
  let modules: Record<string, string> | undefined;
  if (method) {
    modules = {};
    packages = { ...packages };
    for (const id of modulesOf(method)) {
      const digest = around.digests.module(id);
      if (digest === undefined) return undefined;
      modules[id] = digest.code;
      Object.assign(packages, digest.packages);
    }
  }
  const inputs: Record<string, Readonly<Record<string, ContentHash | null>> | null> = {};
  for (const input of step.inputs) inputs[input.name] = inputHashes(input, artifact(input));
  const services: Record<string, ServiceIdentity> = {};
  for (const token of Object.values(node.use as Readonly<Record<string, Token<string, unknown>>>)) {
    if (coreServices.includes(token.id as CoreService)) continue;
    const identity = around.identity(token);
    if (identity) services[token.id] = identity;
  }
  const material: KeyMaterial = {
    recipe: 1,
    node: node.id,
    code: own.code,
    config: withoutPlaces(config, node.places),
    inputs,
    runtime,
    ...(method && { method: methodJson(method), modules: modules as Record<string, string> }),
    ...(node.reads && { files: around.files.digests(node.reads(config as never), `${of.pipeline.name}.${step.name}`) }),
    ...(Object.keys(services).length > 0 && { services }),
    ...(node.stream && { seed: stepSeed(of.seeds, node.stream, step.name, fixedSeed(config)) }),
    ...(Object.keys(packages).length > 0 && { packages }),
  };
  return { key: keyOf(material), material };
}

export const fixedSeed = (config: Readonly<Record<string, unknown>>): number | undefined =>
  typeof config.seed === 'number' ? config.seed : undefined;

/** The content of what lies in those places enters the key under `files`. */
const withoutPlaces = (config: Readonly<Record<string, unknown>>, places: readonly string[]) =>
  places.length === 0 ? config : Object.fromEntries(Object.entries(config).filter(([name]) => !places.includes(name)));

/** A port sees the columns that it declares, of those that the wire's source declares, of those that are there. */
function inputHashes(
  input: ResolvedInput,
  artifact: Artifact | undefined,
): Readonly<Record<string, ContentHash | null>> | null {
  if (artifact === undefined || input.from === undefined) return null;
  if (input.port.port !== 'table') return { '*': artifact.hashes['*'] ?? null };
  const offered = (input.from.port as Table<Readonly<Record<string, unknown>>>).columns;
  const seen: Record<string, ContentHash | null> = {};
  for (const column of Object.keys(input.port.columns as object))
    seen[column] = column in offered ? (artifact.hashes[column] ?? null) : null;
  return seen;
}
