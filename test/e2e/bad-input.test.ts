/** Bad input of every kind, from pages, relays and strangers: a sentence for the person, and nothing else is touched. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { MAX_MESSAGE_BYTES, MAX_SDP, SUBPROTOCOL } from '../../relay/protocol/index.js';
import { TestPage } from '../relay/support/relay.js';
import { openHostileRelay, type HostilePage, type HostileRelay, type Manners } from '../support/hostile-relay.js';
import { openSite, pageWith } from '../support/pages.js';
import { bobAlone, bothEnd, talk, together, twoPeople, complains } from '../support/people.js';
import type { Live, Person } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { button, openWorld, panel, type World } from '../support/world.js';
import { MAX_CALLS } from '../../components/call/engine.js';

declare const observer: { live(): Live };

async function untouched(...people: readonly Person[]): Promise<void> {
  await Promise.all(people.map((person) => person.seesAndHears()));
  for (const person of people) {
    const states = (await person.events('call-state')).map(({ state }) => state);
    assert.equal(states.at(-1), 'connected', `${person.name} is in the call`);
    assert.ok(!states.includes('reconnecting') && !states.includes('ended'), `the call of ${person.name} was never disturbed`);
    assert.deepEqual(await person.events('call-error'), [], `${person.name} was told of no error`);
  }
}

/** A page with two panels: one at a hostile relay, the other in a call with Bob at an honest one. */
interface Attack {
  readonly relay: HostileRelay;
  readonly page: HostilePage;
  /** What the person sees of the panel at the hostile relay. */
  readonly victim: Person;
  /** Fails unless the call at the honest relay goes on as if nothing were, and the panel at the hostile one can still be called. */
  unharmed(): Promise<void>;
}

async function underAttack(t: TestContext, world: World, manners: Manners = {}): Promise<Attack> {
  const relay = await openHostileRelay(manners);
  t.after(() => relay.close());
  const bob = await bobAlone(world);
  const person = await world.visit({
    name: 'alice',
    markup: panel({ id: 'victim', me: 'victim', relay: relay.url, peer: 'mallory' }) + panel({ id: 'honest', me: 'alice', peer: 'bob' }),
  });
  const [victim, alice] = [person.in('victim'), person.in('honest')];
  const [page] = await Promise.all([
    relay.page('victim'),
    ...[victim, alice].map((one) => one.event('relay-status', { status: 'online' })),
  ]);
  await alice.press('Call');
  await bob.press('Accept');
  await together(alice, bob);

  async function unharmed(): Promise<void> {
    const call = page.invite('friend/d1', { name: 'A friend' });
    await victim.find('Incoming video call from A friend', 'dialog');
    await victim.press('Decline');
    await page.hears({ type: 'decline', reason: 'declined', call });
    await untouched(alice, bob);
    await alice.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
    await bob.holdsNothing();
  }
  return { relay, page, victim, unharmed };
}

// ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

test('Attributes that cannot be used are each named in an error, once, and every element goes on with its default', async (t) => {
  const world = await openWorld(t);
  const bob = await bobAlone(world);
  const bad: readonly [attribute: string, markup: (id: { id: string }) => string][] = [
    ['me', (id) => panel({ ...id, me: 'not a peer!' })],
    ['me', (id) => panel({ ...id, me: 'x'.repeat(129) })],
    ['relay', (id) => panel({ ...id, relay: 'not a url' })],
    ['relay', (id) => panel({ ...id, relay: 'ftp://relay.example' })],
    ['relay', (id) => button({ ...id, peer: 'bob', relay: 'ws://[' })],
    ['display-name', (id) => panel({ ...id, 'display-name': 'n'.repeat(65) })],
    ['token-src', (id) => panel({ ...id, 'token-src': 'javascript:alert(1)' })],
    ['ice-servers', (id) => panel({ ...id, 'ice-servers': '{"urls":' })],
    ['ice-servers', (id) => panel({ ...id, 'ice-servers': '[{"urls":"http://x"}]' })],
    ['ice-policy', (id) => panel({ ...id, 'ice-policy': 'sometimes' })],
    ['peer', (id) => panel({ ...id, peer: 'a/b' })],
    ['peer', (id) => button({ ...id, peer: '<b>' })],
    ['media', (id) => button({ ...id, peer: 'bob', media: 'smell' })],
    ['layout', (id) => panel({ ...id, layout: 'sideways' })],
    ['ring-timeout', (id) => panel({ ...id, 'ring-timeout': 4 })],
    ['ring-timeout', (id) => panel({ ...id, 'ring-timeout': 181 })],
    ['ring-timeout', (id) => panel({ ...id, 'ring-timeout': 'long' })],
    ['auto-answer', (id) => panel({ ...id, 'auto-answer': 'yes' })],
    ['max-resolution', (id) => panel({ ...id, 'max-resolution': '9000p' })],
    ['max-bitrate', (id) => panel({ ...id, 'max-bitrate': -1 })],
  ];
  const markup = panel({ id: 'good', me: 'alice' }) + bad.map(([, markupOf], at) => markupOf({ id: `bad-${at}` })).join('');
  const page = await world.visit({ name: 'alice', markup: markup + button({ peer: 'bob', media: 'smell', panel: 'good' }, 'Call Bob') });

  for (const [at, [attribute]] of bad.entries()) {
    const { message } = await complains(page.in(`bad-${at}`), 'bad-attribute');
    assert.match(String(message), new RegExp(`"${attribute}"`), 'it says which attribute');
  }
  await page.press('Call Bob');
  await bob.find('Incoming video call from alice', 'dialog');
  await bob.press('Decline');
  await bothEnd(page, bob, 'declined');
  const errors = await page.events('call-error');
  const told = errors.map(({ id, message }) => `${id} ${String(message)}`);
  assert.equal(new Set(told).size, told.length, 'nothing is said twice');
});

test('A button that cannot call anybody says so when it is pressed, and calls once it can', async (t) => {
  const world = await openWorld(t);
  const bob = await bobAlone(world);
  const markup = button({ id: 'nobody' }, 'Nobody') + button({ id: 'nowhere', peer: 'bob', panel: 'missing' }, 'Nowhere');
  const page = await world.visit({ markup });

  for (const [id, label, attribute] of [
    ['nobody', 'Nobody', 'peer'],
    ['nowhere', 'Nowhere', 'panel'],
  ] as const) {
    await page.press(label);
    const { message } = await complains(page.in(id), 'bad-attribute');
    assert.match(String(message), new RegExp(`"${attribute}"`));
  }
  await page.page.$eval('#nobody', (element) => element.setAttribute('peer', 'bob'));
  await page.press('Nobody');
  await bob.press('Decline');
  await bothEnd(page, bob, 'declined');
});

/** An address of this machine that browsers take for another one, or undefined. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && address.family === 'IPv4' && !address.internal)?.address;
const withoutOutside = outside === undefined && 'This machine has no address but 127.0.0.1, which browsers take for secure.';

test(
  'On a page that was not loaded over https the person is told that it is needed, and nothing is tried',
  { skip: withoutOutside },
  async (t) => {
    const world = await openWorld(t);
    const [relay, site] = await Promise.all([startRelay({ host: outside!, open: true }), openSite(outside)]);
    t.after(() => Promise.all([relay.close(), site.close()]));
    const markup = panel({ id: 'panel', me: 'alice' }) + button({ id: 'alone', peer: 'bob', me: 'guest' }, 'Call Bob');
    const page = await world.visit({ permission: 'denied', url: site.add(pageWith(markup, `${relay.origin}/video-call.js`)) });

    for (const id of ['panel', 'alone']) {
      const { message } = await complains(page.in(id), 'insecure-context');
      assert.match(String(message), /https/);
    }
    await page.press('Call Bob');
    await page.find('Calls need a secure page. Open this page with https.', 'alertdialog');
    assert.equal((await page.live()).sockets, 0);
    assert.deepEqual(await page.events('call-state'), []);
  },
);

test('Without permission for the microphone neither side of a call hangs, and both are told why it ended', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { alice: { peer: 'bob' }, bob: { peer: 'alice' }, aliceVisits: { permission: 'denied' } });

  await alice.press('Call Bob');
  await complains(alice, 'media-denied');
  await alice.event('call-ended', { reason: 'media-denied' });
  assert.deepEqual(await bob.events('call-incoming'), [], 'a call that cannot be made never rings');
  await bob.press('Call');
  await alice.press('Accept');
  await complains(alice, 'media-denied');
  await bothEnd(alice, bob, 'media-denied');
  await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
});

test('Without a microphone and a camera neither side of a call hangs, and both are told why it ended', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bob: { peer: 'alice' }, aliceVisits: { devices: 'none' } });

  await alice.press('Call Bob');
  await complains(alice, 'media-unavailable');
  await alice.event('call-ended', { reason: 'media-unavailable' });
  assert.deepEqual(await bob.events('call-incoming'), [], 'a call that cannot be made never rings');
  await bob.press('Call');
  await alice.press('Accept');
  await complains(alice, 'media-unavailable');
  await bothEnd(alice, bob, 'media-unavailable');
  await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
});

// ── Relays that are hostile ──────────────────────────────────────────────────────────────────────────────────────

/** What is not of the protocol, in every way that there is. */
const nonsense = (): unknown[] => [
  ...['', ' ', 'hello', '{', '[]', 'null', '42', '"text"', 'NaN', '{"type":', '[{"type":"pong"}]', '\u0000', '{}'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'teleport', 'hello', 'ping', '', null, 7, {}, []].map((type) => ({ type })),
  '{"type":"pong","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '['.repeat(30_000),
  `{"type":"pong","deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  'x'.repeat(1_000_000),
  { type: 'pong', padding: 'x'.repeat(1_000_000) },
  Buffer.from('{"type":"pong"}'),
  Buffer.alloc(1_000_000, 255),
  { type: 'presence', address: 7, presence: 'online' },
  { type: 'presence', address: 'bob', presence: 'asleep' },
  { type: 'ice-servers', iceServers: 'none', iceTtl: 1 },
  { type: 'ice-servers', iceServers: [{ urls: 'turn:one' }], iceTtl: -1 },
  { type: 'error', code: 'catastrophe', message: 'x' },
  { type: 'error', code: 'protocol', message: 'x'.repeat(513) },
  { type: 'unreachable', to: 'bob', call: 'no-uuid', n: 1 },
  { type: 'welcome', peer: 'someone else', device: 'd', resume: '' },
  {
    type: 'welcome',
    peer: 'elsewhere',
    device: 'd',
    resume: 'r',
    iceServers: [],
    iceTtl: 0,
    pingEvery: 1,
    maxMessage: 1024,
    roster: false,
  },
  { type: 'roster', peers: [{ peer: '', presence: 'online' }] },
];

/** Invites of which each has one thing wrong. */
const wrongInvites: Readonly<Record<string, unknown>>[] = [
  ...[undefined, 'mallory', '/d1', 'mallory/d1/d2', 'mallory/', `${'m'.repeat(129)}/d1`, 'mal lory/d1', 7, null].map((from) => ({ from })),
  ...[-1, 1.5, 2 ** 53, '1', null].flatMap((number) => [{ n: number }, { ack: number }, { gen: number }]),
  ...['', 'not-a-uuid', '00000000-0000-1000-8000-000000000000', 7].map((call) => ({ call })),
  ...['smell', 'VIDEO', null].map((media) => ({ media })),
  ...[0, 4, 181, 1e9, '60'].map((expires) => ({ expires })),
  ...[{}, { type: 'pranswer', sdp: '' }, { type: 'offer', sdp: 'x'.repeat(MAX_SDP + 1) }, 'v=0'].map((description) => ({ description })),
  ...['n'.repeat(65), 'bell\u0007', 'two\nlines', 7].map((name) => ({ name })),
  ...[[{}], [{ candidate: 'x'.repeat(1025) }], Array(101).fill({ candidate: '' }), 'none'].map((candidates) => ({ candidates })),
];

test('What a relay says that is not of the protocol is reported once, and neither the page nor any call takes harm', async (t) => {
  const world = await openWorld(t);
  const { page, victim, unharmed } = await underAttack(t, world);
  page.say(...nonsense());
  for (const wrong of wrongInvites) page.invite('mallory/d1', wrong);
  page.say(...Array(2_000).fill({ type: 'pong' }), ...Array(2_000).fill({ type: 'presence', address: 'nobody', presence: 'busy' }));
  await page.settled();

  await complains(victim, 'protocol');
  assert.equal((await victim.events('call-error')).length, 1, 'it is said once');
  assert.deepEqual(await victim.events('call-incoming'), [], 'no invite that is wrong rings');
  assert.equal(await victim.page.evaluate(() => 'polluted' in {}), false);
  assert.equal(await victim.panel((element) => element.relayStatus), 'online');
  await unharmed();
});

test('Words of strangers, and words about calls that nobody knows, do nothing to a call', async (t) => {
  const world = await openWorld(t);
  const { page, victim, unharmed } = await underAttack(t, world);
  const call = page.invite('friend/d1', { name: 'A friend' });
  await victim.find('Incoming video call from A friend', 'dialog');

  const contents = [
    { type: 'cancel', reason: 'cancelled' },
    { type: 'hangup', reason: 'hung-up' },
    { type: 'decline', reason: 'declined' },
    { type: 'accept', media: 'video', description: { type: 'answer', sdp: '' } },
    { type: 'confirm' },
    { type: 'ringing', alert: 'sound' },
    { type: 'candidates', candidates: [{ candidate: 'candidate:1 1 udp 1 10.0.0.1 1 typ host' }], gen: 0 },
    { type: 'description', description: { type: 'offer', sdp: '' }, gen: 7 },
    { type: 'media', microphone: false, camera: false, screen: true },
    { type: 'resume' },
    { type: 'ack' },
  ];
  const before = page.said.length;
  for (const from of ['mallory/d1', 'friend/d2', 'victim/d1', 'friend/D1']) {
    for (const content of contents) {
      for (const id of [call, randomUUID()]) page.say({ ...content, from, to: 'victim', call: id, n: 2, ack: 99 });
    }
  }
  await page.settled();
  assert.ok(await victim.has('Incoming video call from A friend', 'dialog'), 'it rings on');
  // Whoever says that he is back in a call hears that there is none to come back to.
  const answers = page.said.slice(before).filter(({ type, n }) => type !== 'ack' && !(type === 'hangup' && n === 0));
  assert.deepEqual(
    answers.filter(({ type }) => type !== 'ringing'),
    [],
    'nothing is answered but that the cancel was heard',
  );

  page.say({ type: 'cancel', reason: 'cancelled', from: 'friend/d1', to: 'victim', call, n: 2, ack: 0 });
  await victim.event('call-ended', { reason: 'cancelled' });
  assert.deepEqual(await victim.events('call-error'), []);
  await unharmed();
});

test('Of a thousand invites at once one rings, and only so many are kept as to hear “busy”; a storm of cancels ends it, and later invites of them stay silent', async (t) => {
  const world = await openWorld(t);
  const { page, victim, unharmed } = await underAttack(t, world);
  const calls = Array.from({ length: 1_000 }, (_, at) => ({
    from: `m${at}/d1`,
    call: page.invite(`m${at}/d1`, { name: `Mallory ${at}` }),
  }));
  await page.hears({ type: 'decline', reason: 'busy' }, MAX_CALLS - 1);
  assert.deepEqual(
    (await victim.events('call-incoming')).map(({ call }) => (call as { peer: string }).peer),
    ['m0'],
  );
  assert.ok(await victim.has('Incoming video call from Mallory 0', 'dialog'));

  const cancel = { type: 'cancel', reason: 'cancelled', to: 'victim', n: 2, ack: 1 };
  const unborn = Array.from({ length: 50 }, (_, at) => ({ from: `late${at}/d1`, call: randomUUID() }));
  for (let storm = 0; storm < 3; storm++) page.say(...[...calls, ...unborn].map((one) => ({ ...cancel, ...one })));
  await victim.event('call-ended', { reason: 'cancelled' });
  for (const { from, call } of [...calls.slice(900), ...unborn]) page.invite(from, { call });
  await page.settled();
  assert.equal((await victim.events('call-incoming')).length, 1, 'what is over never rings');
  assert.equal((await victim.events('call-ended')).length, 1, 'the person saw one call');
  await unharmed();
});

test('A storm of words from the page of the other side freezes nothing, also on a slow machine: one hangs up amid it', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await alice.page.evaluate(() => {
    const page = globalThis as unknown as { channel: RTCDataChannel; last: { n: number } };
    const send = RTCDataChannel.prototype.send as (data: string) => void;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: never) {
      if (this.label === 'video-call') [page.channel, page.last] = [this, JSON.parse(data) as { n: number }];
      send.call(this, data);
    };
  });
  await talk(alice, bob);
  await alice.press('Mute microphone');
  await bob.page.emulateCPUThrottling(3);
  await alice.page.evaluate(() => {
    const { channel, last } = globalThis as unknown as { channel: RTCDataChannel; last: { n: number } };
    setInterval(() => {
      for (let more = 0; more < 50 && channel.readyState === 'open'; more++) {
        const word = { ...last, type: 'media', microphone: ++last.n % 2 === 0, camera: true, screen: false };
        channel.send(JSON.stringify(word));
      }
    }, 50);
  });
  await alice.page.waitForFunction(() => (globalThis as unknown as { last: { n: number } }).last.n > 1000);
  await bob.press('Hang up');
  await alice.event('call-ended', { reason: 'hung-up' });
});

test('Names are shown as the text that they are, whatever they contain', async (t) => {
  const world = await openWorld(t);
  const { page, victim, unharmed } = await underAttack(t, world);
  const names = [
    '<img src=x onerror=globalThis.hacked=true>',
    '</bdi><script>globalThis.hacked = true</script>${hacked}',
    '\u202Ekcatta\u202C \u2066isolated',
    'zero\u200Bwidth\u200Djoiner',
    '𝕎'.repeat(64),
    '{name} %s &amp; {{name}}',
  ];
  for (const [at, name] of names.entries()) {
    const from = `mallory${at}/d1`;
    const call = page.invite(from, { name });
    const dialog = await victim.find(`Incoming video call from ${name}`, 'dialog');
    const shown = await dialog.evaluate((element) => [...element.querySelectorAll('bdi')].map(({ textContent }) => textContent));
    assert.deepEqual(shown, [name], 'it is kept apart from the words around it');
    page.say({ type: 'cancel', reason: 'cancelled', from, to: 'victim', call, n: 2, ack: 0 });
    await victim.event('call-ended', { reason: 'cancelled' });
  }
  const found = await victim.panel((element) => element.shadowRoot!.querySelectorAll('img, script').length);
  assert.equal(found, 0, 'no name became markup');
  assert.equal(await victim.page.evaluate(() => 'hacked' in globalThis), false);
  await unharmed();
});

const SECTION = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendrecv\r\n';
const garbage = [
  { type: 'offer', sdp: 'garbage' },
  { type: 'offer', sdp: `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n${SECTION.repeat(500)}` },
  { type: 'answer', sdp: 'v=0\r\n' },
  { type: 'rollback', sdp: 'v=0\u0000\r\n' },
];

test('A session description that is garbage ends the call on both sides with an error, and lets every device go', async (t) => {
  const world = await openWorld(t);
  const { page, victim, unharmed } = await underAttack(t, world, { welcome: { iceServers: [{ urls: ['stun:127.0.0.1:9'] }] } });
  for (const description of garbage) {
    const call = page.invite('mallory/d1', {
      description,
      candidates: [{ candidate: 'candidate:garbage', sdpMid: '0' }, { candidate: '' }],
    });
    await victim.press('Accept');
    await complains(victim, 'protocol');
    await victim.event('call-ended', { reason: 'connection-lost' });
    await page.hears({ type: 'hangup', reason: 'connection-lost', call });
  }
  for (const sdp of ['', 'garbage', `v=0\r\n${SECTION}`]) {
    await victim.press('Call again');
    const [invite] = await page.hears({ type: 'invite' });
    page.said.length = 0;
    const reply = { from: 'mallory/d1', to: 'victim', call: invite!['call'], ack: 1 };
    page.say({ ...reply, type: 'ringing', alert: 'sound', n: 1 });
    await victim.state('ringing');
    page.say({ ...reply, type: 'accept', media: 'video', description: { type: 'answer', sdp }, gen: 0, n: 2 });
    await complains(victim, 'protocol');
    await victim.event('call-ended', { reason: 'connection-lost' });
    await page.hears({ type: 'hangup', reason: 'connection-lost' });
  }
  assert.equal((await victim.live()).tracks.length, 2, 'what is left is the other call');
  await victim.page.waitForFunction(() => observer.live().peerConnections === 1, { timeout: 10_000 });
  await unharmed();
});

test('Errors without end make no page talk; one about its invite ends the call as refused, once', async (t) => {
  const world = await openWorld(t);
  const { page, victim, unharmed } = await underAttack(t, world);
  await page.settled();
  page.said.length = 0;
  const codes = ['unauthorized', 'forbidden', 'rate-limited', 'protocol'];
  const loop = (re: object) => codes.flatMap((code) => Array<unknown>(250).fill({ type: 'error', code, message: 'No.', re }));
  page.say(...loop({}), ...loop({ type: 'invite', call: randomUUID(), n: 1 }), ...loop({ type: '__proto__', call: 'constructor' }));
  page.say(...Array(1_000).fill({ type: 'unreachable', to: 'nobody', call: randomUUID(), n: 1 }));
  await page.settled();
  // It may acknowledge once more what was said before.
  assert.deepEqual([...new Set(page.said.map(({ type }) => type))], ['ack'], 'the page answers none of it');
  assert.deepEqual(await victim.events('call-error'), []);

  for (const code of ['forbidden', 'rate-limited']) {
    // On a busy machine the last call's invite may have been repeated.
    page.said.length = 0;
    await victim.press(code === 'forbidden' ? 'Call' : 'Call again');
    const [invite] = await page.hears({ type: 'invite' });
    page.say(...Array(250).fill({ type: 'error', code, message: 'No.', re: { type: 'invite', call: invite!['call'], n: 1 } }));
    await complains(victim, code);
    await victim.event('call-ended', { reason: 'refused' });
  }
  await page.settled();
  assert.equal((await victim.events('call-ended')).length, 2, 'each call ends once');
  assert.equal((await victim.events('call-error')).length, 2, 'each refusal is said once');
  await unharmed();
});

// ── Pages that are hostile ───────────────────────────────────────────────────────────────────────────────────────

/** A connection to the relay that is no widget's. */
async function connectRaw(t: TestContext, world: World, hello?: Readonly<Record<string, unknown>>): Promise<TestPage> {
  const socket = new WebSocket(world.relay.socketUrl, SUBPROTOCOL);
  t.after(() => socket.terminate());
  const page = new TestPage(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  if (hello) {
    page.say({ type: 'hello', ...hello });
    page.welcome = await page.next('welcome');
  }
  return page;
}

test(
  'Strangers at the same relay who say what they must not are told so or thrown out, and a call beside them loses nothing',
  { timeout: 60_000 },
  async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world);
    await talk(alice, bob);
    const raw = (hello?: Readonly<Record<string, unknown>>) => connectRaw(t, world, hello);
    const closesWith = async (page: TestPage, code: number, what: string) => assert.equal((await page.closed).code, code, what);

    for (const [code, first] of [
      [4400, 'not JSON'],
      [4400, '[]'],
      [4400, '{"type":"ping"}'],
      [4400, '{"type":"hello","device":7}'],
      [1003, Buffer.from('{"type":"hello","device":"d1"}')],
      [1009, 'x'.repeat(MAX_MESSAGE_BYTES + 1)],
    ] as const) {
      const page = await raw();
      page.webSocket.send(first);
      await closesWith(page, code, String(first).slice(0, 40));
    }

    const [mallory, eve] = [await raw({ peer: 'mallory', device: 'd1' }), await raw({ peer: 'eve', device: 'd1' })];
    const wrong = [
      'not JSON',
      '{"type":"teleport"}',
      JSON.stringify({ type: 'hangup', reason: 'hung-up', from: 'alice/d1', to: 'eve', call: randomUUID(), n: 1, ack: 0 }),
    ];
    for (const text of wrong) {
      mallory.say(text);
      assert.equal((await mallory.next('error'))['code'], 'protocol');
    }
    mallory.tell('nobody', { type: 'hangup', reason: 'hung-up' });
    await mallory.next('unreachable');
    mallory.tell('eve', { type: 'hangup', reason: 'hung-up', n: 7 });
    const heard = await eve.next('hangup');
    assert.deepEqual([heard['from'], heard['n']], ['mallory/d1', 7], 'of all that was said to her, Eve hears what is of the protocol');
    mallory.say('{"type":');
    await mallory.next('error');
    mallory.say('"fifth"');
    await closesWith(mallory, 4400, 'after five malformed messages');
    await untouched(alice, bob);

    // Whoever knows the call and the addresses of both sides gets no further.
    const invite = (await alice.frames('sent', 'invite'))[0]!.message!;
    const thief = await raw({ peer: 'mallory', device: 'd2' });
    for (const person of [alice, bob]) {
      const { device } = (await person.frames('sent', 'hello'))[0]!.message!;
      const impostor = await raw({ peer: person.name, device });
      assert.notEqual(impostor.welcome['device'], device, 'nobody takes over the address of another page');
      for (const page of [thief, impostor]) {
        for (const [at, type] of ['hangup', 'decline', 'cancel'].entries()) {
          page.say({
            type,
            reason: 'declined',
            to: `${person.name === 'alice' ? 'bob' : 'alice'}`,
            call: invite['call'],
            n: at + 1,
            ack: 0,
          });
          page.say({ type, reason: 'declined', to: `${person.name}/${String(device)}`, call: invite['call'], n: at + 4, ack: 0 });
        }
      }
      impostor.webSocket.close(1000);
      await impostor.closed;
    }
    await untouched(alice, bob);

    const flood = await raw({ peer: 'flood', device: 'd1' });
    const ping = JSON.stringify({ type: 'presence' });
    const words = JSON.stringify({ type: 'candidates', candidates: [], gen: 0, to: 'bob', call: invite['call'], n: 9, ack: 0 });
    for (let at = 0; at < 1_000 && flood.webSocket.readyState === WebSocket.OPEN; at++)
      flood.webSocket.send(at % 100 === 99 ? ping : words);
    const { code } = await flood.closed;
    assert.ok(code === 4429 || code === 4400, `a flood ends with ${code}`);
    await untouched(alice, bob);

    await alice.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
    await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
  },
);
