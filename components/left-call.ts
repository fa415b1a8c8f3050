/** What the last page of this tab may have left to this one, as far as can be told before the relay has been heard. */
import { keptKey, lineKey } from './link/kept-key.js';

/**
 * Whether it may have left a call.
 *
 * @param line as whom, and at which relay; of anybody without it
 */
export function mayComeBack(line?: Parameters<typeof lineKey>[0]): boolean {
  try {
    const own = line && keptKey(lineKey(line));
    return Object.entries(sessionStorage).some(([key, kept]) => (!own || key === own) && (kept as string).includes('"call":"{'));
  } catch {
    // A page that may store nothing has left nothing.
    return false;
  }
}
