/** Figures as SVG text: no script, no font, no file of somebody else. Colours are readable without colour vision (Okabe, Ito). */
import type { Config, TopLevelSpec } from 'vega-lite';
import { escaped } from './escaped.ts';

/** What is drawn, and what is read aloud in the place of the picture. */
export interface Picture {
  readonly about: string;
  readonly spec: TopLevelSpec;
}

export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** The text's own colour, so that a figure is as readable on a dark page as on a light one. */
const ink = 'currentColor';
const faint = { gridColor: ink, gridOpacity: 0.12 };
const config: Config = {
  background: 'transparent',
  font: 'sans-serif',
  view: { stroke: null },
  title: { color: ink, anchor: 'start', fontSize: 11, fontWeight: 'bold' },
  axis: {
    ...faint,
    domainColor: ink,
    tickColor: ink,
    labelColor: ink,
    titleColor: ink,
    titleFontWeight: 'normal',
    labelFontSize: 11,
    titleFontSize: 11,
    labelLimit: 0,
  },
  legend: { labelColor: ink, titleColor: ink, labelFontSize: 11, labelLimit: 0, title: null },
  range: { category: palette },
};

/** A scale of numbers that need not begin at 0, and round places on it. */
export function numbers(log: boolean, values: readonly number[]) {
  const scale = { nice: false, padding: 8 };
  if (!log) return { type: 'quantitative' as const, scale: { ...scale, zero: false } };
  const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.log10) as [number, number];
  const first = Math.ceil(low - 1e-9);
  const powers = Array.from({ length: Math.max(0, Math.floor(high + 1e-9) - first + 1) }, (_, n) => 10 ** (first + n));
  return {
    type: 'quantitative' as const,
    scale: { ...scale, type: 'log' as const },
    ...(powers.length > 1 && { axis: { values: powers } }),
  };
}

/**
 * Draws a figure. The library that draws is loaded here, when there is something to draw: it takes longer than the tool to start.
 * @returns one `<svg>` element that can stand in a page; the same bytes for the same figure
 */
export async function rendered({ about, spec }: Picture): Promise<string> {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = lite.compile({ ...spec, config } as TopLevelSpec);
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  try {
    const svg = await view.toSVG();
    // inside HTML the element needs no namespaces, which would read like addresses that are fetched
    return svg.replace(/^<svg [^>]*?(width="[^"]*" height="[^"]*" viewBox="[^"]*")[^>]*>/, (_, size) => {
      return `<svg ${size} role="img" aria-label="${escaped(about)}">`;
    });
  } finally {
    view.finalize();
  }
}
