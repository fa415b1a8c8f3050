/** Chromium and Firefox with each other: what one says the other must understand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasArrived, openChat, savedFile, sendFile, write } from '../support/chatting.js';
import { withoutFirefox } from '../support/launch.js';
import { bothEnd, neverOpenedCamera, talk, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

const FIREFOX = { browser: 'firefox' } as const;

async function endForBoth(one: Person, other: Person): Promise<void> {
  await bothEnd(one, other, 'hung-up');
  await Promise.all([one.holdsNothing(), other.holdsNothing()]);
}

test('Chromium calls Firefox: both see and hear each other until Firefox hangs up', { skip: withoutFirefox }, async (t) => {
  const world = await openWorld(t);
  const [chromium, firefox] = await twoPeople(world, { bobVisits: FIREFOX });
  await talk(chromium, firefox);
  await firefox.press('Hang up');
  await endForBoth(chromium, firefox);
});

test('Firefox calls Chromium: both see and hear each other until Firefox hangs up', { skip: withoutFirefox }, async (t) => {
  const world = await openWorld(t);
  const [firefox, chromium] = await twoPeople(world, { aliceVisits: FIREFOX });
  await talk(firefox, chromium);
  await firefox.press('Hang up');
  await endForBoth(firefox, chromium);
});

test('A voice call from Firefox to Chromium opens no camera on either side, and Chromium ends it', { skip: withoutFirefox }, async (t) => {
  const world = await openWorld(t);
  const [firefox, chromium] = await twoPeople(world, { media: 'audio', aliceVisits: FIREFOX });
  await firefox.press('Call Bob');
  await chromium.find('Incoming audio call from Alice', 'dialog');
  await chromium.press('Accept');
  await Promise.all([firefox.event('call-connected'), chromium.event('call-connected')]);
  await Promise.all([firefox.hears(), chromium.hears()]);
  await chromium.press('Hang up');
  await endForBoth(firefox, chromium);
  await Promise.all([neverOpenedCamera(firefox), neverOpenedCamera(chromium)]);
});

test(
  'In a voice call from Chromium to Firefox both turn their cameras on, and one sends the other a text and a file',
  { skip: withoutFirefox },
  async (t) => {
    const world = await openWorld(t);
    const [chromium, firefox] = await twoPeople(world, { media: 'audio', bobVisits: FIREFOX });
    await chromium.press('Call Bob');
    await firefox.press('Accept');
    await Promise.all([chromium.event('call-connected'), firefox.event('call-connected')]);
    await firefox.press('Turn camera on');
    await chromium.seesAndHears();
    await chromium.press('Turn camera on');
    await firefox.seesAndHears();
    await openChat(chromium);
    await write(chromium, 'Hello Bob');
    await firefox.event('call-message', { text: 'Hello Bob' });
    await hasArrived(chromium, 1);
    const sum = await sendFile(chromium, 'data.bin', 100_000);
    await openChat(firefox);
    await firefox.press('Receive data.bin');
    assert.equal(await savedFile(firefox, 'data.bin'), sum);
    await chromium.press('Close chat');
    await chromium.press('Hang up');
    await endForBoth(chromium, firefox);
  },
);

test(
  'Firefox accepts a video call of Chromium without its camera: it sees and hears, and is heard',
  { skip: withoutFirefox },
  async (t) => {
    const world = await openWorld(t);
    const [chromium, firefox] = await twoPeople(world, { bobVisits: FIREFOX });
    await chromium.press('Call Bob');
    await firefox.press('Accept without camera');
    await Promise.all([chromium.event('call-connected'), firefox.event('call-connected')]);
    await Promise.all([chromium.hears(), firefox.seesAndHears()]);
    assert.equal((await chromium.received()).framesDecoded, 0, 'Firefox sends no picture');
    await chromium.press('Hang up');
    await endForBoth(chromium, firefox);
    await neverOpenedCamera(firefox);
  },
);

test(
  'Chromium accepts a video call of Firefox without its camera: it sees and hears, and is heard',
  { skip: withoutFirefox },
  async (t) => {
    const world = await openWorld(t);
    const [firefox, chromium] = await twoPeople(world, { aliceVisits: FIREFOX });
    await firefox.press('Call Bob');
    await chromium.press('Accept without camera');
    await Promise.all([firefox.event('call-connected'), chromium.event('call-connected')]);
    await Promise.all([firefox.hears(), chromium.seesAndHears()]);
    await firefox.press('Hang up');
    await endForBoth(firefox, chromium);
    await neverOpenedCamera(chromium);
  },
);
