import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BROADCAST_AFTER_DECISION, MAX_DEVICES, MAX_HELD, MAX_SPENT, Outbox } from '../../../components/call/outbox.js';
import { MAX_UNACKNOWLEDGED, RESEND_AFTER } from '../../../relay/protocol/index.js';
import type { CallContent, CallMessage } from '../../../relay/protocol/index.js';
import { randomOf } from '../../support/model/world.js';

const CALL = '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19';
const B1 = 'bob/b1';
const B2 = 'bob/b2';

const word = (reason: string): CallContent => ({ type: 'hangup', reason });
const message = (n: number, ack = 0, reason = `w${n}`): CallMessage =>
  ({ ...word(reason), to: 'alice/a1', call: CALL, n, ack }) as CallMessage;
const ackOf = (ack: number): CallMessage => ({ type: 'ack', to: 'alice/a1', call: CALL, n: 0, ack });
const reasons = (contents: readonly CallContent[]): string[] =>
  contents.map((content) => (content.type === 'hangup' ? content.reason : content.type));
const numbers = (messages: readonly CallMessage[]): number[] => messages.map(({ n }) => n);

describe('What is said', () => {
  test('is numbered from 1, whomever it is for, and carries what was received of that device', () => {
    const outbox = new Outbox(CALL);
    outbox.receive(B1, message(1));
    outbox.receive(B1, message(2));
    assert.deepEqual(outbox.post('bob', word('a'), 0), { ...word('a'), to: 'bob', call: CALL, n: 1, ack: 0 });
    assert.deepEqual(outbox.post(B1, word('b'), 0), { ...word('b'), to: B1, call: CALL, n: 2, ack: 2 });
    assert.deepEqual(outbox.post(B2, word('c'), 0), { ...word('c'), to: B2, call: CALL, n: 3, ack: 0 });
  });

  test('goes on from where the last page of this device came, and what was taken for a repetition is said again', () => {
    const outbox = new Outbox(CALL);
    outbox.post(B1, word('a'), 0);
    outbox.post(B1, word('b'), 0);
    outbox.receive(B1, ackOf(5));
    assert.deepEqual(outbox.everything(0), [
      { ...word('a'), to: B1, call: CALL, n: 6, ack: 0 },
      { ...word('b'), to: B1, call: CALL, n: 7, ack: 0 },
    ]);
    assert.equal(outbox.post(B1, word('c'), 0).n, 8);
  });

  test('goes on after the numbers of an earlier page, for whoever has its words, all of them or some or none', () => {
    const [a, b] = [word('a'), word('b')];
    for (const heard of [0, 1, 2]) {
      const outbox = new Outbox(CALL, 2);
      const other = new Outbox(CALL);
      for (let n = 1; n <= heard; n++) other.receive(B1, message(n));
      const said = [outbox.post('alice/a1', a, 0), outbox.post('alice/a1', b, 0)];
      assert.deepEqual(numbers(said), [3, 4]);
      const words = [...said, ...outbox.due(0)].flatMap((each) => reasons(other.receive(B1, each).deliver));
      assert.equal(words.at(-1), 'b', `${heard} heard`);
      assert.deepEqual([...new Set(words)], ['a', 'b']);
      outbox.receive('alice/a1', ackOf(4));
      assert.equal(outbox.settled, true);
    }
  });

  test('goes on after the numbers of an earlier page also where somebody acknowledges them first, for all others', () => {
    const outbox = new Outbox(CALL);
    outbox.speakOn(2);
    outbox.listenOn(B1, 3);
    assert.equal(outbox.position(B1).n, 2, 'a page that goes before it has said anything leaves what it had found');
    const { deliver } = outbox.receive(B1, { ...message(4), ack: 2 });
    assert.equal(deliver.length, 1, 'what was heard before is not waited for');
    outbox.post('bob', word('a'), 0);
    assert.deepEqual(numbers(outbox.everything(0)), [1, 2, 3]);
    outbox.receive('bob/b2', message(1));
    assert.deepEqual(outbox.heard, [
      { from: B1, received: 4 },
      { from: 'bob/b2', received: 1 },
    ]);
  });

  test('does not repeat itself for ever, whatever an earlier page is said to have come to', () => {
    const outbox = new Outbox(CALL);
    outbox.speakOn(1_000_000);
    assert.equal(outbox.post('bob', word('a'), 0).n, MAX_SPENT + 1);
  });

  test('does not go on from a number that no last page can have come to', () => {
    const outbox = new Outbox(CALL);
    outbox.post(B1, word('a'), 0);
    outbox.receive(B1, ackOf(MAX_UNACKNOWLEDGED + 2));
    assert.equal(outbox.post(B1, word('b'), 0).n, 2);
  });

  test('is kept until its device acknowledges it', () => {
    const outbox = new Outbox(CALL);
    assert.equal(outbox.settled, true);
    outbox.post(B1, word('a'), 0);
    outbox.post(B1, word('b'), 0);
    outbox.receive(B2, ackOf(2));
    assert.deepEqual(numbers(outbox.everything(0)), [1, 2]);
    outbox.receive(B1, ackOf(1));
    assert.deepEqual([outbox.settled, numbers(outbox.everything(0))], [false, [2]]);
    outbox.receive(B1, message(1, 2));
    assert.equal(outbox.settled, true);
  });

  test('stays acknowledged when an older acknowledgement comes late', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.receive(B1, ackOf(1));
    outbox.receive(B1, ackOf(0));
    outbox.decide(0);
    assert.equal(outbox.settled, true);
  });

  test('is said again to a device whose next page acknowledges less with something new', () => {
    for (const [n, again] of [
      [1, []],
      [2, [2]],
    ] as const) {
      const outbox = new Outbox(CALL);
      outbox.post('bob', word('a'), 0);
      outbox.post('bob', word('b'), 0);
      outbox.receive(B1, message(1, 2));
      outbox.receive(B1, message(n, 1));
      outbox.decide(0);
      assert.deepEqual(numbers(outbox.everything(0)), again, n === 1 ? 'a repetition tells nothing' : undefined);
    }
  });

  test('is not acknowledged in advance, however high the number that a device names', () => {
    const outbox = new Outbox(CALL);
    outbox.receive(B1, ackOf(1000));
    outbox.post(B1, word('a'), 0);
    assert.equal(outbox.settled, false);
  });

  test('is sent again when it has waited long enough, with what was received meanwhile', () => {
    const outbox = new Outbox(CALL);
    outbox.post(B1, word('a'), 0);
    outbox.receive(B1, message(1));
    assert.deepEqual(outbox.due(RESEND_AFTER - 1), []);
    assert.deepEqual(outbox.due(RESEND_AFTER), [{ ...word('a'), to: B1, call: CALL, n: 1, ack: 1 }]);
    assert.deepEqual(outbox.due(RESEND_AFTER + 1), []);
    assert.deepEqual(numbers(outbox.due(2 * RESEND_AFTER)), [1]);
  });

  test('is all sent again at once when the way is there again, and then waits anew', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.post(B1, word('b'), 0);
    assert.deepEqual(numbers(outbox.everything(500)), [1, 2]);
    assert.deepEqual(outbox.due(RESEND_AFTER), []);
    assert.deepEqual(numbers(outbox.due(RESEND_AFTER + 500)), [1, 2]);
  });

  test('to all devices is sent again when another one may have appeared, and only that', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.post(B1, word('b'), 0);
    assert.deepEqual(numbers(outbox.broadcasts(0)), [1]);
  });

  test('is too much when more waits than the protocol allows to be kept', () => {
    const outbox = new Outbox(CALL);
    for (let i = 0; i < MAX_UNACKNOWLEDGED; i++) outbox.post(B1, word('a'), 0);
    assert.equal(outbox.overfull, false);
    outbox.post(B1, word('a'), 0);
    assert.equal(outbox.overfull, true);
  });
});

describe('What is said to all devices of a peer', () => {
  test('is kept for devices that appear later, until the call is decided', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.receive(B1, ackOf(1));
    assert.equal(outbox.settled, false);
    outbox.decide(0);
    assert.equal(outbox.settled, true);
  });

  test('is repeated every time for as long as a known device has not got it', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.receive(B1, ackOf(1));
    outbox.receive(B2, ackOf(0));
    for (let i = 1; i <= 6; i++) assert.deepEqual(numbers(outbox.due(i * RESEND_AFTER)), [1]);
  });

  test('is repeated ever more rarely once all known devices have it, up to every sixteenth time', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.receive(B1, ackOf(1));
    const sent: number[] = [];
    for (let i = 1; i <= 80; i++) if (outbox.due(i * RESEND_AFTER).length > 0) sent.push(i);
    assert.deepEqual(sent, [2, 6, 14, 30, 46, 62, 78]);
  });

  test('is repeated as often as at first again where another device may have appeared', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.receive(B1, ackOf(1));
    const sent: number[] = [];
    for (let i = 1; i <= 40; i++) {
      if (i === 15) outbox.hasten();
      if (outbox.due(i * RESEND_AFTER).length > 0) sent.push(i);
    }
    assert.deepEqual(sent, [2, 6, 14, 16, 20, 28]);
  });

  test('is waited for only until every device that has been heard of has it, once the call is decided', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.receive(B1, ackOf(1));
    outbox.receive(B2, ackOf(0));
    outbox.decide(0);
    assert.equal(outbox.settled, false);
    outbox.receive(B2, ackOf(1));
    assert.equal(outbox.settled, true);
  });

  test('is still repeated when no device has been heard of, for half a minute after the decision', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.post(B1, word('b'), 0);
    outbox.decide(1000);
    outbox.decide(20_000);
    assert.deepEqual(numbers(outbox.due(1000 + BROADCAST_AFTER_DECISION)), [1, 2]);
    assert.deepEqual(numbers(outbox.due(1001 + BROADCAST_AFTER_DECISION + RESEND_AFTER)), [2]);
    assert.equal(outbox.settled, false);
  });

  test('does not wait for devices of another peer', () => {
    const outbox = new Outbox(CALL);
    outbox.post('bob', word('a'), 0);
    outbox.receive('bobby/b1', ackOf(0));
    outbox.receive(B1, ackOf(1));
    outbox.decide(0);
    assert.equal(outbox.settled, true);
  });
});

describe('What arrives', () => {
  test('is delivered once, in the order in which it was said', () => {
    const outbox = new Outbox(CALL);
    const deliveries = [2, 1, 2, 4, 1, 3, 4].map((n) => reasons(outbox.receive(B1, message(n)).deliver));
    assert.deepEqual(deliveries, [[], ['w1', 'w2'], [], [], [], ['w3', 'w4'], []]);
  });

  test('is ordered for each device by itself', () => {
    const outbox = new Outbox(CALL);
    assert.deepEqual(reasons(outbox.receive(B1, message(1, 0, 'from one')).deliver), ['from one']);
    assert.deepEqual(reasons(outbox.receive(B2, message(1, 0, 'from two')).deliver), ['from two']);
  });

  test('is always to be acknowledged, old or new, and bare acknowledgements never are', () => {
    const outbox = new Outbox(CALL);
    assert.equal(outbox.receive(B1, message(1)).owed, true);
    assert.equal(outbox.receive(B1, message(1)).owed, true);
    assert.equal(outbox.receive(B1, message(9)).owed, true);
    assert.deepEqual(outbox.receive(B1, ackOf(0)), { deliver: [], owed: false });
    assert.deepEqual(outbox.receive(B1, { ...ackOf(0), n: 2 }), { deliver: [], owed: false });
  });

  test('without a number is taken for its acknowledgement alone', () => {
    const outbox = new Outbox(CALL);
    outbox.post(B1, word('a'), 0);
    assert.deepEqual(outbox.receive(B1, message(0, 1)), { deliver: [], owed: false });
    assert.equal(outbox.settled, true);
  });

  test('is acknowledged up to where nothing is missing', () => {
    const outbox = new Outbox(CALL);
    assert.deepEqual(outbox.acknowledgement(B1), { type: 'ack', to: B1, call: CALL, n: 0, ack: 0 });
    for (const n of [1, 2, 4]) outbox.receive(B1, message(n));
    assert.equal(outbox.acknowledgement(B1).ack, 2);
    assert.equal(outbox.acknowledgement(B2).ack, 0);
  });

  test('is held only within bounds while an earlier message is missing, and that one is always let in', () => {
    const outbox = new Outbox(CALL);
    for (let n = 2; n <= MAX_HELD + 10; n++) outbox.receive(B1, message(n));
    assert.equal(outbox.receive(B1, message(1)).deliver.length, MAX_HELD + 1);
    assert.equal(outbox.acknowledgement(B1).ack, MAX_HELD + 1);
  });

  test('is not listened to where it comes from more devices than one call has', () => {
    const outbox = new Outbox(CALL);
    for (let i = 0; i < MAX_DEVICES; i++) assert.equal(outbox.receive(`bob/d${i}`, message(1)).owed, true);
    assert.deepEqual(outbox.receive('bob/one-too-many', message(1)), { deliver: [], owed: false });
    outbox.skip('bob/one-too-many', 7);
    assert.equal(outbox.acknowledgement('bob/one-too-many').ack, 0);
    assert.equal(outbox.receive('bob/d0', message(2)).owed, true);
  });

  test('may be skipped: a call that is over takes all up to a number as received, and never goes back', () => {
    const outbox = new Outbox(CALL);
    outbox.receive(B1, message(5));
    outbox.skip(B1, 7);
    assert.equal(outbox.acknowledgement(B1).ack, 7);
    outbox.skip(B1, 3);
    assert.equal(outbox.acknowledgement(B1).ack, 7);
    outbox.skip(B2, 2);
    for (let n = 10; n < 10 + MAX_HELD; n++) outbox.receive(B2, message(n));
    outbox.skip(B2, 9 + MAX_HELD);
    assert.deepEqual(reasons(outbox.receive(B2, message(11 + MAX_HELD)).deliver), [], 'there is room again');
    assert.deepEqual(reasons(outbox.receive(B2, message(10 + MAX_HELD)).deliver), [`w${10 + MAX_HELD}`, `w${11 + MAX_HELD}`]);
    assert.deepEqual(reasons(outbox.receive(B1, message(8)).deliver), ['w8']);
  });
});

describe('A call that is taken up by another outbox', () => {
  test('goes on with the next number, and with what comes after the last one received', () => {
    const first = new Outbox(CALL);
    assert.deepEqual(first.position(B1), { n: 0, received: 0 });
    first.post(B1, word('a'), 0);
    first.post(B1, word('b'), 0);
    first.receive(B1, message(1));
    assert.deepEqual(first.position(B1), { n: 2, received: 1 });
    const second = new Outbox(CALL);
    second.restore(B1, first.position(B1));
    assert.deepEqual([second.position(B1), second.settled], [{ n: 2, received: 1 }, true]);
    assert.deepEqual(reasons(second.receive(B1, message(1)).deliver), []);
    assert.deepEqual(reasons(second.receive(B1, message(2)).deliver), ['w2']);
    const said = second.post(B1, word('c'), 0);
    assert.deepEqual([said.n, said.ack], [3, 2]);
    second.receive(B1, ackOf(3));
    assert.equal(second.settled, true);
  });
});

/** Half seconds from the start. */
const DECIDED_AT = 240;

const way = fc.record({
  seed: fc.integer(),
  loss: fc.double({ min: 0, max: 0.6, noNaN: true }),
  doubling: fc.double({ min: 0, max: 0.5, noNaN: true }),
  delay: fc.constantFrom(1, 300, 3000, 12_000),
  words: fc.integer({ min: 1, max: 90 }),
  devices: fc.integer({ min: 1, max: 3 }),
  /** After how many words to everybody one device is spoken to alone. */
  settledAfter: fc.nat({ max: 90 }),
});

test('Whatever is lost, doubled and reordered, repetition brings each message to each device once and in order', () => {
  fc.assert(
    fc.property(way, ({ seed, loss, doubling, delay, words, devices, settledAfter }) => {
      const random = randomOf(seed);
      const alice = new Outbox(CALL);
      const bobs = Array.from({ length: devices }, (_, i) => ({ address: `bob/b${i}`, outbox: new Outbox(CALL), got: [] as string[] }));
      let onTheWay: { at: number; arrive: () => void }[] = [];
      let now = 0;
      const travel = (bad: boolean, arrive: () => void): void => {
        if (bad && random() < loss) return;
        for (let copies = bad && random() < doubling ? 2 : 1; copies > 0; copies--) onTheWay.push({ at: now + random() * delay, arrive });
      };
      const carry = (message: CallMessage, bad: boolean): void => {
        for (const bob of bobs) {
          if (message.to !== 'bob' && message.to !== bob.address) continue;
          travel(bad, () => {
            const { deliver, owed } = bob.outbox.receive('alice/a1', message);
            bob.got.push(...reasons(deliver));
            if (owed) travel(bad, () => void alice.receive(bob.address, bob.outbox.acknowledgement('alice/a1')));
          });
        }
      };
      // Bad weather at first; the call is decided when there was time to reach devices that had not been heard of.
      for (let tick = 0; tick < 400 && !(tick > DECIDED_AT && alice.settled); tick++) {
        now = tick * 500;
        const bad = tick < 120;
        if (tick < words) carry(alice.post(tick < settledAfter ? 'bob' : 'bob/b0', word(`w${tick}`), now), bad);
        if (tick === DECIDED_AT) alice.decide(now);
        for (const message of alice.due(now)) carry(message, bad);
        const due = onTheWay.filter(({ at }) => at <= now);
        onTheWay = onTheWay.filter(({ at }) => at > now);
        for (const { arrive } of due.sort((a, b) => a.at - b.at)) arrive();
      }
      const said = Array.from({ length: words }, (_, i) => `w${i}`);
      assert.deepEqual(bobs[0]!.got, said);
      for (const { got } of bobs.slice(1)) assert.deepEqual(got, said.slice(0, settledAfter));
      assert.equal(alice.settled, true);
    }),
    { numRuns: 300 },
  );
});
