/**
 * Ctrl-C: the first lets running steps finish, the second stops them. What is finished is kept either way, and a long fit
 * that is stopped saves where it stands.
 */
import type { Run } from '../core/run/runner.ts';

/** Returns a function that gives the signal back to Node. */
export function onInterrupt(run: Run, note: (text: string) => void): () => void {
  let pressed = 0;
  const interrupted = () => {
    pressed++;
    if (pressed === 1) {
      note('stopping after the running steps; press Ctrl-C again to stop them now');
      run.drain();
    } else if (pressed === 2) {
      note('stopping now; finished steps are kept, and fits that saved where they stand go on from there');
      run.abort();
    } else process.exit(130);
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  return () => {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  };
}
