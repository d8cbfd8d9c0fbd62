/**
 * Holm's step-down adjustment: sorted ascending, the j-th of m p values becomes the largest (m - i + 1) p_(i) with i <= j, at
 * most 1. Keeps the family-wise error rate under any dependence. Source: Holm 1979. The order of the input is kept.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((i, j) => ps[i]! - ps[j]! || i - j);
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[at]!));
    adjusted[at] = largest;
  });
  return adjusted;
}
