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
  /** All that the rule remembers from epoch to epoch. */
  readonly state: Float64Array;
}

/**
 * The rule of the code of Li et al. (ICDE 2024): the counter of non-improving epochs is never reset, so that training ends at
 * the (patience + 2)-th of them in total, and the first epoch compares with 1e9. The last parameters are kept.
 */
export class PlateauRule implements StoppingRule {
  /** The last loss, and how many epochs did not improve. */
  readonly state = Float64Array.of(1e9, 0);
  readonly #rule: Of<'plateau'>;
  constructor(rule: Of<'plateau'>) {
    this.#rule = rule;
  }
  ends = ({ tracked }: EpochEnd): boolean => this.endsAfter(tracked);
  /** @param loss the tracked loss, summed over the epoch @returns whether training ends here */
  endsAfter(loss: number): boolean {
    const [last, count] = this.state as unknown as [number, number];
    const improved = (last - loss) / (last + 1e-10);
    if (improved < this.#rule.tolerance) {
      if (count > this.#rule.patience) return true;
      this.state[1] = count + 1;
    }
    this.state[0] = loss;
    return false;
  }
}

/** Ends when the loss of an epoch's last batch has been above the lowest one so far `times` times in all. */
export class ReboundRule implements StoppingRule {
  /** The lowest loss so far, and how often it was missed. */
  readonly state = Float64Array.of(Number.POSITIVE_INFINITY, 0);
  readonly #times: number;
  constructor({ times }: Of<'rebound'>) {
    this.#times = times;
  }
  ends({ last }: EpochEnd): boolean {
    const [lowest, count] = this.state as unknown as [number, number];
    if (last > lowest) this.state[1] = count + 1;
    else this.state[0] = last;
    return (this.state[1] as number) >= this.#times;
  }
}

/**
 * Ends after `patience` looks at the metric without a better one; the state of the best epoch is restored. A tie is no
 * improvement for `auc`, and one for `hr`, which counts users.
 */
export class PatienceRule implements StoppingRule {
  /** The best metric so far, and how many looks ago that was. */
  readonly state = Float64Array.of(Number.NEGATIVE_INFINITY, 0);
  #isBest = false;
  readonly #patience: number;
  readonly #tieIsBetter: boolean;
  constructor({ patience, metric }: Pick<Of<'patience'>, 'patience' | 'metric'>) {
    this.#patience = patience;
    this.#tieIsBetter = metric === 'hr';
  }
  ends({ metric }: EpochEnd): boolean {
    const [best, since] = this.state as unknown as [number, number];
    this.#isBest = metric > best || (this.#tieIsBetter && metric === best);
    if (Number.isNaN(metric)) return false;
    if (this.#isBest) this.state[0] = metric;
    const now = this.#isBest ? 0 : since + 1;
    this.state[1] = now;
    return now >= this.#patience;
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
