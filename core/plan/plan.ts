/**
 * The plan: what a run would do, and why. A step is `cached` when its memo exists and every output that somebody needs is in
 * the store; `pending` when something upstream is to be computed first, so that its key is not known yet; else `stale` (a
 * memo of the same node exists under another key) or `new`.
 */
import type { PlanStatus } from '../events.ts';
import type { KeyMaterial } from '../keys/material.ts';
import type { Artifact, Key, Memo, Store } from '../store.ts';
import { type Difference, differences } from './explain.ts';
import { identify, type Surroundings } from './identify.ts';
import type { ResolvedStep, Trial } from './resolve.ts';

export interface PlannedStep {
  readonly step: ResolvedStep;
  readonly trial: Trial;
  readonly status: PlanStatus;
  readonly key: Key | undefined;
  readonly material: KeyMaterial | undefined;
  readonly memo: Memo | undefined;
  /** Why it is not cached, in a few words. */
  readonly reason: string | undefined;
}
export interface Plan {
  readonly trials: readonly Trial[];
  readonly steps: readonly (readonly PlannedStep[])[];
  readonly counts: Readonly<Record<PlanStatus, number>>;
}
/** Which steps' outputs the caller wants to read; the others are only computed when something wants them. */
export type Wanted = (trial: Trial, step: ResolvedStep) => boolean;

/** The steps that nothing else reads. */
export const terminal: Wanted = (trial, step) => terminals(trial).has(step);
const terminalCache = new WeakMap<Trial, ReadonlySet<ResolvedStep>>();
function terminals(trial: Trial): ReadonlySet<ResolvedStep> {
  const held = terminalCache.get(trial);
  if (held) return held;
  const ends = new Set(trial.steps);
  for (const step of trial.steps) for (const input of step.inputs) if (input.from) ends.delete(input.from.step);
  terminalCache.set(trial, ends);
  return ends;
}

export interface PlanOptions {
  readonly wanted?: Wanted;
  /** Steps that are computed even if cached. */
  readonly force?: (step: ResolvedStep) => boolean;
  /** Whether to say why a step is stale; costs reading old materials. */
  readonly reasons?: boolean;
}

export function plan(trials: readonly Trial[], store: Store, around: Surroundings, options: PlanOptions = {}): Plan {
  const { wanted = terminal, force, reasons = true } = options;
  const counts: Record<PlanStatus, number> = { cached: 0, stale: 0, new: 0, pending: 0 };
  const there = presence(store);
  const whyNot = reasons ? staleReason(store) : () => undefined;
  const steps = trials.map((trial) => {
    const found = lookUp(trial, store, around, force);
    const demanded = demand(trial, found, there, wanted);
    return trial.steps.map((step): PlannedStep => {
      const { memo, key, material, pending, forced } = found[step.index] as Found;
      const base = { step, trial, key, material };
      if (pending) return { ...base, memo: undefined, status: 'pending', reason: `'${pending}' is computed first` };
      const missing = demanded[step.index];
      if (memo && !forced && !missing) return { ...base, memo, status: 'cached', reason: undefined };
      if (forced) return { ...base, memo: undefined, status: 'stale', reason: 'forced' };
      if (memo && missing) return { ...base, memo, status: 'stale', reason: missing };
      if (!key)
        return {
          ...base,
          memo: undefined,
          status: 'new',
          reason: 'its code is not exported by a loaded module, so it is never cached',
        };
      const reason = whyNot(material as KeyMaterial);
      return { ...base, memo: undefined, status: reason ? 'stale' : 'new', reason };
    });
  });
  for (const row of steps) for (const { status } of row) counts[status]++;
  return { trials, steps, counts };
}

interface Found {
  readonly memo: Memo | undefined;
  readonly key: Key | undefined;
  readonly material: KeyMaterial | undefined;
  /** The nearest upstream step that has no memo. */
  readonly pending: string | undefined;
  readonly forced: boolean;
}
function lookUp(trial: Trial, store: Store, around: Surroundings, force: PlanOptions['force']): readonly Found[] {
  const found: Found[] = [];
  for (const step of trial.steps) {
    const forced = force?.(step) ?? false;
    const waitsFor = step.inputs.find(({ from }) => {
      if (!from) return false;
      const up = found[from.step.index] as Found;
      return up.memo === undefined || up.forced;
    });
    if (waitsFor?.from) {
      found.push({ memo: undefined, key: undefined, material: undefined, pending: waitsFor.from.step.name, forced });
      continue;
    }
    const artifact = ({ from }: { from: ResolvedStep['inputs'][number]['from'] }): Artifact | undefined =>
      from && (found[from.step.index] as Found).memo?.outputs[from.output];
    const identity = identify(step, trial, artifact, around);
    const memo = identity && store.memos.find(identity.key);
    found.push({ memo, key: identity?.key, material: identity?.material, pending: undefined, forced });
  }
  return found;
}

/** Walks from the wanted results upwards; an entry says which stored output of a memoised step is needed and gone. */
function demand(
  trial: Trial,
  found: readonly Found[],
  there: (artifact: Artifact) => boolean,
  wanted: Wanted,
): readonly (string | undefined)[] {
  const missing = new Array<string | undefined>(trial.steps.length);
  const needed = new Map<ResolvedStep, Set<string> | 'all'>();
  for (const step of trial.steps) if (wanted(trial, step)) needed.set(step, 'all');
  for (let index = trial.steps.length - 1; index >= 0; index--) {
    const step = trial.steps[index] as ResolvedStep;
    const { memo, forced } = found[index] as Found;
    const outputs = needed.get(step);
    if (memo && !forced) {
      if (!outputs) continue;
      const gone = Object.entries(memo.outputs).find(
        ([output, artifact]) => (outputs === 'all' || outputs.has(output)) && !there(artifact),
      );
      if (!gone) continue;
      missing[index] = `its stored output '${gone[0]}' is gone`;
    }
    for (const { from } of step.inputs) {
      if (!from) continue;
      const held = needed.get(from.step);
      if (held === 'all') continue;
      if (held) held.add(from.output);
      else needed.set(from.step, new Set([from.output]));
    }
  }
  return missing;
}

/** Asks the store about each object once. */
function presence(store: Store): (artifact: Artifact) => boolean {
  const known = new Map<string, boolean>();
  return ({ object }) => {
    const held = known.get(object);
    if (held !== undefined) return held;
    const is = store.objects.has(object);
    known.set(object, is);
    return is;
  };
}

function staleReason(store: Store): (material: KeyMaterial) => string | undefined {
  return (material) => {
    const near = nearestMemo(store, material);
    if (!near) return undefined;
    const fields = near.differences.map(({ field }) => field);
    return fields.length <= 3
      ? `changed: ${fields.join(', ')}`
      : `changed: ${fields.slice(0, 3).join(', ')} and ${fields.length - 3} more`;
  };
}

export interface NearMemo {
  readonly memo: Memo | undefined;
  readonly key: Key;
  readonly differences: readonly Difference[];
}
/** The stored material of the same node that differs in the fewest fields; the newest among equals. */
export function nearestMemo(store: Store, material: KeyMaterial): NearMemo | undefined {
  let best: NearMemo | undefined;
  for (const candidate of store.memos.materials(material.node)) {
    const found = differences(candidate.material, material);
    if (!best || found.length <= best.differences.length)
      best = { memo: store.memos.find(candidate.key), key: candidate.key, differences: found };
  }
  return best;
}
