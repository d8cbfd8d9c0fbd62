/** The frame of a panel: its title, its two axes and their ticks. */
import type { PanelResult } from './result.ts';
import { label, line, type Scale, tickText } from './svg.ts';

/** Of the picture. */
export const [width, height] = [560, 320] as const;
/** Where the data lie; what is right of it belongs to the legend. */
export const box = { left: 62, right: 400, top: 26, bottom: 274 };

export const axes = (
  panel: PanelResult,
  x: Scale,
  y: Scale,
  xTicks: readonly number[] = x.ticks,
): readonly string[] => [
  label(box.left, 14, panel.title, 'font-weight="bold"'),
  ...xTicks.flatMap((tick) => [
    line(x.at(tick), box.top, x.at(tick), box.bottom, 'stroke="currentColor" stroke-opacity=".12"'),
    label(x.at(tick), box.bottom + 14, panel.x.names?.[tick] ?? tickText(tick), 'text-anchor="middle"'),
  ]),
  ...y.ticks.flatMap((tick) => [
    line(box.left, y.at(tick), box.right, y.at(tick), 'stroke="currentColor" stroke-opacity=".12"'),
    label(box.left - 6, y.at(tick) + 4, tickText(tick), 'text-anchor="end"'),
  ]),
  line(box.left, box.bottom, box.right, box.bottom, 'stroke="currentColor"'),
  line(box.left, box.top, box.left, box.bottom, 'stroke="currentColor"'),
  label((box.left + box.right) / 2, height - 10, panel.x.title, 'text-anchor="middle"'),
  label(
    14,
    (box.top + box.bottom) / 2,
    panel.y.title,
    `text-anchor="middle" transform="rotate(-90 14 ${(box.top + box.bottom) / 2})"`,
  ),
];
