import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { REFUSED_WAIT } from '../../../components/link/backoff.js';
import { LEAST_WAIT } from '../../../components/link/renewal.js';
import { UNSTEADY_FOR, WELCOME_WITHIN } from '../../../components/link/link.js';
import { RELAPSE_WITHIN } from '../../../components/link/losses.js';
import { CLOSE, PING_EVERY_IN_CALL, PONG_WITHIN, SUBPROTOCOL } from '../../../relay/protocol/index.js';
import type { StampedCallMessage } from '../../../relay/protocol/index.js';
import { Line, welcome } from '../../support/link/line.js';

const CALL = '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19';
const confirm: StampedCallMessage = { type: 'confirm', to: 'alice/a1', call: CALL, n: 1, ack: 0, from: 'bob/b1' };
const HOUR = 3_600_000;

/** Resolves when all answers that are there have been taken in. */
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

/** Token answers, one after the other; an error is thrown. */
function answerTokens(t: TestContext, ...answers: (string | Error)[]): string[] {
  const asked: string[] = [];
  t.mock.method(globalThis, 'fetch', async (url: string) => {
    asked.push(url);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer instanceof Error) throw answer;
    return new Response(answer);
  });
  return asked;
}

describe('A page that comes to its relay', () => {
  test('opens one connection with the protocol’s name and says hello as soon as it is open', () => {
    const line = new Line();
    line.link.start();
    line.link.start();
    assert.deepEqual([line.sockets.length, line.socket.url, line.socket.protocol], [1, 'ws://relay.test/ws', SUBPROTOCOL]);
    assert.deepEqual(line.socket.sent, []);
    line.socket.open();
    assert.deepEqual(line.socket.sent, [{ type: 'hello', device: 'a1', peer: 'alice' }]);
    assert.deepEqual([line.link.status, line.link.online, line.link.steady, line.link.address], ['connecting', false, false, undefined]);
  });

  test('says its name, cut to what the protocol allows, and its token', () => {
    const line = new Line({ displayName: '🙂'.repeat(70), token: 'abc' });
    line.link.start();
    assert.deepEqual(line.socket.open().sent, [{ type: 'hello', device: 'a1', peer: 'alice', name: '🙂'.repeat(64), token: 'abc' }]);
  });

  test('is online once it is welcome, at the address that the relay confirms', () => {
    const line = new Line().start({ peer: 'guest-x', device: 'd9' });
    assert.deepEqual([line.link.status, line.link.online, line.link.steady, line.link.address], ['online', true, true, 'guest-x/d9']);
    assert.deepEqual(
      [line.statuses, line.welcomed, line.link.iceServers],
      [['online'], [{ peer: 'guest-x', device: 'd9', resume: 'secret' }], [{ urls: ['stun:stun.example.com'] }]],
    );
  });

  test('is welcome once, however often it is told so', () => {
    const line = new Line().start();
    line.socket.say(welcome({ peer: 'mallory' }));
    assert.deepEqual([line.link.address, line.welcomed.length, line.statuses], ['alice/a1', 1, ['online']]);
  });

  test('comes back as the guest that it was, by the secret that it was given', () => {
    const line = new Line({ me: undefined });
    line.link.start();
    assert.deepEqual(line.socket.open().sent, [{ type: 'hello', device: 'a1' }]);
    line.socket.say(welcome({ peer: 'guest-x', device: 'd9', resume: 'r1' }));
    line.socket.drop();
    line.time.run(1000);
    assert.equal(line.sockets.length, 2);
    assert.deepEqual(line.socket.open().sent, [{ type: 'hello', device: 'd9', peer: 'guest-x', resume: 'r1' }]);
    assert.equal(line.link.address, 'guest-x/d9', 'its address is known meanwhile');
  });

  test('that was here before says so at its first connection, and goes by what the relay says from then on', () => {
    const line = new Line();
    line.link.identify('d7', { peer: 'alice', resume: 'r0' });
    line.link.start();
    assert.deepEqual(line.socket.open().sent, [{ type: 'hello', device: 'd7', peer: 'alice', resume: 'r0' }]);
    line.socket.say(welcome({ device: 'd8', resume: 'r1' }));
    line.socket.drop();
    line.time.run(1000);
    assert.deepEqual(line.socket.open().sent, [{ type: 'hello', device: 'd8', peer: 'alice', resume: 'r1' }]);
  });

  test('takes new options into account at the next connection', () => {
    const line = new Line().start();
    line.link.configure({ relay: 'ws://other.test/ws', me: 'alice', displayName: 'Alice', token: 'new' });
    assert.equal(line.sockets.length, 1);
    line.socket.drop();
    line.time.run(1000);
    const [hello] = line.socket.open().sent;
    assert.deepEqual([line.socket.url, hello!['name'], hello!['token']], ['ws://other.test/ws', 'Alice', 'new']);
  });

  test('gives a relay up that does not welcome it in time, and tries again', () => {
    const line = new Line();
    line.link.start();
    const first = line.socket.open();
    line.time.run(WELCOME_WITHIN - 1);
    assert.equal(first.closed, undefined);
    line.time.run(1);
    assert.deepEqual([first.closed, line.link.status], [null, 'offline']);
    line.time.run(500);
    assert.equal(line.sockets.length, 2);
    first.say(welcome());
    assert.equal(line.link.online, false, 'what the old connection still says counts for nothing');
    line.letIn();
    assert.deepEqual(line.statuses, ['offline', 'connecting', 'online']);
  });

  test('is told that the relay cannot be reached, once, and goes on trying', () => {
    const line = new Line();
    line.link.start();
    for (let i = 0; i < 5; i++) {
      line.socket.drop();
      line.retry();
    }
    assert.deepEqual([line.codes, line.sockets.length], [['relay-unreachable'], 6]);
    line.letIn();
    line.socket.drop();
    for (let i = 0; i < 3; i++) line.retry().drop();
    assert.deepEqual(line.codes, ['relay-unreachable', 'relay-unreachable'], 'and once again when it is lost again');
  });

  test('is not told so while in a call, which goes on without a relay, but once it is over', () => {
    const line = new Line();
    line.link.start();
    line.letIn();
    line.link.setBusy(true);
    line.socket.drop();
    for (let i = 0; i < 4; i++) line.retry().drop();
    assert.deepEqual(line.codes, []);
    line.link.setBusy(false);
    line.retry().drop();
    line.retry().drop();
    assert.deepEqual(line.codes, ['relay-unreachable']);
  });

  test('survives a browser that will not open a connection, says so, and tries again', () => {
    const line = new Line();
    line.refusal = new Error('mixed content');
    line.link.start();
    assert.deepEqual([line.codes, line.link.status, line.troubles[0]!.cause], [['relay-unreachable'], 'offline', line.refusal]);
    line.refusal = undefined;
    line.time.run(500);
    line.letIn();
    assert.equal(line.link.online, true);
  });
});

describe('What a relay says', () => {
  test('before it has welcomed the page is not heard, and its time for that goes on', () => {
    const line = new Line();
    line.link.start();
    line.socket.open();
    line.socket.say(confirm);
    line.socket.say({ type: 'pong' });
    line.socket.say({ type: 'presence', address: 'bob', presence: 'online' });
    line.socket.say({ type: 'ice-servers', iceServers: [{ urls: ['turn:mallory.test'] }], iceTtl: 1 });
    assert.deepEqual([line.calls, line.relaySaid, line.link.iceServers, line.link.online], [[], [], [], false]);
    line.time.run(WELCOME_WITHIN);
    assert.equal(line.link.status, 'offline');
  });

  test('is handed on: messages of calls to calls, its own to who asked', () => {
    const line = new Line().start();
    line.socket.say(confirm);
    line.socket.say({ type: 'presence', address: 'bob', presence: 'busy', name: 'Bob' });
    line.socket.say({ type: 'unreachable', to: 'bob', call: CALL, n: 1 });
    assert.deepEqual(line.calls, [confirm]);
    assert.deepEqual(
      line.relaySaid.map(({ type }) => type),
      ['presence', 'unreachable'],
    );
  });

  test('and is not of the protocol is reported once, and the connection goes on', () => {
    const line = new Line().start();
    const { from: _, ...unstamped } = confirm;
    const bad = [
      '',
      'hello',
      'null',
      '[]',
      '{}',
      '{"type":"teapot"}',
      '{"type":"toString"}',
      JSON.stringify(unstamped),
      '{"type":"presence","address":"bob"}',
    ];
    for (const text of [...bad, 'x'.repeat(1_000_000)]) line.socket.say(text);
    line.socket.say(new Uint8Array([1, 2, 3]));
    assert.deepEqual([line.codes, line.calls, line.relaySaid], [['protocol'], [], []]);
    assert.ok(line.troubles[0]!.detail.length < 300);
    line.socket.say(confirm);
    assert.deepEqual([line.calls.length, line.link.online, line.socket.closed], [1, true, undefined]);
  });

  test('as bytes is reported as well, and the connection goes on', () => {
    const line = new Line().start();
    line.socket.say(new Uint8Array([123, 125]));
    assert.deepEqual([line.codes, line.link.online], [['protocol'], true]);
    assert.match(line.troubles[0]!.detail, /not text/);
  });
});

describe('What a page says', () => {
  test('goes out while it is online, and is told to be lost otherwise', () => {
    const line = new Line();
    assert.equal(line.link.send({ type: 'ping' }), false);
    line.link.start();
    line.socket.open();
    line.socket.take();
    assert.equal(line.link.send({ type: 'ping' }), false);
    line.socket.say(welcome());
    assert.equal(line.link.send({ type: 'watch', addresses: ['bob'] }), true);
    assert.deepEqual(line.socket.sent, [{ type: 'watch', addresses: ['bob'] }]);
    line.socket.drop();
    assert.equal(line.link.send({ type: 'ping' }), false);
  });

  test('about being in a call is said at once and with a ping, at every return, and not twice', () => {
    const line = new Line().start();
    line.socket.take();
    line.link.setBusy(true);
    line.link.setBusy(true);
    assert.deepEqual(line.socket.sent, [{ type: 'status', presence: 'busy' }, { type: 'ping' }]);
    line.socket.drop();
    line.time.run(1000);
    line.letIn();
    assert.deepEqual(line.socket.sent.slice(1), [{ type: 'status', presence: 'busy' }]);
    line.link.setBusy(false);
    assert.deepEqual(line.socket.sent.slice(2), [{ type: 'status', presence: 'online' }, { type: 'ping' }]);
  });

  test('about being in a call before it is online is said when it is', () => {
    const line = new Line();
    line.link.setBusy(true);
    line.start();
    assert.deepEqual(line.socket.take(), ['hello', 'status']);
  });
});

describe('Whether the connection carries', () => {
  test('is found out by a ping every so often, sooner while in a call', () => {
    const line = new Line().start({ pingEvery: 15 });
    line.socket.take();
    line.time.run(15_000 - 1);
    assert.deepEqual(line.socket.take(), []);
    line.time.run(1);
    assert.deepEqual(line.socket.take(), ['ping']);
    line.socket.say({ type: 'pong' });
    line.link.setBusy(true);
    line.socket.say({ type: 'pong' });
    line.socket.take();
    line.time.run(PING_EVERY_IN_CALL * 1000);
    assert.deepEqual(line.socket.take(), ['ping']);
  });

  test('is known again with each answer: it stays as long as they come', () => {
    const line = new Line().start({ pingEvery: 1 });
    for (let i = 0; i < 100; i++) {
      line.time.run(1000);
      line.time.run(PONG_WITHIN * 1000 - 1);
      line.socket.say({ type: 'pong' });
    }
    assert.deepEqual([line.sockets.length, line.statuses, line.time.waiting], [1, ['online'], 1]);
  });

  test('is doubted when no answer comes in time: it is replaced, and its last words count for nothing', () => {
    const line = new Line().start();
    const dead = line.socket;
    line.link.prove();
    line.time.run(PONG_WITHIN * 1000);
    assert.deepEqual([dead.closed, line.link.status], [null, 'offline']);
    line.time.run(250);
    assert.equal(line.sockets.length, 2);
    dead.say(confirm);
    dead.drop(CLOSE.forbidden);
    line.letIn();
    assert.deepEqual([line.statuses, line.calls, line.codes], [['online', 'offline', 'connecting', 'online'], [], []]);
  });

  test('is asked at once when the page wakes up, but only once at a time', () => {
    const line = new Line().start();
    line.socket.take();
    line.link.prove();
    line.link.prove();
    assert.deepEqual(line.socket.take(), ['ping']);
    line.socket.say({ type: 'pong' });
    line.link.prove();
    assert.deepEqual(line.socket.take(), ['ping']);
  });

  test('is not asked while it is being made, and made at once when the page wakes up and waits', () => {
    const line = new Line();
    line.link.start();
    line.link.prove();
    assert.equal(line.sockets.length, 1);
    line.socket.drop();
    line.link.prove();
    assert.equal(line.sockets.length, 2);
    line.time.run(WELCOME_WITHIN - 1);
    assert.equal(line.sockets.length, 2, 'the wait before the next attempt is over');
  });

  test('is told to each who asked for it once, with the next answer', () => {
    const line = new Line().start();
    const told: string[] = [];
    line.link.prove(() => told.push('first'));
    line.link.prove(() => told.push('second'));
    line.link.prove();
    assert.deepEqual([told, line.socket.take()], [[], ['hello', 'ping']]);
    line.socket.say({ type: 'pong' });
    line.socket.say({ type: 'pong' });
    assert.deepEqual(told, ['first', 'second']);
  });

  test('is told to who asked for it once there is one that does, however many that takes', () => {
    const line = new Line().start();
    const told: string[] = [];
    line.link.prove(() => told.push('proven'));
    line.time.run(PONG_WITHIN * 1000);
    line.retry().drop();
    line.retry();
    assert.deepEqual(told, []);
    line.letIn();
    assert.deepEqual(told, ['proven']);
  });

  test('is told to nobody who asked before or after it was closed', () => {
    const line = new Line().start();
    const told: string[] = [];
    line.link.prove(() => told.push('before'));
    line.link.close();
    line.link.prove(() => told.push('after'));
    line.socket.say({ type: 'pong' });
    assert.deepEqual([told, line.time.waiting], [[], 0]);
  });

  test('says nothing about others shortly after it has returned', () => {
    const line = new Line().start();
    line.socket.drop();
    assert.equal(line.link.steady, false);
    line.time.run(1000);
    line.letIn();
    line.time.run(UNSTEADY_FOR - 1);
    assert.deepEqual([line.link.online, line.link.steady], [true, false]);
    line.time.run(1);
    assert.equal(line.link.steady, true);
  });
});

describe('How a connection ends', () => {
  test('decides when the page comes back', () => {
    const back = (code: number, random: number): number => {
      const line = new Line().start();
      line.random = random;
      line.socket.drop(code);
      const before = line.time.now();
      while (line.sockets.length === 1 && line.time.now() - before < 60_000) line.time.run(10);
      return line.time.now() - before;
    };
    assert.deepEqual([back(1006, 0), back(1006, 0.96)], [130, 250]);
    assert.deepEqual([back(CLOSE.restarting, 0), back(CLOSE.restarting, 1)], [10, 2000]);
    assert.deepEqual([back(CLOSE.overloaded, 0), back(CLOSE.overloaded, 1)], [2000, 4000]);
    assert.equal(back(CLOSE.flooding, 1), 4000);
  });

  test('soon after the page was let in, again and again, lets it come back ever more rarely, until a connection has lasted', () => {
    const line = new Line().start();
    const back = (): number => {
      const before = line.time.now();
      const { length } = line.sockets;
      line.socket.drop(1011);
      while (line.sockets.length === length && line.time.now() - before < 60_000) line.time.run(1);
      line.socket.open().say(welcome());
      return line.time.now() - before;
    };
    const waits = Array.from({ length: 5 }, back);
    assert.deepEqual(waits, [188, 375, 750, 1500, 3000]);
    line.time.run(RELAPSE_WITHIN);
    assert.equal(back(), 188);
  });

  test('counts as a failure when it follows soon after each welcome, so that the page comes back ever more rarely', () => {
    const waits = (lasting: number): number[] => {
      const line = new Line().start();
      line.random = 1;
      return Array.from({ length: 5 }, () => {
        line.time.run(lasting);
        line.socket.drop();
        const before = line.time.now();
        line.retry();
        line.letIn();
        return line.time.now() - before;
      });
    };
    assert.deepEqual(waits(RELAPSE_WITHIN - 1), [250, 500, 1000, 2000, 4000]);
    assert.deepEqual(waits(RELAPSE_WITHIN), [250, 250, 250, 250, 250]);
  });

  test('for good is kept to, also when the page wakes up again and again, and the person is told why', () => {
    for (const code of [CLOSE.forbidden, CLOSE.replaced]) {
      const line = new Line().start();
      line.socket.drop(code);
      for (let i = 0; i < 10; i++) {
        line.link.prove();
        line.time.run(60_000);
      }
      assert.deepEqual([line.sockets.length, line.link.status, line.codes, line.time.waiting], [1, 'offline', ['forbidden'], 0]);
    }
  });

  test('for good is over when the page is given other options', () => {
    const line = new Line().start();
    line.socket.drop(CLOSE.forbidden);
    line.link.configure({ relay: 'ws://relay.test/ws', me: 'alice', token: 'better' });
    line.link.prove();
    assert.equal(line.socket.open().sent[0]!['token'], 'better');
  });

  test('by a refused token is final where there is no other', () => {
    const line = new Line({ token: 'old' });
    line.link.start();
    line.socket.open().drop(CLOSE.unauthorized);
    line.time.run(HOUR);
    line.link.prove();
    assert.deepEqual([line.sockets.length, line.link.status, line.codes], [1, 'offline', ['unauthorized']]);
  });

  test('by a refused token brings a new one, and rests when that is refused as well', async (t) => {
    const asked = answerTokens(t, 'one', 'two', 'three');
    const line = new Line({ tokenSrc: '/call-token', token: 'never used' });
    line.link.start();
    const first = (await line.nextSocket()).open();
    assert.deepEqual([first.sent[0]!['token'], asked], ['one', ['/call-token']]);
    first.drop(CLOSE.unauthorized);
    line.time.run(1000);
    const second = (await line.nextSocket()).open();
    assert.equal(second.sent[0]!['token'], 'two');
    assert.deepEqual(line.codes, [], 'a token may have grown old');
    second.drop(CLOSE.unauthorized);
    line.time.run(REFUSED_WAIT / 2);
    assert.deepEqual([line.sockets.length, asked.length, line.codes], [2, 2, ['unauthorized']]);
    line.link.prove();
    (await line.nextSocket()).open().drop(CLOSE.unauthorized);
    assert.equal(line.socket.sent[0]!['token'], 'three', 'until the page asks for it');
    line.time.run(REFUSED_WAIT);
    (await line.nextSocket()).open().drop(CLOSE.unauthorized);
    assert.deepEqual([line.sockets.length, line.codes], [4, ['unauthorized']], 'or a long time has passed; and is told once');
    line.time.run(REFUSED_WAIT);
    await line.nextSocket();
    line.letIn();
    line.socket.drop(CLOSE.unauthorized);
    line.time.run(1000);
    (await line.nextSocket()).open().drop(CLOSE.unauthorized);
    assert.deepEqual(line.codes, ['unauthorized'], 'that a token has expired is not told, nor that the site gave an old one once');
  });

  test('by a refused token is over at once when the page has another one', async (t) => {
    answerTokens(t, 'one', 'two', 'three');
    const options = { relay: 'ws://relay.test/ws', me: 'alice' };
    const line = new Line({ token: 'old' });
    line.link.start();
    line.socket.open().drop(CLOSE.unauthorized);
    line.link.configure({ ...options, token: 'old', displayName: 'Alice' });
    assert.equal(line.sockets.length, 1, 'and another name is no other token');
    line.link.configure({ ...options, token: 'new' });
    line.socket.open().drop(CLOSE.unauthorized);
    assert.deepEqual([line.sockets.length, line.codes], [2, ['unauthorized', 'unauthorized']]);
    line.link.configure({ ...options, tokenSrc: '/call-token' });
    assert.equal((await line.nextSocket()).open().sent[0]!['token'], 'one');
  });

  test('by a token that was replaced meanwhile brings the new one', () => {
    const line = new Line({ token: 'old' });
    line.link.start();
    line.link.configure({ relay: 'ws://relay.test/ws', me: 'alice', token: 'new' });
    line.socket.open().drop(CLOSE.unauthorized);
    assert.equal(line.retry().open().sent[0]!['token'], 'new');
    assert.deepEqual(line.codes, []);
  });

  test('because somebody else has signed in since is mended by forgetting who this page was, once', () => {
    const line = new Line({ me: undefined, token: 'of bob' });
    line.link.identify('d7', { peer: 'alice', resume: 'r0' });
    line.link.start();
    line.socket.open().drop(CLOSE.unauthorized);
    assert.deepEqual(line.retry().open().sent, [{ type: 'hello', device: 'd7', token: 'of bob' }]);
    line.socket.drop(CLOSE.unauthorized);
    line.time.run(HOUR);
    assert.deepEqual([line.sockets.length, line.codes], [2, ['unauthorized']]);
  });

  test('by flooding is told to the person', () => {
    const line = new Line().start();
    line.socket.drop(CLOSE.flooding);
    assert.deepEqual(line.codes, ['rate-limited']);
  });
});

describe('A token of its own for every connection', () => {
  test('is asked for again, ever more rarely, where the site cannot be reached; that is told once, as any other outage', async (t) => {
    const asked = answerTokens(t, ...Array.from({ length: 3 }, () => new Error('offline')), 'good');
    const line = new Line({ tokenSrc: '/call-token' });
    line.link.start();
    await settled();
    assert.deepEqual([asked.length, line.codes, line.link.status], [1, [], 'offline']);
    for (const [wait, codes] of [
      [500, ['relay-unreachable']],
      [1000, ['relay-unreachable']],
    ] as const) {
      line.time.run(wait);
      await settled();
      assert.deepEqual(line.codes, codes);
    }
    const next = line.nextSocket();
    line.time.run(2000);
    assert.equal((await next).open().sent[0]!['token'], 'good');
    assert.equal(line.troubles[0]!.detail, 'The token URL could not be reached.');
  });

  test('that the site does not give is told once, and asked for again after a long time or when the page asks', async (t) => {
    const asked: number[] = [];
    t.mock.method(globalThis, 'fetch', async () => new Response('', { status: asked.push(1) < 4 ? 401 : 500 }));
    const line = new Line({ tokenSrc: '/call-token' });
    line.link.start();
    await settled();
    line.time.run(REFUSED_WAIT / 2);
    assert.deepEqual([asked.length, line.codes, line.troubles[0]!.detail], [1, ['unauthorized'], 'The token URL answered 401.']);
    line.link.prove();
    await settled();
    line.time.run(REFUSED_WAIT);
    await settled();
    assert.deepEqual([asked.length, line.codes, line.sockets.length], [3, ['unauthorized'], 0]);
  });

  test('that comes after the link was closed opens nothing', async (t) => {
    let answer!: (response: Response) => void;
    const answered = new Promise<Response>((resolve) => (answer = resolve));
    t.mock.method(globalThis, 'fetch', () => answered);
    const line = new Line({ tokenSrc: '/call-token' });
    line.link.start();
    line.link.close();
    const body = new Response('late');
    const read = new Promise<void>((resolve) => t.mock.method(body, 'text', async () => (setImmediate(resolve), 'late')));
    answer(body);
    await read;
    assert.deepEqual([line.sockets.length, line.codes, line.time.waiting], [0, [], 0]);
  });

  test('that fails after the link was closed is told to nobody', async (t) => {
    let fail!: (cause: Error) => void;
    const failing = new Promise<Response>((_, reject) => (fail = reject));
    t.mock.method(globalThis, 'fetch', () => failing);
    const line = new Line({ tokenSrc: '/call-token' });
    line.link.start();
    line.link.close();
    fail(new Error('gone'));
    await new Promise<void>((resolve) => setImmediate(resolve));
    assert.deepEqual([line.codes, line.time.waiting, line.statuses], [[], 0, ['offline']]);
  });
});

describe('A token that will expire', () => {
  /** A page whose token comes from its site, and is good for so many seconds. */
  async function sourced(t: TestContext, tokenTtl: number, ...answers: (string | Error)[]): Promise<{ line: Line; asked: string[] }> {
    const asked = answerTokens(t, 'first', ...answers);
    const line = new Line({ tokenSrc: '/call-token' });
    line.link.start();
    await line.nextSocket();
    line.letIn({ tokenTtl, pingEvery: 3600 });
    line.socket.take();
    return { line, asked };
  }
  /** Lets so many milliseconds pass, and what comes of it. */
  async function pass(line: Line, milliseconds: number): Promise<unknown[]> {
    line.time.run(milliseconds);
    await settled();
    return line.socket.sent.splice(0).filter(({ type }) => type === 'token');
  }

  test('is replaced when four fifths of its life are over, again and again, however wrong the clock of the page is', async (t) => {
    const { line, asked } = await sourced(t, 100, 'second', 'third');
    t.mock.method(line.time, 'wall', () => assert.fail('nobody asks what day it is'));
    assert.deepEqual(await pass(line, 79_999), []);
    assert.deepEqual(await pass(line, 1), [{ type: 'token', token: 'second' }]);
    line.socket.say({ type: 'token', tokenTtl: 50 });
    assert.deepEqual(await pass(line, 39_999), []);
    assert.deepEqual(await pass(line, 1), [{ type: 'token', token: 'third' }]);
    assert.deepEqual([asked.length, line.codes, line.sockets.length], [3, [], 1]);
  });

  test('is not replaced more often than every five seconds, however old the tokens are that the site gives', async (t) => {
    const { line } = await sourced(t, 0, 'old');
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await pass(line, LEAST_WAIT - 1), []);
      assert.equal((await pass(line, 1)).length, 1);
      line.socket.say({ type: 'token', tokenTtl: 0 });
    }
  });

  test('that cannot be replaced is tried again, ever more rarely, and told to nobody while the last one is good', async (t) => {
    const { line, asked } = await sourced(t, 100, new Error('offline'), new Error('offline'), 'bad', 'good');
    assert.deepEqual(await pass(line, 80_000), []);
    assert.deepEqual(await pass(line, LEAST_WAIT), []);
    assert.deepEqual(await pass(line, 2 * LEAST_WAIT), [{ type: 'token', token: 'bad' }]);
    line.socket.say({ type: 'error', code: 'unauthorized', message: 'No.', re: { type: 'token' } });
    assert.deepEqual(await pass(line, 4 * LEAST_WAIT), [{ type: 'token', token: 'good' }]);
    assert.deepEqual([asked.length, line.codes], [5, []]);
  });

  test('is not replaced for a connection that is gone, and its replacement not sent on another', async (t) => {
    const { line, asked } = await sourced(t, 100, 'second');
    line.socket.drop(CLOSE.replaced);
    line.time.run(HOUR);
    assert.deepEqual([asked.length, line.time.waiting], [1, 0]);
    const other = await sourced(t, 100, 'second');
    other.line.link.close();
    other.line.time.run(HOUR);
    assert.deepEqual([other.asked.length, other.line.time.waiting], [1, 0]);
  });

  test('without an end, or without a source, is left alone', async (t) => {
    const asked = answerTokens(t, 'first');
    const endless = new Line({ tokenSrc: '/call-token' });
    endless.link.start();
    await endless.nextSocket();
    const given = new Line({ token: 'given' });
    given.link.start();
    for (const [line, tokenTtl] of [
      [endless, undefined],
      [given, 10],
    ] as const) {
      line.letIn({ ...(tokenTtl && { tokenTtl }), pingEvery: 3600 });
      line.time.run(HOUR - 1);
    }
    await settled();
    assert.equal(asked.length, 1);
  });

  test('and is replaced by the page itself goes to the relay at once, and the page hears where it does not do', () => {
    const line = new Line({ token: 'old' }).start();
    line.socket.take();
    line.link.configure({ relay: 'ws://relay.test/ws', me: 'alice', token: 'new' });
    assert.deepEqual(line.socket.sent.at(-1), { type: 'token', token: 'new' });
    line.socket.say({ type: 'error', code: 'forbidden', message: 'The token is for another peer.', re: { type: 'token' } });
    assert.deepEqual([line.codes, line.troubles[0]!.detail, line.sockets.length], [['unauthorized'], 'The token is for another peer.', 1]);
  });

  test('from another source is asked for there at once', async (t) => {
    const { line, asked } = await sourced(t, 100, 'second');
    line.link.configure({ relay: 'ws://relay.test/ws', me: 'alice', tokenSrc: '/other' });
    assert.deepEqual(await pass(line, 0), [{ type: 'token', token: 'second' }]);
    assert.deepEqual(asked, ['/call-token', '/other']);
  });
});

describe('Credentials for TURN', () => {
  test('are asked for anew with the first ping after half their life, once, and taken up', () => {
    const line = new Line().start({ iceTtl: 60, pingEvery: 15 });
    line.socket.take();
    const beat = (): string[] => {
      line.time.run(15_000);
      line.socket.say({ type: 'pong' });
      return line.socket.take();
    };
    assert.deepEqual([beat(), beat(), beat()], [['ping'], ['ice-servers', 'ping'], ['ping']]);
    const iceServers = [{ urls: ['turn:turn.example.com'], username: 'u', credential: 'c' }];
    line.socket.say({ type: 'ice-servers', iceServers, iceTtl: 60 });
    assert.deepEqual(line.link.iceServers, iceServers);
    assert.deepEqual([beat(), beat()], [['ping'], ['ice-servers', 'ping']]);
  });

  test('without an end are never asked for again', () => {
    const line = new Line().start({ iceTtl: 0, pingEvery: 60 });
    line.socket.take();
    for (let i = 0; i < 100; i++) {
      line.time.run(60_000);
      line.socket.say({ type: 'pong' });
    }
    assert.deepEqual(new Set(line.socket.take()), new Set(['ping']));
  });
});

describe('A page that is put aside', () => {
  test('before it knows who it is connects once it does', () => {
    const line = new Line();
    line.link.rest();
    line.link.prove();
    assert.deepEqual([line.sockets.length, line.statuses], [0, []]);
    line.link.identify('a7', { peer: 'alice', resume: 'earlier' });
    line.link.start();
    assert.deepEqual(line.socket.open().sent, [{ type: 'hello', device: 'a7', peer: 'alice', resume: 'earlier' }]);
  });

  test('is gone for the relay until it is shown again, and has its address then', () => {
    const line = new Line().start();
    const { socket } = line;
    line.link.rest();
    line.link.rest();
    assert.deepEqual([socket.closed, line.link.status, line.link.send({ type: 'ping' })], [null, 'offline', false]);
    socket.drop();
    line.time.run(HOUR);
    assert.deepEqual([line.sockets.length, line.codes, line.time.waiting], [1, [], 0]);
    line.link.prove();
    assert.deepEqual(line.socket.open().sent, [{ type: 'hello', device: 'a1', peer: 'alice', resume: 'secret' }]);
    line.socket.say(welcome());
    assert.deepEqual([line.statuses, line.link.steady], [['online', 'offline', 'connecting', 'online'], false]);
  });
});

describe('A link that is closed', () => {
  test('says goodbye, comes to rest, and stays closed', () => {
    const line = new Line().start();
    line.link.close();
    line.link.close();
    line.link.start();
    line.link.prove();
    line.socket.drop(1000);
    line.socket.say(confirm);
    line.time.run(HOUR);
    assert.deepEqual(
      [line.socket.closed, line.sockets.length, line.statuses, line.calls, line.time.waiting],
      [1000, 1, ['online', 'offline'], [], 0],
    );
  });

  test('does not come back from a wait or from an attempt', () => {
    const waiting = new Line().start();
    waiting.socket.drop();
    waiting.link.close();
    const trying = new Line();
    trying.link.start();
    trying.link.close();
    trying.socket.open();
    trying.socket.say(welcome());
    for (const { time, sockets, link } of [waiting, trying]) {
      time.run(HOUR);
      assert.deepEqual([sockets.length, link.status, time.waiting], [1, 'offline', 0]);
    }
  });

  test('by the page at the very moment at which it tells of a status does nothing more', () => {
    for (const moment of ['connecting', 'online', 'offline']) {
      const line = new Line();
      line.onStatus = (status) => status === moment && line.link.close();
      line.link.start();
      line.socket.open();
      line.socket.say(welcome());
      line.socket.drop();
      line.time.run(HOUR);
      assert.deepEqual([line.time.waiting, line.link.status, line.sockets.length], [0, 'offline', 1], moment);
    }
  });
});

describe('A page that wakes its link up when it is told that it is offline', () => {
  test('gets one connection for it, which is not given up for another', () => {
    const line = new Line().start();
    line.onStatus = (status) => status === 'offline' && line.link.prove();
    line.socket.drop();
    assert.equal(line.sockets.length, 2);
    line.letIn();
    line.time.run(10_000);
    assert.deepEqual([line.sockets.length, line.statuses], [2, ['online', 'offline', 'connecting', 'online']]);
  });

  test('gets none where the relay does not want it', () => {
    const line = new Line().start();
    line.onStatus = (status) => status === 'offline' && line.link.prove();
    line.socket.drop(CLOSE.forbidden);
    assert.deepEqual([line.sockets.length, line.link.status], [1, 'offline']);
  });
});
