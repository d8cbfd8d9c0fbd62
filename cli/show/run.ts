/** A run: what it was, how it ended, how its steps fared, what it measured, and where everything lies. */
import type { RunRecord } from '../../core/store.ts';
import { type FoundRun, type LabelledPipeline, labelled } from '../opening.ts';
import { count, duration } from '../progress/words.ts';
import { metricTable, plainTable, type TableRow, type TableSummary } from '../tables.ts';
import type { Shown } from './definitions.ts';

/** More steps than this are summed up by pipeline. */
const mostSteps = 40;

export function showRun({ id, record }: FoundRun, path: string, color: boolean): Shown {
  return {
    json: { kind: 'run', name: id, path, record },
    text: () => {
      const rows = labelled(record);
      return [
        heading(id, record, path),
        stepsText(rows),
        failuresText(rows),
        metricsText(record, rows, color),
        environmentText(record),
      ]
        .filter((part) => part !== '')
        .join('\n\n');
    },
  };
}

function heading(id: string, record: RunRecord, path: string): string {
  const took =
    record.ended === undefined ? '' : ` in ${duration(Date.parse(record.ended) - Date.parse(record.started))}`;
  return [
    `run ${id}`,
    `command: counterpoise ${record.command}`,
    `started: ${record.started}`,
    `outcome: ${record.outcome}${took}`,
    `record: ${path}`,
  ].join('\n');
}

function stepsText(rows: readonly LabelledPipeline[]): string {
  const total = rows.reduce((sum, { steps }) => sum + steps.length, 0);
  if (total <= mostSteps)
    return plainTable(
      ['pipeline', 'seed', 'step', 'node', 'status', 'time', 'key'],
      rows.flatMap(({ label, seed, steps }) =>
        steps.map((s) => [
          label,
          String(seed),
          s.step,
          s.node,
          s.status,
          s.ms === undefined || s.status !== 'computed' ? '' : duration(s.ms),
          s.key?.slice(0, 12) ?? '',
        ]),
      ),
      { align: ['left', 'right', 'left', 'left', 'left', 'right', 'left'] },
    );
  return plainTable(
    ['pipeline', 'seed', 'protocol', 'steps', 'time'],
    rows.map(({ label, seed, protocol, steps }) => [label, String(seed), protocol ?? '', counts(steps), time(steps)]),
    { align: ['left', 'right', 'left', 'left', 'right'] },
  );
}

function counts(steps: LabelledPipeline['steps']): string {
  const by = new Map<string, number>();
  for (const { status } of steps) by.set(status, (by.get(status) ?? 0) + 1);
  return [...by].map(([status, n]) => `${n} ${status}`).join(', ');
}
const time = (steps: LabelledPipeline['steps']) =>
  duration(steps.reduce((sum, { status, ms }) => sum + (status === 'computed' ? (ms ?? 0) : 0), 0));

function failuresText(rows: readonly LabelledPipeline[]): string {
  const failed = rows.flatMap(({ label, seed, steps }) =>
    steps
      .filter(({ status }) => status === 'failed')
      .map(({ step, reason }) => `x ${label}.${step} (seed ${seed}): ${reason ?? 'no reason given'}`),
  );
  const more = failed.length > 10 ? [`and ${count(failed.length - 10, 'more failure')}`] : [];
  return [...failed.slice(0, 10), ...more].join('\n');
}

function metricsText({ results }: RunRecord, rows: readonly LabelledPipeline[], color: boolean): string {
  const summary = (results.summary ?? []) as readonly TableSummary[];
  if (summary.length === 0) return '';
  const [first] = rows;
  return metricTable({
    rows: (results.metrics ?? []) as readonly TableRow[],
    summary,
    floors: [...new Set(rows.filter(({ floor }) => floor).map(({ label }) => label))],
    usesTestLabels: rows
      .filter(({ definition }) => (definition as { usesTestLabels?: boolean } | undefined)?.usesTestLabels === true)
      .map(({ label }) => label),
    protocol: first?.protocol ?? '',
    dataset: first?.dataset ?? '',
    ...(typeof results.test === 'string' && { test: results.test }),
    color,
  });
}

function environmentText({ environment, peakMemory }: RunRecord): string {
  const lines = Object.entries(environment)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `  ${key}: ${key === 'memory' ? megabytes(value as number) : String(value)}`);
  if (peakMemory !== undefined) lines.push(`  peak memory: ${megabytes(peakMemory)}`);
  return ['environment:', ...lines].join('\n');
}
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
