/** When training ends. */
import type { StopDeclaration } from './declaration.ts';

type Of<R extends StopDeclaration['rule']> = Extract<StopDeclaration, { readonly rule: R }>;
/** What a rule may look at after an epoch. */
export interface EpochEnd {
  /** The tracked loss, summed over the epoch. */
  readonly tracked: number;
  /** The tracked loss of the last batch. */
  readonly last: number;
  /** The metric of a `patience` rule; NaN where the rule does not look after this epoch. */
  readonly metric: number;
}
export interface StoppingRule {
  /** @returns whether training ends after this epoch */
  ends(epoch: EpochEnd): boolean;
  /** Whether the state that the last call saw is the best one so far; only for rules that restore it. */
  readonly best?: boolean;
}

/**
 * The rule of the code of Li et al. (ICDE 2024): the counter of non-improving epochs is never reset, so that training ends at
 * the (patience + 2)-th of them in total, and the first epoch compares with 1e9. The last parameters are kept.
 */
export class PlateauRule implements StoppingRule {
  #last = 1e9;
  #count = 0;
  readonly #rule: Of<'plateau'>;
  constructor(rule: Of<'plateau'>) {
    this.#rule = rule;
  }
  ends = ({ tracked }: EpochEnd): boolean => this.endsAfter(tracked);
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

/** Ends when the loss of an epoch's last batch has been above the lowest one so far `times` times in all. */
export class ReboundRule implements StoppingRule {
  #lowest = Number.POSITIVE_INFINITY;
  #count = 0;
  readonly #times: number;
  constructor({ times }: Of<'rebound'>) {
    this.#times = times;
  }
  ends({ last }: EpochEnd): boolean {
    if (last > this.#lowest) this.#count++;
    else this.#lowest = last;
    return this.#count >= this.#times;
  }
}

/**
 * Ends after `patience` looks at the metric without a better one; the state of the best epoch is restored. A tie is no
 * improvement for `auc`, and one for `hr`, which counts users.
 */
export class PatienceRule implements StoppingRule {
  #best = Number.NEGATIVE_INFINITY;
  #since = 0;
  #isBest = false;
  readonly #patience: number;
  readonly #tieIsBetter: boolean;
  constructor({ patience, metric }: Pick<Of<'patience'>, 'patience' | 'metric'>) {
    this.#patience = patience;
    this.#tieIsBetter = metric === 'hr';
  }
  ends({ metric }: EpochEnd): boolean {
    this.#isBest = metric > this.#best || (this.#tieIsBetter && metric === this.#best);
    if (Number.isNaN(metric)) return false;
    if (this.#isBest) this.#best = metric;
    this.#since = this.#isBest ? 0 : this.#since + 1;
    return this.#since >= this.#patience;
  }
  get best(): boolean {
    return this.#isBest;
  }
}

export const stoppingRule = (stop: StopDeclaration): StoppingRule =>
  stop.rule === 'plateau'
    ? new PlateauRule(stop)
    : stop.rule === 'rebound'
      ? new ReboundRule(stop)
      : new PatienceRule(stop);
