import { expect } from '@open-wc/testing';
import { beat } from '../../../components/recording/pulse.js';
import { standIn } from '../../support/stand-ins.js';

/** Resolves with the function that counts, after so many beats. */
function counted(most: number): { readonly act: () => void; readonly all: Promise<void>; readonly count: () => number } {
  let count = 0;
  let reach = (): void => {};
  const all = new Promise<void>((resolve) => (reach = resolve));
  return { act: () => void (++count === most && reach()), all, count: () => count };
}

describe('The beat of a recording', () => {
  let context: AudioContext;
  beforeEach(async () => {
    context = new AudioContext();
    await context.resume();
  });
  afterEach(() => context.close());

  it('comes from the clock of the sound where timers stand still, and ends when it is ended', async () => {
    const restore = standIn(window, 'setInterval', () => 0);
    const beats = counted(10);
    const from = context.currentTime;
    const end = beat(context, 25, beats.act);
    restore();
    await beats.all;
    expect(context.currentTime - from, 'ten beats take four tenths of a second').to.be.greaterThan(0.3);
    end();
    const count = beats.count();
    const until = context.currentTime + 0.2;
    while (context.currentTime < until) await new Promise(requestAnimationFrame);
    expect(beats.count()).to.equal(count);
  });

  it('leaves no clock running in a context that lives on', async () => {
    let Clock:
      (new (options: unknown) => { readonly port: MessagePort; process: (inputs: unknown, outputs: unknown) => boolean }) | undefined;
    class AudioWorkletProcessor {
      readonly port = {};
    }
    // What the place of a worklet has, for its file to run here.
    const place = { AudioWorkletProcessor, sampleRate: 48_000, registerProcessor: (_: string, made: typeof Clock) => (Clock = made) };
    Object.assign(globalThis, place);
    await import(new URL('../../../components/recording/pulse-worklet.js', import.meta.url).href);
    for (const name of Object.keys(place)) Reflect.set(globalThis, name, undefined);
    const clock = new Clock!({ processorOptions: { every: 1 } });
    expect(clock.process([], [[]])).to.equal(true);
    clock.port.onmessage!(new MessageEvent('message', { data: 'end' }));
    expect(clock.process([], [[]])).to.equal(false);
  });

  it('comes from a timer where the sound stands still, or has no worklet', async () => {
    await context.suspend();
    const still = counted(5);
    const endStill = beat(context, 25, still.act);
    await still.all;
    endStill();
    const warn = standIn(console, 'warn', () => {});
    const restore = standIn(AudioWorklet.prototype, 'addModule', () => Promise.reject(new DOMException('Not here.', 'AbortError')));
    const without = counted(5);
    const endWithout = beat(context, 25, without.act);
    await without.all;
    endWithout();
    restore();
    warn();
  });
});
