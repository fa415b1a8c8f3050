/** Networks that are too slow for a picture, and people who want little data to be sent; long cuts are in the soak of that name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTurn, startUdpGate, withoutTurn } from '../support/daemons.js';
import { sendsLike, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

/** Waits until the camera's sender of a page has been told to send what a weak network carries, or nothing at all; the first pictures are small on any network. */
const sendsLess = (person: Person): Promise<unknown> =>
  person.page.waitForFunction(
    () => {
      const connection = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections].at(-1)!;
      const { active, maxFramerate, scaleResolutionDownBy } = connection.getSenders()[1]!.getParameters().encodings[0]!;
      return !active || (maxFramerate === 15 && scaleResolutionDownBy === 2);
    },
    { timeout: 20_000, polling: 50 },
  );

/** Waits until the last picture of the other side is no longer shown. */
const seesNoPicture = (person: Person): Promise<unknown> =>
  person.page.waitForFunction(
    () => {
      const video = document.querySelector('video-call-panel')!.shadowRoot!.querySelector('[part~="remote-video"]')!;
      return getComputedStyle(video).opacity === '0';
    },
    { timeout: 20_000, polling: 50 },
  );

test(
  'On a narrow network less is sent, and little as soon as the page wants it; a narrower one has a tiny picture, and one too slow for that pauses it, as both are told',
  { skip: withoutTurn },
  async (t) => {
    const [turn, world] = await Promise.all([startTurn(t), openWorld(t)]);
    const gate = await startUdpGate(t, turn.port);
    const place = { 'ice-policy': 'relay', 'max-resolution': '720p' };
    const [alice, bob] = await twoPeople(world, {
      alice: { ...place, 'ice-servers': turn.serversOver(`udp ${gate.port}`) },
      bob: { ...place, 'ice-servers': turn.iceServers },
    });
    gate.narrow(300);
    await alice.press('Call Bob');
    await bob.press('Accept');
    await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
    await sendsLess(alice);
    await alice.panel((panel) => panel.toggleAttribute('data-saver', true));
    await sendsLike(alice, { maxBitrate: 300_000, maxFramerate: 15, scaleResolutionDownBy: 2 });
    gate.narrow(120);
    await sendsLike(alice, { active: true, maxBitrate: 60_000, maxFramerate: 8, scaleResolutionDownBy: 4 });
    assert.doesNotMatch(await bob.panel((panel) => panel.shadowRoot!.textContent), /too slow/, 'nobody is told of a pause');
    gate.narrow(40);
    await Promise.all([
      alice.reads('Your connection is too slow for your picture'),
      bob.reads('Alice’s connection is too slow for the picture'),
    ]);
    await seesNoPicture(bob);
    assert.ok((await alice.live()).camera, 'the camera stays open');
    assert.ok(await alice.has('Turn camera off'), 'and is on, as far as its button goes');
  },
);
