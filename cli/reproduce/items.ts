/** Which tables and figures of which paper are asked for. */
import { Problem } from '../../core/errors.ts';
import { didYouMean } from '../../core/registry.ts';
import type {
  Panel,
  PaperFigure,
  PaperTable,
  Reproduction,
  Row,
  Section,
} from '../../pipelines/reproductions/declaration.ts';
import { reproductions } from '../../pipelines/reproductions/reproductions.ts';

export type Item =
  | { readonly kind: 'table'; readonly name: string; readonly value: PaperTable }
  | { readonly kind: 'figure'; readonly name: string; readonly value: PaperFigure };

/** @throws Problem unknown-name with what was probably meant */
export function reproductionNamed(name: string, known: readonly Reproduction[] = reproductions): Reproduction {
  const found = known.find((one) => one.name === name);
  if (found) return found;
  const names = known.map((one) => one.name);
  throw new Problem('unknown-name', `there is no reproduction of '${name}'`, {
    hint: `${didYouMean(name, names)}there is ${known.map((one) => `${one.name} (${one.paper})`).join(', ')}`,
  });
}

/** The named tables and figures, in the order of the paper's; all of them where none is named. */
export function itemsOf(paper: Reproduction, tables: readonly string[], figures: readonly string[]): readonly Item[] {
  for (const [kind, asked, of] of [
    ['table', tables, paper.tables],
    ['figure', figures, paper.figures],
  ] as const)
    for (const name of asked)
      if (!(name.toUpperCase() in of))
        throw new Problem('unknown-name', `--${kind} ${name}: '${paper.name}' has no such ${kind}`, {
          hint: `${didYouMean(name.toUpperCase(), Object.keys(of))}it has ${Object.keys(of).join(', ')}`,
        });
  const all = tables.length + figures.length === 0;
  const wanted = (asked: readonly string[], name: string) => all || asked.some((given) => given.toUpperCase() === name);
  return [
    ...Object.entries(paper.tables).flatMap(([name, value]) =>
      wanted(tables, name) ? [{ kind: 'table', name, value } as const] : [],
    ),
    ...Object.entries(paper.figures).flatMap(([name, value]) =>
      wanted(figures, name) ? [{ kind: 'figure', name, value } as const] : [],
    ),
  ];
}

/** The items with only the named rows and lines. @throws Problem unknown-name when nothing has the name */
export function onlyMethods(items: readonly Item[], methods: readonly string[]): readonly Item[] {
  if (methods.length === 0) return items;
  const asked = methods.map((name) => name.toLowerCase());
  const fits = (label: string, pipeline?: string) =>
    asked.some((name) => name === label.toLowerCase() || name === pipeline);
  const rowFits = ({ label, entry }: Row) => fits(label, 'none' in entry ? undefined : entry.pipeline);
  const labels = new Map<string, string | undefined>();
  for (const item of items)
    if (item.kind === 'table')
      for (const { label, entry } of item.value.sections.flatMap((s) => s.rows))
        labels.set(label, 'none' in entry ? undefined : entry.pipeline);
    else
      for (const panel of item.value.panels)
        for (const { label, pipeline } of linesOf(panel)) labels.set(label, pipeline);
  const stranger = methods.find(
    (name) => ![...labels].some(([label, pipeline]) => name.toLowerCase() === label.toLowerCase() || name === pipeline),
  );
  if (stranger !== undefined)
    throw new Problem('unknown-name', `--method ${stranger}: no row or line is called so`, {
      hint: `${didYouMean(stranger, labels.keys())}there are ${[...labels.keys()].join(', ')}`,
    });
  return items.map((item): Item => {
    if (item.kind === 'table') {
      const sections = item.value.sections.map((s): Section => ({ ...s, rows: s.rows.filter(rowFits) }));
      return { ...item, value: { ...item.value, sections: sections.filter(({ rows }) => rows.length > 0) } };
    }
    const panels = item.value.panels.map((panel) => {
      if ('series' in panel) return { ...panel, series: panel.series.filter(({ label }) => fits(label)) };
      if ('curves' in panel)
        return { ...panel, curves: panel.curves.filter(({ label, entry }) => fits(label, entry.pipeline)) };
      return panel;
    });
    const drawn = panels.filter((panel) => linesOf(panel).some(({ label, pipeline }) => fits(label, pipeline)));
    return { ...item, value: { ...item.value, panels: drawn } };
  });
}

/** What of a panel can be asked for by name; a scatter has one thing to show, which is called as the panel is. */
function linesOf(panel: Panel): readonly { readonly label: string; readonly pipeline?: string }[] {
  if ('series' in panel) return panel.series.map(({ label }) => ({ label }));
  if ('curves' in panel) return panel.curves.map(({ label, entry }) => ({ label, pipeline: entry.pipeline }));
  return [{ label: panel.title, pipeline: panel.scatter.entry.pipeline }];
}
