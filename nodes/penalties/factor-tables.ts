/** Which tables of two scores hold factors, side by side. */
import { Problem } from '../../core/index.ts';
import type { ScoreParts } from '../learning/composition.ts';

/**
 * For users and for items, the factors of the prediction beside the propensity's own.
 * @throws Problem bad-config when one of them has no factors, or shares all of them with the other
 */
export function factorsOf(prediction: ScoreParts, propensity: ScoreParts): readonly (readonly [string, string])[] {
  const factors = (of: ScoreParts, rows: 'user' | 'item') => {
    const found = of.own.find((name) => of.tables[name]?.rows === rows && of.tables[name].width > 1);
    if (found === undefined)
      throw new Problem('bad-config', `this penalty is on factors of ${rows}s, and one of the scores has none`, {
        hint: 'choose backbones with factors, or the penalty `penalties/none`',
      });
    return found;
  };
  return (['user', 'item'] as const).map((rows) => {
    const pair = [factors(prediction, rows), factors(propensity, rows)] as const;
    if (pair[0] === pair[1])
      throw new Problem('bad-config', `prediction and propensity share '${pair[0]}', so nothing can be kept apart`, {
        hint: 'give the propensity factors of its own, such as backbones/auxiliary-factors',
      });
    return pair;
  });
}
