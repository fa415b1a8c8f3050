/** Screens that are shared in a call, and cameras that are turned on in a voice call: whoever does it, and whenever. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposeLanes } from '../support/chatting.js';
import { release, seesFace, talk, twoPeople } from '../support/people.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { sees, until } from '../support/sharing.js';
import { openWorld } from '../support/world.js';

const SCREEN = { devices: 'screen' } as const;

/** The mean colour of what is shown of the other side's screen. */
const screenColour = (person: Person): Promise<number[]> =>
  person.panel((panel) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(panel.shadowRoot!.querySelector<HTMLVideoElement>('[part~=remote-screen]')!, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  });

/** Waits until what the shared screen sounds like is played. */
const hearsScreen = (person: Person): Promise<unknown> =>
  person.page.waitForFunction(
    async () => {
      const [, sound] = document.querySelector('video-call-panel')!.shadowRoot!.querySelectorAll('audio');
      const stream = sound!.srcObject as MediaStream | null;
      if (!stream || sound!.paused || sound!.muted) return false;
      return (await observer.received(stream)).audioEnergy > 0.01;
    },
    { timeout: PATIENCE, polling: 100 },
  );

/** Lets the screen of this person be a picture of one colour with something that moves, in the place of the browser's choice. */
const paintScreen = (person: Person, colour: string): Promise<unknown> =>
  person.page.evaluate((fill) => {
    const own = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getDisplayMedia = async (options) => {
      // The browser is asked all the same, which sees to it that there was a gesture.
      const shared = await own(options);
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 400 });
      const paint = canvas.getContext('2d')!;
      let at = 0;
      const draw = () => {
        paint.fillStyle = fill;
        paint.fillRect(0, 0, 640, 400);
        paint.fillStyle = 'black';
        paint.fillRect((at += 4) % 640, 0, 8, 8);
      };
      draw();
      setInterval(draw, 50);
      for (const track of shared.getTracks()) track.stop();
      const stream = canvas.captureStream(20);
      Object.assign(window, { shared: stream.getVideoTracks()[0] });
      return stream;
    };
  }, colour);

/** How this person's screen is sent. */
const screenSender = (person: Person) =>
  person.page.evaluate(() => {
    const [connection] = (globalThis as unknown as { connections: RTCPeerConnection[] }).connections;
    const { sender } = connection!.getTransceivers()[2]!;
    const { degradationPreference, encodings } = sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string };
    const [{ scaleResolutionDownBy = 1, active = true } = {}] = encodings;
    const { frameRate = 0 } = sender.track!.getSettings();
    return {
      hint: sender.track!.contentHint,
      degradationPreference,
      sizes: encodings.length,
      scaleResolutionDownBy,
      active,
      calm: frameRate > 0 && frameRate <= 30,
    };
  });

/** The browser's own bar stops the sharing. */
const stopByBar = (person: Person): Promise<unknown> =>
  person.page.evaluate(() => {
    const { shared } = window as unknown as { shared: MediaStreamTrack };
    shared.stop();
    shared.dispatchEvent(new Event('ended'));
  });

test('In a call either side shares its screen, and both at once, while the faces go on; a reload of the other side changes nothing', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { aliceVisits: SCREEN, bobVisits: SCREEN });
  await exposeLanes(alice);
  await talk(alice, bob);

  await alice.press('Share screen');
  await bob.reads('Alice is sharing a screen');
  await alice.reads('You are sharing your screen');
  await sees(bob, 'remote-screen');
  await sees(bob, 'remote-video');
  await hearsScreen(bob);
  // Letters stay letters: whatever the path takes, all of the picture is sent, and rather fewer of them.
  assert.deepEqual(await screenSender(alice), {
    hint: 'detail',
    degradationPreference: 'maintain-resolution',
    sizes: 1,
    scaleResolutionDownBy: 1,
    active: true,
    calm: true,
  });
  assert.deepEqual(
    (await alice.captures()).filter(({ name }) => name === 'getDisplayMedia').map(({ outcome }) => outcome),
    ['given'],
  );
  assert.equal(await alice.page.$eval('video-call-panel', (panel) => panel.hasAttribute('sharing')), true);
  await alice.press('Stop sharing');
  await until(bob, '[part~=remote-screen]', false);
  assert.ok(!(await alice.live()).tracks.some((track) => track.startsWith('display')), 'the screen is let go');

  await paintScreen(alice, 'rgb(255, 0, 0)');
  await paintScreen(bob, 'rgb(0, 0, 255)');
  await Promise.all([alice.press('Share screen'), bob.press('Share screen')]);
  await Promise.all([sees(alice, 'remote-screen'), sees(bob, 'remote-screen')]);
  const [hers, his] = [await screenColour(bob), await screenColour(alice)];
  assert.ok(hers[0]! > 200 && hers[2]! < 60, `Bob sees Alice's red screen: ${hers.join()}`);
  assert.ok(his[2]! > 200 && his[0]! < 60, `Alice sees Bob's blue screen: ${his.join()}`);
  await Promise.all([sees(alice, 'remote-video'), sees(bob, 'remote-video')]);

  await stopByBar(bob);
  await until(alice, '[part~=remote-screen]', false);
  await bob.find('Share screen');

  await bob.reload();
  await alice.state('reconnecting');
  await bob.state('connected');
  await Promise.all([sees(bob, 'remote-screen'), sees(bob, 'remote-video'), alice.sees()]);
  await alice.press('Hang up');
  await bob.event('call-ended', { reason: 'hung-up' });
  await release(alice, bob);
});

test('Both sides of a voice call turn their cameras off and on at the same moment, again and again, without a collision', async (t) => {
  const world = await openWorld(t);
  const people = await twoPeople(world, { media: 'audio', bobVisits: { headers: { 'permissions-policy': 'display-capture=()' } } });
  const [alice, bob] = people;
  for (const { page } of people) {
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const { send } = RTCDataChannel.prototype;
      RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: never) {
        said.push(data as string);
        return send.call(this, data);
      };
    });
  }
  await alice.press('Call Bob');
  await bob.press('Accept');
  await Promise.all(people.map((person) => person.event('call-connected')));
  const both = <T>(act: (person: Person) => Promise<T>) => Promise.all(people.map(act));
  const turn = (on: boolean) => both((person) => person.panel((panel, wanted) => panel.setCamera(wanted) as Promise<boolean>, on));

  for (let times = 0; times < 10; times++) {
    await turn(true);
    await both((person) => until(person, '.filmed.self'));
    await turn(false);
    await both((person) => until(person, '.stage:not(.filmed, .self)'));
  }
  await Promise.all([seesFace(alice, 'B'), seesFace(bob, 'A')]);
  assert.ok(!(await alice.live()).camera && !(await bob.live()).camera, 'no camera stays on');
  // One after the other: a picture that arrives brings a control of its own, and moves the others.
  await alice.press('Turn camera on');
  await bob.seesAndHears();
  await bob.press('Turn camera on');
  await both((person) => person.seesAndHears());
  // The site does not let Bob's page share anything.
  await bob.press('Share screen');
  await bob.reads('This page may not share your screen.');

  const described = await both(async (person) => {
    const channel = await person.page.evaluate(() => (window as unknown as { said: string[] }).said);
    const messages = [...channel, ...(await person.frames('sent')).map(({ text }) => text)].flatMap((text) => {
      const message = JSON.parse(String(text)) as { type: string; n: number };
      return message.type === 'description' ? [message.n] : [];
    });
    return new Set(messages).size;
  });
  t.diagnostic(`descriptions: ${described.join(' and ')}`);
  assert.ok(described[0]! + described[1]! <= 2, `there is one offer and one answer at most: ${described.join(' and ')}`);
  assert.deepEqual(await both(async (person) => (await person.events('call-error')).length), [0, 0]);
  assert.deepEqual(await both(async (person) => (await person.events('call-state')).filter(({ state }) => state === 'reconnecting')), [
    [],
    [],
  ]);
  await alice.press('Hang up');
  await bob.event('call-ended', { reason: 'hung-up' });
  await release(alice, bob);
});
