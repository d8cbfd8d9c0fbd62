/** Figure 3 of IViDR on a tiny simulation: what is read, what is drawn and what is said of it. */
import { expect, test } from 'vitest';
import { csvText } from '../../../cli/reproduce/csv.ts';
import { type Item, itemsOf, onlyMethods } from '../../../cli/reproduce/items.ts';
import { markdownPage } from '../../../cli/reproduce/markdown.ts';
import { type Picture, rendered } from '../../../cli/reproduce/picture.ts';
import { reproduce } from '../../../cli/reproduce/reproduce.ts';
import type { FigureResult } from '../../../cli/reproduce/result.ts';
import { scatterChart } from '../../../cli/reproduce/scatter-chart.ts';
import { reproductionText } from '../../../cli/reproduce/text.ts';
import { openWorkshop } from '../../../compose.ts';
import { memoryStore } from '../../../core/testing/index.ts';
import type { Panel, PaperFigure } from '../../../pipelines/reproductions/declaration.ts';
import { ividrReproduction } from '../../../pipelines/reproductions/ividr/ividr.ts';

const [figure] = itemsOf(ividrReproduction, [], ['3']) as readonly { readonly value: PaperFigure }[];
const tiny = { 'data.raw.users': 40, 'data.raw.items': 20, 'exposure.epochs': 2, 'exposure.runs': 1 };
const cut = (panel: Panel): readonly Panel[] => {
  if (!('scatter' in panel) || panel.scatter.entry.pipeline !== 'idcf-recovery') return [];
  const { scatter } = panel;
  return [{ ...panel, scatter: { ...scatter, users: 30, entry: { ...scatter.entry, set: tiny } } }];
};
const small: Item = {
  kind: 'figure',
  name: '3',
  value: { ...figure!.value, panels: figure!.value.panels.flatMap(cut) },
};

test('latents of users are drawn in the colour of their class, truth and posterior alike', async () => {
  const shop = await openWorkshop({ store: memoryStore(), jobs: 0 });
  const context = { line: 'reproduce', note: () => {} } as never;
  try {
    const { result } = await reproduce(ividrReproduction, [small], {
      shop,
      context,
      budgetMs: undefined,
      missing: () => null,
    });
    const [drawn] = result.items as readonly FigureResult[];
    const [truth, posterior] = drawn!.panels;
    for (const panel of [truth!, posterior!]) {
      expect(panel.marks).toBe('scatter');
      expect(panel.series.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4].map((of) => `class ${of}`));
      expect(panel.series.map(({ points }) => points.length)).toEqual([6, 6, 6, 6, 6]);
      const svg = await rendered(scatterChart(panel) as Picture);
      expect(svg.match(/aria-roledescription="circle"/g)).toHaveLength(30);
      expect(svg).toContain('>class 4</text>');
    }
    // the published law: the classes have means of their own, and the first latent of class 0 lies near -6.17
    const first = truth!.series[0]!.points.map(({ x }) => x);
    expect(Math.abs(first.reduce((a, b) => a + b, 0) / first.length + 6.17)).toBeLessThan(2);
    expect(posterior!.series[0]!.points).not.toEqual(truth!.series[0]!.points);
    expect(csvText(drawn!).trim().split('\r\n')).toHaveLength(61);
    expect(markdownPage(result, drawn!)).toContain('| class 0 | 6 |');
    expect(reproductionText(result, [], false)).toContain('mean of latent 1');
  } finally {
    await shop.close();
  }
}, 60_000);

test('a scatter is asked for by its title or its pipeline', () => {
  const titles = (name: string) =>
    onlyMethods(itemsOf(ividrReproduction, [], ['3']), [name]).flatMap(({ value }) =>
      'panels' in value ? value.panels.map(({ title }) => title) : [],
    );
  expect(titles('IViDR')).toEqual(['IViDR']);
  expect(titles('idcf-recovery')).toEqual(['True confounders', 'iDCF']);
});
