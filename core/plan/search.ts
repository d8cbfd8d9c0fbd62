/** Random search over settings: the same seed gives the same points, and a longer search begins with the shorter one. */
import { Problem } from '../errors.ts';
import { randomOf } from '../numeric/random.ts';
import { settingNames } from '../pipeline/settings-text.ts';
import type { AnySpace, AnySpaces } from '../pipeline/space.ts';
import type { Overrides, ResolvedStep } from './resolve.ts';
import type { GridPoint } from './trials.ts';

/** One setting that is searched. */
export interface Axis {
  readonly step: string;
  readonly key: string;
  readonly space: AnySpace;
  /** The value that the method has without a search. */
  readonly own: unknown;
}
export interface SpaceSources {
  /** By the name of a setting, whatever the step. */
  readonly defaults: Readonly<Record<string, AnySpace>>;
  /** By step and setting; later ones win over earlier ones and over the defaults. */
  readonly declared: readonly AnySpaces[];
  /** Settings that somebody fixed: by step and setting. */
  readonly fixed: Overrides;
}

/**
 * The settings to search, in the order of the steps. Steps of the protocol (`data.*`) are never searched: that would compare
 * results on different data.
 */
export function axesOf(steps: readonly ResolvedStep[], { defaults, declared, fixed }: SpaceSources): readonly Axis[] {
  return steps.flatMap(({ name, node, config }) => {
    if (name.startsWith('data.')) return [];
    return settingNames(node.schema).flatMap((key): Axis[] => {
      const own = config[key];
      if (fixed[name] && Object.hasOwn(fixed[name], key)) return [];
      const said = declared.map((spaces) => spaces[name]?.[key]).filter((space) => space !== undefined);
      const space = said.at(-1) ?? (own === undefined ? undefined : defaults[key]);
      return space === undefined ? [] : [{ step: name, key, space, own }];
    });
  });
}

/** Draws in vain, a point, before a space counts as exhausted. */
const patience = 50;

/**
 * Up to `budget` different points. The first is the method's own settings, so that a search never ends below them on what
 * selects. Each draw depends on the seed, the number of the point, the step and the setting alone: methods that share a
 * setting try the same values.
 * @returns fewer points than the budget where the space holds no more
 */
export function searchPoints(axes: readonly Axis[], budget: number, seed: number): readonly GridPoint[] {
  const random = randomOf(`search/${seed}`);
  const points: GridPoint[] = [{ set: {}, label: 'own settings' }];
  const known = new Set([JSON.stringify(axes.map(({ own }) => own))]);
  if (axes.length === 0) return points;
  for (let n = 1, vain = 0; points.length < budget && vain < patience; n++) {
    const values = axes.map((axis) => drawn(axis, random.for(`${n}/${axis.step}.${axis.key}`).uniform()));
    const text = JSON.stringify(values);
    if (known.has(text)) {
      vain++;
      continue;
    }
    vain = 0;
    known.add(text);
    const set: Record<string, Record<string, unknown>> = {};
    for (const [at, { step, key }] of axes.entries()) set[step] = { ...set[step], [key]: values[at] };
    points.push({ set, label: axes.map(({ step, key }, at) => `${step}.${key}=${shown(values[at])}`).join(' ') });
  }
  return points;
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** @param u uniform in [0, 1) */
function drawn({ step, key, space, own }: Axis, u: number): unknown {
  if (Array.isArray(space)) return space[Math.floor(u * space.length)];
  if ('times' in space) {
    if (typeof own !== 'number')
      throw new Problem(
        'bad-config',
        `the space of ${step}.${key} multiplies a number, and its value is ${shown(own)}`,
        {
          where: `${step}.${key}`,
          hint: 'give a list of values instead',
        },
      );
    const value = own * (space.times[Math.floor(u * space.times.length)] as number);
    return Number.isInteger(own) ? Math.max(1, Math.round(value)) : readable(value);
  }
  const { from, to, scale, whole } = space as Exclude<AnySpace, readonly unknown[] | { times: unknown }>;
  if (whole && scale !== 'log')
    return Math.min(Math.floor(to), Math.ceil(from) + Math.floor(u * (Math.floor(to) - Math.ceil(from) + 1)));
  const value = scale === 'log' ? from * (to / from) ** u : from + (to - from) * u;
  return whole ? Math.round(value) : readable(value);
}

/** Three digits: nobody tunes more, and everybody reads the tables. */
const readable = (value: number) => Number(value.toPrecision(3));
