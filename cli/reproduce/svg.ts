/** Figures as SVG text: no script, no font, no file of somebody else. Colours are readable without colour vision (Okabe, Ito). */
import { numberText } from './words.ts';

export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;
export const colourAt = (at: number): string => palette[at % palette.length] as string;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** From values to positions; `ticks` are round numbers inside the range. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/**
 * @param range smallest and largest value, both finite; with `log` both positive
 * @param to where they lie
 */
export function scaleOf(range: readonly [number, number], to: readonly [number, number], log = false): Scale {
  const f = log ? Math.log10 : (x: number) => x;
  let [low, high] = [f(range[0]), f(range[1])];
  if (!(high > low)) [low, high] = [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1];
  const at = (value: number) => to[0] + ((f(value) - low) / (high - low)) * (to[1] - to[0]);
  return { at, ticks: log ? powers(low, high) : roundTicks(low, high) };
}

/** Four to seven multiples of 1, 2 or 5 times a power of ten. */
function roundTicks(low: number, high: number): readonly number[] {
  const rough = (high - low) / 7;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) as number) * power;
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) ticks.push(n * step);
  return ticks;
}
function powers(low: number, high: number): readonly number[] {
  const whole = Array.from(
    { length: Math.max(0, Math.floor(high + 1e-9) - Math.ceil(low - 1e-9) + 1) },
    (_, n) => 10 ** (Math.ceil(low - 1e-9) + n),
  );
  return whole.length > 1 ? whole : [10 ** low, 10 ** high];
}

export function tickText(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.001 || Math.abs(value) >= 100_000) return value.toExponential(0);
  return numberText(value, 4)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

export const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" ${style}/>`;
export const label = (x: number, y: number, text: string, style = ''): string =>
  `<text x="${px(x)}" y="${px(y)}" ${style}>${escaped(text)}</text>`;
export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** @param about read aloud in the place of the picture */
export const picture = (width: number, height: number, about: string, parts: readonly string[]): string =>
  [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(about)}" font-family="sans-serif" font-size="11" fill="currentColor">`,
    ...parts,
    '</svg>',
  ].join('\n');
