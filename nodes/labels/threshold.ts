/** From ratings to labels by a threshold. */
import type { View } from '../../core/index.ts';
import type { Ratings } from '../ports.ts';

export type LabelView = View<typeof Ratings>;

export function labelled({ user, item, rating, time }: LabelView, threshold: number): LabelView {
  const labels = rating.map((value) => (value >= threshold ? 1 : 0));
  return time === undefined ? { user, item, rating: labels } : { user, item, rating: labels, time };
}

/** The range of the ratings, and the smallest of them that lies above its middle; all three are equal when the ratings are. */
export function middleOf(rating: Float32Array): { smallest: number; largest: number; above: number } {
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of rating) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  // halves first: the sum of two large ratings may be infinite
  const middle = smallest / 2 + largest / 2;
  let above = largest;
  for (const value of rating) if (value > middle && value < above) above = value;
  return { smallest, largest, above };
}

/** Users who have rows and no positive one. */
export function usersWithout({ user, rating }: LabelView): number {
  const known = new Set(user);
  for (const [row, label] of rating.entries()) if (label === 1) known.delete(user[row]!);
  return known.size;
}
