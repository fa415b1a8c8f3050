/** What happens to a call when a device is pulled out, a permission is taken back, or nobody answers the question for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { bothEnd, hearsNothing, release, seesFace, talk, twoPeople } from '../support/people.js';
import { pullOut, withoutProcesses } from '../support/processes.js';
import { hers, hidesNote, opened, plug, refuse, reopens, RIG } from '../support/rig.js';
import { button, openWorld, panel } from '../support/world.js';

test(
  'A microphone that is pulled out is replaced at once by another, and the other side hears on',
  { skip: withoutProcesses },
  async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, hers());
    await talk(alice, bob);
    const times = await opened(alice, 'audio');

    const from = Date.now();
    pullOut(alice, 'microphone');
    await reopens(alice, 'audio', times);
    await bob.hears({ energy: 1e-4 });
    t.diagnostic(`heard again ${Date.now() - from} ms after the microphone was lost`);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await alice.find('Mute microphone');
    assert.equal(await opened(alice, 'audio'), times + 1);

    await alice.press('Mute microphone');
    await bob.reads('Muted');
    pullOut(alice, 'microphone');
    await reopens(alice, 'audio', times + 1);
    await alice.find('Unmute microphone');
    await hearsNothing(bob);
    await alice.press('Unmute microphone');
    await bob.hears();
    await alice.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
    await release(alice, bob);
  },
);

test(
  'A camera that is pulled out is taken again while the sound goes on, without a word where it is the same',
  { skip: withoutProcesses },
  async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, hers());
    await talk(alice, bob);
    const times = await opened(alice, 'video');

    const from = Date.now();
    pullOut(alice, 'camera');
    await reopens(alice, 'video', times);
    await bob.sees();
    t.diagnostic(`ten new frames shown ${Date.now() - from} ms after the camera was lost`);
    await bob.seesAndHears();
    assert.equal(await alice.panel((shown) => shown.shadowRoot!.querySelector('.notices')), null);
  },
);

test('A permission that is taken back in mid-call is told to both sides, not asked for again, and counts again when it is back', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, hers({ windows: true }));
  await talk(alice, bob);
  const { origin } = new URL(alice.page.url());
  const browser = await alice.page.browser().target().createCDPSession();
  const browserContextId = alice.page.browserContext().id;
  const permit = (setting: 'denied' | 'granted', name: string) =>
    browser.send('Browser.setPermission', { permission: { name }, setting, origin, browserContextId });
  await permit('denied', 'microphone');
  await Promise.all([alice.reads('This page may no longer use your microphone'), alice.find('Unmute microphone'), bob.reads('Muted')]);
  // With the permission for one device Chromium ends the tracks of both: the other one is opened again, while it may be.
  await reopens(alice, 'video', 1);
  await permit('denied', 'camera');
  await Promise.all([alice.reads('This page may no longer use your camera'), bob.reads('Camera is off')]);
  await plug(alice);
  assert.deepEqual((await alice.live()).tracks, []);
  const outcomes = (await alice.captures()).map(({ outcome }) => outcome);
  assert.deepEqual(new Set(outcomes), new Set(['given']), 'nothing is asked for that is not permitted');
  await alice.seesAndHears();

  await permit('granted', 'microphone');
  await alice.find('Mute microphone');
  await permit('granted', 'camera');
  await alice.find('Turn camera off');
  await bob.seesAndHears();
  await hidesNote(alice, 'This page may no longer use your microphone');
});

test('What the browser has paused plays on when devices change, and when the page is in front again', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, hers());
  await talk(alice, bob);
  const moments = [() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')), () => dispatchEvent(new Event('pageshow'))];
  for (const moment of moments) {
    await alice.panel((shown) => shown.shadowRoot!.querySelector('audio')!.pause());
    await alice.page.evaluate(moment as () => void);
    await alice.page.waitForFunction(() => !document.querySelector('video-call-panel')!.shadowRoot!.querySelector('audio')!.paused, {
      timeout: PATIENCE,
    });
  }
});

test('A page that was loaded anew and cannot open its devices stays in the call, and is whole again with a click', async (t) => {
  const world = await openWorld(t);
  // Whether a page that was loaded anew may sound before it is touched Chromium answers now this way, now that way.
  const [alice, bob] = await twoPeople(world, hers({ autoplay: 'allowed' }));
  await talk(alice, bob);
  await alice.page.evaluate(() => void (sessionStorage.refuse = '{"audio":"NotFoundError","video":"NotFoundError"}'));
  await alice.reload();
  await alice.find('Rejoin call');
  await alice.state('connected');
  await Promise.all([alice.seesAndHears(), bob.reads('Muted'), seesFace(bob, 'A')]);
  await alice.press('Rejoin call');
  await alice.find('Rejoin call');
  await refuse(alice, {});
  await alice.press('Rejoin call');
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  assert.equal(await alice.has('Rejoin call'), false);
  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
});

test('Whoever takes a call and turns both devices off in the same moment is neither seen nor heard, and is once they are on', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await alice.press('Call Bob');
  await bob.find('Accept');

  const answers = await bob.panel(async (panel) => {
    const taken = panel.accept();
    return [await panel.setMicrophone(false), await panel.setCamera(false), await taken];
  });
  assert.deepEqual(answers, [true, true, true]);
  await Promise.all([alice.reads('Camera is off'), alice.reads('Muted'), seesFace(alice, 'B'), hearsNothing(alice)]);
  assert.equal((await bob.live()).camera, false);
  await bob.press('Turn camera on');
  await bob.press('Unmute microphone');
  await alice.seesAndHears();
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

/** Goes into Bob's page, before the widget: his browser asks him whether the page may have his devices, until he says `allow()`. */
const ASKING = `<script>
  const asked = new Promise((allow) => (globalThis.allow = allow));
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    await asked;
    return getUserMedia.call(this, constraints);
  };
</script>`;
const allow = (person: Person): Promise<void> => person.page.evaluate(() => (globalThis as unknown as { allow: () => void }).allow());

for (const media of ['video', 'audio'] as const)
  test(`Whoever overlooks that the browser asks for devices is told so, in a call with ${media}, and the other side sees a face until he allows them`, async (t) => {
    const world = await openWorld(t);
    const markup = ASKING + panel({ me: 'bob', 'display-name': 'Bob', 'max-resolution': '360p' });
    const [alice, bob] = await twoPeople(world, { media, bobVisits: { markup } });
    await alice.press('Call Bob');
    await bob.press('Accept');
    await bob.reads('Nobody hears you yet. If your browser asks for your microphone or camera, allow it.');
    await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
    await Promise.all([alice.reads('Muted'), seesFace(alice, 'B'), bob.hears()]);
    if (media === 'video') await Promise.all([alice.reads('Camera is off'), bob.sees()]);

    await allow(bob);
    await Promise.all([alice.hears(), hidesNote(alice, 'Muted'), hidesNote(bob, 'Nobody hears you yet.')]);
    if (media === 'video') await alice.sees();
    await alice.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
    await release(alice, bob);
  });

test('A caller who overlooks that the browser asks for devices is told so, and the call rings once he allows them', async (t) => {
  const world = await openWorld(t);
  const markup = ASKING + panel({ me: 'alice', 'display-name': 'Alice', 'max-resolution': '360p' }) + button({ peer: 'bob' }, 'Call Bob');
  const [alice, bob] = await twoPeople(world, { aliceVisits: { markup } });
  await alice.press('Call Bob');
  await alice.reads('Nobody hears you yet.');
  assert.equal(await bob.has('Accept'), false);
  await allow(alice);
  await bob.press('Accept');
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await hidesNote(alice, 'Nobody hears you yet.');
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
});

test('Whoever takes a call without having the camera for it reads so, also once both are together, and not for ever', async (t) => {
  const world = await openWorld(t);
  const markup = RIG + panel({ me: 'bob', 'display-name': 'Bob', 'max-resolution': '360p' });
  const [alice, bob] = await twoPeople(world, { bobVisits: { markup } });
  await refuse(bob, { video: 'NotFoundError' });
  await alice.press('Call Bob');
  await bob.press('Accept');
  await bob.event('call-error', { code: 'media-unavailable' });
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await bob.reads('A microphone or camera is missing.');
  await Promise.all([seesFace(alice, 'B'), alice.hears(), bob.seesAndHears()]);
  await hidesNote(bob, 'A microphone or camera is missing.');
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
});

test('Whoever takes a call and ends it in the same moment leaves nothing open', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await alice.press('Call Bob');
  await bob.find('Accept');

  await bob.panel((panel) => {
    void panel.accept();
    void panel.hangUp();
  });
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});
