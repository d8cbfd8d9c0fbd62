/** What a scatter shows, read from the outputs of a trial. */
import type { Column } from '../../core/numeric/frame.ts';
import type { Report } from '../../core/run/run.ts';
import type { OutputOf, Scatter } from '../../pipelines/reproductions/declaration.ts';
import type { SeedResult } from './measure.ts';

/** A user by latents 0 and 1. */
export interface LatentPoint {
  readonly class: number;
  readonly x: number;
  readonly y: number;
}

/** @throws TypeError when the declaration names columns that the tables do not have */
export async function pointsOf(
  { at }: SeedResult,
  { latents, classes, users }: Scatter,
  report: Report,
): Promise<readonly LatentPoint[]> {
  const columns = async ({ step, output }: OutputOf, names: readonly string[]) => {
    const value = await report.output(at, step, output);
    if (value.port !== 'table') throw new TypeError(`'${step}.${output}' is no table`);
    const { frame } = value;
    return names.map((name) => numbers(frame.columns[name], `${step}.${output}.${name}`));
  };
  const [user, dimension, values] = await columns(latents, ['user', 'dimension', latents.column]);
  const [row, feature] = await columns(classes, ['row', 'feature']);
  const classOf = new Map<number, number>();
  row!.forEach((of, n) => {
    if (!classOf.has(of)) classOf.set(of, feature![n] as number);
  });
  const found = Array.from({ length: users }, (_, of) => ({
    class: classOf.get(of) ?? 0,
    x: Number.NaN,
    y: Number.NaN,
  }));
  user!.forEach((of, n) => {
    const point = found[of];
    if (point === undefined) return;
    if (dimension![n] === 0) point.x = values![n] as number;
    if (dimension![n] === 1) point.y = values![n] as number;
  });
  return found.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
}

function numbers(column: Column | undefined, name: string): readonly number[] {
  if (column === undefined || column.kind === 'utf8') throw new TypeError(`'${name}' is no column of numbers`);
  return Array.from(column.values as ArrayLike<number | bigint>, Number);
}
