/** Choosing microphone, camera and loudspeaker: what is chosen before a call is used in it, and changes in it without a gap. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { bothEnd, release, talk, twoPeople } from '../support/people.js';
import { button, openWorld, panel } from '../support/world.js';

/** Goes into Alice's page, before the widget: a microphone that speaks without a pause, once it is asked for. */
const RIG = `<script>
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    const stream = await getUserMedia.call(this, constraints);
    if (!globalThis.speaks || !constraints.audio) return stream;
    const context = new AudioContext();
    const tone = new OscillatorNode(context);
    tone.start();
    const voice = tone.connect(context.createMediaStreamDestination()).stream.getAudioTracks()[0];
    const [microphone] = stream.getAudioTracks();
    const stop = voice.stop.bind(voice);
    voice.stop = () => (stop(), microphone.stop(), context.close());
    stream.removeTrack(microphone);
    stream.addTrack(voice);
    return stream;
  };
</script>`;

const hers = RIG + panel({ me: 'alice', 'display-name': 'Alice', 'max-resolution': '360p' }) + button({ peer: 'bob' }, 'Call Bob');

/** Chooses a device by its name, as a person does in a list. */
async function choose(person: Person, kind: 'microphone' | 'camera' | 'speaker', label: string): Promise<void> {
  const list = await person.page.waitForSelector(`>>> select[data-kind=${kind}]`, { visible: true, timeout: PATIENCE });
  const value = await list!.evaluate(
    (select, name) => [...(select as HTMLSelectElement).options].find(({ text }) => text === name)?.value ?? '',
    label,
  );
  await list!.select(value);
}

/** Waits until the call uses this device. */
const uses = (person: Person, label: string): Promise<unknown> =>
  person.page.waitForFunction(
    (name) => {
      const stream = (document.querySelector('video-call-panel') as unknown as { localStream: MediaStream | null }).localStream;
      return stream?.getTracks().some((track) => track.label === name && track.readyState === 'live');
    },
    { timeout: PATIENCE, polling: 20 },
    label,
  );

/** The descriptions that a page has negotiated; a new one would be another text. */
const negotiated = (person: Person): Promise<string[]> =>
  person.page.evaluate(() =>
    [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections].map(({ localDescription }) => localDescription!.sdp),
  );

/** The longest time, in milliseconds, for which no sound arrives while something is done. */
async function longestSilence(person: Person, act: () => Promise<unknown>): Promise<number> {
  await person.page.evaluate(() => {
    const watch = { on: true, longest: 0 };
    Object.assign(globalThis, { watch });
    void (async () => {
      let packets = 0;
      for (let since = performance.now(); watch.on;) {
        const now = (await observer.received(null)).audioPackets;
        watch.longest = Math.max(watch.longest, performance.now() - since);
        if (now !== packets) since = performance.now();
        packets = now;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
  });
  await act();
  return person.page.evaluate(() => {
    const { watch } = globalThis as unknown as { watch: { on: boolean; longest: number } };
    watch.on = false;
    return watch.longest;
  });
}

test('Devices that are chosen before a call are used in it, and change in it without a gap in the other', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { aliceVisits: { markup: hers, devices: 'three' } });

  await alice.press('Devices');
  await choose(alice, 'camera', 'fake_device_2');
  await choose(alice, 'microphone', 'Fake Audio Input 1');
  await alice.page.waitForFunction(() => observer.live().tracks.length >= 2, { timeout: PATIENCE });
  await alice.press('Close');
  await alice.holdsNothing();

  await talk(alice, bob);
  await Promise.all([uses(alice, 'fake_device_2'), uses(alice, 'Fake Audio Input 1')]);
  const before = await negotiated(alice);

  await alice.press('Devices');
  const silence = await longestSilence(bob, async () => {
    await choose(alice, 'camera', 'fake_device_0');
    await uses(alice, 'fake_device_0');
    await bob.sees();
  });
  t.diagnostic(`the longest silence while the camera changed was ${Math.round(silence)} ms`);
  assert.ok(silence < 1000, `sound stood still for ${silence} ms while the camera changed`);
  await alice.page.evaluate(() => void Object.assign(globalThis, { speaks: true }));
  await choose(alice, 'microphone', 'Fake Audio Input 2');
  await choose(alice, 'speaker', 'Fake Audio Output 1');
  await bob.seesAndHears();
  assert.deepEqual(await negotiated(alice), before, 'nothing is negotiated for another device');
  await alice.page.waitForFunction(
    () => {
      const { sinkId } = document.querySelector('video-call-panel')!.shadowRoot!.querySelector('audio') as HTMLAudioElement & {
        sinkId: string;
      };
      return sinkId !== '' && sinkId !== 'default';
    },
    { timeout: PATIENCE },
  );
  await alice.press('Close');

  await alice.press('Mute microphone');
  await Promise.all([bob.reads('Muted'), alice.reads('You are muted')]);
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('Nobody is asked for a permission by the view of the devices but at a press', async (t) => {
  const world = await openWorld(t);
  const alice = await world.visit({ name: 'alice', markup: hers, permission: 'denied' });
  await alice.press('Devices');
  await alice.reads('microphone and camera');
  assert.deepEqual(await alice.captures(), []);
});
