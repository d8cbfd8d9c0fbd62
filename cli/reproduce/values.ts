/** Numbers of entries, seed by seed, for whoever asks: read once and kept. */
import type { OpenWorkshop } from '../../compose.ts';
import { textValues } from '../../core/numeric/frame.ts';
import type { Report } from '../../core/run/run.ts';
import type { Curve, Entry, Quantity, Scatter } from '../../pipelines/reproductions/declaration.ts';
import { inferenceMs } from './inference.ts';
import { type Measured, parametersOf, type SeedResult, trainingSeconds } from './measure.ts';
import { type LatentPoint, pointsOf } from './points.ts';
import { unitId, type Work } from './units.ts';

export interface SeedValue {
  readonly seed: number | null;
  readonly status: SeedResult['status'];
  readonly value: number | undefined;
  readonly reason: string | undefined;
}
export interface Values {
  /** Why an entry could not be run at all. */
  problem(entry: Entry): string | undefined;
  of(entry: Entry, quantity: Quantity): readonly SeedValue[];
  /** A curve over epochs, of the first seed that is done. */
  curve(entry: Entry, curve: Curve): readonly { readonly epoch: number; readonly value: number }[] | undefined;
  /** Users by two latents, of the first seed that is done. */
  points(scatter: Scatter): readonly LatentPoint[] | undefined;
}

/** Units of which somebody wants more than metrics and times. */
export interface Wanted {
  readonly parameters: ReadonlySet<string>;
  readonly inference: ReadonlySet<string>;
  readonly histories: ReadonlySet<string>;
  readonly scatters: readonly Scatter[];
}

/** Reads what lies in the store (parameters, histories) beforehand, so that judging is plain counting. */
export async function readValues(
  work: Work,
  { byUnit, report }: Pick<Measured, 'byUnit' | 'report'>,
  shop: OpenWorkshop,
  wanted: Wanted,
): Promise<Values> {
  const counts = new Map<SeedResult, number | undefined>();
  const inference = new Map<SeedResult, number | undefined>();
  const histories = new Map<string, History>();
  for (const id of wanted.parameters)
    for (const result of byUnit.get(id) ?? [])
      if (result.status === 'done') counts.set(result, await parametersOf(result, report));
  for (const id of wanted.inference)
    for (const result of byUnit.get(id) ?? [])
      if (result.status === 'done') inference.set(result, await inferenceMs(result, report, shop));
  for (const id of wanted.histories) {
    const first = byUnit.get(id)?.find(({ status }) => status === 'done');
    const history = first && (await historyOf(first, report));
    if (history) histories.set(id, history);
  }
  const points = new Map<Scatter, readonly LatentPoint[]>();
  for (const scatter of wanted.scatters) {
    const first = byUnit.get(unitId(scatter.entry))?.find(({ status }) => status === 'done');
    if (first) points.set(scatter, await pointsOf(first, scatter, report));
  }
  const numberOf = (result: SeedResult, quantity: Quantity): Pick<SeedValue, 'value' | 'reason'> => {
    if (quantity.of === 'parameters') return { value: counts.get(result), reason: undefined };
    if (quantity.of === 'training-seconds') return { value: trainingSeconds(result, shop), reason: undefined };
    if (quantity.of === 'inference-ms') return { value: inference.get(result), reason: undefined };
    const { metric, k, definition } = quantity;
    const row = result.metrics.find((one) => one.metric === metric && one.k === k && one.definition === definition);
    return { value: row?.value ?? undefined, reason: row?.reason };
  };
  return {
    problem: (entry) => work.units.get(unitId(entry))?.problem,
    of: (entry, quantity) =>
      (byUnit.get(unitId(entry)) ?? []).map((result) => {
        const { value, reason } =
          result.status === 'done' ? numberOf(result, quantity) : { value: undefined, reason: undefined };
        return { seed: result.seed, status: result.status, value, reason: result.reason ?? reason };
      }),
    points: (scatter) => points.get(scatter),
    curve: (entry, { plus, minus, scale }) => {
      const history = histories.get(unitId(entry));
      if (history === undefined) return undefined;
      return [...history].flatMap(([epoch, quantities]) => {
        const sum = (names: readonly string[]) =>
          names.reduce((total, name) => total + (quantities.get(name) ?? Number.NaN), 0);
        const value = scale * (sum(plus) - sum(minus));
        return Number.isFinite(value) ? [{ epoch, value }] : [];
      });
    },
  };
}

type History = ReadonlyMap<number, ReadonlyMap<string, number>>;
async function historyOf({ at }: SeedResult, report: Report): Promise<History | undefined> {
  const value = await report.output(at, 'model', 'history');
  if (value.port !== 'table') return undefined;
  const { epoch, quantity, value: values } = value.frame.columns;
  if (epoch?.kind !== 'u32' || quantity?.kind !== 'utf8' || values?.kind !== 'f64') return undefined;
  const history = new Map<number, Map<string, number>>();
  for (const [row, name] of textValues(quantity).entries()) {
    const at = Number(epoch.values[row]);
    const held = history.get(at) ?? new Map<string, number>();
    history.set(at, held.set(name, Number(values.values[row])));
  }
  return history;
}
