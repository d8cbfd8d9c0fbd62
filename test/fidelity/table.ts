/** The verdict as lines of text: every cell, the floors, the seeds that failed, and the rule. */
import { fourDigits, type Verdict } from './judge.ts';
import type { ReferenceSet } from './reference.ts';

const head = ['method', 'metric', 'ours', 'n', 'reference', 'n_ref', 'z', 'verdict', 'printed'];

export function verdictLines(set: ReferenceSet, { rule, cells, failed, floors }: Verdict): string[] {
  const name = ({ metric, k }: { metric: string; k: number | null }) => (k === null ? metric : `${metric}@${k}`);
  const table = cells.map(({ of, mean, sd, values, z, distance, steady }) => [
    of.method,
    name(of),
    `${fourDigits(mean)}±${fourDigits(sd)}`,
    String(values.length),
    of.sd === undefined ? fourDigits(of.mean) : `${fourDigits(of.mean)}±${fourDigits(of.sd)}`,
    String(of.n),
    `${z < 0 ? '-' : '+'}${distance.toFixed(2)}`,
    !(distance <= 3.5) ? 'FAR' : !(distance <= 2) ? 'beyond 2' : steady ? 'within 2' : 'UNSTEADY',
    of.printed ?? '',
  ]);
  return [
    `${set.title}, protocol ${set.protocol}, seeds ${set.seeds[0]}..${set.seeds.at(-1)}`,
    '',
    ...columns([head, ...table]),
    '',
    ...columns([
      ['floor', 'metric', 'value', 'must be', ''],
      ...floors.map(({ of, value, equal }) => [of.pipeline, name(of), value, of.value, equal ? 'equal' : 'DIFFERENT']),
    ]),
    '',
    ...[...new Set(set.cells.map(({ source, method }) => `reference of ${method}: ${source}`))],
    ...[...failed].map(
      ([method, seeds]) =>
        `plateau failures (AUC < .60) of ${method}: ${seeds.length} of ${set.seeds.length}${seeds.length > 0 ? `, seeds ${seeds.join(', ')}` : ''}`,
    ),
    `s: ${Object.entries(set.s)
      .map(([metric, s]) => `${metric} ${fourDigits(s)}`)
      .join(', ')}; z = (ours - reference) / (s sqrt(1/n_ref + 1/${set.seeds.length}))`,
    `beyond 2: ${rule.beyond} of ${cells.length} cells (allowed ${rule.allowed}); beyond 3.5: ${rule.far} (allowed 0); sd above 2.5 s: ${rule.unsteady} (allowed 0)`,
  ];
}

/** Left-aligned columns, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] as number))
      .join('  ')
      .trimEnd(),
  );
}
