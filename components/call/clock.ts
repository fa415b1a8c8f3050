/** The time of the page. */
import type { ClockPort } from './ports.js';

/** The browser's clocks. */
export const pageClock: ClockPort = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
