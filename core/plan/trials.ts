/** From studies and pipelines to trials: every method, grid point and seed. */
import { Problem } from '../errors.ts';
import type { AnyClosed, AnyPipeline } from '../pipeline/pipeline.ts';
import type { AnyGrid, AnyStudy } from '../pipeline/study.ts';
import { didYouMean } from '../registry.ts';
import { type Overrides, type ResolvedStep, type Trial, trial } from './resolve.ts';

export interface GridPoint {
  readonly set: Overrides;
  /** `weights.clip=0.1`, empty for a study without a grid. */
  readonly label: string;
}
/** A trial with the name under which its results stand in tables. */
export interface NamedTrial {
  readonly trial: Trial;
  readonly label: string;
  /** Null when no step of the pipeline follows the seed: one trial stands for all. */
  readonly seed: number | null;
  readonly floor: boolean;
}

/** All combinations of the axes that the pipeline has; axes of steps it does not have are ignored. */
export function gridPoints(pipeline: AnyPipeline, grid: AnyGrid): readonly GridPoint[] {
  let points: GridPoint[] = [{ set: {}, label: '' }];
  for (const [step, axes] of Object.entries(grid)) {
    if (!(step in pipeline.graph.steps)) continue;
    for (const [key, values] of Object.entries(axes))
      points = points.flatMap(({ set, label }) =>
        values.map((value) => ({
          set: { ...set, [step]: { ...set[step], [key]: value } },
          label: `${label}${label && ' '}${step}.${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
        })),
      );
  }
  return points;
}

export interface TrialPlan {
  readonly methods: readonly AnyPipeline[];
  readonly floors: readonly AnyPipeline[];
  readonly close: (pipeline: AnyPipeline) => AnyClosed;
  readonly seeds: readonly number[];
  readonly dataSeed: number;
  /** One split for all seeds; without it the split follows the seed. */
  readonly splitSeed?: number;
  readonly grid: AnyGrid;
  readonly set: readonly Assignment[];
  /** Settings that were chosen for a method, by its name; `set` wins over them. */
  readonly chosen?: ReadonlyMap<string, Overrides>;
}
/** `--set step.key=value`, not yet split: step names may contain dots. */
export interface Assignment {
  readonly path: string;
  readonly value: unknown;
}

/**
 * @throws Problem bad-config when a `--set` names a step that no pipeline has, or a grid axis that none has
 */
export function trialsOf(plan: TrialPlan): readonly NamedTrial[] {
  const named: NamedTrial[] = [];
  const used = new Set<Assignment>();
  const place = (pipeline: AnyPipeline, floor: boolean) => {
    const closed = plan.close(pipeline);
    const { overrides, taken } = overridesFor(closed, plan.set);
    for (const assignment of taken) used.add(assignment);
    for (const point of floor ? [{ set: {}, label: '' }] : gridPoints(pipeline, plan.grid)) {
      const set = mergeOverrides(mergeOverrides(plan.chosen?.get(pipeline.name) ?? {}, point.set), overrides);
      const label = point.label === '' ? pipeline.name : `${pipeline.name}[${point.label}]`;
      for (const seed of plan.seeds) {
        const { dataSeed, splitSeed } = plan;
        const made = withoutIdleData(
          trial(closed, { seed, dataSeed, ...(splitSeed !== undefined && { splitSeed }), set }),
        );
        const fixed = !made.steps.some((step) => followsSeed(step, splitSeed !== undefined));
        named.push({ trial: made, label, seed: fixed ? null : seed, floor });
        if (fixed) break;
      }
    }
  };
  for (const pipeline of plan.methods) place(pipeline, false);
  for (const pipeline of plan.floors) place(pipeline, true);
  checkUsed(plan, named, used);
  return named;
}

export function studyPlan(study: AnyStudy): Pick<TrialPlan, 'methods' | 'seeds' | 'grid'> {
  for (const step of Object.keys(study.grid))
    if (!study.methods.some((m) => step in m.graph.steps))
      throw new Problem('bad-config', `study '${study.name}': no method has a step '${step}'`, {
        where: `grid.${step}`,
        hint: didYouMean(
          step,
          study.methods.flatMap((m) => Object.keys(m.graph.steps)),
        ),
      });
  return { methods: study.methods, seeds: study.seeds, grid: study.grid };
}

/** A step whose numbers change with `--seed`. */
const followsSeed = ({ node, config }: ResolvedStep, oneSplit: boolean): boolean =>
  (node.stream === 'train' || (node.stream === 'split' && !oneSplit)) && typeof config.seed !== 'number';

/** The assignments that belong to steps of this pipeline, by step and key. */
export function overridesFor(closed: AnyClosed, set: readonly Assignment[]) {
  const overrides: Record<string, Record<string, unknown>> = {};
  const taken: Assignment[] = [];
  const steps = Object.keys(closed.graph.steps);
  for (const assignment of set) {
    // the longest step name that the path starts with: `data.split` before `data`
    const step = steps.filter((name) => assignment.path.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0];
    if (step === undefined) continue;
    taken.push(assignment);
    overrides[step] = { ...overrides[step], [assignment.path.slice(step.length + 1)]: assignment.value };
  }
  return { overrides, taken };
}

function checkUsed(plan: TrialPlan, named: readonly NamedTrial[], used: ReadonlySet<Assignment>) {
  const unused = plan.set.find((assignment) => !used.has(assignment));
  if (!unused) return;
  const steps = [...new Set(named.flatMap(({ trial: { steps: all } }) => all.map(({ name }) => name)))];
  const step = unused.path.slice(0, unused.path.lastIndexOf('.'));
  throw new Problem('bad-config', `--set ${unused.path}: there is no step '${step}'`, {
    hint: `${didYouMean(step, steps)}the steps are ${steps.join(', ')}`,
  });
}

/** Later settings win, key by key. */
export const mergeOverrides = (a: Overrides, b: Overrides): Overrides => {
  const out: Record<string, Readonly<Record<string, unknown>>> = { ...a };
  for (const [step, keys] of Object.entries(b)) out[step] = { ...out[step], ...keys };
  return out;
};

/** Without the steps of the protocol that nothing of the method reads: a role that it does not ask for. */
function withoutIdleData(of: Trial): Trial {
  const own = of.steps.filter(({ name }) => !name.startsWith('data.')).map(({ name }) => name);
  return own.length === 0 ? of : restrict(of, own, 'only');
}

/** The part of a trial that `--only` and `--until` leave: the named steps with all they need, or all but what follows them. */
export function restrict(of: Trial, names: readonly string[], mode: 'only' | 'until'): Trial {
  const known = of.steps.map(({ name }) => name);
  for (const name of names)
    if (!known.includes(name))
      throw new Problem('unknown-name', `pipeline '${of.pipeline.name}' has no step '${name}'`, {
        hint: `${didYouMean(name, known)}its steps are ${known.join(', ')}`,
      });
  const keep = mode === 'only' ? needed(of, names) : notAfter(of, names);
  const moved = new Map<ResolvedStep, ResolvedStep>();
  for (const step of of.steps) {
    if (!keep.has(step)) continue;
    moved.set(step, {
      ...step,
      index: moved.size,
      inputs: step.inputs.map((input) =>
        input.from ? { ...input, from: { ...input.from, step: moved.get(input.from.step) as ResolvedStep } } : input,
      ),
    });
  }
  return { ...of, steps: [...moved.values()] };
}

function needed(of: Trial, names: readonly string[]): ReadonlySet<ResolvedStep> {
  const keep = new Set(of.steps.filter(({ name }) => names.includes(name)));
  for (const step of [...of.steps].reverse())
    if (keep.has(step)) for (const { from } of step.inputs) if (from) keep.add(from.step);
  return keep;
}

function notAfter(of: Trial, names: readonly string[]): ReadonlySet<ResolvedStep> {
  const after = new Set<ResolvedStep>();
  for (const step of of.steps)
    if (step.inputs.some(({ from }) => from && (names.includes(from.step.name) || after.has(from.step))))
      after.add(step);
  return new Set(of.steps.filter((step) => !after.has(step)));
}
