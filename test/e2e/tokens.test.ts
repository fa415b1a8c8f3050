/** Who may call, in real pages: tokens from the site of the page, guests without one, and what people are told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../relay/clock.js';
import type { Clock } from '../../relay/clock.js';
import { tokenCommand } from '../../relay/commands/token.js';
import { bothEnd, ready, talk, together } from '../support/people.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { button, openWorld, panel } from '../support/world.js';
import type { World } from '../support/world.js';

const authSecret = 'a secret that site and relay share';
const SMALL = { 'max-resolution': '360p' };

/** A token as the site makes it: for `life` seconds, which may be fewer than the command line would give. */
async function makeToken(sub: string, { calls = '*', life = 3600, secret = authSecret, name = sub } = {}): Promise<string> {
  const made = Math.floor(Date.now() / 1000) + life - 3600;
  return (await tokenCommand(['--sub', sub, '--calls', calls, '--name', name], { AUTH_SECRET: secret }, made)).trim();
}

/** The token endpoint of a site: how often it was asked, and what it answers; null for an error of the server. */
function tokenEndpoint(world: World, path: string, answer: (asked: number) => Promise<string | null>): { asked: number } {
  const endpoint = { asked: 0 };
  world.site.answer(path, (_, response) => {
    void answer(++endpoint.asked).then((token) =>
      token === null ? response.writeHead(503).end() : response.end(endpoint.asked % 2 ? token : JSON.stringify({ token })),
    );
  });
  return endpoint;
}

/** A clock that a test can put forward. */
function movableClock(): Clock & { forward(seconds: number): void } {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    date: () => systemClock.date() + ahead,
    every: systemClock.every,
    forward: (seconds) => void (ahead += seconds * 1000),
  };
}

/** Waits for a message of the relay. */
async function hears(person: Person, type: string): Promise<void> {
  await person.page.waitForFunction(
    (wanted) =>
      (window as unknown as { observer: { frames: { direction: string; message: { type: string } | null }[] } }).observer.frames.some(
        ({ direction, message }) => direction === 'received' && message?.type === wanted,
      ),
    { timeout: PATIENCE },
    type,
  );
}

const errorsOf = async (person: Person): Promise<unknown[]> => (await person.events('call-error')).map(({ code }) => code);

test('A call goes on while tokens expire: one is renewed in time, on a page whose clock is a day late; one comes too late, and is made good', async (t) => {
  const clock = movableClock();
  const world = await openWorld(t, { authSecret, origins: '*', clock });
  let down = false;
  tokenEndpoint(world, '/token/bob', (asked) => makeToken('bob', { calls: '', life: asked === 1 ? 6 : 3600 }));
  tokenEndpoint(world, '/token/alice', async (asked) => (down ? null : makeToken('alice', { calls: 'bob', life: asked === 1 ? 6 : 3600 })));
  const late = '<script>const now = Date.now; Date.now = () => now() - 86400e3;</script>';
  const bob = await ready(world, { name: 'bob', markup: late + panel({ me: 'bob', 'token-src': '/token/bob', ...SMALL }) });
  down = false;
  const aliceMarkup = panel({ me: 'alice', 'token-src': '/token/alice', ...SMALL }) + button({ peer: 'bob' }, 'Call Bob');
  const alice = await ready(world, { name: 'alice', markup: aliceMarkup });
  down = true;
  await talk(alice, bob);
  await hears(bob, 'token');

  clock.forward(100);
  await alice.event('relay-status', { status: 'offline' });
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  down = false;
  await alice.event('relay-status', { status: 'online' });
  assert.deepEqual(
    (await bob.events('relay-status')).map(({ status }) => status).filter((status) => status === 'offline'),
    [],
  );
  assert.deepEqual([await errorsOf(bob), (await errorsOf(alice)).includes('unauthorized')], [[], false]);

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  assert.equal((await alice.events('call-state')).filter(({ state }) => state === 'reconnecting').length, 0);
});

test('Somebody who may call nobody is called, by the name in the token, answers, and hangs up', async (t) => {
  const world = await openWorld(t, { authSecret, origins: '*' });
  const bob = await ready(world, { name: 'bob', markup: panel({ token: await makeToken('bob', { calls: '' }), ...SMALL }) });
  const markup =
    panel({ token: await makeToken('alice', { calls: 'bob', name: 'Alice Adams' }), ...SMALL }) + button({ peer: 'bob' }, 'Call Bob');
  const alice = await ready(world, { name: 'alice', markup });
  await alice.event('presence-change', { presence: 'online' });
  await alice.press('Call Bob');
  await bob.find('Incoming video call from Alice Adams', 'dialog');
  await bob.press('Accept');
  await together(alice, bob);
  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
});

test('A guest calls the support desk, and sees and reaches nobody else', async (t) => {
  const world = await openWorld(t, { authSecret, origins: '*', guests: ['support'] });
  const support = await ready(world, { name: 'support', markup: panel({ token: await makeToken('support', { calls: '' }), ...SMALL }) });
  const alice = await ready(world, { name: 'alice', markup: panel({ token: await makeToken('alice'), ...SMALL }) });
  const guest = await ready(world, {
    name: 'guest',
    markup: panel(SMALL) + button({ id: 'desk', peer: 'support' }, 'Talk to us') + button({ id: 'private', peer: 'alice' }, 'Call Alice'),
  });
  await guest.in('desk').event('presence-change', { presence: 'online' });
  await guest.in('private').event('presence-change', { presence: 'offline' });

  await guest.press('Talk to us');
  await support.press('Accept');
  await Promise.all([guest.seesAndHears(), support.seesAndHears()]);
  await guest.press('Hang up');
  await bothEnd(guest, support, 'hung-up');
  await guest.state('idle');

  await guest.panel((shown) => void shown.call('alice', { media: 'audio' }));
  await guest.event('call-ended', { reason: 'unreachable' });
  assert.deepEqual([await alice.events('call-incoming'), await errorsOf(guest)], [[], []]);
});

test('A person whose token is refused is told so once, and is there as soon as the page has a good one', async (t) => {
  const world = await openWorld(t, { authSecret, origins: '*' });
  let secret = 'another secret of thirty-two bytes';
  const endpoint = tokenEndpoint(world, '/token', () => makeToken('alice', { secret }));
  const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob', 'token-src': '/token', ...SMALL }) });
  await alice.event('call-error', { code: 'unauthorized' });
  await alice.reads('You are not signed in for calls.');
  assert.equal(endpoint.asked, 2);
  for (let refused = 0; refused < 2; refused++) await alice.event('relay-status', { status: 'offline' });

  await alice.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await alice.event('relay-status', { status: 'connecting' });
  await alice.event('relay-status', { status: 'offline' });
  secret = authSecret;
  await alice.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await alice.event('relay-status', { status: 'online' });
  assert.deepEqual(await errorsOf(alice), ['unauthorized']);
});

test('A page that is given another token uses it at once', async (t) => {
  const world = await openWorld(t, { authSecret, origins: '*' });
  const alice = await world.visit({ name: 'alice', markup: panel({ token: await makeToken('alice', { life: -3600 }), ...SMALL }) });
  await alice.event('call-error', { code: 'unauthorized' });
  await alice.panel((shown, token) => void (shown.token = token), await makeToken('alice'));
  await alice.event('relay-status', { status: 'online' });
  await alice.panel((shown, token) => void (shown.token = token), await makeToken('alice', { life: 1800 }));
  await hears(alice, 'token');
  assert.deepEqual(await errorsOf(alice), ['unauthorized']);
});

test('Somebody who signs in, and somebody else after him, is himself in the same tab', async (t) => {
  const world = await openWorld(t, { authSecret, origins: '*', guests: ['support'] });
  let who = '';
  world.site.answer('/token', (_, response) => void makeToken(who).then((token) => response.end(token)));
  const page = (values: Record<string, string>) => panel({ ...values, ...SMALL });
  const person = await ready(world, { name: 'somebody', markup: page({}) });
  const signIn = async (name: string) => {
    who = name;
    const url = world.site.add(
      `<!doctype html><script type="module" src="${world.relay.origin}/video-call.js"></script>${page({ 'token-src': '/token' })}`,
    );
    await person.page.goto(url);
    const again = new (person.constructor as new (page: Person['page'], name: string) => Person)(person.page, name);
    await again.event('relay-status', { status: 'online' });
    const [welcome] = await again.frames('received', 'welcome');
    assert.equal(welcome?.message?.['peer'], name);
    assert.deepEqual(await errorsOf(again), []);
  };
  await signIn('alice');
  await signIn('bob');
});

test('Nobody takes up the call of the person who was signed in before him in the same tab', async (t) => {
  const world = await openWorld(t, { authSecret, origins: '*' });
  let who = 'alice';
  world.site.answer('/token', (_, response) => void makeToken(who).then((token) => response.end(token)));
  world.site.answer('/bob', (_, response) => void makeToken('bob').then((token) => response.end(token)));
  const bob = await ready(world, { name: 'bob', markup: panel({ 'token-src': '/bob', ...SMALL }) });
  const markup = panel({ 'token-src': '/token', peer: 'bob', ...SMALL });
  const alice = await ready(world, { name: 'alice', markup });
  await alice.press('Call');
  await bob.press('Accept');
  await together(alice, bob);
  who = 'carol';
  await alice.reload();
  await bob.event('call-ended', { reason: 'left' }, 30_000);
  const [welcome] = (await alice.frames('received', 'welcome')).slice(-1);
  assert.equal(welcome?.message?.['peer'], 'carol');
  assert.deepEqual(await alice.captures(), [], 'no device of hers is opened');
  assert.equal(await alice.panel((shown) => shown.state as string), 'idle');
});
