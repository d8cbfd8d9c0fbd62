/** Words that a program may hold and that this engine does not run yet: bind says so before the first step. */
import { Problem } from '../../core/index.ts';

/** @param what the word with its reason, such as "'cross', a sum over all pairs of batch rows" */
export const notYet = (what: string): Problem =>
  new Problem('bad-config', `the engine does not run ${what} yet`, {
    hint: 'the word is part of the vocabulary so that methods can be written down; no shipped method needs it to run',
  });
