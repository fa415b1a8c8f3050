/** The elements on a page that does what pages do: adds, moves, removes, changes and scripts them, early and late. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HTTPRequest, Page } from 'puppeteer-core';
import { aliceAlone, bobAlone, bothEnd, dial, ready, sendsLike, talk, together, twoPeople } from '../support/people.js';
import type { Live, Person } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { loadedBy } from '../support/sizes.js';
import { button, openWorld, panel } from '../support/world.js';

declare const observer: { live(): Live };

/** Fails unless both go on to see and hear each other. */
const stillTogether = (one: Person, other: Person) => Promise.all([one.seesAndHears(), other.seesAndHears()]);

/** The call ends on both sides for this reason, and neither has anything open. */
async function endForBoth(one: Person, other: Person, reason: string): Promise<void> {
  await bothEnd(one, other, reason);
  await Promise.all([one.holdsNothing(), other.holdsNothing()]);
}

/** Waits until the page has so many WebSockets open. */
const untilSockets = ({ page }: Person, count: number) =>
  page.waitForFunction((wanted) => observer.live().sockets === wanted, { timeout: 10_000 }, count);

/** Puts markup into the page at the end of the element with this id, or of the body. */
const insert = ({ page }: Person, html: string, into?: string) =>
  page.evaluate(
    (text, id) => {
      (id ? document.getElementById(id)! : document.body).append(document.createRange().createContextualFragment(text));
    },
    html,
    into,
  );

/** The types of the listeners on what outlives an element, as the browser itself knows them. */
async function listenersOf({ page }: Person): Promise<string[]> {
  const session = await page.createCDPSession();
  const types: string[] = [];
  for (const expression of ['window', 'document', 'document.documentElement', 'navigator.mediaDevices']) {
    const { result } = await session.send('Runtime.evaluate', { expression });
    const { listeners } = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId! });
    types.push(...listeners.map(({ type }) => `${type} on ${expression}`));
  }
  await session.detach();
  return types.sort();
}

/** Keeps what an element tells also after it has left the page, where nobody but itself hears its events. */
function keepWords(element: HTMLElement): void {
  const told: string[] = [];
  Object.assign(globalThis, { told });
  for (const type of ['call-state', 'call-ended'] as const) {
    element.addEventListener(type, (event) =>
      told.push([type, 'state' in event ? event.state : '', event.reason].filter(Boolean).join(' ')),
    );
  }
}
const keptWords = ({ page }: Person) => page.evaluate(() => (globalThis as unknown as { told: string[] }).told);

for (const side of ['caller', 'callee'] as const) {
  test(`When the panel of the ${side} is removed from its page in mid-call, the call ends on both sides and nothing of it is left`, async (t) => {
    const world = await openWorld(t);
    const remover = await world.visit({ name: 'remover' });
    const before = await listenersOf(remover);
    const other =
      side === 'caller' ? await bobAlone(world) : await ready(world, { name: 'other', markup: panel({ me: 'alice', peer: 'bob' }) });
    await insert(remover, side === 'caller' ? panel({ me: 'alice', peer: 'bob' }) : panel({ me: 'bob' }));
    await remover.event('relay-status', { status: 'online' });
    const [caller, callee] = side === 'caller' ? [remover, other] : [other, remover];
    await caller.press('Call');
    await callee.press('Accept');
    await together(caller, callee);

    await remover.panel(keepWords);
    await remover.panel((element) => element.remove());
    await other.event('call-ended', { reason: 'hung-up' });
    await untilSockets(remover, 0);
    await Promise.all([remover.holdsNothing(), other.holdsNothing()]);
    assert.deepEqual(
      await keptWords(remover),
      ['call-state ended hung-up', 'call-ended hung-up'],
      'the removed panel tells how its call ended',
    );
    assert.deepEqual(await listenersOf(remover), before, 'no listener of the removed panel is left');
  });
}

test('When the panel of a call that still rings is removed, the other side stops ringing at once', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await alice.press('Call Bob');
  await bob.find('Incoming video call from Alice', 'dialog');
  await alice.state('ringing');

  await alice.panel(keepWords);
  await alice.panel((element) => element.remove());
  await bob.event('call-ended', { reason: 'cancelled' });
  await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
  assert.deepEqual(await keptWords(alice), ['call-state ended cancelled', 'call-ended cancelled']);
});

test('A panel that is moved in the page in mid-call keeps its call, its connection and its devices', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { alice: { layout: 'floating' } });
  await insert(alice, '<main><section id="there"></section></main>');
  await talk(alice, bob);
  const captures = await alice.captures();

  await alice.panel((element) => document.getElementById('there')!.append(element));
  await stillTogether(alice, bob);
  await alice.panel((element) => {
    element.remove();
    document.body.prepend(element);
  });
  await stillTogether(alice, bob);

  assert.deepEqual(await alice.events('call-ended'), []);
  assert.deepEqual(await alice.captures(), captures, 'no device was asked for again');
  assert.equal((await alice.frames('sent', 'hello')).length, 1, 'the connection is the first one');
  await alice.press('Hang up');
  await endForBoth(alice, bob, 'hung-up');
});

test('Markup, properties and listeners that are older than the script count when it comes', async (t) => {
  const world = await openWorld(t);
  const bob = await bobAlone(world);
  const early = `<!doctype html><link rel="icon" href="data:,"><video-call-panel></video-call-panel><video-call-button>Call him</video-call-button>`;
  const alice = await world.visit({ name: 'alice', url: world.site.add(early) });
  await alice.page.evaluate(() => {
    const panel = document.querySelector('video-call-panel')!;
    Object.assign(panel, { me: 'alice', displayName: 'Alice Early', virtualCamera: true, layout: 'inline' });
    Object.assign(document.querySelector('video-call-button')!, { peer: 'bob', media: 'video' });
  });
  await alice.panel(keepWords);
  await alice.page.addScriptTag({ url: `${world.relay.origin}/video-call.js`, type: 'module' });

  await alice.press('Call him');
  await bob.find('Incoming video call from Alice Early', 'dialog');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.sees(), bob.sees()]);
  assert.deepEqual(await alice.captures(), [], 'the property virtualCamera counts: no device was asked for');
  const states = ['calling', 'ringing', 'connecting', 'connected'].map((state) => `call-state ${state}`);
  assert.deepEqual(await keptWords(alice), states);
});

test('A script that is loaded three times, from two addresses of one relay and from another relay, works as if loaded once', async (t) => {
  const world = await openWorld(t);
  const second = await startRelay();
  t.after(() => second.close());
  const bob = await bobAlone(world);
  const again = [`${world.relay.origin}/video-call.js?again`, `${second.origin}/video-call.js`];
  const alice = await aliceAlone(world);
  for (const url of again) await alice.page.addScriptTag({ url, type: 'module' });
  await insert(alice, button({ peer: 'bob', id: 'late' }, 'Late'));
  await alice.in('late').event('presence-change', { presence: 'online' });

  await talk(alice, bob);
  const hellos = await alice.frames('sent', 'hello');
  assert.deepEqual(
    hellos.map(({ url }) => url),
    [world.relay.socketUrl],
    'there is one connection, to the relay that the first script came from',
  );
  assert.equal((await bob.events('call-incoming')).length, 1);
  await bob.press('Hang up');
  await endForBoth(alice, bob, 'hung-up');
});

test('Two panels for two people on one page call each other with pictures of their own, without a camera or a permission', async (t) => {
  const world = await openWorld(t);
  const ann = { id: 'left', me: 'ann', 'display-name': 'Ann', peer: 'ben', 'virtual-camera': true };
  const ben = { id: 'right', me: 'ben', 'display-name': 'Ben', peer: 'ann', 'virtual-camera': true };
  const page = await world.visit({ permission: 'denied', markup: panel(ann) + panel(ben) });
  const [left, right] = [page.in('left'), page.in('right')];
  await Promise.all([left, right].map((side) => side.event('relay-status', { status: 'online' })));

  await left.press('Call');
  await right.find('Incoming video call from Ann', 'dialog');
  await left.state('ringing');
  assert.equal(await left.has('Accept'), false, 'the caller is not shown what the callee is');
  await right.press('Accept');
  await Promise.all([left.event('call-connected'), right.event('call-connected')]);
  await Promise.all([left.sees(), right.sees()]);
  assert.equal((await page.live()).sockets, 2, 'they are two people');

  await right.press('Hang up');
  await bothEnd(left, right, 'hung-up');
  await page.holdsNothing();
  assert.deepEqual(await page.captures(), [], 'nobody was asked for a camera');
});

test('All elements of one relay and one peer ID share a WebSocket, however they name them', async (t) => {
  const world = await openWorld(t);
  const { origin, socketUrl } = world.relay;
  await bobAlone(world);
  const markup = [
    panel({ me: 'alice' }),
    panel({ me: 'alice', relay: `${origin}/` }),
    button({ id: 'plain', peer: 'bob' }),
    button({ id: 'absent', peer: 'carol' }),
    button({ id: 'http', peer: 'bob', me: 'alice', relay: origin }),
    button({ id: 'ws', peer: 'bob', me: 'alice', relay: socketUrl }),
    button({ id: 'other', peer: 'bob', me: 'zoe' }),
  ];
  const alice = await world.visit({ name: 'alice', markup: markup.join('') });
  await Promise.all(['plain', 'http', 'ws', 'other'].map((id) => alice.in(id).event('presence-change', { presence: 'online' })));
  await alice.in('absent').event('presence-change', { presence: 'offline' });

  const hellos = await alice.frames('sent', 'hello');
  assert.deepEqual(hellos.map(({ message }) => message!['peer']).sort(), ['alice', 'zoe']);
  assert.equal((await alice.live()).sockets, 2);
  await alice.page.evaluate(() => document.getElementById('other')!.remove());
  await untilSockets(alice, 1);
  await alice.page.evaluate(() => document.body.replaceChildren());
  await untilSockets(alice, 0);
});

test('Attributes that change in mid-call change nothing of the call, and count once it is over', async (t) => {
  const world = await openWorld(t);
  const second = await startRelay();
  t.after(() => second.close());
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);
  const captures = await alice.captures();

  await alice.panel((element, relay) => {
    const wishes = { me: 'alice2', relay, 'display-name': 'Another', layout: 'floating', 'max-resolution': '360p', 'ice-policy': 'relay' };
    for (const [name, value] of Object.entries(wishes)) element.setAttribute(name, value);
    element.toggleAttribute('virtual-camera');
    document.querySelector('video-call-button')!.setAttribute('peer', 'carol');
  }, second.socketUrl);
  await stillTogether(alice, bob);
  assert.deepEqual(await alice.captures(), captures, 'the devices stay as they were');
  assert.equal((await alice.frames('sent', 'hello')).length, 1, 'the connection stays as it was');

  await alice.press('Hang up');
  await endForBoth(alice, bob, 'hung-up');
  await alice.state('idle');
  await alice.event('relay-status', { status: 'online' });
  const { url, message } = (await alice.frames('sent', 'hello')).at(-1)!;
  assert.deepEqual([url, message!['peer'], message!['name']], [second.socketUrl, 'alice2', 'Another']);
  await untilSockets(alice, 1);
});

test('A button that names a panel calls as that person, and that panel shows the call', async (t) => {
  const world = await openWorld(t);
  const bob = await bobAlone(world);
  const markup =
    panel({ id: 'first', me: 'ann' }) + panel({ id: 'second', me: 'ben' }) + button({ peer: 'bob', panel: 'second' }, 'Call Bob');
  const page = await world.visit({ markup });
  const second = page.in('second');

  await page.press('Call Bob');
  await bob.find('Incoming video call from ben', 'dialog');
  await second.state('ringing');
  assert.deepEqual(await page.in('first').events('call-state'), []);
  await second.press('Cancel');
  await endForBoth(second, bob, 'cancelled');
});

test('Buttons take up their panel when it comes to the page long after them', async (t) => {
  const world = await openWorld(t);
  const bob = await bobAlone(world);
  const markup =
    button({ id: 'bound', peer: 'bob', panel: 'later' }, 'Call for Ann') + button({ id: 'free', peer: 'bob' }) + '<p id="place"></p>';
  const page = await world.visit({ markup });
  const [bound, free] = [page.in('bound'), page.in('free')];
  await free.event('presence-change', { presence: 'online' });
  assert.deepEqual(await bound.events('presence-change'), [], 'a button waits for the panel that it names');

  await insert(page, panel({ id: 'later', me: 'ann' }), 'place');
  await bound.event('presence-change', { presence: 'online' });
  await untilSockets(page, 1);
  await bound.press('Call for Ann');
  await bob.find('Incoming video call from ann', 'dialog');
  await page.in('later').press('Cancel');
  await bothEnd(page, bob, 'cancelled');

  await free.press('Call');
  await bob.find('Incoming video call from ann', 'dialog');
  await bob.press('Decline');
  await endForBoth(page, bob, 'declined');
});

test('A lazy button opens no connection before it is pressed, and then calls', async (t) => {
  const world = await openWorld(t);
  const bob = await bobAlone(world);
  const visitor = await world.visit({ name: 'visitor', markup: button({ peer: 'bob', lazy: true }, 'Call Bob') });
  await visitor.find('Call Bob');
  await visitor.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  assert.equal((await visitor.live()).sockets, 0);
  assert.equal(await visitor.page.$eval('video-call-button', (element) => element.getAttribute('presence')), 'unknown');

  await talk(visitor, bob);
  assert.equal((await visitor.live()).sockets, 1);
  await visitor.press('Hang up');
  await endForBoth(visitor, bob, 'hung-up');
});

test('A lazy button with a label of the page loads nothing but the entry, its calls when it is about to be pressed, and connects when it is', async (t) => {
  const world = await openWorld(t);
  const neverIdle = (page: Page): void => void page.evaluateOnNewDocument('globalThis.requestIdleCallback = () => 0');
  const visitor = await world.visit({ markup: button({ peer: 'bob', lazy: true }, 'Call Bob'), lang: 'de', watch: neverIdle });
  await visitor.find('Call Bob');
  const loaded = async (): Promise<string[]> => [...(await loadedBy(visitor, world.relay.origin)).keys()];
  assert.deepEqual(await loaded(), ['video-call.js']);

  await visitor.page.hover('video-call-button');
  await visitor.page.waitForFunction(() =>
    ['connected', 'de'].every((name) => performance.getEntriesByType('resource').some((each) => each.name.includes(`/chunks/${name}-`))),
  );
  assert.equal((await visitor.live()).sockets, 0, 'nothing is connected yet');
  assert.equal((await loaded()).length, 4, 'the entry, the calls, and the words in the language of the page');

  await visitor.press('Call Bob');
  await untilSockets(visitor, 1);
});

test('What is not needed yet is loaded after all that the page itself loads', async (t) => {
  const world = await openWorld(t);
  let [begin, end] = [(): void => {}, (): void => {}];
  const asked = new Promise<void>((resolve) => (begin = resolve));
  const idle = new Promise<void>((resolve) => (end = resolve));
  world.site.answer('/picture.png', (_, response) => {
    begin();
    void idle.then(() => response.end());
  });
  // A browser that always has time says so, after whatever else waited for that, and is then given the picture.
  world.site.answer('/idle', (_, response) => {
    response.end();
    void asked.then(end);
  });
  const script = `<script type="module">requestIdleCallback(() => fetch('/idle'))</script>`;
  const order: string[] = [];
  const watch = (page: Page): void => {
    void page.evaluateOnNewDocument('globalThis.requestIdleCallback = (then) => setTimeout(then)');
    page.on('request', (request) => void (request.url().includes('/chunks/') && order.push('chunk')));
    page.on('requestfinished', (request) => void (request.url().endsWith('.png') && order.push('picture')));
  };
  const markup = `<img src="/picture.png" alt="">${button({ peer: 'bob', lazy: true }, 'Call Bob')}${script}`;
  const { page } = await world.visit({ markup, watch });
  await page.waitForFunction(() => customElements.get('video-call-panel'));
  assert.equal(order[0], 'picture', order.join());
});

test('A panel that a page adds while it is still loading is online without waiting for the rest of the page', async (t) => {
  const world = await openWorld(t);
  let show = (): void => {};
  const online = new Promise<void>((resolve) => (show = resolve));
  world.site.answer('/picture.png', (_, response) => void online.then(() => response.end()));
  world.site.answer('/online', (_, response) => {
    response.end();
    show();
  });
  const script = `<script type="module">
    addEventListener('relay-status', ({ status }) => status === 'online' && fetch('/online'));
    document.body.insertAdjacentHTML('beforeend', '${panel({ me: 'bob' })}');
  </script>`;
  const bob = await world.visit({ name: 'bob', markup: `<img src="/picture.png" alt="">${script}` });
  const { time } = await bob.event('relay-status', { status: 'online' });
  assert.ok(time < 5000, `online after ${time} ms, and not when the code comes in any case`);
});

test('A press tries anew where what the pointer had begun to load on its way there fails', async (t) => {
  const world = await openWorld(t);
  const asked: HTTPRequest[] = [];
  const hold = (page: Page): void => {
    void page.evaluateOnNewDocument('globalThis.requestIdleCallback = () => 0');
    page.on('request', (request) => {
      if (!/connected-/.test(request.url()) || asked.push(request) > 1) void request.continue();
    });
    void page.setRequestInterception(true);
  };
  const visitor = await world.visit({ markup: button({ peer: 'bob', lazy: true }, 'Call Bob'), watch: hold });
  const first = visitor.page.waitForRequest((request) => /connected-/.test(request.url()));
  await visitor.press('Call Bob');
  await (await first).abort();
  await untilSockets(visitor, 1);
  assert.equal(asked.length, 2);
});

test('A press that leads to nothing because the code of the calls cannot be loaded says so, and the next one calls', async (t) => {
  const world = await openWorld(t);
  let blocked = true;
  const without = (page: Page): void => {
    void page.evaluateOnNewDocument('globalThis.requestIdleCallback = () => 0');
    page.on('request', (request) => void (blocked && /connected-/.test(request.url()) ? request.abort() : request.continue()));
    void page.setRequestInterception(true);
  };
  const visitor = await world.visit({ markup: button({ peer: 'bob', lazy: true }, 'Call Bob'), watch: without });
  await visitor.press('Call Bob');
  const error = await visitor.event('call-error', { code: 'relay-unreachable' });
  const sign = (): Promise<unknown> =>
    visitor.page.$eval('video-call-button', ({ shadowRoot }) => [
      shadowRoot!.querySelector('button')!.title,
      shadowRoot!.querySelector('button')!.innerText.trim(),
    ]);
  assert.deepEqual(await sign(), [error.message, '⚠\ufe0e']);
  blocked = false;
  await visitor.press('Call Bob');
  await untilSockets(visitor, 1);
  assert.deepEqual(await sign(), ['', '']);
});

for (const [what, file, lazy] of [
  ['of the calls', /connected-/, true],
  ['of the panel', /video-call-panel-/, false],
] as const)
  test(`A button that could not call for want of the code ${what} says so no longer once that is there, without another press`, async (t) => {
    const world = await openWorld(t);
    let blocked = true;
    const without = (page: Page): void => {
      page.on('request', (request) => void (blocked && file.test(request.url()) ? request.abort() : request.continue()));
      void page.setRequestInterception(true);
    };
    const visitor = await world.visit({ markup: button({ peer: 'bob', lazy }, 'Call Bob'), watch: without });
    const sign = (there: boolean): Promise<unknown> =>
      visitor.page.waitForFunction(
        (wanted) => document.querySelector('video-call-button')!.shadowRoot!.querySelector('button')!.innerText.includes('⚠') === wanted,
        {},
        there,
      );
    await visitor.press('Call Bob');
    await visitor.event('call-error', { code: 'relay-unreachable' });
    await sign(true);
    blocked = false;
    await sign(false);
  });

test('Without a word of any language no call is placed, and none is shown before the words are there, which come by themselves', async (t) => {
  const world = await openWorld(t);
  let blocked = true;
  const without = (page: Page): void => {
    page.on('request', (request) => void (blocked && /\/en-/.test(request.url()) ? request.abort() : request.continue()));
    void page.setRequestInterception(true);
  };
  const speechless = await world.visit({
    name: 'speechless',
    markup: panel({ me: 'sam' }) + button({ peer: 'bob' }, 'Call Bob'),
    watch: without,
  });
  const alice = await aliceAlone(world, {}, {}, 'audio');
  await speechless.press('Call Bob');
  await speechless.event('call-error', { code: 'relay-unreachable' });
  assert.deepEqual((await speechless.live()).tracks, [], 'no device is open');
  assert.deepEqual(await speechless.frames('sent', 'invite'), []);

  assert.equal(await dial(alice, 'sam'), true);
  await speechless.state('incoming');
  blocked = false;
  await speechless.find('Incoming video call from Alice', 'dialog');
  await speechless.press('Decline');
  await endForBoth(speechless, alice, 'declined');
});

test('A panel and a list whose code cannot be loaded at first say so, and are there as soon as it can', async (t) => {
  const world = await openWorld(t);
  const refused = new Set<string>();
  const hinder = (page: Page): void => {
    page.on('request', (request) => {
      const [name] = /(video-call-panel|list)-[\w-]+\.js$/.exec(request.url()) ?? [];
      void (name && !refused.has(name) && refused.add(name) ? request.abort() : request.continue());
    });
    void page.setRequestInterception(true);
  };
  const markup = panel({ me: 'alice' }) + '<video-call-history></video-call-history>';
  const alice = await world.visit({ markup, watch: hinder });
  await alice.event('relay-status', { status: 'online' });
  await alice.page.waitForFunction(() =>
    document.querySelector('video-call-history')!.shadowRoot!.querySelector('[part~=list], [part~=empty]'),
  );
  const said = await alice.events('call-error');
  assert.deepEqual(
    said.map(({ code }) => code),
    ['relay-unreachable', 'relay-unreachable'],
  );
});

test('A panel that a page adds late is online within seconds, also where the browser is never idle', async (t) => {
  const world = await openWorld(t);
  const busy = `<script>globalThis.requestIdleCallback = () => 0</script>`;
  const bob = await world.visit({ name: 'bob', markup: busy });
  // In the shadow of another element the script sees none.
  await bob.page.evaluate(
    (markup) => {
      const host = document.body.appendChild(document.createElement('div'));
      host.attachShadow({ mode: 'open' }).innerHTML = markup;
    },
    panel({ me: 'bob' }),
  );
  await bob.event('relay-status', { status: 'online' }, 9_000);
});

test('A button that stands on the page as the script comes keeps its label as it is until it is drawn; one that comes later is drawn at once', async (t) => {
  const world = await openWorld(t);
  const after = `<script type="module">globalThis.drawnAtOnce = !!document.querySelector('video-call-button').shadowRoot;</script>`;
  const { page } = await world.visit({ markup: button({ peer: 'bob', lazy: true }, 'Call Bob') + after });
  await page.waitForFunction(() => document.querySelector('video-call-button')!.shadowRoot?.querySelector('button'));
  assert.equal(await page.evaluate('drawnAtOnce'), false);
  const [early, later] = await page.evaluate(async () => {
    const made = document.createElement('video-call-button');
    made.lazy = true;
    const called = made.call();
    document.body.append(made);
    await Promise.resolve();
    const drawn = !!made.shadowRoot!.querySelector('button');
    return [drawn, await called];
  });
  assert.deepEqual([early, later], [true, false], 'and without a peer a call is refused, not forgotten');
});

test('A page with a panel asks at once for all that it connects with, without a round trip between', async (t) => {
  const world = await openWorld(t);
  const { page } = await world.visit({ markup: panel({ me: 'alice' }) });
  await page.waitForSelector('video-call-panel[state="idle"]');
  const [shown, connected] = await page.evaluate(() =>
    ['video-call-panel', 'connected'].map((name) => {
      const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      const { startTime, responseEnd } = files.find((file) => file.name.includes(`/chunks/${name}-`))!;
      return { startTime, responseEnd };
    }),
  );
  assert.ok(connected!.startTime < shown!.responseEnd, `${connected!.startTime} comes before ${shown!.responseEnd}`);
});

test('A page may veto a call before anything is dialled, by button, by panel and by method', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { media: 'audio', alice: { peer: 'bob' } });
  await alice.page.evaluate(() => document.addEventListener('call-request', (event) => event.preventDefault()));

  await alice.press('Call Bob');
  await alice.event('call-request', { peer: 'bob', media: 'audio' });
  await alice.press('Call');
  await alice.event('call-request', { peer: 'bob', media: 'video' });
  const byMethod = await alice.page.evaluate(() =>
    Promise.all([document.querySelector('video-call-panel')!.call('bob'), document.querySelector('video-call-button')!.call()]),
  );
  assert.deepEqual(byMethod, [false, false]);

  assert.deepEqual(await alice.events('call-state'), []);
  assert.deepEqual(await alice.frames('sent', 'invite'), []);
  assert.deepEqual(await alice.captures(), [], 'nothing was captured for a call that was vetoed');
  assert.deepEqual(await bob.events('call-incoming'), []);
});

test('A page may show an incoming call by itself, and take or refuse it', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await insert(bob, '<dialog><button id="take">Take it</button><button id="refuse">Not now</button></dialog>');
  await bob.page.evaluate(() => {
    const dialog = document.querySelector('dialog')!;
    document.addEventListener('call-incoming', (event) => {
      event.preventDefault();
      dialog.ariaLabel = `${event.call.name} is calling`;
      dialog.show();
      document.getElementById('take')!.onclick = () => (dialog.close(), event.accept({ media: 'audio' }));
      document.getElementById('refuse')!.onclick = () => (dialog.close(), event.decline());
    });
  });

  await alice.press('Call Bob');
  await bob.find('Alice is calling', 'dialog');
  await alice.state('ringing');
  assert.equal(await bob.has('Incoming video call from Alice', 'dialog'), false, 'the panel leaves it to the page');
  assert.equal(await bob.has('Accept'), false);
  await bob.press('Take it');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.hears(), bob.seesAndHears()]);
  assert.equal((await bob.live()).camera, false, 'the page took the call without a camera');
  await bob.press('Hang up');
  await endForBoth(alice, bob, 'hung-up');

  await alice.press('Call again');
  await bob.press('Not now');
  await endForBoth(alice, bob, 'declined');
});

test('Exceptions in the listeners of both pages disturb neither the call nor its end', async (t) => {
  const world = await openWorld(t);
  world.allowPageErrors();
  const [alice, bob] = await twoPeople(world);
  const content = `
    const types = ['call-request', 'call-incoming', 'call-state', 'call-connected', 'call-ended', 'relay-status', 'presence-change'];
    const blunder = () => { throw new Error('The page made a mistake.'); };
    for (const type of types) document.addEventListener(type, blunder);`;
  await Promise.all([alice, bob].map(({ page }) => page.addScriptTag({ content })));

  await talk(alice, bob);
  await bob.press('Hang up');
  await endForBoth(alice, bob, 'hung-up');
  await Promise.all([alice.state('idle'), bob.state('idle')]);
  for (const person of [alice, bob]) {
    const errors = await person.errors();
    assert.ok(errors.length > 5, 'the listeners were called, and their mistakes were seen');
    assert.deepEqual(
      errors.filter((error) => !error.includes('The page made a mistake.')),
      [],
    );
  }
});

test('A panel that answers by itself takes a video call at once, and a voice call without its camera', async (t) => {
  const world = await openWorld(t);
  const [alice, kiosk] = await twoPeople(world, { bob: { 'auto-answer': 'video', 'data-saver': true } });
  await insert(alice, button({ peer: 'bob', media: 'audio' }, 'Speak'));

  await alice.press('Call Bob');
  await together(alice, kiosk);
  await sendsLike(kiosk, { maxBitrate: 300_000, maxFramerate: 15 });
  await alice.press('Hang up');
  await endForBoth(alice, kiosk, 'hung-up');

  await alice.press('Speak');
  await Promise.all([alice.event('call-connected'), kiosk.event('call-connected')]);
  await Promise.all([alice.hears(), kiosk.hears()]);
  assert.equal((await kiosk.live()).camera, false);
  await alice.press('Hang up');
  await endForBoth(alice, kiosk, 'hung-up');
});

test('A panel with a peer of its own shows whether that person is there, and calls', async (t) => {
  const world = await openWorld(t);
  const alice = await ready(world, { name: 'alice', markup: panel({ me: 'alice', peer: 'bob' }) });
  const shows = (text: string) =>
    alice.page.waitForFunction(
      (words) => document.querySelector('video-call-panel')!.shadowRoot!.querySelector('[part=status]')?.textContent?.trim() === words,
      { timeout: 10_000 },
      text,
    );
  await shows('offline');
  const bob = await bobAlone(world);
  await shows('online');

  await alice.press('Call');
  await bob.find('Incoming video call from alice', 'dialog');
  await alice.state('ringing');
  await alice.press('Cancel');
  await endForBoth(alice, bob, 'cancelled');
});

for (const noResume of [true, false]) {
  const when = noResume
    ? 'at once where the page would not take the call up again'
    : 'as soon as it is clear that the page does not come back';
  test(`When a page is left in mid-call, the other side ends the call with “left”, ${when}`, async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, { alice: { 'no-resume': noResume } });
    await talk(alice, bob);

    const left = performance.now();
    await alice.page.goto(world.site.add('<!doctype html><link rel="icon" href="data:,"><title>Another page</title>'));
    await bob.event('call-ended', { reason: 'left' });
    const took = Math.round(performance.now() - left);
    assert.ok(took < (noResume ? 2_000 : 9_000), `it took ${took} ms`);
    await bob.holdsNothing();
  });
}
