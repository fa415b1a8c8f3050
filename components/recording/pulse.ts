/** A beat for whoever draws a picture over and over. */

/**
 * Calls back so many times a second. Timers and animation frames stop or stumble in a tab that is not in front; the clock of a sound
 * that nobody hears does not. Where there is no loudspeaker to drive that clock, a timer does.
 *
 * @returns the function that ends it
 */
export function beat(context: AudioContext, perSecond: number, act: () => void): () => void {
  const every = 1 / perSecond;
  let last = -Infinity;
  let due = context.currentTime;
  let over = false;
  const strike = (): void => {
    const now = performance.now();
    // Whichever of the two comes first.
    if (now - last < every * 750) return;
    last = now;
    act();
  };
  const next = (): void => {
    if (over) return;
    const source = new ConstantSourceNode(context, { offset: 0 });
    source.connect(context.destination);
    due = Math.max(due + every, context.currentTime);
    source.onended = () => {
      source.disconnect();
      if (over) return;
      next();
      strike();
    };
    source.start();
    source.stop(due);
  };
  next();
  const timer = setInterval(strike, every * 1000);
  return () => {
    over = true;
    clearInterval(timer);
  };
}
