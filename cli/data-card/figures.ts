/** How a data card writes its numbers. */
export const number = (value: number) => value.toLocaleString('en');
export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;
export const fixed = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits));

/** One value, or a range; in four significant digits, since ratings come as 32-bit floats. */
export const ratingText = ({ from, to }: { readonly from: number; readonly to: number }) =>
  from === to ? short(from) : `${short(from)} to ${short(to)}`;
const short = (value: number) => String(Number(value.toPrecision(4)));
