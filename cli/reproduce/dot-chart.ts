/** A column of a section: for every row the paper's number, the measured reference and ours, and the floors as upright lines. */
import type { SectionResult } from './result.ts';
import { label, line, picture, px, scaleOf, tickText } from './svg.ts';

const width = 620;
const box = { left: 96, right: 600, top: 46 };
const rowHeight = 17;
const [ours, code, paper] = ['#d55e00', '#0072b2', 'currentColor'];

/** Undefined when nothing of the column was run. */
export function dotChart(section: SectionResult, at: number, measuredTitle: string): string | undefined {
  const column = section.columns[at];
  const methods = section.rows.filter(({ floor }) => !floor);
  const floors = section.rows.flatMap(({ floor, label: name, cells }) => {
    const mean = floor ? cells[at]?.ours?.mean : undefined;
    return mean === null || mean === undefined ? [] : [{ name: name.replace(/^floor-/, ''), mean }];
  });
  if (column === undefined || !methods.some(({ cells }) => typeof cells[at]?.ours?.mean === 'number')) return undefined;
  const bounds = methods.flatMap(({ cells }) => {
    const cell = cells[at];
    return [cell?.printed, cell?.measured, cell?.ours].flatMap((one) =>
      one && one.mean !== null ? [one.mean - (one.sd ?? 0), one.mean + (one.sd ?? 0)] : [],
    );
  });
  const low = Math.min(...bounds);
  const high = Math.max(...bounds, ...floors.map(({ mean }) => mean));
  const x = scaleOf([low, high], [box.left + 8, box.right - 8]);
  const bottom = box.top + methods.length * rowHeight + 6;
  const inside = floors.filter(({ mean }) => mean >= low);
  const parts = [
    label(
      box.left,
      14,
      `${section.title}: ${column.title}${column.lower ? ' (less is better)' : ''}`,
      'font-weight="bold"',
    ),
    ...legend(measuredTitle),
    ...x.ticks.flatMap((tick) => [
      line(x.at(tick), box.top, x.at(tick), bottom, 'stroke="currentColor" stroke-opacity=".12"'),
      label(x.at(tick), bottom + 14, tickText(tick), 'text-anchor="middle"'),
    ]),
    ...inside.flatMap(({ name, mean }, n) => [
      line(x.at(mean), box.top, x.at(mean), bottom, 'stroke="currentColor" stroke-dasharray="4 3" stroke-opacity=".6"'),
      label(
        x.at(mean),
        bottom + 28 + 12 * n,
        `floor: ${name}`,
        `text-anchor="${x.at(mean) > 500 ? 'end' : 'middle'}" fill-opacity=".8"`,
      ),
    ]),
    line(box.left, bottom, box.right, bottom, 'stroke="currentColor"'),
    ...methods.flatMap(({ label: name, cells }, row) => {
      const y = box.top + 10 + row * rowHeight;
      const cell = cells[at];
      return [
        label(box.left - 8, y + 4, name, 'text-anchor="end"'),
        ...(cell?.printed ? [diamond(x.at(cell.printed.mean), y)] : []),
        ...(cell?.measured ? [mark(x, cell.measured, y - 3, code)] : []),
        ...(cell?.ours && cell.ours.mean !== null
          ? [mark(x, { mean: cell.ours.mean, ...(cell.ours.sd !== null && { sd: cell.ours.sd }) }, y + 3, ours)]
          : []),
      ];
    }),
  ];
  return picture(
    width,
    bottom + 24 + 12 * inside.length,
    `${section.title}, ${column.title}: paper, ${measuredTitle} and ours for every row`,
    parts,
  );
}

const diamond = (x: number, y: number) =>
  `<path d="M${px(x)} ${px(y - 5)}l5 5l-5 5l-5 -5z" fill="none" stroke="${paper}"/>`;
const mark = (x: ReturnType<typeof scaleOf>, of: { mean: number; sd?: number }, y: number, colour: string) =>
  [
    ...(of.sd
      ? [line(x.at(of.mean - of.sd), y, x.at(of.mean + of.sd), y, `stroke="${colour}" stroke-width="1.5"`)]
      : []),
    `<circle cx="${px(x.at(of.mean))}" cy="${px(y)}" r="3.2" fill="${colour}"/>`,
  ].join('');

const legend = (measuredTitle: string) => [
  diamond(box.left + 6, 28),
  label(box.left + 16, 32, 'paper'),
  `<circle cx="${box.left + 76}" cy="28" r="3.2" fill="${code}"/>`,
  label(box.left + 84, 32, measuredTitle),
  `<circle cx="${box.left + 196}" cy="28" r="3.2" fill="${ours}"/>`,
  label(box.left + 204, 32, 'ours (bars: one standard deviation over seeds)'),
];
