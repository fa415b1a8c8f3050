/** People whose picture is one colour and whose voice is one tone, so that a recording can be asked who is in it, and when. */
import { aliceAlone } from './people.js';
import type { Person } from './person.js';
import { button, panel } from './world.js';
import type { Visit, World } from './world.js';

/** What somebody looks and sounds like: a colour in CSS, and a pitch in Hz. */
export interface Signal {
  readonly colour: string;
  readonly pitch: number;
}

/**
 * What a worker does for camera and microphone: its clock goes on in a tab that is not in front, where timers of the page keep to the
 * second, as the clocks of real devices do.
 */
const worker = `
  const paint = new OffscreenCanvas(640, 360).getContext('2d');
  const outputs = new Set();
  let schedule;
  let at = 0;
  onmessage = ({ data }) => {
    if (data.all) schedule = data;
    else outputs.add(data.getWriter());
  };
  setInterval(() => {
    if (!schedule) return;
    const { from, every, all } = schedule;
    const { colour, pitch } = all[Math.max(0, Math.floor((Date.now() - from) / every)) % all.length];
    postMessage(pitch);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 640, 360);
    paint.fillStyle = '#888';
    paint.fillRect((at += 8) % 640, 340, 20, 20);
    for (const output of outputs) {
      if (!(output.desiredSize > 0)) continue;
      output.write(new VideoFrame(paint.canvas, { timestamp: performance.now() * 1000 })).catch(() => outputs.delete(output));
    }
  }, 50);`;

/** A script that stands in for camera and microphone, and keeps what is recorded as `recorded`. Chromium only. */
export const signalScript = (signal: Signal): string => `<script>
  const source = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(worker)}])));
  const tones = new Set();
  let pitch = ${signal.pitch};
  source.onmessage = ({ data }) => {
    if (data === pitch) return;
    pitch = data;
    for (const tone of tones) tone.frequency.value = pitch;
  };
  globalThis.alternate = (from, every, all) => source.postMessage({ from, every, all });
  alternate(0, 1000, [${JSON.stringify(signal)}]);
  addEventListener('call-recording', (event) => (globalThis.recorded = event.file));
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    const stream = new MediaStream();
    if (audio) {
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: pitch });
      const loudness = new GainNode(context, { gain: 0.3 });
      const output = new MediaStreamAudioDestinationNode(context);
      tone.connect(loudness).connect(output);
      tone.start();
      void context.resume();
      tones.add(tone);
      stream.addTrack(output.stream.getAudioTracks()[0]);
    }
    if (video) {
      const track = new MediaStreamTrackGenerator({ kind: 'video' });
      source.postMessage(track.writable, [track.writable]);
      stream.addTrack(track);
    }
    return stream;
  };
</script>`;

/** Alice, who is green and high, and Bob, who is blue and low; his panel lets nothing be recorded. */
export const GREEN: Signal = { colour: '#00c000', pitch: 1200 };
export const BLUE: Signal = { colour: '#0000d0', pitch: 500 };

/** Bob in front of his page. */
export async function bobSignals(world: World, visit: Visit = {}): Promise<Person> {
  const bob = await world.visit({
    name: 'bob',
    markup: signalScript(BLUE) + panel({ me: 'bob', 'display-name': 'Bob', 'max-resolution': '360p', controlslist: 'norecord' }),
    ...visit,
  });
  await bob.event('relay-status', { status: 'online' });
  return bob;
}

/** Both in front of their pages. */
export async function twoSignals(world: World, visits: { alice?: Visit; bob?: Visit } = {}): Promise<[alice: Person, bob: Person]> {
  const bob = await bobSignals(world, visits.bob);
  const hers = panel({ me: 'alice', 'display-name': 'Alice', 'max-resolution': '360p' }) + button({ peer: 'bob' }, 'Call Bob');
  const alice = await aliceAlone(world, {}, { markup: signalScript(GREEN) + hers, ...visits.alice });
  await alice.event('presence-change', { presence: 'online' });
  return [alice, bob];
}

/** What a recording shows and sounds like at one moment. */
export interface Moment {
  /** Mean red, green, blue and opacity (0 to 255) in the middle of the large picture and of the small one. */
  readonly large: readonly number[];
  readonly small: readonly number[];
  /** How loud the asked pitches are, 0 to 1, in their order. */
  readonly tones: readonly number[];
}

/** A recording, played. */
export interface Played {
  readonly seconds: number;
  readonly width: number;
  readonly moments: readonly Moment[];
}

/**
 * Plays a recording in a page: its whole sound is decoded, and its picture looked at.
 *
 * @param file an expression of the page that gives the file
 * @param times seconds of the recording
 */
export function playBack(person: Person, file: string, times: readonly number[], pitches: readonly number[]): Promise<Played> {
  return person.page.evaluate(
    async (expression, seconds, wanted) => {
      const recorded = (await (0, eval)(expression)) as File;
      const video = Object.assign(document.createElement('video'), { muted: true, src: URL.createObjectURL(recorded) });
      const happens = (type: string) => new Promise<void>((resolve) => video.addEventListener(type, () => resolve(), { once: true }));
      await happens('loadeddata');
      const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(await recorded.arrayBuffer());
      const samples = sound.getChannelData(0);
      const loudness = (at: number, pitch: number) => {
        const [from, count] = [Math.round(at * 48_000), 9_600];
        let [sine, cosine] = [0, 0];
        for (let i = 0; i < count; i++) {
          const phase = (2 * Math.PI * pitch * i) / 48_000;
          sine += (samples[from + i] ?? 0) * Math.sin(phase);
          cosine += (samples[from + i] ?? 0) * Math.cos(phase);
        }
        return (2 * Math.hypot(sine, cosine)) / count;
      };
      const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
      const colour = (x: number, y: number) => {
        paint.clearRect(0, 0, 1, 1);
        paint.drawImage(video, x, y, 8, 8, 0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data];
      };
      // The place is reached before its picture can be drawn, and that leaves the canvas as it was.
      const drawable = async () => {
        for (let looks = 0; colour(0, 0)[3] !== 255; looks++) {
          if (looks === 250) throw new Error(`The recording shows nothing at ${video.currentTime} s.`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      const moments = [];
      for (const at of seconds) {
        const there = happens('seeked');
        const shown = new Promise((resolve) => void [video.requestVideoFrameCallback(resolve), setTimeout(resolve, 1000)]);
        video.currentTime = at;
        await Promise.all([there, shown]);
        await drawable();
        moments.push({ large: colour(500, 200), small: colour(1110, 600), tones: wanted.map((pitch) => loudness(at, pitch)) });
      }
      const { duration, videoWidth: width } = video;
      URL.revokeObjectURL(video.src);
      return { seconds: duration, width, moments };
    },
    file,
    times,
    pitches,
  );
}

/** Waits until so many parts of a recording are on the disk of this person. */
export function untilParts(person: Person, parts: number, timeout = 10_000): Promise<unknown> {
  return person.page.waitForFunction(
    async (wanted) => {
      const all = await (await navigator.storage.getDirectory()).getDirectoryHandle('video-call-recordings').catch(() => undefined);
      let count = 0;
      for await (const folder of (all as unknown as { values(): AsyncIterable<FileSystemDirectoryHandle> } | undefined)?.values() ?? [])
        for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) count += Number(/^\d+$/.test(name));
      return count >= wanted;
    },
    { timeout, polling: 200 },
    parts,
  );
}
