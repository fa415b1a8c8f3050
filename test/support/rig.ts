/** What tests do to the devices of a person in mid-call: they fail to open, are pulled out and plugged in, or stay silent. */
import { PATIENCE } from './person.js';
import type { Person } from './person.js';
import type { Wishes } from './people.js';
import { button, panel } from './world.js';

/** What a test does to Alice's devices where nothing real can: see `RIG`. */
interface Rig {
  /** The name of the error with which a device of this kind, unless it is named, fails to open. */
  refuse: { audio?: string; video?: string };
  /** Instead of the microphone: a tone that is this loud. */
  tone: GainNode | undefined;
  tracks: MediaStreamTrack[];
  listening: Set<unknown>;
}
declare global {
  const rig: Rig;
}

/** Goes into Alice's page, before the widget. */
export const RIG = `<script>
  globalThis.rig = { refuse: JSON.parse(sessionStorage.refuse ?? '{}'), tone: undefined, tracks: [], listening: new Set() };
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    for (const kind of ['audio', 'video']) {
      const name = !constraints[kind]?.deviceId?.exact && constraints[kind] && rig.refuse[kind];
      if (name) throw new DOMException('The test wants it so.', name);
    }
    const stream = await getUserMedia.call(this, constraints);
    if (rig.tone && constraints.audio) {
      stream.removeTrack(stream.getAudioTracks()[0]);
      stream.addTrack(rig.tone.connect(rig.tone.context.createMediaStreamDestination()).stream.getAudioTracks()[0]);
    }
    rig.tracks.push(...stream.getTracks());
    return stream;
  };
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  navigator.mediaDevices.addEventListener = function (type, listener) {
    rig.listening.add(listener);
    return addEventListener.call(this, type, listener);
  };
  navigator.mediaDevices.removeEventListener = function (type, listener) {
    rig.listening.delete(listener);
    return removeEventListener.call(this, type, listener);
  };
</script>`;

const small = { 'max-resolution': '360p', 'display-name': 'Alice', me: 'alice' };
const page = RIG + panel(small) + button({ peer: 'bob' }, 'Call Bob');

/** Alice's browser is her own: what happens to its processes happens to her alone. */
export const hers = (visit: Wishes['aliceVisits'] = {}): Wishes => ({ aliceVisits: { markup: page, apart: 'alice', ...visit } });

/** How often a device of this kind was opened. */
export const opened = async (person: Person, kind: 'audio' | 'video'): Promise<number> =>
  (await person.captures()).filter((capture) => capture[kind] && capture.outcome === 'given').length;

/** Waits until a device of this kind has been opened more often than that. */
export const reopens = (person: Person, kind: 'audio' | 'video', times: number): Promise<unknown> =>
  person.page.waitForFunction(
    (which, before) => observer.captures.filter((capture) => capture[which] && capture.outcome === 'given').length > before,
    { timeout: PATIENCE, polling: 20 },
    kind,
    times,
  );

/** Lets devices of a kind fail to open with an error of that name; without a name they open again. */
export const refuse = (person: Person, refusals: Rig['refuse']): Promise<void> =>
  person.page.evaluate((wanted) => void (rig.refuse = wanted), refusals);
/** As if a device had been plugged in. */
export const plug = (person: Person): Promise<unknown> =>
  person.page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
/** Waits until nothing in the page says these words any more. */
export const hidesNote = (person: Person, words: string): Promise<unknown> =>
  person.page.waitForFunction((wanted) => !observer.shows(document.body, wanted), { timeout: PATIENCE }, words);
