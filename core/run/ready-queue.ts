/** Steps that could run, in the order in which they should. */
import type { State } from './run-state.ts';

/**
 * Steps that wait for a slot: those of the first trial first, so that trials end one after the other, their values are let go
 * early, and a run that is stopped has whole results for the trials that the caller named first.
 */
export function inOrderOfTrials(trials: number) {
  const waiting: State[][] = Array.from({ length: trials }, () => []);
  const taken = new Uint32Array(trials);
  let first = 0;
  let size = 0;
  return {
    get empty() {
      return size === 0;
    },
    add(state: State) {
      waiting[state.at]!.push(state);
      first = Math.min(first, state.at);
      size++;
    },
    take(): State | undefined {
      while (first < trials && taken[first] === waiting[first]!.length) first++;
      if (first >= trials) return undefined;
      size--;
      return waiting[first]![taken[first]!++];
    },
  };
}
