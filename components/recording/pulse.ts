/** A beat for whoever draws a picture over and over. */

/**
 * Calls back so many times a second. Timers and animation frames stop or stumble in a tab that is not in front; the clock of a sound
 * that nobody hears does not. Where there is no loudspeaker to drive that clock, or its code cannot be loaded, a timer does.
 *
 * @returns the function that ends it
 */
export function beat(context: AudioContext, perSecond: number, act: () => void): () => void {
  const every = 1 / perSecond;
  let last = -Infinity;
  let over = false;
  const strike = (): void => {
    const now = performance.now();
    // Whichever of the two comes first.
    if (over || now - last < every * 750) return;
    last = now;
    act();
  };
  const timer = setInterval(strike, every * 1000);
  let stop = (): void => {};
  clockOf(context, every, strike).then(
    (end) => (over ? end() : (stop = end)),
    (cause: unknown) => over || console.warn('While its tab is not in front, the picture of a recording will stumble.', cause),
  );
  return () => {
    over = true;
    clearInterval(timer);
    stop();
  };
}

/** Sources that end after a moment, each starting the next, would do without another file; Chromium never gives back what each of them takes during a call. */
async function clockOf(context: AudioContext, every: number, strike: () => void): Promise<() => void> {
  await context.audioWorklet.addModule(new URL('./pulse-worklet.js', import.meta.url));
  const options = { numberOfInputs: 0, outputChannelCount: [1], processorOptions: { every } };
  const clock = new AudioWorkletNode(context, 'video-call-beat', options);
  clock.port.onmessage = strike;
  clock.connect(context.destination);
  return () => {
    // Disconnected it would run on, for as long as the context lives.
    clock.port.onmessage = null;
    clock.port.postMessage('end');
    clock.disconnect();
  };
}
