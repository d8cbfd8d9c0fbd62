/** From tables and figures to what is run: every entry once, whichever cells show it, cheap ones first, seed after seed. */
import { asProblem } from '../../core/errors.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { type NamedTrial, restrict, trialsOf } from '../../core/plan/trials.ts';
import type { Registry } from '../../core/registry.ts';
import type { Entry, Section } from '../../pipelines/reproductions/declaration.ts';
import { resultStep } from '../../pipelines/results.ts';
import type { Item } from './items.ts';

/** An entry over the seeds that somebody wants of it. */
export interface Unit {
  readonly id: string;
  /** As tables of metrics name it: the pipeline, with its settings in brackets. */
  readonly label: string;
  readonly entry: Entry;
  readonly seeds: readonly number[];
  /** Why it cannot run: a pipeline that is not there, a role that its protocol does not give. */
  readonly problem?: string;
}
/** A trial, and which of a unit's it is. */
export interface PlacedTrial {
  readonly unit: Unit;
  readonly named: NamedTrial;
}
export interface Work {
  readonly units: ReadonlyMap<string, Unit>;
  readonly trials: readonly PlacedTrial[];
}

const labelOf = ({ pipeline, set = {} }: Entry): string => {
  const settings = Object.entries(set).map(
    ([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${pipeline}${settings.length > 0 ? `[${settings.join(' ')}]` : ''}`;
};
export const unitId = (entry: Entry): string => `${labelOf(entry)} on ${entry.protocol}`;

/** The floors of a section, as entries. */
export function floorEntries(
  { protocol, set, floors, floorCost: cost = 0 }: Section,
  registry: Registry,
): readonly Entry[] {
  const names = floors === 'all' ? registry.protocol(protocol).evaluation.floors : floors;
  return names
    .map((name) => (name.startsWith('floor-') ? name : `floor-${name}`))
    .map((pipeline) => ({ pipeline, protocol, ...(set && { set }), cost }));
}

/** @param here whether the files of a data set are there: what stands on others is not run */
export function workOf(items: readonly Item[], registry: Registry, here: (data: string) => boolean): Work {
  const wanted = new Map<string, { readonly entry: Entry; readonly seeds: Set<number>; level: number }>();
  const want = (entry: Entry, seeds: readonly number[], level = 0) => {
    const held = wanted.get(unitId(entry)) ?? { entry, seeds: new Set(), level };
    for (const seed of seeds) held.seeds.add(seed);
    held.level = Math.min(held.level, level);
    wanted.set(unitId(entry), held);
  };
  for (const { kind, value } of items)
    if (kind === 'table') {
      for (const section of value.sections.filter(({ data }) => here(data))) {
        for (const { entry } of section.rows) if (!('none' in entry)) want(entry, value.seeds, section.level);
        for (const entry of floorEntries(section, registry)) want(entry, value.seeds, section.level);
      }
    } else
      for (const panel of value.panels.filter(({ data }) => here(data)))
        if ('series' in panel)
          for (const { points } of panel.series) for (const p of points) want(p.entry, value.seeds);
        else if ('curves' in panel) for (const { entry } of panel.curves) want(entry, value.seeds.slice(0, 1));
        else want(panel.scatter.entry, value.seeds.slice(0, 1));
  const units = new Map<string, Unit>();
  const trials: (PlacedTrial & { readonly round: number; readonly level: number; readonly order: number })[] = [];
  for (const [id, { entry, seeds, level }] of wanted) {
    const unit = { id, label: labelOf(entry), entry, seeds: [...seeds] };
    try {
      const order = units.size;
      unitTrials(unit, registry).forEach((named, round) => {
        trials.push({ unit, named, round, level, order });
      });
      units.set(id, unit);
    } catch (error) {
      units.set(id, { ...unit, problem: asProblem(error).message });
    }
  }
  trials.sort(
    (a, b) => a.round - b.round || a.level - b.level || a.unit.entry.cost - b.unit.entry.cost || a.order - b.order,
  );
  return { units, trials };
}

/** One trial a seed; one in all where nothing follows the seed. */
function unitTrials({ id, entry, seeds }: Unit, registry: Registry): readonly NamedTrial[] {
  const protocol = registry.protocol(entry.protocol);
  const named = trialsOf({
    methods: [registry.pipeline(entry.pipeline)],
    floors: [],
    close: (pipeline) => closeChecked(pipeline, protocol),
    seeds,
    dataSeed: 0,
    grid: {},
    set: Object.entries(entry.set ?? {}).map(([path, value]) => ({ path, value })),
  });
  return named.map((one) => ({
    ...one,
    label: id,
    floor: entry.pipeline.startsWith('floor-'),
    trial: restrict(one.trial, [resultStep], 'only'),
  }));
}
