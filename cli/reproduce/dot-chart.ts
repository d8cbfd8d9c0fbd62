/** A column of a section: for every row the paper's number, the measured reference and ours, and the floors as upright lines. */
import type { Picture } from './picture.ts';
import type { SectionResult } from './result.ts';

const width = 504;
const rowHeight = 18;
/** From the middle of a row: the paper's number, the measured one and ours, which would hide each other. */
const offsets = [0, -3, 3];
const ourTitle = 'ours (bars: one standard deviation over seeds)';

/** Undefined when nothing of the column was run. */
export function dotChart(section: SectionResult, at: number, measuredTitle: string): Picture | undefined {
  const column = section.columns[at];
  const methods = section.rows.filter(({ floor }) => !floor);
  if (column === undefined || !methods.some(({ cells }) => typeof cells[at]?.ours?.mean === 'number')) return undefined;
  const marks = methods.flatMap(({ label: row, cells }) => {
    const cell = cells[at];
    return (
      [
        ['paper', cell?.printed],
        [measuredTitle, cell?.measured],
        [ourTitle, cell?.ours],
      ] as const
    ).flatMap(([of, value]) => {
      if (!value || value.mean === null) return [];
      const sd = of === 'paper' ? 0 : (value.sd ?? 0);
      return [{ row, of, mean: value.mean, low: value.mean - sd, high: value.mean + sd }];
    });
  });
  const low = Math.min(...marks.map((mark) => mark.low));
  const floors = section.rows.flatMap(({ floor, label: name, cells }) => {
    const mean = floor ? cells[at]?.ours?.mean : undefined;
    // one far below all methods would press them into a corner
    return mean === null || mean === undefined || mean < low
      ? []
      : [{ name: `floor: ${name.replace(/^floor-/, '')}`, mean }];
  });
  const height = methods.length * rowHeight;
  const titles = ['paper', measuredTitle, ourTitle];
  const y = { field: 'row', type: 'nominal', sort: methods.map(({ label }) => label), title: null } as const;
  const color = {
    field: 'of',
    type: 'nominal' as const,
    scale: { domain: titles, range: ['currentColor', '#0072b2', '#d55e00'] },
    legend: { orient: 'top' as const, title: null },
  };
  const shape = {
    field: 'of',
    type: 'nominal' as const,
    scale: { domain: titles, range: ['diamond', 'circle', 'circle'] },
    legend: color.legend,
  };
  const x = { type: 'quantitative', scale: { zero: false, nice: false, padding: 8 }, title: null } as const;
  return {
    about: `${section.title}, ${column.title}: paper, ${measuredTitle} and ours for every row`,
    spec: {
      title: `${section.title}: ${column.title}${column.lower ? ' (less is better)' : ''}`,
      width,
      height,
      data: { values: marks },
      layer: [
        ...(floors.length === 0
          ? []
          : [
              {
                data: { values: floors },
                mark: { type: 'rule' as const, strokeDash: [4, 3], opacity: 0.6, color: 'currentColor' },
                encoding: { x: { ...x, field: 'mean' } },
              },
              ...floors.map((floor, n) => ({
                data: { values: [floor] },
                mark: { type: 'text', color: 'currentColor', opacity: 0.8, fontSize: 11 } as const,
                encoding: {
                  x: { ...x, field: 'mean' },
                  y: { value: height + 30 + 12 * n },
                  text: { field: 'name' },
                },
              })),
            ]),
        ...titles.flatMap((of, n) => {
          const yOffset = offsets[n] as number;
          const transform = [{ filter: { field: 'of', equal: of } }];
          return [
            {
              transform: [...transform, { filter: 'datum.high > datum.low' }],
              mark: { type: 'rule' as const, strokeWidth: 1.5, yOffset },
              encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
            },
            {
              transform,
              mark: { type: 'point' as const, size: 34, opacity: 1, filled: of !== 'paper', yOffset },
              encoding: { x: { ...x, field: 'mean' }, y, color, shape },
            },
          ];
        }),
      ],
    },
  };
}
