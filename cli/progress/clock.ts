/** Time as reporters see it; tests bring their own. */
export interface Clock {
  /** Milliseconds from any start, never going back. */
  now(): number;
  /** Calls `act` once, after `ms`; the returned function forgets it. Must not keep the process alive. */
  after(ms: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
