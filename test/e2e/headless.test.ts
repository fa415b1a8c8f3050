/** A page that draws its own calls: `createCallClient` alone, against a panel of another page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorld, panel } from '../support/world.js';
import type { Person } from '../support/person.js';

/** A page with a client of its own, whose calls are shown by two elements of video. */
const page = (origin: string, options: object): string => `
  <video id="remote" autoplay playsinline></video>
  <script type="module">
    import { createCallClient } from '${origin}/video-call-client.js';
    const client = createCallClient(${JSON.stringify(options)});
    window.client = client;
    window.said = [];
    const types = ['call-request', 'call-incoming', 'call-state', 'call-connected', 'call-ended', 'call-error', 'call-message', 'relay-status', 'presence-change'];
    // The test sees what happens to the client as it sees the events of elements.
    for (const type of types) client.addEventListener(type, (event) => {
      if (window.veto === type) event.preventDefault();
      window.said.push(type);
      const copy = new Event(type);
      for (const name of ['peer', 'media', 'state', 'previous', 'reason', 'call', 'duration', 'code', 'message', 'text', 'from', 'status', 'presence'])
        if (event[name] !== undefined) copy[name] = event[name];
      document.getElementById('remote').dispatchEvent(copy);
    });
    client.subscribe(({ remoteStream }) => {
      const video = document.getElementById('remote');
      if (video.srcObject !== remoteStream) video.srcObject = remoteStream;
    });
  </script>`;

/** What a test asks of the client in a page. */
const ask = (person: Person, what: string): Promise<any> =>
  person.page.evaluate(`(async () => { const { client } = window; return ${what}; })()`);

/** Fails unless frames and sound of the other side arrive in a page without a panel. */
async function seesAndHears(person: Person): Promise<void> {
  const arrived = await person.page.evaluate(async () => {
    const { client } = window as unknown as { client: { snapshot: { remoteStream: MediaStream | null } } };
    const video = document.querySelector('video')!;
    const deadline = performance.now() + 10_000;
    const before = await observer.received(client.snapshot.remoteStream);
    for (let frames = 0; frames < 10; frames++) await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    for (;;) {
      const now = await observer.received(client.snapshot.remoteStream);
      if (now.audioEnergy - before.audioEnergy > 0.005) return true;
      if (performance.now() > deadline) return false;
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    }
  });
  assert.ok(arrived, `${person.name} sees and hears the other side`);
}

test('A page without an element calls a panel: both are seen and heard, write to each other, and nothing is left', async (t) => {
  const world = await openWorld(t);
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', 'display-name': 'Bob' }) });
  await bob.event('relay-status', { status: 'online' });
  const markup = page(world.relay.origin, { relay: world.relay.origin, me: 'alice', displayName: 'Alice' });
  const alice = await world.visit({ name: 'alice', markup, script: 'data:text/javascript,' });
  await ask(alice, "client.watch('bob') && true");
  await alice.event('presence-change', { peer: 'bob', presence: 'online' });

  assert.equal(await ask(alice, "window.veto = 'call-request', client.call('bob')"), false, 'its own listener vetoes the call');
  assert.equal(await ask(alice, 'client.snapshot.state'), 'idle');
  assert.equal(await ask(alice, "window.veto = '', client.call('bob')"), true);
  await bob.find('Incoming video call from Alice', 'dialog');
  await alice.state('ringing');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected', { call: { name: 'Bob' } }), bob.event('call-connected')]);
  await Promise.all([seesAndHears(alice), bob.seesAndHears()]);

  assert.equal(await ask(alice, "client.sendMessage('Can you see me?')"), true);
  await bob.event('call-message', { text: 'Can you see me?', from: 'alice' });
  await bob.panel((element) => element.sendMessage('Yes.'));
  await alice.event('call-message', { text: 'Yes.', from: 'bob' });
  await ask(alice, 'client.setMicrophone(false)');
  await alice.page.waitForFunction('!client.snapshot.local.microphone');
  const judged = await ask(
    alice,
    'new Promise((resolve) => { const stop = client.watchQuality((judgement, reading) => { if (judgement) { stop(); resolve({ ...judgement, seconds: reading.seconds }); } }); })',
  );
  assert.ok(judged.seconds > 0.5 && ['excellent', 'good', 'fair', 'poor'].includes(judged.quality), JSON.stringify(judged));

  await ask(alice, 'client.close()');
  await bob.event('call-ended', { reason: 'hung-up' });
  await alice.event('call-ended', { reason: 'hung-up' });
  await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
  await alice.page.waitForFunction('observer.live().sockets === 0');
  assert.equal(await ask(alice, "client.call('bob')"), false, 'a closed client calls nobody');
  const tags = await alice.page.evaluate(
    () => customElements.get('video-call-panel') === undefined && !observer.frames.some(({ text }) => !text),
  );
  assert.ok(tags, 'no element was registered');
});

test('A panel calls a page without an element, which vetoes the ringing, rings by itself, and takes the call', async (t) => {
  const world = await openWorld(t);
  const markup = page(world.relay.origin, { relay: world.relay.origin, me: 'bob' });
  const bob = await world.visit({ name: 'bob', markup, script: 'data:text/javascript,' });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob' }) });

  await ask(bob, "(window.veto = 'call-incoming')");
  await alice.press('Call');
  await bob.event('call-incoming', { call: { peer: 'alice' } });
  const silent = (await bob.page.evaluate(() => observer.frames)).filter(({ message }) => message?.type === 'ringing');
  assert.deepEqual(silent, [], 'it has not said that it rings');
  assert.equal(await ask(bob, "client.rings('visual')"), true);
  await alice.state('ringing');
  assert.equal(await ask(bob, 'client.accept()'), true);
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.seesAndHears(), seesAndHears(bob)]);
  await alice.press('Hang up');
  await bob.event('call-ended', { reason: 'hung-up' });
  await bob.holdsNothing();
});

test('A client shares the connection of an element with the same relay and ID, and outlives it', async (t) => {
  const world = await openWorld(t);
  const markup = panel({ me: 'alice' }) + page(world.relay.origin, { relay: world.relay.origin, me: 'alice' });
  const alice = await world.visit({ name: 'alice', markup });
  await alice.page.waitForFunction("window.client?.snapshot.relayStatus === 'online'");
  await alice.event('relay-status', { status: 'online' });
  assert.equal((await alice.live()).sockets, 1);
  await alice.page.evaluate(() => document.querySelector('video-call-panel')!.remove());
  await alice.page.waitForFunction('!document.querySelector("video-call-panel")');
  assert.equal(await ask(alice, 'client.snapshot.relayStatus'), 'online');
  await ask(alice, 'client.close()');
  await alice.page.waitForFunction('observer.live().sockets === 0');
});

test('The demo page without our looks makes a whole call with its own buttons', async (t) => {
  const world = await openWorld(t, { demo: true });
  const bob = await world.visit({ name: 'bob', url: `${world.relay.origin}/pair.html?me=bob&peer=alice` });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({ name: 'alice', url: `${world.relay.origin}/headless.html?me=alice&peer=bob` });
  await alice.reads('bob is online.');
  await alice.press('Call');
  await alice.reads("It rings at bob's.");
  await bob.press('Accept');
  await bob.seesAndHears();
  await alice.reads('You talk to bob.');
  await alice.press('End');
  await alice.reads('is over: hung-up.');
  await bob.event('call-ended', { reason: 'hung-up' });
  await alice.holdsNothing();
});
