/** The main job: one person calls another, from the page of another site, and both see and hear each other. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  aliceAlone,
  bothEnd,
  hearsNothing,
  neverOpenedCamera,
  ready,
  release,
  restore,
  seesFace,
  talk,
  together,
  twoPeople,
} from '../support/people.js';
import type { Person } from '../support/person.js';
import { listed, loadedBy, sumOf } from '../support/sizes.js';
import { button, openWorld, panel } from '../support/world.js';

/**
 * Bytes, compressed with brotli, that the script tag loads at once, and that a whole call in one language may load. The names that a build
 * gives to files and exports make the same code some 100 bytes larger or smaller.
 */
const MOST = { entry: 8_000, call: 78_000 };

/** What still arrives when the other side has just stopped, in ms. */
const IN_FLIGHT = 400;

async function seesNothing(person: Person): Promise<void> {
  await person.framesWithin(IN_FLIGHT);
  assert.equal(await person.framesWithin(700), 0, `${person.name} is shown no further frame`);
}

test('A video call is rung, accepted, seen and heard on both sides, and leaves nothing behind when it is hung up', async (t) => {
  const world = await openWorld(t);
  const usual = { 'max-resolution': '720p' };
  const moving = { motion: true, windows: true };
  const [alice, bob] = await twoPeople(world, { alice: usual, bob: usual, aliceVisits: moving, bobVisits: moving });
  await bob.touch();

  await alice.press('Call Bob');
  await alice.state('calling');
  await bob.find('Incoming video call from Alice', 'dialog');
  await alice.state('ringing');
  assert.deepEqual((await bob.live()).tracks, [], 'nothing of Bob is captured before he accepts');
  const told = await bob.page.evaluate(async () => {
    const all = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections];
    const reports = await Promise.all(all.map((connection) => connection.getStats()));
    const kinds = reports.flatMap((report) => [...(report as unknown as Map<string, { type: string }>).values()].map(({ type }) => type));
    return [...all.map(({ iceConnectionState }) => iceConnectionState), ...kinds.filter((kind) => kind === 'remote-candidate')];
  });
  assert.ok(
    told.every((each) => each === 'new'),
    `nothing is sent toward the caller before he accepts: ${told.join()}`,
  );

  await bob.press('Accept');
  await together(alice, bob);
  for (const person of [alice, bob]) {
    assert.deepEqual([...(await person.live()).tracks].sort(), ['device audio', 'device video'], `${person.name} sends sound and picture`);
  }

  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await restore(alice, bob);

  for (const person of [alice, bob]) {
    const sizes = await loadedBy(person, world.relay.origin);
    const [entry, whole] = [sizes.get('video-call.js')!, sumOf(sizes)];
    t.diagnostic(
      `${person.name}: ${(entry / 1000).toFixed(1)} kB is the script tag's entry, ${(whole / 1000).toFixed(1)} kB with a whole call`,
    );
    // A release says how large it is.
    if (process.env.CALL_SIZES) writeFileSync(process.env.CALL_SIZES, JSON.stringify({ entry, call: whole }));
    const kindly = `What not every call needs belongs into a chunk of its own (a dynamic import). ${person.name} has loaded:\n${listed(sizes)}`;
    assert.ok(entry <= MOST.entry, `The script tag's entry has ${entry} bytes, and may have ${MOST.entry}. ${kindly}`);
    assert.ok(whole <= MOST.call, `A whole call has loaded ${whole} bytes, and may load ${MOST.call}. ${kindly}`);
  }
});

test('A voice call is heard on both sides, shows no picture, and opens no camera on either side', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { media: 'audio', aliceVisits: { motion: true }, bobVisits: { motion: true } });

  await alice.press('Call Bob');
  await bob.find('Incoming audio call from Alice', 'dialog');
  assert.equal(await bob.has('Accept without camera'), false, 'there is no camera to do without');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.hears(), bob.hears(), seesFace(alice, 'B'), seesFace(bob, 'A')]);
  for (const person of [alice, bob]) {
    assert.deepEqual((await person.live()).tracks, ['device audio'], `${person.name} has a microphone open and nothing else`);
    assert.equal((await person.received()).videoPackets, 0, `${person.name} is sent no picture`);
    assert.equal(await person.has('Turn camera on'), true, `${person.name} may turn a camera on`);
    assert.equal(await person.has('Mute microphone'), true);
  }

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
  await Promise.all([neverOpenedCamera(alice), neverOpenedCamera(bob)]);
});

test('A video call accepted without camera shows the caller to the callee and a face to the caller, and opens no camera there', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);

  await alice.press('Call Bob');
  await bob.press('Accept without camera');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([bob.seesAndHears(), alice.hears(), seesFace(alice, 'B'), alice.reads('Camera is off')]);
  assert.equal((await alice.received()).framesDecoded, 0, 'Bob sends no picture');
  assert.equal((await bob.live()).camera, false);

  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
  await neverOpenedCamera(bob);
});

test('Whoever accepted without camera may turn it on later, and is then seen', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);

  await alice.press('Call Bob');
  await bob.press('Accept without camera');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await bob.press('Turn camera on');
  await alice.seesAndHears();

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('Muting silences the microphone for the other side, which is shown it, until it is unmuted', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);

  await bob.press('Mute microphone');
  await alice.reads('Muted');
  await hearsNothing(alice);
  await Promise.all([bob.hears(), alice.sees()]);

  await bob.press('Unmute microphone');
  await alice.hears();

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('Turning the camera off releases it and shows a face to the other side; turned on again, the picture is back', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);

  await alice.press('Turn camera off');
  await alice.find('Turn camera on');
  assert.deepEqual((await alice.live()).tracks, ['device audio'], 'the camera is released, not only hidden');
  await Promise.all([bob.reads('Camera is off'), seesFace(bob, 'A')]);
  await seesNothing(bob);
  await Promise.all([bob.hears(), alice.sees()]);

  await alice.press('Turn camera on');
  await bob.sees();
  assert.equal((await alice.live()).camera, true);

  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('The timer runs on both sides, and the duration is told at the end', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await alice.press('Call Bob');
  await bob.press('Accept');
  // Each from its own beginning: the other's may be seconds away on a machine that is busy.
  const starts = await Promise.all(
    [alice, bob].map(async (person) => {
      const start = await person.event('call-connected');
      for (const time of ['00:01', '00:02']) await person.reads(time);
      return start;
    }),
  );

  await alice.press('Hang up');
  const ends = await bothEnd(alice, bob, 'hung-up');
  // Each side counts from its own first picture, and the callee's comes first.
  for (const [at, { duration, time }] of ends.entries()) {
    const lasted = (time - starts[at]!.time) / 1000;
    assert.ok(Math.abs(Number(duration) - lasted) < 0.5, `a call of ${lasted} s is said to have lasted ${duration} s`);
  }
  for (const [at, person] of [alice, bob].entries()) {
    await person.reads(`Duration 00:0${Math.floor(Number(ends[at]!.duration))}`);
  }
  await release(alice, bob);
});

test('Either side can hang up, and either can call back at once', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await bob.press('Call again');
  await alice.press('Accept');
  await together(alice, bob);

  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await alice.press('Call again');
  await bob.press('Accept');
  await together(alice, bob);

  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('Each side sees the display name of the other, whatever is in it, and the peer ID where there is none', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { alice: { 'display-name': '<i>Alice</i> {name}' }, bob: { 'display-name': '' } });

  await alice.press('Call Bob');
  await alice.find('Call with bob', 'group');
  await bob.find('Incoming video call from <i>Alice</i> {name}', 'dialog');
  await bob.press('Accept');
  await Promise.all([alice.find('Call with bob', 'group'), bob.find('Call with <i>Alice</i> {name}', 'group')]);
  const { call } = await bob.event('call-connected');
  assert.deepEqual(call, { ...(call as object), peer: 'alice', name: '<i>Alice</i> {name}', media: 'video', direction: 'incoming' });

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
});

test('The caller hears ringback only once a device really rings, the callee a ringtone, and neither when they talk', async (t) => {
  const world = await openWorld(t);
  const wire = await world.wire();
  const [alice, bob] = await twoPeople(world, { bob: { relay: wire.url } });
  await bob.touch();

  const invite = wire.hold('to the page', 'invite');
  await alice.press('Call Bob');
  await invite.caught;
  await alice.state('calling');
  assert.deepEqual(await Promise.all([alice.loudness(700), bob.loudness(700)]), [0, 0], 'nothing rings yet');
  assert.deepEqual((await alice.frames('received', 'ringing')).length, 0);

  invite.release();
  await alice.state('ringing');
  const [said] = await alice.frames('received', 'ringing');
  assert.equal(said?.message?.alert, 'sound');
  const loud = await Promise.all([alice.loudness(), bob.loudness()]);
  assert.ok(Math.min(...loud) > 0.001, `both hear a tone: ${loud}`);

  await bob.press('Accept');
  await together(alice, bob);
  assert.deepEqual(await Promise.all([alice.loudness(700), bob.loudness(700)]), [0, 0], 'no tone goes on');

  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  assert.deepEqual(await Promise.all([alice.loudness(300), bob.loudness(300)]), [0, 0], 'nothing rings after the end');
  await release(alice, bob);
});

test('A page that nobody has touched yet rings without sound, and the caller is told so', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await Promise.all([
    aliceAlone(world),
    world.visit({ name: 'bob', markup: panel({ me: 'bob', 'display-name': 'Bob' }) }),
  ]);
  await alice.event('presence-change', { presence: 'online' });

  await alice.press('Call Bob');
  await alice.state('ringing');
  await alice.reads('Shown on their screen, without sound');
  const [said] = await alice.frames('received', 'ringing');
  assert.equal(said?.message?.alert, 'visual');
  // What a test otherwise asks of a page counts as a gesture there.
  const untouched = await bob.page.createCDPSession();
  const { result } = await untouched.send('Runtime.evaluate', { expression: 'observer.loudness(1000)', awaitPromise: true });
  assert.equal(result.value, 0, 'the page is silent indeed');
  const press = `const { x, y, width } = document.querySelector('video-call-panel').shadowRoot.querySelector('[part~=sound-button]').getBoundingClientRect(); [x + width / 2, y + 9]`;
  const { result: at } = await untouched.send('Runtime.evaluate', { expression: press, returnByValue: true });
  const [x, y] = at.value as [number, number];
  await bob.page.mouse.click(x, y);
  await alice.reads('Ringing…');
  assert.ok((await bob.loudness(1000)) > 0, 'a press lets it be heard');

  await bob.press('Accept');
  await together(alice, bob);
  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
});

test('A visitor of a page with nothing but a button talks to the support desk as a guest, in a panel made for the call', async (t) => {
  const world = await openWorld(t);
  const [visitor, support] = await Promise.all([
    world.visit({ name: 'visitor', markup: button({ peer: 'support' }, 'Talk to us') }),
    ready(world, { name: 'support', markup: panel({ me: 'support', 'display-name': 'Support desk' }) }),
  ]);
  await visitor.event('presence-change', { peer: 'support', presence: 'online' });
  assert.equal(await visitor.page.$('video-call-panel'), null, 'there is no panel before it is needed');
  const [welcome] = await visitor.frames('received', 'welcome');
  const guest = String(welcome?.message?.peer);
  assert.match(guest, /^guest-/, 'the relay has issued a guest ID');

  await visitor.press('Talk to us');
  await visitor.find('Call with Support desk', 'group');
  assert.equal(await visitor.panel((made) => made.getAttribute('layout')), 'floating');
  await support.find('Incoming video call from Guest', 'dialog');
  await support.press('Accept');
  await together(visitor, support);

  await support.press('Hang up');
  await bothEnd(visitor, support, 'hung-up');
  await release(visitor, support);
  await visitor.press('Talk to us');
  await support.find('Incoming video call from Guest', 'dialog');
  await visitor.press('Cancel');
  await bothEnd(visitor, support, 'cancelled');
});
