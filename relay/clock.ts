/** Time as the relay sees it. It is handed in, so that a test can decide what time it is. */
export interface Clock {
  /** Milliseconds that only ever grow; good for measuring, says nothing about the date. */
  now(): number;
  /** Milliseconds since 1970, for what leaves this machine. */
  date(): number;
  /** Runs something every so many milliseconds, and answers how to stop it. Never keeps a process alive. */
  every(milliseconds: number, run: () => void): () => void;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  every(milliseconds, run) {
    const timer = setInterval(run, milliseconds);
    timer.unref();
    return () => clearInterval(timer);
  },
};
