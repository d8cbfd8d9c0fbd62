/** From tables and figures that are asked for to what was found of them. */
import os from 'node:os';
import type { OpenWorkshop } from '../../compose.ts';
import type { Problem } from '../../core/errors.ts';
import type { Report } from '../../core/run/run.ts';
import { type Distributions, distributions } from '../../nodes/statistics/distributions.ts';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import type { Entry, Quantity, Reproduction, Scatter } from '../../pipelines/reproductions/declaration.ts';
import { version } from '../../version.ts';
import type { Context } from '../command.ts';
import { judgeFigure } from './figure.ts';
import type { Item } from './items.ts';
import { judgeClaims, judgeSection, lookAt } from './judge.ts';
import { type Measured, measure } from './measure.ts';
import type { ItemResult, ReproductionResult } from './result.ts';
import { floorEntries, unitId, type Work, workOf } from './units.ts';
import { readValues, type Values, type Wanted } from './values.ts';

export interface ReproduceOptions {
  readonly shop: OpenWorkshop;
  readonly context: Context;
  readonly budgetMs: number | undefined;
  /** In the place of the seeds that the tables and figures name. */
  readonly seeds?: readonly number[];
  /** How to get a data set; null where it is here. */
  readonly missing: (data: string) => string | null;
}
export interface Reproduced {
  readonly result: ReproductionResult;
  readonly failure: Problem | undefined;
  /** Undefined when there was nothing to run. */
  readonly report: Report | undefined;
  readonly metrics: readonly MetricRow[];
}

export async function reproduce(
  paper: Reproduction,
  asked: readonly Item[],
  { shop, context, budgetMs, seeds, missing: look }: ReproduceOptions,
): Promise<Reproduced> {
  const items =
    seeds === undefined ? asked : asked.map((item) => ({ ...item, value: { ...item.value, seeds } }) as Item);
  const known = new Map<string, string | null>();
  const missing = (data: string) => {
    if (!known.has(data)) known.set(data, look(data));
    return known.get(data) as string | null;
  };
  const work = workOf(items, shop.registry, (data) => missing(data) === null);
  const measured = work.trials.length === 0 ? undefined : await measure(work, shop, context, budgetMs);
  const values = await readValues(
    work,
    measured ?? { byUnit: new Map(), report: undefined as never },
    shop,
    wantedOf(items),
  );
  const { rows, ...counts } = countOf(work, measured);
  const { studentTails } = await distributions();
  return {
    report: measured?.report,
    metrics: measured?.metrics ?? [],
    failure: measured?.failure,
    result: {
      name: paper.name,
      paper: paper.paper,
      code: paper.code,
      date: new Date().toISOString().slice(0, 10),
      where: `Counterpoise ${version}, Node ${process.versions.node}, ${os.cpus()[0]?.model.trim() ?? os.arch()}, ${os.availableParallelism()} cores`,
      line: context.line,
      items: items.map((item) => itemResult(item, values, shop, missing, studentTails)),
      trials: { wanted: rows, ...counts },
      outOfTime: measured?.outOfTime ?? false,
    },
  };
}

function itemResult(
  { kind, name, value }: Item,
  values: Values,
  { registry }: OpenWorkshop,
  missing: (data: string) => string | null,
  studentTails: Distributions['studentTails'],
): ItemResult {
  if (kind === 'figure') return judgeFigure(name, value, values, missing);
  const { title, seeds, choices, claims, measuredTitle = "authors' code" } = value;
  const sections = value.sections.map((section) =>
    judgeSection(section, {
      values,
      seeds,
      missing: missing(section.data),
      floors: floorEntries(section, registry),
    }),
  );
  return {
    kind,
    name,
    title,
    seeds,
    choices,
    measuredTitle,
    sections,
    claims: judgeClaims(claims, lookAt(sections, studentTails)),
  };
}

/** Units of which some cell shows more than metrics and times. */
function wantedOf(items: readonly Item[]): Wanted {
  const parameters = new Set<string>();
  const inference = new Set<string>();
  const histories = new Set<string>();
  const scatters: Scatter[] = [];
  const want = (entries: readonly Entry[], quantities: readonly Quantity[]) => {
    for (const { of } of quantities)
      for (const entry of entries) {
        if (of === 'parameters') parameters.add(unitId(entry));
        if (of === 'inference-ms') inference.add(unitId(entry));
      }
  };
  for (const { kind, value } of items)
    if (kind === 'table')
      for (const { columns, rows } of value.sections)
        want(
          rows.flatMap(({ entry }) => ('none' in entry ? [] : [entry])),
          columns.map(({ quantity }) => quantity),
        );
    else
      for (const panel of value.panels)
        if ('curves' in panel) for (const { entry } of panel.curves) histories.add(unitId(entry));
        else if ('scatter' in panel) scatters.push(panel.scatter);
        else
          want(
            panel.series.flatMap(({ points }) => points.map(({ entry }) => entry)),
            [panel.quantity],
          );
  return { parameters, inference, histories, scatters };
}

function countOf({ trials }: Work, measured: Measured | undefined) {
  const all = [...(measured?.byUnit.values() ?? [])].flat();
  const count = (wanted: string) => all.filter(({ status }) => status === wanted).length;
  return { rows: trials.length, done: count('done'), failed: count('failed'), left: count('not reached') };
}
