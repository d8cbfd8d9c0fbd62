/** A comparison of two runs for people: the same change in thirty pipelines is told once. */
import type { Difference } from '../../core/plan/explain.ts';
import { count } from '../progress/words.ts';
import { plainTable } from '../tables.ts';
import type { PipelineChange, RunDiff, StepChange } from './compare.ts';

/** More rows than this are counted. */
const mostRows = 60;

export function diffText(diff: RunDiff): string {
  const parts = [`before: ${diff.before}\nnow:    ${diff.now}`];
  const both = diff.pipelines.filter((change) => change.in === 'both');
  for (const [where, title] of [
    ['before', 'only before'],
    ['now', 'only now'],
  ] as const) {
    const names = diff.pipelines.filter((change) => change.in === where).map(named);
    if (names.length > 0) parts.push(`${title}: ${some(names)}`);
  }
  if (diff.environment.length > 0) parts.push(`environment\n${fields(diff.environment)}`);
  for (const [text, names] of groups(both)) parts.push(`${some(names)}\n${text}`);
  if (diff.pipelines.length === 0)
    parts.push('every step has the same key in both: same inputs, settings, code and seed');
  parts.push(metricsText(diff));
  return parts.filter((part) => part !== '').join('\n\n');
}

const named = ({ pipeline, seed }: PipelineChange) => `${pipeline} (seed ${seed})`;
const some = (names: readonly string[]) =>
  names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

/** Pipelines under the text of their change. */
function groups(changes: readonly PipelineChange[]): ReadonlyMap<string, readonly string[]> {
  const by = new Map<string, string[]>();
  for (const change of changes) {
    const text = stepsText(change.steps);
    by.set(text, [...(by.get(text) ?? []), named(change)]);
  }
  return by;
}

const follows = ({ change, differences }: StepChange) =>
  change === 'changed' && differences.length > 0 && differences.every(({ field }) => field.startsWith('inputs.'));

function stepsText(steps: readonly StepChange[]): string {
  const lines: string[] = [];
  for (const [title, change] of [
    ['steps added', 'added'],
    ['steps removed', 'removed'],
  ] as const) {
    const names = steps.filter((step) => step.change === change).map(({ step }) => step);
    if (names.length > 0) lines.push(`  ${title}: ${names.join(', ')}`);
  }
  const causes = steps.filter((step) => step.change === 'changed' && !follows(step));
  for (const [at, { step, differences }] of causes.entries()) {
    lines.push(`  ${at === 0 ? `first difference in '${step}'` : `also in '${step}'`}`);
    const own = differences.filter(({ field }) => !field.startsWith('inputs.'));
    const shown = own.length === 0 ? 'its key was not known in one of the runs' : fields(own, true);
    lines.push(...shown.split('\n').map((line) => `    ${line}`));
  }
  const after = steps.filter(follows).map(({ step }) => step);
  if (after.length > 0) lines.push(`  as a consequence: ${after.join(', ')}`);
  return lines.join('\n');
}

function fields(all: readonly (Difference & { readonly meaning?: string })[], meanings = false): string {
  const rows = all
    .slice(0, mostRows)
    .map(({ field, before, now, meaning }) => [field, short(before), short(now), meaning ?? '']);
  const head = ['field', 'before', 'now', 'what it is'];
  const width = meanings ? 4 : 3;
  const text = plainTable(
    head.slice(0, width),
    rows.map((row) => row.slice(0, width)),
    { align: ['left', 'left', 'left', 'left'] },
  );
  return all.length > mostRows ? `${text}\nand ${count(all.length - mostRows, 'more field')}` : text;
}

function short(value: unknown): string {
  if (value === null) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^[0-9a-f]{40,64}$/.test(text)) return text.slice(0, 12);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function metricsText({ metrics, pipelines }: RunDiff): string {
  if (metrics.length === 0)
    return pipelines.some((change) => change.in === 'both') ? 'no metric that both runs have differs' : '';
  const value = (v: number | null) => (v === null ? '–' : v.toFixed(4));
  const rows = metrics
    .slice(0, mostRows)
    .map((m) => [
      m.pipeline,
      m.seed === null ? '' : String(m.seed),
      `${m.metric}${m.k === null ? '' : `@${m.k}`}`,
      m.definition,
      value(m.before),
      value(m.now),
      m.delta === null ? '–' : `${m.delta < 0 ? '-' : '+'}${Math.abs(m.delta).toFixed(4)}`,
    ]);
  const table = plainTable(['pipeline', 'seed', 'metric', 'definition', 'before', 'now', 'delta'], rows);
  return metrics.length > mostRows ? `${table}\nand ${count(metrics.length - mostRows, 'more metric')}` : table;
}
