/** What happens to a call when a device is gone for good, stays with another program, or delivers nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothEnd, release, seesFace, talk, twoPeople } from '../support/people.js';
import { pullOut, withoutProcesses } from '../support/processes.js';
import { hers, hidesNote, plug, refuse } from '../support/rig.js';
import { openWorld } from '../support/world.js';

const MICROPHONE_GONE = 'Your microphone is gone and nobody hears you.';
const CAMERA_GONE = 'Your camera is gone.';

test(
  'Without another microphone both sides are told, the picture goes on, and a new one is used by itself',
  { skip: withoutProcesses },
  async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, hers());
    await talk(alice, bob);

    await refuse(alice, { audio: 'NotFoundError' });
    pullOut(alice, 'microphone');
    await Promise.all([alice.reads(MICROPHONE_GONE), alice.find('Unmute microphone'), bob.reads('Muted')]);
    await Promise.all([bob.sees(), alice.seesAndHears()]);
    await alice.press('Unmute microphone');
    await alice.reads(MICROPHONE_GONE);

    await refuse(alice, {});
    await plug(alice);
    await Promise.all([alice.find('Mute microphone'), hidesNote(alice, MICROPHONE_GONE)]);
    await bob.seesAndHears();
    assert.equal(await alice.page.evaluate(() => rig.listening.size), 1);
    await alice.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
    await release(alice, bob);
    assert.equal(await alice.page.evaluate(() => rig.listening.size), 0, 'nothing listens to devices after the call');
  },
);

test('Another camera takes the place of one that is lost for good, and the person is told which', { skip: withoutProcesses }, async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, hers({ devices: 'three' }));
  await talk(alice, bob);
  const first = await alice.page.evaluate(() => rig.tracks.find(({ kind }) => kind === 'video')!.label);

  await refuse(alice, { video: 'NotReadableError' });
  await alice.page.evaluate(() => {
    // The lost one is on no list; Chromium's second stand-in delivers no picture.
    const { enumerateDevices } = MediaDevices.prototype;
    const lost = rig.tracks.find(({ kind }) => kind === 'video')!.getSettings().deviceId;
    MediaDevices.prototype.enumerateDevices = async function () {
      return (await enumerateDevices.call(this)).filter(({ deviceId, label }) => deviceId !== lost && label !== 'fake_device_1');
    };
  });
  pullOut(alice, 'camera');
  await alice.reads('Camera changed to ');
  const second = await alice.page.evaluate(() => rig.tracks.filter(({ kind }) => kind === 'video').at(-1)!.label);
  assert.notEqual(second, first);
  await alice.reads(`Camera changed to ${second}`);
  await bob.seesAndHears();
  await hidesNote(alice, 'Camera changed to ');
});

test(
  'Without another camera the sound goes on, both sides are told, and a new one is used by itself',
  { skip: withoutProcesses },
  async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, hers());
    await talk(alice, bob);

    await refuse(alice, { video: 'NotFoundError' });
    pullOut(alice, 'camera');
    await Promise.all([alice.reads(CAMERA_GONE), alice.find('Turn camera on'), bob.reads('Camera is off'), seesFace(bob, 'A')]);
    await Promise.all([bob.hears(), alice.seesAndHears()]);
    await hidesNote(alice, CAMERA_GONE);

    await refuse(alice, {});
    await plug(alice);
    await alice.find('Turn camera off');
    await bob.seesAndHears();
  },
);

test('A microphone that delivers nothing is told of after some seconds, until sound comes', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, hers({ autoplay: 'allowed' }));
  await alice.page.evaluate(() => {
    const context = new AudioContext();
    const tone = new OscillatorNode(context);
    tone.start();
    rig.tone = tone.connect(new GainNode(context, { gain: 0 })) as GainNode;
  });
  await alice.press('Call Bob');
  await bob.press('Accept');
  await Promise.all([alice, bob].map((person) => person.event('call-connected')));

  const words = 'Your microphone delivers no sound.';
  await alice.reads(words);
  assert.equal(
    await bob.panel((shown) => shown.shadowRoot!.querySelector('.notices')),
    null,
    'a microphone that beeps now and then is well',
  );
  await alice.page.evaluate(() => void (rig.tone!.gain.value = 0.5));
  await Promise.all([hidesNote(alice, words), bob.hears()]);
});

test('Devices that the machine keeps still are told of on both sides, and opened anew when the page is in front again', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, hers());
  await talk(alice, bob);
  await alice.page.evaluate(() => {
    for (const track of rig.tracks) {
      Object.defineProperty(track, 'muted', { value: true });
      track.enabled = false;
      track.dispatchEvent(new Event('mute'));
      track.enabled = true;
    }
  });
  await Promise.all([alice.reads('Your device has stopped the microphone'), alice.reads('Your device has stopped the camera')]);
  await Promise.all([bob.reads('Muted'), bob.reads('Camera is off')]);

  await alice.page.evaluate(() => dispatchEvent(new Event('pageshow')));
  await Promise.all([alice.find('Mute microphone'), alice.find('Turn camera off')]);
  await hidesNote(alice, 'Your device has stopped');
  await bob.seesAndHears();
});

test('A device that stays with another program gives way to the next one', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, hers({ devices: 'three' }));
  await refuse(alice, { video: 'NotReadableError', audio: 'NotReadableError' });
  await talk(alice, bob);
});
