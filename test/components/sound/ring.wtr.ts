import { aTimeout, expect } from '@open-wc/testing';
import { ring } from '../../../components/sound/ring.js';
import { RINGBACK, RINGTONE, SAMPLE_RATE, samplesOf } from '../../../components/sound/tones.js';

/** A second of silence, as a sound file (RIFF, PCM of 8 bits). */
function silence(): Blob {
  const view = new DataView(new ArrayBuffer(44));
  const words = (at: number, text: string) => [...text].forEach((letter, offset) => view.setUint8(at + offset, letter.charCodeAt(0)));
  words(0, 'RIFF');
  view.setUint32(4, 36 + 8000, true);
  words(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    view.setUint16(at, value, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 8000, true);
  words(36, 'data');
  view.setUint32(40, 8000, true);
  return new Blob([view, new Uint8Array(8000).fill(128)], { type: 'audio/wav' });
}

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

  it('plays its file on in a page that is shown again, which the browser has paused, and not once it is stopped', async () => {
    const made: HTMLAudioElement[] = [];
    const { Audio } = window;
    window.Audio = class extends Audio {
      constructor(source?: string) {
        super(source);
        made.push(this);
      }
    };
    try {
      const ringing = ring(URL.createObjectURL(silence()), RINGTONE);
      await ringing.alert;
      const [audio] = made;
      const goesOn = async () => {
        audio!.pause();
        dispatchEvent(new Event('pageshow'));
        await aTimeout(0);
        return !audio!.paused;
      };
      expect(await goesOn()).to.equal(true);
      ringing.stop();
      expect(await goesOn()).to.equal(false);
    } finally {
      window.Audio = Audio;
    }
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
