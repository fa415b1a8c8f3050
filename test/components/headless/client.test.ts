/** The headless client at a session that does what the test says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CallClient } from '../../../components/headless/client.js';
import type { ClientWorld } from '../../../components/headless/line.js';
import type { CallClientOptions } from '../../../components/headless/options.js';
import type { CallErrorEvent, CallIncomingEvent, CallRequestEvent } from '../../../components/events.js';
import type { CallSnapshot, Changes, ConnectionOptions } from '../../../components/call/session.js';
import { readConnection } from '../../../components/attributes.js';
import type { Complaint, ConnectionAttributes } from '../../../components/attributes.js';
import { readClientOptions } from '../../../components/headless/options.js';
import type { Chat } from '../../../components/headless/index.js';
import { merged } from '../../../components/page-session.js';
import { keptBy } from '../../../components/sessions.js';
import { FakeSession } from '../../support/fake-session.js';

const TYPES = [
  'call-request',
  'call-incoming',
  'call-state',
  'call-connected',
  'call-ended',
  'call-error',
  'call-message',
  'relay-status',
  'presence-change',
] as const;

/** A client, the session that it opened, and what it has told. */
function setUp(options: CallClientOptions = { me: 'alice' }, world: Partial<ClientWorld> = {}) {
  const sessions: FakeSession[] = [];
  const closed: unknown[] = [];
  let leave: ((persisted: boolean) => void) | undefined;
  const client = new CallClient(options, {
    openSession: (connection) => {
      const session = new FakeSession(connection);
      sessions.push(session);
      return session;
    },
    closeSession: (session) => void closed.push(session),
    hindrance: () => undefined,
    places: () => ({ script: 'https://relay.test/video-call-client.js', page: 'https://www.test/' }),
    leaving: (listener) => ((leave = listener), () => (leave = undefined)),
    ...world,
  });
  const told: Event[] = [];
  for (const type of TYPES) client.addEventListener(type, (event: Event) => void told.push(event));
  const of = <E extends Event = Event & Record<string, any>>(type: string): E[] => told.filter((event) => event.type === type) as E[];
  return {
    client,
    session: sessions[0]!,
    sessions,
    closed,
    of,
    leave: (persisted = false) => leave?.(persisted),
    isLeaving: () => !!leave,
  };
}

const DESK = { deviceId: '1', label: 'Desk' };

const settled = (): Promise<void> => new Promise((resolve) => queueMicrotask(resolve));

describe('options', () => {
  test('mean what the attributes mean, and the relay is where the script came from', () => {
    const { session } = setUp({ me: 'alice', displayName: 'Alice', tokenSrc: '/token', icePolicy: 'relay', noResume: true });
    assert.deepEqual(session.options, {
      relay: 'wss://relay.test/ws',
      me: 'alice',
      displayName: 'Alice',
      tokenSrc: 'https://www.test/token',
      icePolicy: 'relay',
      noResume: true,
    });
    assert.deepEqual(session.asked('changeMedia'), [], 'what elements have asked for is left as it is');
  });

  const BAD: readonly [given: object, sentence: RegExp, connects: boolean][] = [
    [{ me: 'not an ID' }, /^The option "me" must be a peer ID/, false],
    [{ me: 42 }, /^The option "me" must be a text\./, false],
    [{ relay: 'relay.example.com' }, /^The option "relay" must be a URL that starts with wss:/, false],
    [{ displayName: 'x'.repeat(65) }, /^The option "displayName" must be at most 64 characters/, true],
    [{ ringTimeout: 1 }, /^The option "ringTimeout" must be a whole number from 5 to 180/, true],
    [{ icePolicy: 'none' }, /^The option "icePolicy" must be one of: all, relay/, true],
    [{ noResume: 'yes' }, /^The option "noResume" must be true or false/, true],
    [{ camera: 'front' }, /^The option "camera" must be a device as enumerateDevices\(\) lists it/, true],
    [{ ringtone: 7 }, /^The option "ringtone" must be true, false or the URL/, true],
    [{ displayName: 10n }, /^The option "displayName" must be a text/, true],
    [{ tokenUrl: '/token' }, /^The option "tokenUrl" is not known; there are: relay, me/, true],
  ];
  for (const [given, sentence, connects] of BAD) {
    test(`that cannot be are told once whoever made the client can hear it: ${Object.entries(given).join().slice(0, 40)}`, async () => {
      const { of, sessions, client } = setUp(given as CallClientOptions);
      assert.deepEqual(of('call-error'), []);
      await settled();
      const [error, ...more] = of<CallErrorEvent>('call-error');
      assert.equal(error!.code, 'bad-attribute');
      assert.match(error!.message, sentence);
      assert.deepEqual(more, []);
      assert.equal(sessions.length, connects ? 1 : 0);
      assert.equal(client.call('bob'), connects);
      assert.equal(of('call-error').length, connects ? 1 : 2, 'who cannot be connected hears why again');
    });
  }

  for (const given of [null, 'alice', 7]) {
    test(`that are no object do no harm: ${JSON.stringify(given)}`, () => assert.doesNotThrow(() => setUp(given as never)));
  }

  test('change for the connection that is on, but not whose it is', async () => {
    const { client, session, of } = setUp({ me: 'alice', token: 'one' });
    client.configure({ token: 'two', maxResolution: '360p' });
    assert.deepEqual(session.asked('changeConnection'), [[{ token: 'two' }]]);
    assert.deepEqual(session.asked('changeMedia'), [[{ maxLines: 360 }]]);
    client.configure({ me: 'bob' });
    assert.match(of<CallErrorEvent>('call-error')[0]!.message, /cannot be changed: close\(\) this client/);
    assert.equal(session.asked('changeConnection').length, 1);
  });
});

test('A client that changes one option leaves those be that a panel of the page has set', () => {
  const { client, session } = setUp({ me: 'alice', displayName: 'Alice', tokenSrc: '/token' });
  const privately: ConnectionOptions = { ...session.options, icePolicy: 'relay', earlyIce: 'none', tokenSrc: 'https://www.test/panel' };
  client.configure({ displayName: 'Alice B.' });
  client.configure({ displayName: null });
  const [[first], [second]] = session.asked('changeConnection') as [[Changes<ConnectionOptions>], [Changes<ConnectionOptions>]];
  assert.deepEqual(merged(privately, first), { ...privately, displayName: 'Alice B.' });
  const { displayName: _, ...nameless } = privately;
  assert.deepEqual(merged(merged(privately, first), second), nameless);
  assert.deepEqual([session.asked('configureConnection'), session.asked('configureMedia')], [[], []]);

  client.chooseDevices({ camera: DESK });
  client.chooseDevices({ camera: DESK });
  client.chooseDevices({ camera: null });
  assert.deepEqual(session.asked('changeMedia'), [[{ camera: DESK }], [{ camera: DESK }], [{ camera: undefined }]]);
});

test('Each connection option of the elements is one of the client, with the same meaning', () => {
  const given: Required<CallClientOptions & ConnectionAttributes> & object = {
    ...{ relay: 'wss://relay.test', me: 'alice', displayName: 'Alice', token: 'one', tokenSrc: '/token' },
    ...{ iceServers: '[]', icePolicy: 'relay', earlyIce: 'none', noResume: true, noHistory: true },
    ...{ ringTimeout: null, maxResolution: null, maxBitrate: null, dataSaver: false, virtualCamera: false },
    ...{ microphone: null, camera: null, ringtone: false, ringback: false },
  };
  const places = { script: 'https://relay.test/video-call-client.js', page: 'https://www.test/' };
  const complaints: Complaint[] = [];
  const { connection } = readClientOptions(given, places, complaints);
  assert.deepEqual([complaints, connection], [[], readConnection(given, places, [])]);
  assert.equal(connection!.earlyIce, 'none');
});

test('Sessions are shared within a version of the package, and not between two', () => {
  assert.equal(keptBy('0.0.1-test'), keptBy('0.0.1-test'));
  assert.notEqual(keptBy('0.0.1-test'), keptBy('0.0.2-test'));
});

describe('a call', () => {
  test('is placed unless a listener vetoes it, and only to a peer ID', () => {
    const { client, session, of } = setUp({ me: 'alice', ringTimeout: 20 });
    assert.equal(client.call(''), false);
    assert.equal(client.call('b b'), false);
    assert.equal(client.call('bob', { media: 'smoke' as never }), false);
    assert.equal(of('call-error').length, 3);
    assert.deepEqual(of('call-request'), []);
    client.addEventListener('call-request', (event) => event.preventDefault(), { once: true });
    assert.equal(client.call('bob'), false);
    assert.deepEqual(session.asked('call'), []);
    assert.equal(client.call('bob', { media: 'audio', name: 'Bob' }), true);
    assert.deepEqual(session.asked('call'), [['bob', { media: 'audio', ringTimeout: 20, name: 'Bob' }]]);
    const asked = of<CallRequestEvent>('call-request').at(-1)!;
    assert.deepEqual([asked.peer, asked.media], ['bob', 'audio']);
    assert.equal(client.call('carol'), false, 'while one is on there is no other');
  });

  test('that comes in is told, rings visibly, and is taken and declined once', () => {
    const { client, session, of } = setUp();
    const { id } = session.bringIn();
    const event = of<CallIncomingEvent>('call-incoming')[0]!;
    assert.equal(event.call.id, id);
    assert.deepEqual(session.asked('rings'), [['visual']]);
    event.accept({ media: 'audio' });
    assert.deepEqual(session.asked('accept'), [[{ media: 'audio' }]]);
    session.show({ state: 'connected' });
    event.decline();
    assert.equal(client.decline(), false);
    assert.deepEqual(session.asked('decline'), []);
  });

  test('that comes in shows the own camera before it is taken, where it is a video call', () => {
    const { client, session } = setUp();
    assert.equal(client.preview(), false);
    session.bringIn();
    assert.deepEqual([client.preview(), session.asked('preview').length], [true, 1]);
  });

  test('takes whatever it is given without throwing, and says what it cannot use', () => {
    const { client, session, of } = setUp();
    assert.equal(client.call('bob', Object.create(null) as object), true);
    session.bringIn();
    assert.equal(client.accept({ media: 'smoke' as never }), false);
    of<CallIncomingEvent>('call-incoming')[0]!.accept(Object.assign(Object.create(null), { media: {} }) as object);
    assert.deepEqual(session.asked('accept'), []);
    of<CallIncomingEvent>('call-incoming')[0]!.accept(null as never);
    assert.equal(client.accept(null), true);
    assert.deepEqual(session.asked('accept'), [[{ media: 'video' }], [{ media: 'video' }]]);
    assert.match(of<CallErrorEvent>('call-error')[0]!.message, /^In accept\(\), the argument "media" must be one of: audio, video\./);

    session.connect();
    assert.equal(client.chooseDevices(null), true);
    assert.equal(client.chooseDevices({ microphone: 'desk' as never, camera: DESK }), true);
    assert.deepEqual(session.asked('chooseDevices').at(-1), [{ microphone: undefined, camera: DESK }], 'what was refused is left out');
    assert.match(of<CallErrorEvent>('call-error').at(-1)!.message, /^The option "microphone" must be a device/);
    session.show({ state: 'idle', call: null });
    assert.equal(client.call('bob', null), true);
    assert.doesNotThrow(() => client.configure(null as never));
  });

  test('that comes in and is vetoed does not ring before the page says so', () => {
    const { client, session } = setUp();
    client.addEventListener('call-incoming', (event) => event.preventDefault());
    session.bringIn();
    session.show({ alert: null });
    assert.deepEqual(session.asked('rings'), []);
    assert.equal(client.rings('sound'), true);
    assert.deepEqual(session.asked('rings'), [['sound']]);
    assert.equal(client.accept(), true);
  });

  test('that rings already when the client comes is told, too', async () => {
    const { of, session } = setUp(
      { me: 'alice' },
      {
        openSession: (connection) => {
          const session = new FakeSession(connection);
          session.bringIn();
          return session;
        },
      },
    );
    assert.equal(session, undefined);
    await settled();
    assert.deepEqual([of('call-incoming').length, of('relay-status').length], [1, 1]);
  });

  test('is told of by the events of the elements, and by snapshots', () => {
    const { client, session, of } = setUp();
    const seen: CallSnapshot[] = [];
    const stop = client.subscribe((snapshot) => seen.push(snapshot));
    client.subscribe(undefined as never);
    const call = session.connect();
    session.tell({ type: 'connected', call });
    session.tell({ type: 'ended', call, reason: 'hung-up', duration: 3 });
    session.tell({ type: 'error', code: 'media-busy', detail: 'Busy.' });
    session.tell({ type: 'relay-status', status: 'offline' });
    const types = TYPES.filter((type) => of(type).length > 0);
    assert.deepEqual(types, ['call-state', 'call-connected', 'call-ended', 'call-error', 'relay-status']);
    assert.equal(of('call-ended')[0]!['duration'], 3);
    assert.equal(seen.at(-1), client.snapshot);
    assert.ok(Object.isFrozen(client.snapshot));
    stop();
    const count = seen.length;
    session.show({ state: 'ended' });
    assert.equal(seen.length, count);
  });
});

describe('closing', () => {
  test('ends everything, twice if need be: what it watched, what it heard, what it was asked', () => {
    const { client, session, closed, of, isLeaving } = setUp();
    client.watch('bob', 'no listener' as never);
    session.setPresence('bob', 'online');
    assert.equal(of('presence-change').length, 1);
    client.close();
    client.close();
    assert.deepEqual(closed, [session]);
    assert.ok(!session.isWatched('bob') && !isLeaving());
    session.setPresence('bob', 'offline');
    session.bringIn();
    assert.deepEqual([of('presence-change').length, of('call-incoming').length], [1, 0]);
    assert.deepEqual([client.call('bob'), client.accept(), client.hangUp(), client.snapshot.state], [false, false, false, 'idle']);
  });

  test('tells how the call ended that it ends', () => {
    const world: Partial<ClientWorld> = {
      closeSession: (session) => {
        const call = session.snapshot.call!;
        (session as FakeSession).tell({ type: 'ended', call, reason: 'hung-up', duration: 1 });
      },
    };
    const { client, session, of } = setUp({ me: 'alice' }, world);
    session.connect();
    client.close();
    assert.equal(of('call-ended').length, 1);
  });
});

test('Presence is told by the event and the listener, with the name, until it is stopped', () => {
  const { client, session, of } = setUp();
  const heard: unknown[] = [];
  const stop = client.watch('bob', (presence, name) => heard.push([presence, name]));
  session.setPresence('bob', 'online', 'Bob');
  session.setPresence('bob', 'online', 'Robert');
  stop();
  session.setPresence('bob', 'offline');
  assert.deepEqual(heard.slice(-2), [
    ['online', 'Bob'],
    ['online', 'Robert'],
  ]);
  assert.equal(of('presence-change').length, 1);
  assert.doesNotThrow(() => client.watch('no ID')());
  assert.match(of<CallErrorEvent>('call-error')[0]!.message, /In watch\(\)/);
});

test('On a server a client is idle, silent and harmless', async () => {
  const { client, sessions, of } = setUp(
    { me: 'not an ID' },
    { hindrance: () => 'no page', places: () => assert.fail('there is no page') },
  );
  await settled();
  client.configure({ token: 'x' });
  client.watch('bob')();
  assert.deepEqual([client.call('bob'), client.snapshot.state, await client.roster(), client.chat], [false, 'idle', undefined, undefined]);
  client.close();
  assert.deepEqual([sessions, of('call-error')], [[], []]);
});

test('A browser that cannot make calls is told of, and asked for a call says so again', async () => {
  const trouble = { code: 'insecure-context', detail: 'Only over https.' } as const;
  const { client, of, sessions } = setUp({ me: 'alice' }, { hindrance: () => trouble });
  await settled();
  assert.equal(client.call('bob'), false);
  assert.deepEqual(
    of('call-error').map((event) => event['code']),
    ['insecure-context', 'insecure-context'],
  );
  assert.deepEqual(sessions, []);
});

test('A page that goes away tells the session', () => {
  const { session, leave } = setUp();
  leave();
  leave(true);
  assert.deepEqual(session.asked('leave'), [[false], [true]]);
});

test('The chat that pages get has no requests that are for the elements alone', () => {
  const isPublic: 'takeNews' extends keyof Chat ? never : true = true;
  assert.ok(isPublic);
});
