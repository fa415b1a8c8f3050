/** What a call lives through: a relay that dies, a page that is loaded anew, a path that breaks. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startMortalRelay, startTurn, withoutTurn } from '../support/daemons.js';
import { connected, pathIsCut } from '../support/path.js';
import { bobAlone, seesFace } from '../support/people.js';
import { button, openWorld, panel } from '../support/world.js';
import type { Person } from '../support/person.js';

/** The fingerprints in all descriptions that this page was sent. */
async function fingerprintsHeard(person: Person): Promise<string[]> {
  const frames = await person.frames('received');
  return frames.flatMap(({ text }) => [...(text ?? '').matchAll(/a=fingerprint:sha-256 ([\dA-F:]+)/g)].map(([, value]) => value!));
}

// They wait more than they work.
describe('What a call survives', { concurrency: 2 }, () => {
  for (const who of ['caller', 'callee'] as const) {
    test(`A call goes on after the ${who}'s page was loaded anew, with its timer, and as a pill where it was one`, async (t) => {
      const world = await openWorld(t);
      const [alice, bob] = await connected(world, { layout: 'floating' });
      const [stays, reloads] = who === 'caller' ? [bob, alice] : [alice, bob];
      const startedAt = await reloads.panel((shown) => shown.currentCall.startedAt as number);
      await reloads.press('Minimise');
      await reloads.reload();
      await stays.state('reconnecting');
      await reloads.state('connected');
      await stays.state('connected');
      await reloads.press('Expand');
      await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
      assert.equal(await reloads.panel((shown) => shown.currentCall.startedAt as number), startedAt);
      assert.equal(new Set(await fingerprintsHeard(stays)).size, 1, 'the page that comes back has the certificate that it had');
      await reloads.press('Hang up');
      await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
      await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
    });
  }

  test('A page that its browser keeps while the person is at another one is there for nobody, and for all when he comes back', async (t) => {
    const world = await openWorld(t);
    const bob = await bobAlone(world, {}, { windows: true });
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice' }) + button({ id: 'bob', peer: 'bob' }) });
    const shows = (presence: string) => alice.in('bob').event('presence-change', { presence });
    await shows('online');
    await bob.page.evaluate(() => Object.assign(globalThis, { kept: true }));
    await bob.page.goto('about:blank');
    await shows('offline');
    await bob.page.goBack();
    await shows('online');
    // It rings on where it is shown again, and knows what has become of the call meanwhile.
    const ringsAndIsLeft = async () => {
      await alice.in('bob').press('Call');
      await alice.state('ringing');
      await bob.page.goto('about:blank');
    };
    await ringsAndIsLeft();
    await alice.press('Cancel');
    await bob.page.goBack();
    await bob.event('call-ended', { reason: 'cancelled' });
    await ringsAndIsLeft();
    await bob.page.goBack();
    assert.ok(await bob.page.evaluate(() => 'kept' in globalThis), 'the browser has kept the page');
    await bob.press('Accept');
    await Promise.all([alice.event('call-connected'), bob.seesAndHears()]);
  });

  test('A call that rings goes on where the caller goes from page to page of the site, and is taken also between two of them', async (t) => {
    const world = await openWorld(t);
    const bob = await bobAlone(world);
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice' }) + button({ id: 'bob', peer: 'bob' }) });
    await alice.in('bob').press('Call');
    await alice.state('ringing');
    await bob.state('incoming');
    const callOf = (person: Person) => person.panel((shown) => shown.currentCall.id as string);
    const call = await callOf(alice);
    for (let page = 0; page < 2; page++) {
      await alice.moveOn();
      await alice.state('ringing');
      assert.equal(await callOf(alice), call);
    }
    const gone = alice.moveOn();
    await bob.press('Accept');
    await gone;
    await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    assert.equal(await callOf(alice), call);
    assert.equal((await bob.events('call-incoming')).length, 1, 'it has rung once');
    assert.deepEqual(
      (await bob.events('call-state')).map(({ state }) => state),
      ['incoming', 'connecting', 'connected'],
    );
    await alice.press('Hang up');
    await bob.event('call-ended', { reason: 'hung-up' });
    await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
  });

  test('A call goes on from page to page that have nothing but a lazy button, while it rings and once it is on', async (t) => {
    const world = await openWorld(t);
    const bob = await bobAlone(world);
    const visitor = await world.visit({ markup: button({ peer: 'bob', lazy: true }, 'Call Bob') });
    await visitor.press('Call Bob');
    await visitor.state('ringing');
    await bob.state('incoming');
    await visitor.moveOn();
    await visitor.state('ringing');
    await bob.press('Accept');
    await Promise.all([visitor.event('call-connected'), bob.event('call-connected')]);
    await visitor.moveOn();
    await visitor.state('connected');
    await Promise.all([visitor.seesAndHears(), bob.seesAndHears()]);
    assert.equal((await bob.events('call-incoming')).length, 1, 'it has rung once');
    await visitor.press('Hang up');
    await bob.event('call-ended', { reason: 'hung-up' });
    await visitor.moveOn();
    assert.deepEqual(await visitor.frames('sent'), [], 'without a call it connects at a press');
  });

  test('A call that is taken or declined while the caller is between two pages is so at once as the next one is there', async (t) => {
    const world = await openWorld(t);
    const bob = await bobAlone(world);
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice' }) + button({ id: 'bob', peer: 'bob' }) });
    for (const [press, comes] of [
      ['Decline', () => alice.event('call-ended', { reason: 'declined' })],
      ['Accept', () => alice.event('call-connected')],
    ] as const) {
      await alice.in('bob').press('Call');
      await alice.state('ringing');
      await bob.state('incoming');
      const frames = (await bob.frames('sent', press.toLowerCase())).length;
      // Only once nobody is there to hear it.
      await alice.moveOn(() => bob.press(press));
      const page = Date.now();
      await comes();
      assert.ok(Date.now() - page < 1500, `${press} is known after ${Date.now() - page} ms`);
      assert.ok((await bob.frames('sent', press.toLowerCase())).length > frames);
    }
  });

  for (const [what, click] of [
    ['has shown another place of itself', '<a href="#place">Click</a>'],
    [
      'has shown what a link leads to by itself',
      '<a href="/shown">Click</a><script>navigation.onnavigate = (event) => event.destination.url.endsWith("/shown") && event.intercept({})</script>',
    ],
    ...(
      [
        ['that the page does not let it follow', 'event.preventDefault()'],
        [
          'from which the page sends it elsewhere',
          'event.intercept({ handler: async () => history.replaceState(null, "", "/elsewhere") })',
        ],
        ['whose place the page fails to show', 'event.intercept({ handler: () => Promise.reject(new Error("as a test wants it")) })'],
        ['whose place the page is still making ready', 'event.intercept({ handler: () => new Promise(() => {}) })'],
      ] as const
    ).map(
      ([what, does]) =>
        [
          `has followed a link ${what}`,
          `<a href="/shown">Click</a><script>navigation.onnavigate = (event) => { if (event.destination.url.endsWith("/shown")) ${does} }</script>`,
        ] as const,
    ),
    [
      'has handed out a file',
      '<a download="a.txt">Click</a><script>document.querySelector("a").href = URL.createObjectURL(new Blob(["a"]))</script>',
    ],
  ] as const) {
    test(`A call that rings is given up at once where the caller closes a tab that ${what}`, async (t) => {
      const world = await openWorld(t);
      const bob = await bobAlone(world);
      const alice = await world.visit({ name: 'alice', markup: click + panel({ me: 'alice' }) + button({ id: 'bob', peer: 'bob' }) });
      await alice.in('bob').press('Call');
      await alice.state('ringing');
      await alice.page.click('a');
      await alice.closeTab();
      await bob.event('call-ended', { reason: 'cancelled' }, 2500);
    });
  }

  test('A call that rings goes on where the page stops a link and leads the caller to another page of the site instead', async (t) => {
    const world = await openWorld(t);
    const bob = await bobAlone(world);
    const leads = `<a href="/nowhere">Click</a><script>
      const elsewhere = location.pathname + '?elsewhere';
      navigation.addEventListener('navigate', (event) => {
        if (!event.destination.url.endsWith('/nowhere')) return;
        event.preventDefault();
        location.href = elsewhere;
      });
    </script>`;
    const alice = await world.visit({ name: 'alice', markup: leads + panel({ me: 'alice', peer: 'bob' }) });
    await alice.press('Call');
    await alice.state('ringing');
    const there = alice.page.waitForNavigation({ waitUntil: 'load' });
    await alice.page.click('a');
    await there;
    await alice.page.waitForFunction(() => document.querySelector('video-call-panel')?.getAttribute('state') === 'ringing');
    await bob.press('Accept');
    await bob.event('call-connected');
    assert.equal((await bob.events('call-incoming')).length, 1, 'it has rung once');
  });

  for (const [what, next] of [
    ['goes to another site', ''],
    ['has another call placed by the next page', "setTimeout(() => document.querySelector('video-call-panel').call('carol'), 0)"],
    ['has the same person called anew by the next page', "setTimeout(() => document.querySelector('video-call-panel').call('bob'), 0)"],
    ['goes to a page that takes nothing up', "document.querySelector('video-call-panel').setAttribute('no-resume', '')"],
  ] as const) {
    test(`A call that rings is given up at once where the caller ${what}, and is in his history`, async (t) => {
      const world = await openWorld(t);
      const bob = await bobAlone(world);
      const history = `<video-call-history me="alice" relay="${world.relay.socketUrl}"></video-call-history>`;
      // Which says by itself that the page goes.
      const client = `<script type="module">
        import { createCallClient } from '${world.relay.origin}/video-call-client.js';
        createCallClient({ me: 'alice' });
      </script>`;
      const then = `<script type="module">
        if (location.search) { await customElements.whenDefined('video-call-panel'); ${next} }
        if (sessionStorage.left) document.body.insertAdjacentHTML('beforeend', '${history}');
        sessionStorage.left = 'yes';
      </script>${next ? '' : client}`;
      const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice' }) + button({ id: 'bob', peer: 'bob' }) + then });
      await alice.in('bob').press('Call');
      await alice.state('ringing');
      await bob.state('incoming');
      if (next) await alice.moveOn();
      else {
        const url = alice.page.url();
        await alice.page.goto(`${world.relay.origin}/`);
        await bob.event('call-ended', { reason: 'cancelled' }, 2500);
        await alice.page.goto(`${new URL(url).origin}/nothing`);
        const left = await alice.page.evaluate(() => Object.values(sessionStorage).join());
        assert.match(left, /\\"over\\":true/, 'the next page is told, however often it was said that this one goes');
        await alice.page.goto(url);
      }
      if (next) await bob.event('call-ended', { reason: 'cancelled' }, 4000);
      if (next.includes('bob')) await Promise.all([bob.state('incoming'), alice.state('ringing')]);
      await alice.page.waitForFunction(() => document.querySelector('video-call-history')!.shadowRoot!.textContent!.includes('Cancelled'));
    });
  }

  for (const who of ['caller', 'callee'] as const) {
    test(`A call that connects goes on where the ${who} goes to another page of the site`, async (t) => {
      const world = await openWorld(t);
      const bob = await bobAlone(world);
      const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob' }) });
      await alice.press('Call');
      await bob.press('Accept');
      const moves = who === 'caller' ? alice : bob;
      await moves.state('connecting');
      await moves.moveOn();
      await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
      await alice.press('Hang up');
      await bob.event('call-ended', { reason: 'hung-up' });
    });
  }

  test('A tab that is closed for good ends the call on the other side within seconds', async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await connected(world);
    await bob.closeTab();
    await alice.state('reconnecting');
    await seesFace(alice, 'B');
    await alice.event('call-ended', { reason: 'left' });
    await alice.holdsNothing();
  });

  test('A connected call does not notice that the relay is killed, hangs up without it, and both are there for the next one', async (t) => {
    const [world, relay] = await Promise.all([openWorld(t), startMortalRelay(t)]);
    const [alice, bob] = await connected(world, { relay: relay.url });
    await relay.kill();
    await Promise.all([alice.event('relay-status', { status: 'offline' }), bob.event('relay-status', { status: 'offline' })]);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await alice.press('Mute microphone');
    await bob.panel(
      (shown) =>
        new Promise((resolve) => {
          const look = (): unknown => (shown.shadowRoot!.textContent!.includes('Muted') ? resolve(true) : setTimeout(look, 50));
          look();
        }),
    );
    assert.deepEqual(
      (await alice.events('call-state')).filter(({ state }) => state === 'reconnecting'),
      [],
    );
    for (const person of [alice, bob]) assert.deepEqual(await person.events('call-error'), [], `${person.name} is told of nothing`);

    await bob.press('Hang up');
    await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
    await relay.revive();
    await Promise.all([alice.event('relay-status', { status: 'online' }, 25_000), bob.event('relay-status', { status: 'online' }, 25_000)]);
    await alice.press('Call again').catch(() => alice.press('Call'));
    await bob.find('Incoming video call from alice', 'dialog');
    await alice.press('Cancel');
    await bob.event('call-ended', { reason: 'cancelled' });
  });

  test('A call that rings when the relay is killed can still be answered when it is back, and has rung once', async (t) => {
    const [world, relay] = await Promise.all([openWorld(t), startMortalRelay(t)]);
    const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', relay: relay.url }) });
    await bob.event('relay-status', { status: 'online' });
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob', relay: relay.url }) });
    await alice.press('Call');
    await alice.state('ringing');
    await relay.kill();
    await Promise.all([alice.event('relay-status', { status: 'offline' }), bob.event('relay-status', { status: 'offline' })]);
    await relay.revive();
    await bob.press('Accept');
    await Promise.all([alice.event('call-connected', {}, 25_000), bob.event('call-connected', {}, 25_000)]);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    assert.equal((await bob.events('call-incoming')).length, 1);
  });

  test('A call is written down, and adapted to the network, also where the code for that could not be loaded as it was placed', async (t) => {
    const world = await openWorld(t);
    const bob = await bobAlone(world);
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob' }) });
    await alice.event('relay-status', { status: 'online' });
    await alice.page.setRequestInterception(true);
    let lost = 0;
    alice.page.on('request', (request) => (request.url().includes('/chunks/') ? (lost++, request.abort()) : request.continue()));
    await alice.press('Call');
    await alice.state('ringing');
    assert.ok(lost > 0, 'something was to be loaded');
    alice.page.removeAllListeners('request');
    await alice.page.setRequestInterception(false);
    await bob.press('Accept');
    await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
    await alice.page.waitForFunction(() => {
      const [connection] = (observer as unknown as { connections: Set<RTCPeerConnection> }).connections;
      return connection!.getSenders()[0]!.getParameters().encodings[0]!.priority === 'high';
    });
    await alice.press('Hang up');
    await alice.event('call-ended', { reason: 'hung-up' });
    await alice.page.evaluate(() => document.body.append(Object.assign(document.createElement('video-call-history'), { me: 'alice' })));
    await alice.page.waitForFunction(() => document.querySelector('video-call-history')!.shadowRoot?.querySelector('[part~=entry]'));
  });

  test('A call whose path is cut for 20 seconds is back on both sides without a click', { skip: withoutTurn }, (t) =>
    pathIsCut(t, ['chromium', 'chromium']),
  );

  test('A page that crashes in mid-call is in the call again when it is loaded anew', async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await connected(world);
    await bob.crash();
    await bob.reload();
    await bob.state('connected', {}, 20_000);
    await alice.state('reconnecting');
    await alice.state('connected', {}, 20_000);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await bob.press('Hang up');
    await alice.event('call-ended', { reason: 'hung-up' });
  });

  test('A dead TURN server holds up no call that can do without it', { skip: withoutTurn }, async (t) => {
    const [world, turn] = await Promise.all([openWorld(t), startTurn(t)]);
    turn.stop();
    const [alice] = await connected(world, { 'ice-servers': turn.iceServers });
    const moment = async (state: string): Promise<number> =>
      (await alice.events('call-state')).find((event) => event.state === state)!.time;
    const took = (await moment('connected')) - (await moment('connecting'));
    t.diagnostic(`connected ${took.toFixed(0)} ms after it was answered`);
    assert.ok(took < 3000, `it took ${took} ms`);
  });

  test('A page that goes to another place of its single-page site keeps its call', async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await connected(world);
    await alice.page.evaluate(() => {
      history.pushState({}, '', '/elsewhere');
      document.title = 'Elsewhere';
      document.querySelector('video-call-panel')!.before(document.createElement('main'));
    });
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    assert.deepEqual(
      (await bob.events('call-state')).filter(({ state }) => state === 'reconnecting'),
      [],
    );
  });

  test('A page that comes back out of the back/forward cache can be called again', async (t) => {
    const world = await openWorld(t);
    const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob' }), windows: true });
    await bob.event('relay-status', { status: 'online' });
    await bob.page.evaluate(() => void document.body.setAttribute('data-same', ''));
    await bob.page.goto(world.site.add('<p>Elsewhere</p>'));
    await bob.page.goBack();
    assert.ok(await bob.page.$('body[data-same]'), 'it is the same page, which was kept');
    await bob.page.waitForFunction(
      () => (document.querySelector('video-call-panel') as HTMLElement & Record<string, any>).relayStatus === 'online',
    );
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob' }) });
    await alice.press('Call');
    await bob.press('Accept');
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  });

  test('A page that is left in mid-call and come back to takes the call up again', async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await connected(world);
    await bob.page.goto(world.site.add('<p>Elsewhere</p>'));
    await alice.state('reconnecting');
    await bob.page.goBack();
    await alice.state('connected');
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  });
});
