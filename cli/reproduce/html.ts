/** A page that stands alone: style and figures inside, no script, nothing from the network. */
import { dotChart } from './dot-chart.ts';
import { escaped } from './escaped.ts';
import { lineChart } from './line-chart.ts';
import { rendered } from './picture.ts';
import {
  type FigureResult,
  type ItemResult,
  type ReproductionResult,
  type SectionResult,
  type TableResult,
  xText,
} from './result.ts';
import { scatterChart } from './scatter-chart.ts';
import {
  measuredText,
  oursText,
  printedText,
  reachedText,
  ruleText,
  sectionRemarks,
  seedsText,
  sourcesOf,
  zText,
} from './words.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; } h3 { font-size: 1.05rem; margin-top: 2rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; }
th, td { padding: .2rem .55rem; text-align: left; white-space: nowrap; }
thead th { border-bottom: 1px solid; } tbody th { font-weight: 600; }
.first { border-left: 1px solid #8886; }
tr.floor:not(.floor ~ .floor) > * { border-top: 1px solid; }
.good { background: #009e7333; } .warn { background: #e69f0044; } .bad { background: #d55e0055; } .none { opacity: .55; }
.finding { font-weight: 700; }
.small { font-size: .85rem; opacity: .85; }
svg { max-width: 100%; height: auto; margin: .5rem 1rem .5rem 0; vertical-align: top; }
`;

export async function htmlPage(result: ReproductionResult, items: readonly ItemResult[]): Promise<string> {
  const title = items.length === 1 ? (items[0] as ItemResult).title : result.paper;
  const bodies = await Promise.all(items.map(itemHtml));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(result.paper)}</h1>
<p>Reproduced by Counterpoise beside the paper and the authors’ code (${escaped(result.code)}).<br>
<span class="small">${escaped(result.date)}; ${escaped(result.where)}; <code>counterpoise ${escaped(result.line)}</code>; ${escaped(reachedText(result))}.</span></p>
${bodies.join('\n')}
</body>
</html>
`;
}

async function itemHtml(item: ItemResult): Promise<string> {
  const body = await Promise.all(
    item.kind === 'table' ? item.sections.map((section) => sectionHtml(section, item)) : item.panels.map(panelHtml),
  );
  return `<h2>${escaped(item.title)}</h2>
<p class="small">${escaped(seedsText(item.seeds))}</p>
<h3>What holds and what does not</h3>
<ul>
${item.claims.map(({ claim, finding, because }) => `<li>${escaped(claim)}. <span class="finding">${finding}</span>: ${escaped(because)}.</li>`).join('\n')}
</ul>
${body.join('\n')}
<h3>Choices made</h3>
<ul>
${item.choices.map((choice) => `<li>${escaped(choice)}</li>`).join('\n')}
</ul>`;
}

async function sectionHtml(section: SectionResult, { measuredTitle }: TableResult): Promise<string> {
  const { title, protocol, missing, columns, rows } = section;
  const absent = missing === null ? '' : `<p><strong>The data are not here</strong>: ${escaped(missing)}.</p>\n`;
  const head = `<thead><tr><th rowspan="2"></th>${columns
    .map((column) => `<th class="first" colspan="4">${escaped(column.title)}${column.lower ? ' ↓' : ''}</th>`)
    .join('')}</tr><tr>${columns
    .map(() => `<th class="first">paper</th><th>${escaped(measuredTitle)}</th><th>ours</th><th>verdict</th>`)
    .join('')}</tr></thead>`;
  const body = rows.map(({ label, floor, cells }) => {
    const tds = cells.map((cell, at) => {
      const column = columns[at] as (typeof columns)[number];
      const told = [
        cell.z === null ? '' : `z ${zText(cell.z)}`,
        cell.zPrinted === null ? '' : `z to paper ${zText(cell.zPrinted)}`,
        cell.reason ?? '',
      ];
      return `<td class="first">${printedText(cell)}</td><td>${measuredText(cell, column)}</td><td>${oursText(cell, column)}</td><td class="${shade(cell.verdict)}" title="${escaped(told.filter(Boolean).join('; '))}">${verdictWords(cell.verdict, cell.z, floor)}</td>`;
    });
    return `<tr${floor ? ' class="floor"' : ''}><th>${escaped(label)}</th>${tds.join('')}</tr>`;
  });
  const rule = ruleText(section);
  const notes = [
    ...(rule === null ? [] : [rule]),
    ...sectionRemarks(section),
    ...sourcesOf(section).map((source) => `reference of ${source}`),
  ];
  const charts = await Promise.all(
    columns.flatMap((_, at) => dotChart(section, at, measuredTitle) ?? []).map(rendered),
  );
  return `<h3>${escaped(title)} <span class="small">protocol ${escaped(protocol)}</span></h3>
${absent}<div class="table"><table>${head}<tbody>
${body.join('\n')}
</tbody></table></div>
<ul class="small">
${notes.map((note) => `<li>${escaped(note)}</li>`).join('\n')}
</ul>
${charts.join('\n')}`;
}

const verdictWords = (verdict: string, z: number | null, floor: boolean) =>
  floor || verdict === 'not judged' ? '' : `${verdict}${z === null ? '' : ` (${zText(z)})`}`;
const shade = (verdict: string) =>
  verdict.startsWith('within')
    ? 'good'
    : verdict === 'beyond 2'
      ? 'warn'
      : verdict === 'not run' || verdict === 'not judged'
        ? 'none'
        : 'bad';

async function panelHtml(panel: FigureResult['panels'][number]): Promise<string> {
  if (panel.missing !== null)
    return `<p>${escaped(panel.title)}: <strong>the data are not here</strong>: ${escaped(panel.missing)}.</p>`;
  const left = panel.series.flatMap(({ label, points }) =>
    points.flatMap(({ x, reason }) => (reason === null ? [] : [`${label} at ${xText(panel, x)}: ${reason}`])),
  );
  const picture = (panel.marks === 'scatter' ? scatterChart : lineChart)(panel);
  return (
    (picture ? await rendered(picture) : `<p>${escaped(panel.title)}: nothing was run yet.</p>`) +
    (left.length === 0
      ? ''
      : `\n<p class="small">${escaped(left.slice(0, 6).join('; '))}${left.length > 6 ? `; and ${left.length - 6} more` : ''}</p>`)
  );
}
