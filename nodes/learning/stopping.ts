/** When training ends. */
import type { StopDeclaration } from './declaration.ts';

/**
 * The rule of the code of Li et al. (ICDE 2024): the counter of non-improving epochs is never reset, so that training ends at
 * the (patience + 2)-th of them in total, and the first epoch compares with 1e9. The last parameters are kept.
 */
export class PlateauRule {
  #last = 1e9;
  #count = 0;
  readonly #rule: StopDeclaration;
  constructor(rule: StopDeclaration) {
    this.#rule = rule;
  }
  /** @param loss the tracked loss, summed over the epoch @returns whether training ends here */
  endsAfter(loss: number): boolean {
    const improved = (this.#last - loss) / (this.#last + 1e-10);
    if (improved < this.#rule.tolerance) {
      if (this.#count > this.#rule.patience) return true;
      this.#count++;
    }
    this.#last = loss;
    return false;
  }
}
