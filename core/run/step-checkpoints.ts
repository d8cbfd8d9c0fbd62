/** The service by which a long step survives being stopped: when to save, and what was saved. */
import { decodeCheckpoint, encodeCheckpoint } from '../codec/checkpoint.ts';
import { asProblem } from '../errors.ts';
import type { StepCheckpoints } from '../services/services.ts';
import type { CheckpointTask, Say } from './executor.ts';

/** Saving takes at most this share of a step's time, however often it is asked for. */
const mostShare = 0.02;

/** @param task absent for a step that has no key, and so nothing to be found by */
export function stepCheckpoints(task: CheckpointTask | undefined, say: Say, now = () => performance.now()) {
  const every = task?.everyMs ?? 0;
  let last = now();
  let pause = every;
  const service: StepCheckpoints = {
    resume(restore) {
      if (task?.saved === undefined) return false;
      try {
        const saved = decodeCheckpoint(task.key, task.saved);
        restore(saved);
        say({ say: 'resumed', at: saved.at });
        return true;
      } catch (error) {
        const message = `the checkpoint of an earlier run is of no use, so this step starts from its beginning: ${asProblem(error).message}`;
        say({ say: 'log', level: 'warn', message });
        return false;
      }
    },
    get due() {
      return every > 0 && now() - last >= pause;
    },
    save(checkpoint) {
      if (task === undefined || every <= 0) return;
      const began = now();
      say({ say: 'checkpoint', at: checkpoint.at, bytes: encodeCheckpoint(task.key, checkpoint) });
      last = now();
      pause = Math.max(every, (last - began) / mostShare);
    },
  };
  return service;
}
