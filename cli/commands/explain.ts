/** `explain`: a step's key against the nearest one in the store, field by field; of a step that waits, the keys it waits for. */
import { Problem } from '../../core/errors.ts';
import { fieldMeaning } from '../../core/plan/explain.ts';
import { nearestMemo, type PlannedStep } from '../../core/plan/plan.ts';
import { restrict } from '../../core/plan/trials.ts';
import { makePlan } from '../../core/run/run.ts';
import type { Store } from '../../core/store.ts';
import type { CommandResult, Context } from '../command.ts';
import { plainTable } from '../tables.ts';
import { openFor, resolveTargets, workOf } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [target, name] = context.args as [string, string];
  const shop = await openFor(context);
  try {
    const work = workOf(resolveTargets([target], shop), { ...context.options, floors: false }, shop);
    const trial = restrict(work.trials[0]!.trial, [name], 'only');
    const planned = makePlan([trial], shop).steps[0]!;
    const step = planned.find(({ step: s }) => s.name === name);
    if (!step) throw new Problem('unknown-name', `there is no step '${name}'`);
    const pipeline = trial.pipeline.name;
    const node = step.step.node.id;
    if (step.material) {
      const told = explained(step, shop.store);
      return { json: { pipeline, node, ...told.json }, text: () => told.text };
    }
    const first = planned.filter(({ status }) => status === 'stale' || status === 'new');
    const why = `its key is not known before ${list(first)} has run`;
    const told = first.map((before) => explained(before, shop.store));
    const waitsFor = told.map(({ json: { material: _, ...rest } }) => rest);
    return {
      json: { pipeline, node, ...bare(step), reason: why, nearest: null, differences: [], waitsFor },
      text: () => [`${name} is pending: ${why}`, ...told.map(({ text }) => text)].join('\n\n'),
    };
  } finally {
    await shop.close();
  }
}

const list = (steps: readonly PlannedStep[]) =>
  steps.map(({ step, reason }) => `'${step.name}'${reason === undefined ? '' : ` (${reason})`}`).join(' and ');

const bare = ({ step, status, key }: PlannedStep) => ({ step: step.name, status, key: key ?? null });

/** A step whose key is known. */
function explained(step: PlannedStep, store: Store) {
  const { name, node } = step.step;
  const near = step.status === 'cached' || !step.material ? undefined : nearestMemo(store, step.material);
  const differences = (near?.differences ?? []).map((d) => ({ ...d, meaning: fieldMeaning(d.field) }));
  const json = {
    ...bare(step),
    material: step.material,
    nearest: near?.key ?? null,
    differences,
    ...(step.reason && { reason: step.reason }),
  };
  const text = () => {
    if (step.status === 'cached')
      return `${name} is cached under ${step.key}, computed ${step.memo?.at} as '${step.memo?.step}' of '${step.memo?.pipeline}'`;
    if (!near) return `${name} is new: the store holds no result of ${node.id}`;
    if (differences.length === 0) return `${name} is ${step.status}: ${step.reason}`;
    const memo = near.memo ? `, computed ${near.memo.at} as '${near.memo.step}' of '${near.memo.pipeline}'` : '';
    return `${name} is ${step.status}. Nearest in the store: ${near.key.slice(0, 12)}${memo}\n\n${plainTable(
      ['field', 'before', 'now', 'what it is'],
      differences.map((d) => [d.field, short(d.before), short(d.now), d.meaning]),
    )}`;
  };
  return { json, text: text() };
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
