/** One's own camera in the dialog of a call that comes in: seen while it rings, sent only once somebody accepts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { withoutTurn } from '../support/daemons.js';
import { turning } from '../support/path.js';
import { bothEnd, neverOpenedDevices, release, together, twoPeople } from '../support/people.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

/** Waits until the dialog shows moving pictures of one's own camera. */
const seesOneself = (person: Person): Promise<unknown> =>
  person.page.waitForFunction(
    () => {
      const video = document.querySelector('video-call-panel')!.shadowRoot!.querySelector<HTMLVideoElement>('[role=dialog] video');
      return !!video?.checkVisibility() && video.muted && video.videoWidth > 0 && video.currentTime > 0.2;
    },
    { timeout: PATIENCE },
  );

/** What the one connection of a page does with media so far; undefined until its path stands. */
const mediaOf = (person: Person) =>
  person.page.evaluate(async () => {
    const [connection] = (observer as unknown as { connections: Set<RTCPeerConnection> }).connections;
    if (connection?.connectionState !== 'connected') return undefined;
    let packets = 0;
    (await connection.getStats()).forEach((report: Record<string, unknown>) => {
      if (/^(out|in)bound-rtp$/.test(report['type'] as string))
        packets += ((report['packetsSent'] ?? report['packetsReceived']) as number) ?? 0;
    });
    return { packets, tracks: connection.getSenders().filter(({ track }) => track).length };
  });

async function pathStands(person: Person): Promise<void> {
  for (const until = performance.now() + PATIENCE; !(await mediaOf(person));) {
    if (performance.now() > until) throw new Error(`No path stands for ${person.name}.`);
  }
}

/** Lets the page believe that the person would be asked for every device, and tells when it has looked. */
function wouldAsk(): void {
  navigator.permissions.query = async () => {
    Object.assign(globalThis, { looked: true });
    return { state: 'prompt' } as PermissionStatus;
  };
}

const title =
  'With “preview” a person sees their own camera while it rings, nothing of it is sent before they accept, and it is opened once';
test(title, { skip: withoutTurn }, async (t) => {
  // A path stands while it rings, so that something could be sent.
  const world = await turning(t);
  const [alice, bob] = await twoPeople(world, { bob: { preview: true } });
  await alice.press('Call Bob');
  await bob.find('Incoming video call from Alice', 'dialog');
  await Promise.all([pathStands(alice), pathStands(bob)]);
  await seesOneself(bob);
  assert.deepEqual((await bob.live()).tracks, ['device video'], 'his camera is open, and his microphone is not');
  assert.deepEqual(await mediaOf(bob), { packets: 0, tracks: 0 }, 'nothing is sent');
  assert.equal((await mediaOf(alice))!.packets, 0, 'and nothing arrives');

  await bob.press('Accept');
  await together(alice, bob);
  const cameras = (await bob.captures()).filter(({ video }) => video);
  assert.equal(cameras.length, 1, 'the camera of the preview is the camera of the call');
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('A camera that was shown while it rang closes when the call is declined, cancelled, or taken without it', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bob: { preview: true } });
  for (const [who, what, reason] of [
    [bob, 'Decline', 'declined'],
    [alice, 'Cancel', 'cancelled'],
  ] as const) {
    await alice.press('Call Bob');
    await seesOneself(bob);
    await who.press(what);
    await bothEnd(alice, bob, reason);
    await release(alice, bob);
  }

  await alice.press('Call Bob');
  await seesOneself(bob);
  await bob.press('Accept without camera');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.hears(), bob.seesAndHears()]);
  assert.deepEqual((await bob.live()).tracks, ['device audio'], 'his camera is closed');
  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
});

test('“preview” opens no camera for a voice call, nor where the person would be asked for it', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { media: 'audio', bob: { preview: true } });
  await alice.press('Call Bob');
  await bob.find('Incoming audio call from Alice', 'dialog');
  await bob.press('Decline');
  await bothEnd(alice, bob, 'declined');
  await neverOpenedDevices(bob);

  const asked = { bob: { preview: true }, bobVisits: { watch: (page: Page) => void page.evaluateOnNewDocument(wouldAsk) } };
  const [carol, dave] = await twoPeople(await openWorld(t), asked);
  await carol.press('Call Bob');
  await dave.find('Incoming video call from Alice', 'dialog');
  await dave.page.waitForFunction('looked', { timeout: PATIENCE });
  await dave.loudness(300);
  await neverOpenedDevices(dave);
  await dave.press('Decline');
  await bothEnd(carol, dave, 'declined');
});
