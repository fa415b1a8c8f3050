/** One call at work, as its engine runs it: who is listened to, what is repeated, how it comes to rest. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DIRECT_AT_ONCE, DIRECT_PER_SECOND, LAST_WORDS, LINGER, REPEATED_AT_ONCE } from '../../../components/call/call.js';
import {
  ABSENCE_GRACE,
  ANSWER_WITHIN,
  CONNECT_WITHIN,
  CUT_OFF_GRACE,
  EARLY_WITHIN,
  FIRST_FRAME_WITHIN,
  LEAD_AFTER,
  NEXT_AFTER,
  REBUILD_WITHIN,
  RECOVER_WITHIN,
  REST,
  RESTART_WITHIN,
  RING_GRACE,
} from '../../../components/call/call-state.js';
import { ACK_AFTER, MAX_UNACKNOWLEDGED, RESEND_AFTER } from '../../../relay/protocol/index.js';
import { DIRECT_AFTER } from '../../../components/call/early.js';
import { Desk, callId } from '../../support/call/desk.js';
import type { DeskPeer } from '../../support/call/desk.js';
import { ANSWER, OFFER, candidate } from '../../support/call/scenes.js';

const CALL = callId(9);

/** A call that is connected, and of which the other side has heard everything. */
function connected(): { desk: Desk; call: string } {
  const desk = new Desk();
  const call = desk.dial();
  desk.taken(call);
  desk.flow();
  desk.settle(call);
  desk.time.run(RESEND_AFTER);
  desk.takeSent();
  return { desk, call };
}

/** The same, on the side that was called. */
function connectedCallee(): { desk: Desk; call: string } {
  const desk = new Desk();
  const call = desk.ring();
  desk.take();
  desk.flow();
  desk.settle(call);
  return { desk, call };
}

describe('Who is not part of a call', () => {
  test('is not heard, however well he knows its ID', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.takeSent();
    desk.taken(call, 'mallory/b1');
    desk.hear('mallory/m1', call, { type: 'decline', reason: 'declined' });
    assert.deepEqual([desk.state, desk.takeSent()], ['calling', []]);
    desk.time.run(ACK_AFTER);
    assert.deepEqual(desk.takeSent(), [], 'he is not even answered');
  });

  test('cannot cancel what rings, not even from another device of the caller', () => {
    const desk = new Desk();
    const call = desk.ring(CALL, 'bob/b1');
    desk.hear('bob/b2', call, { type: 'cancel', reason: 'cancelled' });
    desk.hear('mallory/m1', call, { type: 'cancel', reason: 'cancelled' });
    assert.equal(desk.state, 'incoming');
    desk.hear('bob/b1', call, { type: 'cancel', reason: 'cancelled' });
    assert.equal(desk.engine.snapshot.reason, 'cancelled');
  });

  test('cannot end what is connected', () => {
    const { desk, call } = connected();
    desk.hear('mallory/m1', call, { type: 'hangup', reason: 'hung-up' });
    desk.hear('bob/b2', call, { type: 'hangup', reason: 'hung-up' });
    assert.equal(desk.state, 'connected');
  });
});

describe('A device that accepts too late', () => {
  test('is told at once who has the call, each time it asks', () => {
    const { desk, call } = connected();
    desk.taken(call, 'bob/b2', 1);
    assert.deepEqual(desk.takeSent(), ['bob/b2 0 cancel answered-elsewhere winner b1 ack 1']);
    desk.hear('bob/b2', call, { type: 'accept', media: 'video', description: ANSWER }, { n: 1 });
    assert.deepEqual([desk.takeSent(), desk.state], [['bob/b2 0 cancel answered-elsewhere winner b1 ack 1'], 'connected']);
  });

  test('is told why the call is over when it was called off', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.engine.hangUp();
    desk.takeSent();
    desk.taken(call, 'bob/b2', 1);
    assert.deepEqual(desk.takeSent(), ['bob/b2 0 cancel cancelled ack 1']);
  });

  test('stops ringing by a verdict that comes without a number, at once', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.take();
    desk.hear('bob/b1', call, { type: 'cancel', reason: 'answered-elsewhere', winner: 'a2' }, { n: 0 });
    assert.deepEqual([desk.engine.snapshot.reason, desk.media.tracks], ['answered-elsewhere', { audio: false, video: false }]);
  });
});

describe('The end of the ringing', () => {
  test('overtakes what is still missing before it', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.hear('bob/b1', call, { type: 'cancel', reason: 'no-answer' }, { n: 7 });
    assert.equal(desk.engine.snapshot.reason, 'no-answer');
    desk.takeSent();
    desk.hear('bob/b1', call, { type: 'candidates', candidates: [candidate('late')], gen: 0 }, { n: 2 });
    assert.deepEqual(desk.takeSent(), ['bob/b1 ack 7'], 'what comes after it is acknowledged, and nothing else');
  });

  test('does not overtake where it makes this very device the winner', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.take();
    desk.hear('bob/b1', call, { type: 'cancel', reason: 'answered-elsewhere', winner: 'a1' }, { n: 3 });
    assert.equal(desk.state, 'connecting');
  });
});

describe('Acknowledgements', () => {
  test('are said after a while when there is nothing else to say, once for all that came', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.hear('bob/b1', call, { type: 'candidates', candidates: [candidate('c')], gen: 0 });
    desk.time.run(ACK_AFTER - 1);
    assert.deepEqual(desk.takeSent(), []);
    desk.time.run(1);
    assert.deepEqual(desk.takeSent(), ['bob/b1 ack 2']);
    desk.time.run(10 * ACK_AFTER);
    assert.deepEqual(desk.takeSent(), []);
  });

  test('ride on what is said to the same device', () => {
    const desk = new Desk();
    desk.ring();
    desk.engine.rings('sound');
    assert.deepEqual(
      desk.link.sent.map(({ type, ack }) => [type, ack]),
      [['ringing', 1]],
    );
    desk.takeSent();
    desk.time.run(ACK_AFTER);
    assert.deepEqual(desk.takeSent(), []);
  });

  test('are not owed to those who only acknowledge', () => {
    const { desk, call } = connected();
    desk.hear('bob/b1', call, { type: 'ack' }, { ack: 2 });
    desk.time.run(ACK_AFTER);
    assert.deepEqual(desk.takeSent(), []);
  });

  test('come at once when the call is over', () => {
    const { desk, call } = connected();
    desk.hear('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    assert.deepEqual(desk.takeSent(), ['bob/b1 ack 2']);
  });
});

describe('What nobody acknowledges', () => {
  test('is said again every two seconds', () => {
    const desk = new Desk();
    desk.dial();
    desk.takeSent();
    desk.time.run(RESEND_AFTER - 1);
    assert.deepEqual(desk.takeSent(), []);
    desk.time.run(1);
    assert.deepEqual(desk.takeSent(), ['bob 1 invite']);
    desk.time.run(2 * RESEND_AFTER);
    assert.deepEqual(desk.takeSent(), ['bob 1 invite', 'bob 1 invite']);
  });

  test('is said again when the link returns, and when another device of the peer may have appeared', () => {
    const desk = new Desk();
    desk.dial();
    desk.takeSent();
    desk.link.online = false;
    desk.engine.linkChanged(false);
    desk.time.run(1000);
    desk.link.online = true;
    desk.engine.linkChanged(true);
    assert.deepEqual(desk.takeSent(), ['bob 1 invite']);
    const tell = desk.link.watched.get('bob')!;
    tell('online');
    assert.deepEqual(desk.takeSent(), [], 'the first word of presence is about those who got the invite');
    tell('online');
    assert.deepEqual(desk.takeSent(), ['bob 1 invite']);
    tell('busy');
    assert.deepEqual(desk.takeSent(), [], 'a device that rings is busy');
    tell('busy');
    assert.deepEqual(desk.takeSent(), ['bob 1 invite']);
    tell('online');
    assert.deepEqual(desk.takeSent(), ['bob 1 invite'], 'any other word may be that of a further device');
  });

  test('is said again at once when the page of the other side has come back, which may be another one than was told', () => {
    const { desk } = connected();
    desk.peer.report({ type: 'parted' });
    const tell = desk.link.watched.get('bob/b1')!;
    tell('busy');
    desk.takeSent();
    desk.peer.report({ type: 'gathered', candidates: [candidate('c')] });
    const said = desk.takeSent();
    assert.equal(said.length, 1);
    tell('busy');
    assert.deepEqual(desk.takeSent(), said);
    for (let i = 0; i < 10 * REPEATED_AT_ONCE; i++) tell(i % 2 ? 'busy' : 'online');
    assert.equal(desk.takeSent().length, REPEATED_AT_ONCE - 1, 'a page that comes and goes makes no storm');
  });

  test('ends the call when it is more than may be kept', () => {
    const { desk } = connected();
    for (let i = 0; i <= MAX_UNACKNOWLEDGED; i++) desk.peer.report({ type: 'gathered', candidates: [candidate('c')] });
    desk.time.run(RESEND_AFTER);
    assert.deepEqual([desk.engine.snapshot.reason, desk.told.at(-3)], ['connection-lost', 'error protocol']);
  });
});

describe('The data channel', () => {
  test('carries what is said to the partner as well, and what comes over it counts once', () => {
    const { desk, call } = connected();
    desk.peer.channel = true;
    desk.peer.report({ type: 'gathered', candidates: [candidate('c')] });
    assert.deepEqual(desk.peer.sent, desk.link.sent);
    const { from: _, ...hangup } = desk.stamped('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    desk.peer.listener.message(JSON.stringify(hangup));
    assert.equal(desk.engine.snapshot.reason, 'hung-up');
    desk.engine.receive({ ...hangup, from: 'bob/b1' });
    assert.equal(desk.told.filter((word) => word.startsWith('ended')).length, 1);
  });

  test('brings a hundred messages at once and ten a second, and what is more is heard when it is repeated', () => {
    const { desk, call } = connected();
    const storm = Array.from({ length: 3 * DIRECT_AT_ONCE + 1 }, (_, at) => {
      const { from: __, ...media } = desk.stamped('bob/b1', call, { type: 'media', microphone: at % 2 === 0, camera: true, screen: false });
      return JSON.stringify(media);
    });
    const first = (JSON.parse(storm[0]!) as { n: number }).n;
    let heard = 0;
    for (const more of [DIRECT_AT_ONCE, DIRECT_PER_SECOND, DIRECT_PER_SECOND]) {
      for (const text of storm.slice(heard)) desk.peer.listener.message(text);
      desk.time.run(1000);
      heard += more;
      assert.equal(desk.link.sent.at(-1)!.ack + 1 - first, heard);
    }
  });

  test('says nothing that is no message, of another call, or with a sender of its own', () => {
    const { desk, call } = connected();
    const hangup = desk.stamped('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    const { from: _, ...plain } = hangup;
    for (const text of [
      '',
      'hello',
      '{}',
      '[]',
      JSON.stringify(hangup),
      JSON.stringify({ ...plain, call: callId(3) }),
      '{"type":"ping"}',
    ]) {
      desk.peer.listener.message(text);
    }
    assert.equal(desk.state, 'connected');
  });

  test('that opens before there is a partner is not listened to', () => {
    const desk = new Desk();
    const call = desk.dial();
    const { from: _, ...hangup } = desk.stamped('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    desk.peer.listener.message(JSON.stringify(hangup));
    assert.equal(desk.state, 'calling');
  });

  test('is shown when it or the remote stream changes', () => {
    const { desk } = connected();
    desk.peer.remoteStream = 'another';
    desk.peer.listener.changed();
    assert.equal(desk.engine.snapshot.remoteStream, 'another');
  });
});

describe('The peer connection', () => {
  test('is asked for everything that the other side and the machine want of it', () => {
    const { desk, call } = connected();
    assert.deepEqual(desk.peer.asked.splice(0), ['offer video', 'connect']);
    desk.hear('bob/b1', call, { type: 'description', description: ANSWER, gen: 0 });
    desk.hear('bob/b1', call, { type: 'candidates', candidates: [candidate('c'), candidate('d')], gen: 0 });
    desk.peer.report({ type: 'path', state: 'disconnected' });
    assert.deepEqual(desk.peer.asked, ['describe', 'candidates 2'], 'signalling first, media second');
    desk.link.proven();
    assert.deepEqual(desk.peer.asked, ['describe', 'candidates 2', 'restart-ice']);
  });

  test('of a renegotiation is spoken of to the partner alone', () => {
    const { desk } = connected();
    desk.peer.report({ type: 'described', description: ANSWER });
    assert.deepEqual(desk.takeSent(), ['bob/b1 5 description']);
  });

  test('is made once, polite on the side that was called', () => {
    const desk = new Desk();
    desk.ring();
    assert.deepEqual(desk.peers, [], 'nothing is made of an offer before the call is taken');
    desk.take();
    assert.deepEqual([desk.peers.length, desk.peer.polite, connected().desk.peer.polite], [1, true, false]);
  });
});

describe('Whether the other side is there', () => {
  const absence = ABSENCE_GRACE * 1000;

  test('is followed while it rings: the peer by the caller, the one device by the callee', () => {
    const desk = new Desk();
    const call = desk.dial();
    assert.deepEqual([...desk.link.watched.keys()], ['bob']);
    desk.taken(call);
    assert.deepEqual([...desk.link.watched.keys()], []);
    const other = new Desk();
    other.ring();
    assert.deepEqual([...other.link.watched.keys()], ['bob/b1']);
    other.take();
    assert.deepEqual([...other.link.watched.keys()], []);
  });

  test('ends the call at once where nobody is and this is certain', () => {
    const desk = new Desk();
    desk.dial();
    desk.link.watched.get('bob')!('offline');
    assert.equal(desk.engine.snapshot.reason, 'unreachable');
  });

  test('ends it at once by the word that the invite reached nobody, unless somebody is known to be there', () => {
    const desk = new Desk();
    const call = desk.dial();
    const unreachable = { type: 'unreachable', to: 'bob', call, n: 1 } as const;
    desk.link.watched.get('bob')!('busy');
    desk.engine.relaySaid(unreachable);
    assert.equal(desk.state, 'calling');
    desk.link.watched.get('bob')!('online');
    desk.engine.relaySaid(unreachable);
    assert.equal(desk.state, 'calling');
    const other = new Desk();
    other.dial();
    other.engine.relaySaid(unreachable);
    assert.equal(other.engine.snapshot.reason, 'unreachable');
  });

  test('is waited for when the link has just been away, and no longer than that for being told again and again', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.engine.linkChanged(false);
    desk.engine.linkChanged(true);
    for (let waited = 0; waited < absence; waited += RESEND_AFTER) {
      assert.equal(desk.state, 'calling');
      desk.engine.relaySaid({ type: 'unreachable', to: 'bob', call, n: 1 });
      desk.time.run(RESEND_AFTER);
    }
    assert.equal(desk.engine.snapshot.reason, 'unreachable');
  });

  test('is waited for when a device has rung, and the wait ends when it is back', () => {
    const desk = new Desk();
    const call = desk.dial();
    const tell = desk.link.watched.get('bob')!;
    tell('online');
    desk.hear('bob/b1', call, { type: 'ringing', alert: 'sound' });
    tell('offline');
    desk.time.run(absence - 1);
    tell('online');
    desk.time.run(10);
    assert.equal(desk.state, 'ringing');
    tell('offline');
    desk.hear('bob/b1', call, { type: 'ringing', alert: 'sound' });
    desk.time.run(absence);
    assert.equal(desk.state, 'ringing', 'any word of its devices ends the wait');
    tell('offline');
    desk.time.run(absence);
    assert.equal(desk.engine.snapshot.reason, 'unreachable');
  });

  test('is not known while there is no link: a call that cannot be said ends after a while', () => {
    const desk = new Desk();
    desk.link.online = false;
    desk.engine.call('bob', { media: 'video', ringTimeout: 30 });
    desk.time.run(absence);
    assert.equal(desk.engine.snapshot.reason, 'unreachable');
  });

  test('ends the ringing here a while after the caller has gone', () => {
    const desk = new Desk();
    desk.ring();
    desk.link.watched.get('bob/b1')!('offline');
    desk.time.run(absence);
    assert.equal(desk.engine.snapshot.reason, 'left');
  });
});

describe('The clocks of a call', () => {
  test('end the ringing on both sides, here a little later than the caller should have', () => {
    const caller = new Desk();
    caller.dial();
    caller.time.run(30_000 - 1);
    assert.equal(caller.state, 'calling');
    caller.time.run(1);
    assert.equal(caller.engine.snapshot.reason, 'no-answer');
    const callee = new Desk();
    callee.ring();
    callee.time.run((30 + RING_GRACE) * 1000 - 1);
    assert.equal(callee.state, 'incoming');
    callee.time.run(1);
    assert.equal(callee.engine.snapshot.reason, 'no-answer');
  });

  test('end a call that finds no path, and one that has lost its path for too long', () => {
    const desk = new Desk();
    desk.taken(desk.dial());
    desk.time.run(CONNECT_WITHIN * 1000);
    assert.equal(desk.engine.snapshot.reason, 'connect-timeout');
    const { desk: other } = connected();
    other.peer.report({ type: 'path', state: 'failed' });
    other.time.run(RECOVER_WITHIN * 1000 - 1);
    assert.equal(other.state, 'reconnecting');
    other.time.run(1);
    assert.equal(other.engine.snapshot.reason, 'connection-lost');
  });

  test('show a call as connected whose picture does not come', () => {
    const desk = new Desk();
    desk.taken(desk.dial());
    desk.peer.report({ type: 'path', state: 'connected' });
    desk.time.run(FIRST_FRAME_WITHIN * 1000);
    assert.equal(desk.state, 'connected');
    desk.time.run(CONNECT_WITHIN * 1000);
    assert.equal(desk.state, 'connected');
  });

  test('show the end for a while', () => {
    const { desk } = connected();
    desk.engine.hangUp();
    desk.time.run(REST * 1000 - 1);
    assert.equal(desk.state, 'ended');
    desk.time.run(1);
    assert.equal(desk.state, 'idle');
  });
});

describe('After the end', () => {
  test('the last words are waited for on the data channel, and no longer than it takes', () => {
    const { desk, call } = connected();
    desk.engine.hangUp();
    desk.time.run(LAST_WORDS - 1);
    assert.equal(desk.peer.closed, false);
    desk.time.run(1);
    assert.equal(desk.peer.closed, true);
    const { desk: other } = connected();
    other.engine.hangUp();
    other.settle(call);
    assert.equal(other.peer.closed, true);
  });

  test('the peer connection stays open while something that was written has not arrived, but not for long', () => {
    const { desk, call } = connected();
    desk.talks = true;
    desk.engine.hangUp();
    desk.settle(call);
    desk.time.run(LAST_WORDS - 1);
    assert.equal(desk.peer.closed, false);
    desk.time.run(1);
    assert.equal(desk.peer.closed, true);
    const { desk: other, call: another } = connected();
    other.talks = true;
    other.engine.hangUp();
    other.settle(another);
    other.talks = false;
    other.engine.tidy();
    assert.equal(other.peer.closed, true, 'closed as soon as it has arrived');
  });

  test('the side that was told of it acknowledges it once what it wrote has arrived, and waits for no one who has gone', () => {
    const { desk, call } = connected();
    desk.talks = true;
    desk.hear('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    desk.time.run(LAST_WORDS - 1);
    assert.deepEqual(desk.takeSent(), []);
    desk.talks = false;
    desk.engine.tidy();
    assert.deepEqual([desk.takeSent(), desk.peer.closed], [['bob/b1 ack 2'], false]);
    const { desk: other, call: another } = connected();
    other.talks = true;
    const last = other.stamped('bob/b1', another, { type: 'hangup', reason: 'hung-up' });
    other.engine.receive(last);
    other.time.run(LAST_WORDS - 1);
    other.engine.receive(last);
    assert.deepEqual(other.takeSent(), []);
    other.peer.channel = true;
    other.peer.sent.length = 0;
    other.time.run(1);
    assert.deepEqual(
      [other.takeSent(), other.peer.sent.length, other.peer.closed],
      [['bob/b1 ack 2'], 1, true],
      'said before it is closed',
    );
    const { desk: third, call: left } = connected();
    third.peer.report({ type: 'parted' });
    third.hear('bob/b1', left, { type: 'hangup', reason: 'left' });
    assert.equal(third.peer.closed, true);
  });

  test('the side that was told of it leaves the connection to the other one, which closes it', () => {
    const { desk, call } = connected();
    desk.hear('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    assert.equal(desk.peer.closed, false);
    desk.peer.report({ type: 'parted' });
    assert.deepEqual([desk.peer.closed, desk.state], [true, 'ended']);
    const { desk: other, call: another } = connected();
    other.hear('bob/b1', another, { type: 'hangup', reason: 'hung-up' });
    other.time.run(LAST_WORDS);
    assert.equal(other.peer.closed, true);
  });

  test('the connection of a call that never began closes at once', () => {
    const desk = new Desk();
    desk.talks = true;
    const call = desk.dial();
    desk.hear('bob/b1', call, { type: 'decline', reason: 'declined' });
    desk.settle(call);
    assert.equal(desk.peer.closed, true);
  });

  test('two who hang up at the same moment wait until both have heard so, and for what either has written', () => {
    for (const talks of [false, true]) {
      const { desk, call } = connected();
      desk.talks = talks;
      desk.engine.hangUp();
      desk.takeSent();
      desk.hear('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
      assert.deepEqual([desk.takeSent(), desk.peer.closed], [talks ? [] : ['bob/b1 ack 2'], false]);
      desk.settle(call);
      assert.equal(desk.peer.closed, !talks);
      desk.talks = false;
      desk.engine.tidy();
      assert.deepEqual([desk.takeSent(), desk.peer.closed], [talks ? ['bob/b1 ack 2'] : [], true]);
    }
  });

  test('a call that is given up is told to all devices, also when one of them gives it up at the same moment', () => {
    const desk = new Desk();
    const call = desk.dial();
    for (const device of ['bob/b1', 'bob/b2']) desk.hear(device, call, { type: 'ringing', alert: 'sound' });
    desk.engine.hangUp();
    desk.hear('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    desk.takeSent();
    desk.time.run(RESEND_AFTER);
    assert.ok(desk.takeSent().includes('bob 2 cancel cancelled'));
  });

  test('the end is repeated although something comes that was said before it', () => {
    const { desk, call } = connected();
    desk.engine.hangUp();
    desk.hear('bob/b1', call, { type: 'media', microphone: false, camera: true, screen: false });
    assert.equal(desk.peer.closed, false);
    desk.takeSent();
    desk.time.run(RESEND_AFTER);
    assert.deepEqual(desk.takeSent(), ['bob/b1 5 hangup hung-up']);
  });

  test('the end is repeated until it is acknowledged, also when nothing is shown any more', () => {
    const { desk, call } = connected();
    desk.engine.hangUp();
    desk.takeSent();
    desk.time.run(REST * 1000);
    assert.deepEqual([desk.state, desk.engine.size], ['idle', 1]);
    assert.deepEqual(desk.takeSent(), ['bob/b1 5 hangup hung-up', 'bob/b1 5 hangup hung-up']);
    desk.settle(call);
    assert.deepEqual([desk.engine.size, desk.time.waiting], [0, 0]);
  });

  test('nothing is left of a call that is shown no more and heard of by the other side', () => {
    const { desk, call } = connected();
    desk.hear('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    assert.equal(desk.engine.size, 1);
    desk.time.run(REST * 1000);
    assert.deepEqual([desk.engine.size, desk.time.waiting, desk.state], [0, 0, 'idle']);
  });

  test('a side that does not answer is given up in the end', () => {
    const { desk } = connected();
    desk.engine.hangUp();
    desk.time.run(LINGER - 1);
    assert.equal(desk.engine.size, 1);
    desk.time.run(1);
    assert.deepEqual([desk.engine.size, desk.time.waiting], [0, 0]);
  });

  test('what still arrives is acknowledged at once and does nothing', () => {
    const { desk, call } = connected();
    desk.engine.hangUp();
    desk.takeSent();
    const told = desk.told.length;
    desk.hear('bob/b1', call, { type: 'media', microphone: false, camera: false, screen: false });
    assert.deepEqual([desk.takeSent(), desk.told.length], [['bob/b1 ack 2'], told]);
    desk.hear('bob/b1', call, { type: 'hangup', reason: 'left' });
    assert.equal(desk.engine.snapshot.reason, 'hung-up');
  });
});

describe('A connection that takes the place of another', () => {
  /** A call whose path is gone for good, and which has offered a new one. */
  function rebuilding(): { desk: Desk; call: string; first: DeskPeer } {
    const { desk, call } = connected();
    const first = desk.peer;
    first.report({ type: 'path', state: 'failed' });
    desk.link.proven();
    return { desk, call, first };
  }

  test('closes it, has the same tracks, and is as polite', () => {
    const { desk, first } = rebuilding();
    assert.deepEqual([desk.peers.length, first.closed, desk.peer.asked, desk.peer.polite], [2, true, ['offer video'], first.polite]);
    assert.deepEqual(desk.peer.tracks, desk.media.tracks);
  });

  test('is shown by the last picture until it has one of its own', () => {
    const { desk, first } = rebuilding();
    assert.equal(desk.engine.snapshot.remoteStream, 'remote');
    first.remoteStream = null;
    desk.peer.remoteStream = 'anew';
    desk.peer.listener.changed();
    assert.equal(desk.engine.snapshot.remoteStream, 'remote');
    desk.peer.report({ type: 'flowing', kind: 'video' });
    assert.deepEqual([desk.state, desk.engine.snapshot.remoteStream], ['connected', 'anew']);
  });

  test('is not disturbed by what the old one still reports, says or shows', () => {
    const { desk, call, first } = rebuilding();
    const { notices } = desk;
    const before = notices.length;
    desk.takeSent();
    first.report({ type: 'flowing', kind: 'audio' });
    first.report({ type: 'described', description: ANSWER });
    first.report({ type: 'gathered', candidates: [candidate('late')] });
    first.report({ type: 'broken', detail: 'late' });
    const { from: _, ...hangup } = desk.stamped('bob/b1', call, { type: 'hangup', reason: 'hung-up' });
    first.listener.message(JSON.stringify(hangup));
    first.listener.changed();
    assert.deepEqual([desk.state, desk.takeSent(), notices.length], ['reconnecting', [], before]);
  });

  test('gets the candidates of its own generation alone', () => {
    const { desk, call } = rebuilding();
    desk.peer.asked.splice(0);
    desk.hear('bob/b1', call, { type: 'candidates', candidates: [candidate('old')], gen: 0 });
    desk.hear('bob/b1', call, { type: 'description', description: ANSWER, gen: 0 });
    desk.hear('bob/b1', call, { type: 'description', description: ANSWER, gen: 1 });
    desk.hear('bob/b1', call, { type: 'candidates', candidates: [candidate('new'), candidate('newer')], gen: 1 });
    assert.deepEqual(desk.peer.asked, ['connect', 'candidates 2']);
  });

  test('is given up when it is not answered in time, and sooner once it is answered', () => {
    const { desk, call } = rebuilding();
    desk.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    desk.time.run(ANSWER_WITHIN * 1000 - 1);
    desk.link.proven();
    assert.equal(desk.peers.length, 2);
    desk.time.run(1);
    desk.link.proven();
    assert.equal(desk.peers.length, 3);
    desk.hear('bob/b1', call, { type: 'description', description: ANSWER, gen: 2 });
    desk.time.run(REBUILD_WITHIN * 1000 - 1);
    desk.link.proven();
    assert.equal(desk.peers.length, 3);
    desk.time.run(1);
    desk.link.proven();
    assert.equal(desk.peers.length, 4);
  });

  test('is left to the other side that has just made one, for as long as that needs', () => {
    const { desk, call } = connectedCallee();
    desk.peer.report({ type: 'path', state: 'failed' });
    desk.time.run((LEAD_AFTER - 1) * 1000);
    desk.hear('bob/b1', call, { type: 'description', description: OFFER, gen: 1 });
    desk.time.run((LEAD_AFTER + ANSWER_WITHIN) * 1000 - 1);
    desk.link.proven();
    assert.deepEqual([desk.peers.length, desk.peer.asked], [2, ['answer']]);
    desk.time.run(1);
    desk.link.proven();
    assert.deepEqual([desk.peers.length, desk.peer.asked], [3, ['offer video']]);
  });

  test('is not made while the other side restarts the path that there is', () => {
    const { desk, call } = connectedCallee();
    desk.peer.report({ type: 'path', state: 'disconnected' });
    desk.time.run((LEAD_AFTER - 1) * 1000);
    desk.hear('bob/b1', call, { type: 'description', description: OFFER, gen: 0 });
    desk.time.run((LEAD_AFTER + RESTART_WITHIN) * 1000 - 1);
    desk.link.proven();
    assert.deepEqual([desk.peers.length, desk.peer.asked.at(-1)], [1, 'describe']);
  });

  test('is made at most twice a second, however often the other side asks for one, and the last one asked for is made', () => {
    const { desk, call } = connected();
    for (let gen = 1; gen <= 1000; gen++) {
      desk.hear('bob/b1', call, { type: 'description', description: OFFER, gen });
      desk.hear('bob/b1', call, { type: 'candidates', candidates: [candidate('c')], gen });
      desk.time.run(1);
    }
    assert.ok(desk.peers.length <= 4, `${desk.peers.length} connections in a second`);
    desk.time.run(NEXT_AFTER * 1000);
    assert.deepEqual([desk.peer.asked, desk.kept!.gen], [['answer'], 1000]);
    assert.equal(desk.peers.filter(({ closed }) => !closed).length, 1);
  });

  test('is made at most twice a second for a page that says again and again that it is back', () => {
    const { desk, call } = connected();
    for (let i = 0; i < 1000; i++) {
      desk.hear('bob/b1', call, { type: 'resume', description: OFFER, gen: 0 });
      desk.link.proven();
      desk.time.run(1);
    }
    assert.ok(desk.peers.length <= 4, `${desk.peers.length} connections in a second`);
  });
});

describe('A side that is cut off', () => {
  test('from media and relay at once waits for its way back for as long as a call waits, and does not take the other for gone', () => {
    const { desk } = connected();
    desk.link.online = false;
    desk.engine.linkChanged(false);
    desk.peer.report({ type: 'path', state: 'disconnected' });
    desk.time.run(RECOVER_WITHIN * 1000 - 1);
    assert.equal(desk.state, 'reconnecting');
    desk.time.run(1);
    assert.equal(desk.engine.snapshot.reason, 'connection-lost');
  });

  test('is waited for a while when the relay has lost it as well, and told when it is given up', () => {
    const { desk } = connected();
    desk.peer.report({ type: 'path', state: 'disconnected' });
    desk.link.watched.get('bob/b1')!('offline');
    desk.time.run(CUT_OFF_GRACE * 1000 - 1);
    assert.equal(desk.state, 'reconnecting');
    desk.takeSent();
    desk.time.run(1);
    assert.equal(desk.engine.snapshot.reason, 'left');
    assert.match(desk.takeSent().join(), /hangup left/);
  });

  test('is not waited for when its page has closed its end and the relay is certain that it is gone', () => {
    const { desk } = connected();
    desk.peer.report({ type: 'parted' });
    assert.equal(desk.engine.snapshot.away, true);
    desk.link.watched.get('bob/b1')!('offline');
    assert.equal(desk.engine.snapshot.reason, 'left');
  });

  test('is not waited for either where the relay had been away earlier in the call', () => {
    const { desk } = connected();
    desk.engine.linkChanged(false);
    desk.engine.linkChanged(true);
    desk.peer.report({ type: 'parted' });
    desk.link.watched.get('bob/b1')!('offline');
    assert.equal(desk.engine.snapshot.reason, 'left');
  });

  test('before the first picture had come is connected for the first time when it is back', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.taken(call);
    desk.peer.report({ type: 'parted' });
    desk.hear('bob/b1', call, { type: 'resume', description: OFFER, gen: 1 });
    desk.flow();
    assert.deepEqual(desk.told.slice(-3), ['connecting → reconnecting', 'reconnecting → connected', 'connected']);
  });
});

describe('A page that comes back to a call that is over', () => {
  test('is told so at once, each time it says so', () => {
    const { desk, call } = connected();
    desk.engine.hangUp();
    desk.takeSent();
    desk.hear('bob/b1', call, { type: 'resume', description: OFFER, gen: 1 }, { n: 9 });
    assert.deepEqual(desk.takeSent(), ['bob/b1 0 hangup hung-up ack 9']);
    assert.equal(desk.engine.snapshot.reason, 'hung-up');
  });
});

describe('A path that is prepared while it rings', () => {
  const early = (type: 'ringing' | 'accept') =>
    type === 'ringing'
      ? ({ type, alert: 'sound', description: ANSWER, candidates: [candidate('r')], gen: 0 } as const)
      : ({ type, media: 'video' } as const);

  /** The caller, whose call bob's first device has answered early. */
  function answered(): { desk: Desk; call: string } {
    const desk = new Desk();
    desk.early = true;
    const call = desk.dial();
    desk.hear('bob/b1', call, early('ringing'));
    desk.takeSent();
    return { desk, call };
  }

  test('is told of in the invite, and takes the first early answer without sending', () => {
    const { desk, call } = answered();
    desk.hear('bob/b2', call, early('ringing'));
    assert.deepEqual(desk.peer.asked, ['offer video', 'connect ahead']);
    assert.equal(desk.engine.snapshot.remoteStream, null);
  });

  test('brings the accept itself, and media begins without a description', () => {
    const { desk, call } = answered();
    desk.peer.channel = true;
    desk.peer.report({ type: 'path', state: 'connected' });
    desk.peer.listener.message(JSON.stringify(desk.stamped('bob/b1', call, early('accept'))).replace(',"from":"bob/b1"', ''));
    assert.equal(desk.state, 'connecting');
    assert.equal(desk.peer.asked.at(-1), 'begin');
    assert.equal(desk.peers.length, 1);
  });

  test('brings nothing from a device whose answer was not taken', () => {
    const { desk } = answered();
    desk.peer.listener.message('{"type":"hangup","reason":"left","to":"alice/a1","call":"other","n":1,"ack":0}');
    assert.equal(desk.state, 'ringing');
  });

  test('gives way to a new connection where another device accepts, which is connected by it', () => {
    const { desk, call } = answered();
    const first = desk.peer;
    desk.taken(call, 'bob/b2');
    assert.deepEqual([first.closed, desk.peers.length, desk.peer.asked], [true, 2, ['offer video']]);
    desk.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    desk.hear('bob/b2', call, { type: 'description', description: ANSWER, gen: 1 });
    assert.equal(desk.peer.asked.at(-1), 'connect');
    desk.flow();
    assert.equal(desk.state, 'connected');
  });

  test('gives way to a new connection where it does not stand in time after the accept', () => {
    const { desk, call } = answered();
    desk.hear('bob/b1', call, early('accept'));
    desk.time.run(EARLY_WITHIN * 1000 - 1);
    assert.equal(desk.peers.length, 1);
    desk.time.run(1);
    assert.deepEqual([desk.peers.length, desk.peer.asked, desk.state], [2, ['offer video'], 'connecting']);
  });

  test('is made by a callee only where the caller takes it and this side may; else all is made ready', () => {
    const invite = { type: 'invite', media: 'video', expires: 30, description: OFFER, gen: 0 } as const;
    for (const [takes, may, asked] of [
      [true, true, 'prepare'],
      [true, false, 'make-ready'],
      [false, true, 'make-ready'],
    ] as const) {
      const desk = new Desk();
      desk.early = may;
      desk.hear('bob/b1', CALL, { ...invite, ...(takes && { early: true }) });
      desk.engine.rings('sound');
      assert.deepEqual(desk.peer.asked, [asked]);
      desk.engine.decline();
      desk.time.run(LAST_WORDS);
      assert.equal(desk.peer.closed, true);
    }
  });

  test('begins with the press of a callee, and looks for a direct way once both are together', () => {
    const desk = new Desk();
    desk.early = true;
    desk.hear('bob/b1', CALL, { type: 'invite', media: 'video', expires: 30, description: OFFER, gen: 0, early: true });
    desk.engine.rings('sound');
    desk.peer.report({ type: 'prepared', description: ANSWER, candidates: [candidate('r')], narrow: true });
    desk.peer.report({ type: 'path', state: 'connected' });
    desk.engine.accept({ media: 'video' });
    assert.deepEqual(desk.peer.asked, ['prepare', 'begin']);
    desk.openDevices();
    desk.flow();
    assert.deepEqual([desk.peers.length, desk.peer.asked, desk.state], [1, ['prepare', 'begin'], 'connected']);
    desk.time.run(DIRECT_AFTER * 1000);
    assert.deepEqual([desk.peer.asked.at(-1), desk.state], ['restart-ice', 'connected']);
  });

  test('is not waited for: a press before the answer is told takes the usual way', () => {
    const desk = new Desk();
    desk.early = true;
    desk.hear('bob/b1', CALL, { type: 'invite', media: 'video', expires: 30, description: OFFER, gen: 0, early: true });
    desk.engine.rings('sound');
    desk.engine.accept({ media: 'video' });
    assert.deepEqual([desk.peers.length, desk.peers[0]!.closed, desk.peer.asked], [2, true, ['answer']]);
  });
});

describe('A stranger, before anybody has accepted,', () => {
  /** A call that rings here with a path prepared. */
  function prepared(): Desk {
    const desk = new Desk();
    desk.early = true;
    desk.hear('bob/b1', CALL, { type: 'invite', media: 'video', expires: 30, description: OFFER, gen: 0, early: true });
    desk.engine.rings('sound');
    desk.peer.report({ type: 'prepared', description: ANSWER, candidates: [candidate('r')], narrow: true });
    desk.peer.report({ type: 'path', state: 'connected' });
    return desk;
  }

  test('shows nothing, whatever is in the lanes of a prepared path', () => {
    const desk = prepared();
    desk.hear('bob/b1', CALL, { type: 'media', microphone: true, camera: true, screen: true });
    Object.assign(desk.peer, { remoteStream: 'theirs', remoteScreen: 'their screen' });
    desk.peer.listener.changed();
    assert.deepEqual([desk.state, desk.engine.snapshot.remoteStream, desk.engine.snapshot.remoteScreen], ['incoming', null, null]);
    desk.engine.accept({ media: 'video' });
    assert.equal(desk.engine.snapshot.remoteStream, 'theirs');
  });

  test('is not heard over that path, where nothing bounds what is said; what the relay brings is', () => {
    const desk = prepared();
    desk.peer.listener.message(JSON.stringify({ type: 'cancel', reason: 'cancelled', to: 'alice/a1', call: CALL, n: 2, ack: 0 }));
    assert.equal(desk.state, 'incoming');
    desk.hear('bob/b1', CALL, { type: 'cancel', reason: 'cancelled' });
    assert.equal(desk.state, 'ended');
  });
});

describe('The own camera while somebody calls', () => {
  test('is opened for a video call that rings, and let go with it', () => {
    const desk = new Desk();
    desk.ring();
    desk.engine.preview();
    assert.deepEqual(desk.media.asked, ['capture false true']);
    desk.media.tracks = { audio: false, video: true };
    desk.engine.media({ type: 'captured', microphone: false, camera: true });
    assert.deepEqual([desk.engine.snapshot.localStream, desk.state], ['local', 'incoming']);
    desk.engine.decline();
    assert.equal(desk.media.asked.at(-1), 'release');
  });

  test('is opened for nothing else', () => {
    const desk = new Desk();
    desk.engine.preview();
    desk.hear('bob/b1', CALL, { type: 'invite', media: 'audio', expires: 30, description: OFFER, gen: 0 });
    desk.engine.preview();
    assert.deepEqual(desk.media.asked, []);
  });
});
