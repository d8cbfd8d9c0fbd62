import { describe, expect, test } from 'vitest';
import { PatienceRule, PlateauRule } from '../../../nodes/learning/stopping.ts';

/** The epoch (from 1) after which training ends, or undefined. */
function ends(losses: readonly number[], patience = 5, tolerance = 1e-4): number | undefined {
  const rule = new PlateauRule({ rule: 'plateau', tolerance, patience, epochs: 1000 });
  const at = losses.findIndex((loss) => rule.endsAfter(loss));
  return at < 0 ? undefined : at + 1;
}

describe('the stopping rule', () => {
  test('ends at the (patience + 2)-th epoch that is no better', () => {
    expect(ends(Array(20).fill(1))).toBe(8); // the first one is better than 1e9
    expect(ends(Array(20).fill(1), 1)).toBe(4);
    expect(ends(Array(20).fill(1), 0)).toBe(3);
  });

  test('never forgets: epochs that are no better count in total, however many better ones lie between', () => {
    let loss = 1000;
    const losses = Array.from({ length: 60 }, (_, epoch) => (epoch % 5 === 4 ? loss : (loss *= 0.9)));
    // every fifth epoch repeats the one before it: the seventh of them is epoch 35
    expect(ends(losses)).toBe(35);
  });

  test('goes on as long as every epoch is better by the tolerance', () => {
    expect(ends(Array.from({ length: 500 }, (_, epoch) => 0.9998 ** epoch))).toBeUndefined();
    expect(ends(Array.from({ length: 500 }, (_, epoch) => 0.99995 ** epoch))).toBe(8);
  });

  test('compares with the epoch before, and not with the best one', () => {
    // up and down: every rise counts and every fall does not
    expect(ends(Array.from({ length: 40 }, (_, epoch) => (epoch % 2 === 0 ? 1 : 2)))).toBe(14);
  });

  test('counts a first epoch that is worse than 1e9', () => {
    expect(ends(Array(20).fill(2e9))).toBe(7);
  });
});

describe('stopping on the hit rate of a selection set', () => {
  const looks = (patience: number, metric: 'hr' | 'auc', values: readonly number[]) => {
    const rule = new PatienceRule({ patience, metric });
    const best: number[] = [];
    for (const [epoch, value] of values.entries()) {
      const ends = rule.ends({ tracked: 0, last: 0, metric: value });
      if (rule.best) best.push(epoch);
      if (ends) return { ended: epoch, best };
    }
    return { ended: undefined, best };
  };
  const none = Number.NaN;

  test('a tie is the best state again and starts patience anew; epochs without a look count for nothing', () => {
    expect(looks(2, 'hr', [none, 0.3, none, 0.2, none, 0.3, none, 0.2, none, 0.1])).toEqual({ ended: 9, best: [1, 5] });
  });

  test('a tie in AUC is no improvement', () => {
    expect(looks(2, 'auc', [0.3, 0.2, 0.3])).toEqual({ ended: 2, best: [0] });
  });
});
