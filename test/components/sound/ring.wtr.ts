import { expect } from '@open-wc/testing';
import { ring } from '../../../components/sound/ring.js';
import { RINGBACK, RINGTONE, SAMPLE_RATE, samplesOf } from '../../../components/sound/tones.js';

describe('the tones', () => {
  for (const [name, tone] of Object.entries({ RINGTONE, RINGBACK })) {
    it(`${name} is loud enough to hear, never clips, and fades before it starts again`, () => {
      const samples = samplesOf(tone);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(peak).to.be.within(0.1, 0.9);
      const rest = samples.slice(-SAMPLE_RATE / 10).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(rest).to.be.below(0.03);
    });
  }
});

describe('a ring', () => {
  it('says that it can be heard where the browser lets the page sound', async () => {
    const ringing = ring('', RINGTONE);
    expect(await ringing.alert).to.equal('sound');
    ringing.stop();
    ringing.stop();
  });

  it('is only seen when there shall be no sound', async () => {
    const ringing = ring('none', RINGTONE);
    expect(await ringing.alert).to.equal('visual');
    ringing.stop();
  });

  it('falls back to the tone when its file cannot be played, and answers in time', async () => {
    const before = performance.now();
    const ringing = ring('/there-is-no-such-file.mp3', RINGTONE);
    expect(await ringing.alert).to.be.oneOf(['sound', 'visual']);
    expect(performance.now() - before).to.be.below(1500);
    ringing.stop();
  });

  it('is only seen where the browser cannot make sound at all', async () => {
    const { AudioContext } = window;
    // @ts-expect-error -- a browser without Web Audio
    window.AudioContext = undefined;
    try {
      expect(await ring('', RINGTONE).alert).to.equal('visual');
    } finally {
      window.AudioContext = AudioContext;
    }
  });

  it('is only seen where the browser keeps the page silent', async () => {
    const { AudioContext } = window;
    window.AudioContext = class extends AudioContext {
      override get state(): AudioContextState {
        return 'suspended';
      }
      override resume(): Promise<void> {
        return new Promise(() => {});
      }
    };
    try {
      const ringing = ring('', RINGTONE);
      expect(await ringing.alert).to.equal('visual');
      ringing.stop();
    } finally {
      window.AudioContext = AudioContext;
    }
  });
});
