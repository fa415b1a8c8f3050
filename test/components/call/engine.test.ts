import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_CALLS, MAX_CALLS_OF_ONE } from '../../../components/call/engine.js';
import { AT_REST } from '../../../components/call/snapshot.js';
import type { CallRecord } from '../../../components/call/record.js';
import { MAX_MISSED, MISSED_PER_SECOND, REMEMBERED_FOR } from '../../../components/call/strangers.js';
import type { CallNotice } from '../../../components/call/session.js';
import type { CallContent } from '../../../relay/protocol/index.js';
import { Desk, callId } from '../../support/call/desk.js';
import { ANSWER, OFFER, RECORD, candidate } from '../../support/call/scenes.js';

const LESSER = callId(1);
const GREATER = callId(9);
const cancel = (reason: string, winner?: string): CallContent => ({ type: 'cancel', reason, ...(winner && { winner }) });
const candidates: CallContent = { type: 'candidates', candidates: [candidate('early')], gen: 0 };

/** Lets all clocks run out, and asserts that nothing of any call is left. */
function assertNothingLeft(desk: Desk): void {
  desk.time.run(60_000);
  assert.equal(desk.engine.size, 0, 'a call is kept in memory');
  assert.equal(desk.time.waiting, 0, 'a clock still runs');
  assert.equal(desk.link.watched.size, 0, 'somebody is still watched');
  assert.deepEqual(
    desk.peers.filter(({ closed }) => !closed),
    [],
    'a peer connection is open',
  );
  assert.deepEqual(desk.media.tracks, { audio: false, video: false });
  assert.equal(desk.engine.snapshot, AT_REST);
}

describe('A call from end to end', () => {
  test('is told to the caller in order, each thing once', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.hear('bob/b1', call, { type: 'ringing', alert: 'sound', name: 'Bob' }, { ack: 1 });
    desk.taken(call);
    desk.time.run(1000);
    desk.flow();
    desk.time.run(90_000);
    desk.engine.hangUp();
    desk.settle(call);
    desk.time.run(4000);
    assert.deepEqual(desk.told, [
      'idle → calling',
      'calling → ringing',
      'ringing → connecting',
      'connecting → connected',
      'connected',
      'connected → ended',
      'ended hung-up after 90',
      'ended → idle',
    ]);
    assertNothingLeft(desk);
  });

  test('is told to the callee in order, each thing once', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.take();
    desk.flow();
    desk.hear('bob/b1', call, { type: 'hangup', reason: 'hung-up' }, { ack: 100 });
    assert.deepEqual(desk.told, [
      'idle → incoming',
      'incoming',
      'incoming → connecting',
      'connecting → connected',
      'connected',
      'connected → ended',
      'ended hung-up after 0',
    ]);
    assertNothingLeft(desk);
    assert.equal(desk.told.at(-1), 'ended → idle');
  });

  test('is told as connected once, also when its path breaks and is mended', () => {
    const desk = new Desk();
    desk.taken(desk.dial());
    desk.flow();
    const { startedAt } = desk.engine.snapshot.call!;
    desk.time.run(5000);
    desk.peer.report({ type: 'path', state: 'disconnected' });
    desk.peer.report({ type: 'path', state: 'connected' });
    assert.equal(desk.state, 'reconnecting', 'a path that nothing arrives on is not mended');
    desk.peer.report({ type: 'flowing', kind: 'audio' });
    assert.deepEqual(desk.told.slice(-3), ['connected', 'connected → reconnecting', 'reconnecting → connected']);
    assert.equal(desk.engine.snapshot.call!.startedAt, startedAt);
  });

  test('is shown in frozen snapshots, the newest of which is there before anything is told', () => {
    const desk = new Desk();
    const call = desk.ring();
    const { snapshot } = desk.engine;
    assert.ok(
      Object.isFrozen(snapshot) && Object.isFrozen(snapshot.call) && Object.isFrozen(snapshot.local) && Object.isFrozen(snapshot.remote),
    );
    assert.deepEqual(snapshot.call, { id: call, peer: 'bob', name: 'Bob', media: 'video', direction: 'incoming', startedAt: null });
    desk.take();
    desk.flow();
    assert.deepEqual([desk.engine.snapshot.localStream, desk.engine.snapshot.remoteStream], ['local', 'remote']);
    desk.engine.hangUp();
    assert.deepEqual(
      [desk.engine.snapshot.reason, desk.engine.snapshot.localStream, desk.engine.snapshot.remoteStream],
      ['hung-up', null, null],
    );
  });

  test('shows the peer ID where the other side has no name', () => {
    const desk = new Desk();
    desk.dial('carol');
    assert.equal(desk.engine.snapshot.call!.name, 'carol');
  });

  test('is followed by a hundred others, and nothing is left behind', () => {
    const desk = new Desk();
    desk.ids.splice(0, 3, ...Array.from({ length: 50 }, (_, i) => `${String(i).padStart(8, '0')}-0000-4000-8000-000000000001`));
    for (let i = 0; i < 50; i++) {
      const out = desk.dial();
      desk.taken(out);
      desk.flow();
      desk.engine.hangUp();
      desk.settle(out);
      const inbound = desk.ring(`${String(i).padStart(8, '0')}-0000-4000-8000-000000000002`);
      desk.take();
      desk.flow();
      desk.hear('bob/b1', inbound, { type: 'hangup', reason: 'hung-up' }, { ack: 100 });
    }
    assert.deepEqual([desk.engine.size, desk.told.filter((word) => word === 'connected').length], [1, 100]);
    assertNothingLeft(desk);
  });

  test('tells the person about a trouble of the call that is on show', () => {
    const desk = new Desk();
    desk.engine.call('bob', { media: 'video', ringTimeout: 30 });
    desk.engine.media({ type: 'capture-failed', code: 'media-denied' });
    assert.deepEqual(desk.told, ['idle → calling', 'error media-denied', 'calling → ended', 'ended media-denied after 0']);
    assert.deepEqual(desk.takeSent(), []);
    assertNothingLeft(desk);
  });

  test('that a peer connection cannot carry is told as trouble of the protocol', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.taken(call);
    desk.peer.report({ type: 'broken', detail: 'no such answer' });
    assert.deepEqual(
      desk.notices.filter(({ type }) => type === 'error'),
      [{ type: 'error', code: 'protocol', detail: 'no such answer' }],
    );
    assert.equal(desk.engine.snapshot.reason, 'connection-lost');
  });
});

describe('Requests', () => {
  test('of another call are not heard while a call is on', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.engine.call('carol', { media: 'audio', ringTimeout: 30 });
    assert.deepEqual([desk.engine.snapshot.call!.id, desk.engine.size], [call, 1]);
  });

  test('do nothing while there is no call', () => {
    const desk = new Desk();
    const { engine } = desk;
    engine.rings('sound');
    engine.accept({ media: 'video' });
    engine.decline();
    engine.hangUp();
    engine.leave();
    assert.deepEqual([engine.setMicrophone(true), engine.setCamera(true)], [false, false]);
    engine.switchCamera();
    assert.deepEqual([desk.notices, desk.media.asked, desk.link.sent], [[], [], []]);
    const nothing = { microphone: false, camera: false, screen: false };
    const rest = {
      state: 'idle',
      call: null,
      reason: null,
      alert: null,
      away: false,
      rejoin: false,
      notices: [],
      local: nothing,
      remote: nothing,
      localStream: null,
      remoteStream: null,
      localScreen: null,
      remoteScreen: null,
    };
    assert.deepEqual(desk.engine.snapshot, rest);
  });

  test('about microphone and camera are heard while these are opened, and shown at once; what comes of it is told then', () => {
    const desk = new Desk();
    const sends = () => [desk.engine.snapshot.local.microphone, desk.engine.snapshot.local.camera];
    desk.engine.call('bob', { media: 'video', ringTimeout: 30 });
    desk.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    assert.deepEqual(sends(), [true, true]);
    assert.equal(desk.engine.setMicrophone(false), true);
    assert.deepEqual(sends(), [false, true]);
    assert.equal(desk.engine.setCamera(false), true);
    desk.engine.switchCamera();
    assert.deepEqual([sends(), desk.takeSent()], [[false, false], []]);
    desk.engine.media({ type: 'captured', microphone: false, camera: false });
    assert.deepEqual([sends(), desk.takeSent().length], [[false, false], 1]);
    assert.equal(desk.engine.setMicrophone(true), true);
    assert.deepEqual(desk.media.asked, ['capture true true', 'microphone false', 'camera false', 'microphone true']);
    // From now on it is so when it is.
    assert.deepEqual(sends(), [false, false]);
  });

  test('of whoever shows the first picture connect a call that is just connecting, and nothing else', () => {
    const desk = new Desk();
    desk.engine.pictureCame();
    const call = desk.ring();
    desk.engine.pictureCame();
    assert.equal(desk.engine.snapshot.state, 'incoming');
    desk.engine.accept({ media: 'video' });
    desk.engine.pictureCame();
    assert.deepEqual([desk.engine.snapshot.state, desk.engine.snapshot.call?.id], ['connected', call]);
    desk.peer.report({ type: 'path', state: 'failed' });
    desk.engine.pictureCame();
    assert.equal(desk.engine.snapshot.state, 'reconnecting');
  });

  test('about microphone and camera are refused before an incoming call is accepted, and heard from then on', () => {
    const desk = new Desk();
    desk.ring();
    assert.deepEqual([desk.engine.setMicrophone(false), desk.engine.setCamera(false)], [false, false]);
    assert.deepEqual(desk.media.asked, []);
    desk.engine.accept({ media: 'video' });
    assert.deepEqual(desk.engine.snapshot.local, { microphone: true, camera: true, screen: false });
    assert.equal(desk.engine.setCamera(false), true);
    assert.deepEqual(desk.engine.snapshot.local, { microphone: true, camera: false, screen: false });
    assert.deepEqual(desk.media.asked, ['capture true true', 'camera false']);
  });

  test('open no camera in a voice call before the other side is there to see it', () => {
    const desk = new Desk();
    desk.engine.call('bob', { media: 'audio', ringTimeout: 30 });
    desk.engine.media({ type: 'captured', microphone: true, camera: false });
    desk.engine.setCamera(true);
    desk.engine.setScreen(true);
    assert.deepEqual(desk.media.asked, ['capture true false']);
  });

  test('about microphone and camera do nothing once the call is over', () => {
    const desk = new Desk();
    desk.dial();
    desk.engine.hangUp();
    desk.media.asked.splice(0);
    desk.engine.setMicrophone(true);
    desk.engine.setCamera(true);
    desk.engine.switchCamera();
    assert.deepEqual(desk.media.asked, []);
  });

  test('to leave say so to the other side, and nothing while it only rings here', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.takeSent();
    desk.engine.leave();
    assert.deepEqual([desk.engine.snapshot.reason, desk.takeSent()], ['left', []]);
    desk.settle(call);
    desk.time.run(5000);
    desk.taken(desk.dial());
    desk.takeSent();
    desk.engine.leave();
    assert.deepEqual(desk.takeSent(), ['bob/b1 5 hangup left']);
  });

  test('to close end everything at once, twice as well', () => {
    const desk = new Desk();
    desk.dial();
    desk.ring(callId(8), 'carol/c1');
    desk.engine.close();
    desk.engine.close();
    assert.deepEqual([desk.engine.size, desk.time.waiting, desk.link.watched.size], [0, 0, 0]);
    assert.ok(desk.peers.every(({ closed }) => closed));
    assert.deepEqual(desk.media.tracks, { audio: false, video: false });
  });
});

describe('A page that the relay has not confirmed yet', () => {
  test('may place a call, which is said as soon as it is online', () => {
    const desk = new Desk();
    desk.link.address = undefined;
    desk.link.online = false;
    desk.dial();
    desk.link.online = true;
    desk.engine.linkChanged(true);
    assert.deepEqual(desk.takeSent(), ['bob 1 invite']);
  });

  test('has no device that a call could be meant for by name', () => {
    const desk = new Desk();
    const invite = desk.stamped('bob/b1', GREATER, { type: 'invite', media: 'audio', expires: 30, description: OFFER, gen: 0 });
    const meant = desk.stamped('bob/b1', LESSER, cancel('answered-elsewhere', 'a1'), { n: 2 });
    desk.link.address = undefined;
    desk.engine.receive(invite);
    assert.equal(desk.state, 'incoming');
    desk.engine.receive(meant);
    assert.deepEqual(desk.takeSent(), ['bob/b1 ack 2']);
  });
});

describe('What capture gives', () => {
  test('after the call was hung up is let go at once', () => {
    const desk = new Desk();
    desk.engine.call('bob', { media: 'video', ringTimeout: 30 });
    desk.engine.hangUp();
    desk.openDevices();
    assert.deepEqual([desk.media.tracks, desk.state], [{ audio: false, video: false }, 'ended']);
    desk.time.run(60_000);
    desk.openDevices();
    assert.deepEqual([desk.media.tracks, desk.state], [{ audio: false, video: false }, 'idle']);
  });

  test('is handed to the peer connection, also to one that is made later', () => {
    const desk = new Desk();
    desk.dial();
    assert.deepEqual(desk.peer.tracks, { audio: true, video: true });
    desk.media.tracks = { audio: true, video: false };
    desk.engine.media({ type: 'captured', microphone: true, camera: false });
    assert.deepEqual(desk.peer.tracks, { audio: true, video: false });
  });
});

describe('A second caller', () => {
  test('is told that the person is busy, and the person hears nothing of it', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.takeSent();
    desk.ring(callId(8), 'carol/c1');
    assert.deepEqual(desk.takeSent(), ['carol/c1 1 decline busy']);
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.id], ['calling', call]);
    assert.deepEqual(desk.told, ['idle → calling', 'missed'], 'but that somebody called');
    const { type, call: other } = desk.notices.at(-1) as Extract<CallNotice, { type: 'missed' }>;
    assert.deepEqual([type, other.id, other.peer, other.direction, other.media], ['missed', callId(8), 'carol', 'incoming', 'video']);
    assert.deepEqual(desk.media.tracks, { audio: true, video: true }, 'the first call keeps its devices');
    desk.settle(callId(8), 'carol/c1');
    assert.equal(desk.engine.size, 1);
  });

  test('is told so in each phase in which a call is on', () => {
    const phases: [string, (desk: Desk) => void][] = [
      ['calling', (desk) => void desk.dial()],
      ['ringing', (desk) => desk.hear('bob/b1', desk.dial(), { type: 'ringing', alert: 'visual' })],
      ['incoming', (desk) => void desk.ring()],
      ['connecting', (desk) => desk.taken(desk.dial())],
      ['connected', (desk) => (desk.taken(desk.dial()), desk.flow())],
      ['reconnecting', (desk) => (desk.taken(desk.dial()), desk.flow(), desk.peer.report({ type: 'path', state: 'failed' }))],
    ];
    for (const [phase, bring] of phases) {
      const desk = new Desk();
      bring(desk);
      assert.equal(desk.state, phase);
      desk.takeSent();
      desk.ring(callId(8), 'carol/c1');
      assert.deepEqual([desk.takeSent(), desk.state], [['carol/c1 1 decline busy'], phase]);
    }
  });

  test('rings as soon as the call before is over, while that is still on show', () => {
    const desk = new Desk();
    const first = desk.ring();
    desk.engine.decline();
    assert.equal(desk.state, 'ended');
    const second = desk.ring(callId(8), 'carol/c1');
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.id], ['incoming', second]);
    assert.deepEqual(desk.told.slice(-4), ['ended declined after 0', 'ended → idle', 'idle → incoming', 'incoming']);
    desk.settle(first);
    assert.equal(desk.engine.size, 1);
    desk.time.run(4000);
    assert.equal(desk.state, 'incoming');
  });

  test('is told that the person is busy when the same peer calls anew while it rings here', () => {
    const desk = new Desk();
    desk.ring();
    desk.takeSent();
    desk.ring(callId(8), 'bob/b2');
    assert.deepEqual([desk.takeSent(), desk.state], [['bob/b2 1 decline busy'], 'incoming']);
  });

  test('who goes on for half a minute without a word is let go', () => {
    const desk = new Desk();
    desk.dial();
    desk.ring(callId(8), 'carol/c1');
    desk.time.run(30_000);
    assert.deepEqual([...desk.link.watched.keys()], []);
    desk.engine.hangUp();
    assertNothingLeft(desk);
  });
});

describe('Two people who call each other', () => {
  test('are in the lesser call: who placed the greater one takes it without asking', () => {
    const desk = new Desk();
    const mine = desk.dial();
    desk.takeSent();
    desk.ring(LESSER);
    assert.deepEqual(desk.takeSent(), ['bob 2 cancel answered-elsewhere']);
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.id], ['connecting', LESSER]);
    assert.deepEqual(desk.told, ['idle → calling', 'calling → connecting']);
    assert.deepEqual([desk.peers.length, desk.peer.asked, desk.peer.polite], [2, ['answer'], true]);
    assert.deepEqual(desk.media.tracks, { audio: true, video: true }, 'the devices stay open');
    desk.openDevices();
    desk.peer.report({ type: 'answered', description: ANSWER, candidates: [] });
    assert.deepEqual(desk.takeSent(), ['bob/b1 1 accept', 'bob/b1 2 media']);
    desk.settle(mine);
    assert.equal(desk.engine.size, 1);
    desk.flow();
    assert.equal(desk.told.at(-1), 'connected');
  });

  test('are in the lesser call: who placed it waits for the other side to take it, and does not ring', () => {
    const desk = new Desk();
    const mine = desk.dial();
    desk.takeSent();
    desk.ring(GREATER);
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.id, desk.takeSent()], ['calling', mine, []]);
    desk.hear('bob/b1', GREATER, cancel('answered-elsewhere'));
    desk.taken(mine);
    assert.deepEqual(desk.told, ['idle → calling', 'calling → connecting']);
    assert.equal(desk.engine.size, 1);
  });

  test('are in the call that came when the own one had not been said yet, whatever the order of the two', () => {
    const desk = new Desk();
    desk.engine.call('bob', { media: 'video', ringTimeout: 30 });
    desk.ring(GREATER);
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.id, desk.takeSent()], ['connecting', GREATER, []]);
    assert.deepEqual(desk.told, ['idle → calling', 'calling → connecting']);
    assert.equal(desk.engine.size, 1);
  });

  test('still cross when the other side has been heard to ring', () => {
    const desk = new Desk();
    desk.hear('bob/b2', desk.dial(), { type: 'ringing', alert: 'sound' });
    desk.ring(LESSER);
    assert.deepEqual(desk.told, ['idle → calling', 'calling → ringing', 'ringing → connecting']);
  });

  test('do not cross when it is another person who calls', () => {
    const desk = new Desk();
    desk.dial();
    desk.takeSent();
    desk.ring(LESSER, 'carol/c1');
    assert.deepEqual([desk.state, desk.takeSent()], ['calling', ['carol/c1 1 decline busy']]);
  });

  test('take with the media that was asked for here', () => {
    const desk = new Desk();
    desk.engine.call('bob', { media: 'audio', ringTimeout: 30 });
    desk.ring(GREATER);
    assert.deepEqual(desk.media.asked.at(-1), 'capture true false');
  });

  test('keep off what was turned off while it was dialled, though its devices were not open yet', () => {
    const desk = new Desk();
    desk.engine.call('bob', { media: 'video', ringTimeout: 30 });
    desk.engine.setMicrophone(false);
    desk.engine.setCamera(false);
    desk.ring(GREATER);
    assert.deepEqual(desk.media.asked.slice(-3), ['capture true true', 'microphone false', 'camera false']);
    assert.deepEqual(desk.engine.snapshot.local, { microphone: false, camera: false, screen: false });
  });

  test('hear that it is over when the call that goes on ends before the other was withdrawn', () => {
    const desk = new Desk();
    const mine = desk.dial();
    desk.ring(GREATER);
    desk.takeSent();
    desk.engine.hangUp();
    assert.deepEqual(desk.takeSent(), ['bob 2 cancel cancelled', 'bob/b1 1 decline declined']);
    desk.settle(mine);
    desk.settle(GREATER);
    assertNothingLeft(desk);
  });

  test('hear that the person is busy where another of their devices took the call', () => {
    const desk = new Desk();
    const mine = desk.dial();
    desk.ring(GREATER);
    desk.takeSent();
    desk.taken(mine, 'bob/b2');
    assert.deepEqual(desk.takeSent(), [
      'bob 2 cancel answered-elsewhere winner b2',
      'bob/b2 3 confirm',
      'bob/b2 4 media',
      'bob/b1 1 decline busy',
    ]);
  });
});

describe('A message of a call that is not known', () => {
  test('is dropped without a word when it is none that a call can begin with', () => {
    const desk = new Desk();
    const contents: CallContent[] = [
      { type: 'ringing', alert: 'sound' },
      { type: 'accept', media: 'video', description: ANSWER },
      { type: 'decline', reason: 'declined' },
      { type: 'confirm' },
      { type: 'description', description: OFFER, gen: 0 },
      { type: 'hangup', reason: 'hung-up' },
      { type: 'ack' },
    ];
    for (const content of contents) desk.hear('bob/b1', GREATER, content, { n: 2 });
    assert.deepEqual([desk.state, desk.engine.size, desk.link.sent, desk.notices, desk.time.waiting], ['idle', 0, [], [], 0]);
    desk.ring(GREATER);
    assert.equal(desk.state, 'incoming', 'it does not stand in the way of the invite');
  });

  test('is answered with its end when a page wants to come back to it, each time', () => {
    const desk = new Desk();
    desk.hear('bob/b1', GREATER, { type: 'resume', description: OFFER, gen: 1 }, { n: 7 });
    desk.hear('bob/b1', GREATER, { type: 'resume' }, { n: 8 });
    assert.deepEqual(desk.takeSent(), ['bob/b1 0 hangup left ack 7', 'bob/b1 0 hangup left ack 8']);
    assert.deepEqual([desk.state, desk.engine.size, desk.time.waiting], ['idle', 0, 0]);
  });

  test('is dropped when it is an invite that is not the first word of its call', () => {
    const desk = new Desk();
    const invite: CallContent = { type: 'invite', media: 'video', expires: 30, description: OFFER, gen: 0 };
    for (let i = 1; i < 9; i++) desk.hear('bob/b1', callId(i), invite, { n: 2 });
    desk.hear('bob/b1', callId(9), invite, { n: 0 });
    assert.deepEqual([desk.state, desk.engine.size, desk.link.sent], ['idle', 0, []]);
    const mine = desk.dial();
    desk.hear('bob/b1', LESSER, invite, { n: 2 });
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.id], ['calling', mine]);
  });

  test('is kept for its invite when it is one that may overtake it', () => {
    const desk = new Desk();
    desk.hear('bob/b1', GREATER, { type: 'media', microphone: true, camera: false, screen: false }, { n: 3 });
    desk.hear('bob/b1', GREATER, candidates, { n: 2 });
    desk.hear('mallory/m1', GREATER, candidates, { n: 2 });
    desk.ring(GREATER);
    assert.deepEqual([desk.state, desk.engine.snapshot.remote.microphone], ['incoming', true]);
    desk.take();
    desk.takeSent();
    desk.time.run(250);
    assert.deepEqual(desk.told, ['idle → incoming', 'incoming', 'incoming → connecting']);
  });

  test('never makes a call ring that was cancelled before its invite came', () => {
    const desk = new Desk();
    desk.hear('bob/b1', GREATER, cancel('cancelled'), { n: 2 });
    assert.deepEqual(desk.takeSent(), ['bob/b1 ack 2']);
    desk.ring(GREATER);
    assert.deepEqual([desk.takeSent(), desk.told, desk.engine.size], [['bob/b1 ack 1'], ['missed'], 0]);
    desk.time.run(REMEMBERED_FOR);
    desk.ring(GREATER);
    assert.deepEqual(desk.told, ['missed']);
  });

  test('tells of a call that was over before this page heard of it, unless it was answered or declined', () => {
    const desk = new Desk();
    for (const [at, reason] of ['answered-elsewhere', 'declined-elsewhere', 'no-answer'].entries())
      desk.hear('bob/b1', callId(1 + at), cancel(reason), { n: 2 });
    desk.hear('bob/b1', callId(3), cancel('no-answer'), { n: 2 });
    const call = { id: callId(3), peer: 'bob', name: 'bob', media: 'audio', direction: 'incoming', startedAt: null };
    assert.deepEqual(desk.notices, [{ type: 'missed', call, vague: true }], 'once');
  });

  test('tells of few such calls, however many are made up', () => {
    const desk = new Desk();
    const flood = () => {
      for (let at = 0; at < 50; at++) {
        const id = `c${String(desk.time.now() + at).padStart(7, '0')}-0000-4000-8000-000000000000`;
        desk.hear('bob/b1', id, cancel('cancelled'), { n: 2 });
      }
      return desk.notices.length;
    };
    assert.equal(flood(), MAX_MISSED);
    desk.time.run(1000 / MISSED_PER_SECOND);
    assert.equal(flood(), MAX_MISSED + 1);
  });

  test('lets a call ring that a cancel gives to this very device', () => {
    const desk = new Desk();
    desk.hear('bob/b1', GREATER, cancel('answered-elsewhere', 'a1'), { n: 2 });
    assert.deepEqual(desk.takeSent(), []);
    desk.ring(GREATER);
    assert.equal(desk.state, 'incoming');
  });

  test('is answered with what became of the call where it was ours, for a while', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.taken(call);
    desk.engine.hangUp();
    desk.settle(call);
    desk.time.run(5000);
    assert.equal(desk.engine.size, 0);
    desk.takeSent();
    desk.taken(call, 'bob/b2', 1);
    assert.deepEqual(desk.takeSent(), ['bob/b2 0 cancel answered-elsewhere winner b1 ack 1']);
    desk.hear('bob/b2', call, { type: 'ack' }, { ack: 3 });
    assert.deepEqual(desk.takeSent(), [], 'a bare acknowledgement is never answered');
    desk.time.run(REMEMBERED_FOR + 1);
    desk.taken(call, 'bob/b2');
    assert.deepEqual([desk.takeSent(), desk.state], [[], 'idle']);
  });

  test('does not bring a call back that is over, whatever its number', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.engine.decline();
    desk.time.run(4000);
    assert.deepEqual([desk.state, desk.engine.size], ['idle', 1], 'the decline has not been acknowledged yet');
    const notices = desk.notices.length;
    desk.hear('bob/b1', call, { type: 'invite', media: 'video', expires: 30, description: OFFER, gen: 0 });
    assert.deepEqual([desk.state, desk.notices.length], ['idle', notices]);
    assertNothingLeft(desk);
  });
});

describe('What the relay says', () => {
  test('ends a call whose invite it did not let pass, with its reason', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.takeSent();
    desk.engine.relaySaid({ type: 'error', code: 'rate-limited', message: 'Slow down.', re: { type: 'invite', call, n: 1 } });
    assert.deepEqual(desk.told, ['idle → calling', 'error rate-limited', 'calling → ended', 'ended refused after 0']);
    assert.deepEqual(desk.takeSent(), ['bob 2 cancel cancelled']);
  });

  test('about other messages, or about nothing that is known, ends nothing', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.engine.relaySaid({ type: 'error', code: 'protocol', message: '', re: { type: 'candidates', call, n: 2 } });
    desk.engine.relaySaid({ type: 'error', code: 'protocol', message: '', re: { type: 'invite', call: LESSER } });
    desk.engine.relaySaid({ type: 'error', code: 'protocol', message: '', re: { type: 'invite' } });
    desk.engine.relaySaid({ type: 'error', code: 'protocol', message: '' });
    desk.engine.relaySaid({ type: 'unreachable', to: 'bob', call: LESSER, n: 1 });
    assert.deepEqual([desk.state, desk.told], ['calling', ['idle → calling']]);
  });
});

describe('A flood of invites', () => {
  const flood = (desk: Desk, count: number) => {
    for (let at = 0; at < count; at++) desk.ring(`a${String(at).padStart(7, '0')}-0000-4000-8000-000000000000`, `mallory${at}/m1`);
  };

  test('of one person takes a small part of it', () => {
    const desk = new Desk();
    for (let at = 0; at < 20; at++) desk.ring(`b${String(at).padStart(7, '0')}-0000-4000-8000-000000000000`, 'mallory/m1');
    assert.equal(desk.engine.size, MAX_CALLS_OF_ONE);
  });

  test('fills a bounded memory, which empties by itself', () => {
    const desk = new Desk();
    flood(desk, 2 * MAX_CALLS);
    assert.equal(desk.engine.size, MAX_CALLS);
    assert.deepEqual(desk.told, ['idle → incoming', 'incoming', ...Array.from({ length: MAX_MISSED }, () => 'missed')]);
    desk.engine.decline();
    desk.time.run(35_000);
    assert.deepEqual([desk.state, desk.engine.size], ['idle', 0]);
    desk.ring();
    assert.equal(desk.state, 'incoming', 'whoever calls later is let through');
  });
});

describe('A page that was loaded anew', () => {
  const record: CallRecord = { ...RECORD, id: GREATER, peer: 'bob', partner: 'bob/b1', startedAt: 1_699_999_000_000 };

  /** A page that took up its call, and has offered. */
  function back(ask = false): Desk {
    const desk = new Desk();
    desk.engine.comeBack(record, ask);
    desk.link.proven();
    desk.peer.report({ type: 'offered', description: OFFER, candidates: [candidate('o')] });
    return desk;
  }

  test('finds in what the last one wrote down all that it needs, and only while the call is connected', () => {
    const desk = new Desk();
    const call = desk.ring();
    desk.take();
    assert.deepEqual([desk.kept, desk.engine.record], [undefined, undefined]);
    desk.flow();
    const startedAt = desk.time.wall();
    const known = {
      id: call,
      peer: 'bob',
      partner: 'bob/b1',
      direction: 'incoming',
      media: 'video',
      name: 'Bob',
      startedAt,
      gen: 0,
    } as const;
    const on = { microphone: true, camera: true, screen: false };
    assert.deepEqual(desk.kept, { ...known, n: 2, received: 1, local: on, remote: on });
    desk.hear('bob/b1', call, { type: 'media', microphone: true, camera: false, screen: false });
    assert.deepEqual([desk.kept!.received, desk.kept!.remote.camera, desk.engine.record], [2, false, desk.kept]);
    desk.engine.hangUp();
    assert.deepEqual([desk.kept, desk.engine.record], [undefined, undefined]);
  });

  test('where it rang, uses no number of the last page again; an invite that is turned away meanwhile changes nothing', () => {
    const desk = new Desk();
    desk.spent.set(callId(9), 2);
    const call = desk.ring();
    desk.engine.rings('sound');
    assert.deepEqual(desk.takeSent(), ['bob/b1 1 ringing', 'bob/b1 2 ringing', 'bob/b1 3 ringing']);
    desk.ring(callId(8), 'carol/c1');
    desk.take();
    assert.ok(desk.takeSent().includes('bob/b1 4 accept'));
    assert.deepEqual([...desk.spent], [[call, 5]]);
  });

  test('is in the call again, with its numbers going on and its devices as they were', () => {
    const desk = back();
    assert.deepEqual([desk.media.asked, desk.peer.polite], [['capture true true muted'], true]);
    assert.deepEqual(desk.takeSent(), ['bob/b1 8 resume', 'bob/b1 9 candidates']);
    desk.openDevices();
    desk.hear('bob/b1', GREATER, { type: 'description', description: ANSWER, gen: 3 }, { n: 10, ack: 9 });
    desk.flow();
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.startedAt, desk.kept!.gen], ['connected', record.startedAt, 3]);
    assert.deepEqual(desk.told, ['idle → reconnecting', 'reconnecting → connected'], 'the call was connected before');
  });

  test('does not say anything before it has said that it is back', () => {
    const desk = new Desk();
    desk.engine.comeBack(record, false);
    desk.openDevices();
    assert.deepEqual(desk.takeSent(), []);
    desk.link.proven();
    desk.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    assert.deepEqual(desk.takeSent(), ['bob/b1 8 resume', 'bob/b1 9 media']);
  });

  test('keeps for the next one what the last one had open, until its own devices are', () => {
    const desk = back(true);
    assert.deepEqual([desk.media.asked, desk.engine.snapshot.rejoin, desk.kept!.local], [[], true, record.local]);
    assert.equal(desk.engine.setMicrophone(true), false);
    assert.deepEqual(desk.engine.snapshot.local, { microphone: false, camera: false, screen: false });
    desk.engine.accept({ media: 'video' });
    assert.deepEqual([desk.media.asked, desk.engine.snapshot.rejoin, desk.kept!.local], [['capture true true muted'], false, record.local]);
    desk.openDevices();
    assert.deepEqual(desk.kept!.local, { microphone: true, camera: true, screen: false });
  });

  test('is shown to wait for a page that has gone only where it has', () => {
    const desk = back();
    assert.equal(desk.engine.snapshot.away, false);
    desk.peer.report({ type: 'parted' });
    assert.equal(desk.engine.snapshot.away, true);
  });

  test('does not take up a call while another is on', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.engine.comeBack(record, false);
    assert.deepEqual([desk.engine.snapshot.call!.id, desk.engine.size], [call, 1]);
  });

  test('learns at once that the call is over where it is', () => {
    const desk = back();
    desk.hear('bob/b1', GREATER, { type: 'hangup', reason: 'left' }, { n: 0 });
    assert.equal(desk.engine.snapshot.reason, 'left');
    desk.time.run(4000);
    desk.settle(GREATER);
    assertNothingLeft(desk);
  });

  test('tells the other side that it is over when the person hangs up before all else', () => {
    const desk = new Desk();
    desk.engine.comeBack(record, true);
    desk.engine.hangUp();
    assert.deepEqual(desk.takeSent(), ['bob/b1 8 resume', 'bob/b1 9 hangup hung-up']);
  });
});

describe('A page that goes and leaves its call to the next one', () => {
  test('closes its connection without a word, and nothing runs on', () => {
    const desk = new Desk();
    desk.engine.part();
    desk.taken(desk.dial());
    desk.flow();
    desk.takeSent();
    const { kept } = desk;
    desk.engine.part();
    desk.time.run(100_000);
    assert.deepEqual([desk.takeSent(), desk.peer.closed, desk.time.waiting, desk.kept], [[], true, 0, kept]);
  });

  /** A page whose call rings at bob's, left after five of its thirty seconds; and the one that follows. */
  function followed(): { desk: Desk; call: string; left: Desk } {
    const left = new Desk();
    const call = left.dial();
    left.hear('bob/b1', call, { type: 'ringing', alert: 'sound', name: 'Bob' }, { ack: 1 });
    left.hear('bob/b2', call, { type: 'ringing', alert: 'visual', name: 'Bob' }, { ack: 1 });
    left.engine.media({ type: 'captured', microphone: true, camera: false });
    left.time.run(5000);
    const { handover } = left.engine;
    assert.equal(left.kept, undefined, 'a page that crashes leaves nothing');
    left.takeSent();
    left.engine.part();
    left.time.run(100_000);
    assert.deepEqual([left.takeSent(), left.peer.closed, left.time.waiting], [[], true, 0]);
    const desk = new Desk();
    for (const [id, n] of left.spent) desk.spent.set(id, n);
    desk.time.run(6000);
    desk.engine.comeBack(handover!, false);
    return { desk, call, left };
  }

  test('leaves a call that rings as well, which rings on for what is left of its time', () => {
    const { desk, call } = followed();
    assert.deepEqual([desk.state, desk.engine.snapshot.call!.name, desk.engine.snapshot.alert], ['ringing', 'Bob', 'sound']);
    assert.deepEqual(desk.media.asked, ['capture true false']);
    desk.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    // Under each number of the last page, too: a device that has not heard all of it would wait for the rest.
    assert.deepEqual(desk.takeSent(), ['bob 1 invite', 'bob 2 invite']);
    desk.hear('bob/b2', call, { type: 'ringing', alert: 'visual' }, { n: 2, ack: 2 });
    desk.time.run(24_500);
    assert.deepEqual(desk.engine.snapshot.reason, 'no-answer');
  });

  test('leaves a call that rings to whoever takes it meanwhile', () => {
    const { desk, call } = followed();
    desk.hear('bob/b1', call, { type: 'accept', media: 'video', description: ANSWER, gen: 0 }, { n: 2, ack: 1 });
    assert.equal(desk.state, 'connecting');
    desk.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    desk.openDevices();
    desk.hear('bob/b1', call, { type: 'description', description: ANSWER, gen: 2 }, { n: 3, ack: 6 });
    desk.flow();
    assert.equal(desk.state, 'connected');
  });

  test('leaves no call of which nobody has heard, nor one that comes in', () => {
    const desk = new Desk();
    desk.engine.call('bob', { media: 'video', ringTimeout: 30 });
    assert.equal(desk.engine.handover, undefined);
    const other = new Desk();
    other.ring();
    assert.equal(other.engine.handover, undefined);
    assert.equal(new Desk().engine.handover, undefined);
  });

  test('leaves a call that has just been taken, too', () => {
    const desk = new Desk();
    const call = desk.dial();
    desk.hear('bob/b2', call, { type: 'ringing', alert: 'sound' }, { ack: 1 });
    desk.taken(call);
    assert.deepEqual([desk.kept, desk.engine.record], [undefined, undefined]);
    const { handover } = desk.engine;
    assert.deepEqual([handover!.id, handover!.startedAt], [call, 0]);
    const next = new Desk();
    next.engine.comeBack(handover!, false);
    assert.deepEqual([next.state, next.takeSent()], ['reconnecting', ['bob 5 cancel answered-elsewhere winner b1']]);
    next.hear('bob/b1', call, { type: 'ack' }, { ack: 5 });
    next.time.run(2100);
    assert.deepEqual(next.takeSent(), ['bob 5 cancel answered-elsewhere winner b1'], 'until all that have been heard of have heard it');
    next.hear('bob/b2', call, { type: 'ack' }, { ack: 5 });
    next.openDevices();
    next.link.proven();
    next.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    next.hear('bob/b1', call, { type: 'description', description: ANSWER, gen: 1 }, { n: 2, ack: 6 });
    next.flow();
    assert.deepEqual([next.state, next.engine.snapshot.call!.startedAt], ['connected', next.time.wall()]);
    assert.ok(next.told.includes('connected'));
  });

  test('is told at once of what its callee did while there was no page', () => {
    for (const act of ['decline', 'take'] as const) {
      const desk = new Desk('bob/b1');
      const call = callId(9);
      const invite = (gen: number): CallContent => ({ type: 'invite', media: 'video', expires: 30, description: OFFER, gen });
      desk.hear('alice/a1', call, invite(0));
      desk.engine.rings('sound');
      desk.hear('alice/a1', call, { type: 'ack' }, { ack: 1 });
      if (act === 'take') desk.take();
      else desk.engine.decline();
      desk.takeSent();
      desk.hear('alice/a1', call, invite(1));
      assert.match(desk.takeSent().join(), act === 'take' ? /alice\/a1 2 accept/ : /alice\/a1 2 decline/);
    }
  });

  test('has its call called off by a page that does not take it up, wherever that is heard, and whoever takes it later', () => {
    const { call, left } = followed();
    const desk = new Desk();
    desk.engine.giveUp(left.engine.handover!);
    assert.deepEqual([desk.state, desk.told, desk.takeSent()], ['idle', [], ['bob 1 cancel cancelled', 'bob 2 cancel cancelled']]);
    desk.hear('bob/b1', call, { type: 'accept', media: 'video', description: ANSWER, gen: 0 }, { n: 2, ack: 1 });
    desk.time.run(300);
    assert.match(desk.takeSent().join(), /bob\/b1 0 cancel cancelled/);
    desk.settle(call);
    desk.settle(call, 'bob/b2');
    assertNothingLeft(desk);
  });

  test('is shown to have no call any more where another page has ended it', () => {
    const desk = new Desk();
    desk.dial();
    desk.engine.part();
    desk.engine.forget();
    assert.deepEqual([desk.state, desk.engine.size, desk.media.tracks], ['idle', 0, { audio: false, video: false }]);
  });
});

describe('A page that is put aside while it rings', () => {
  const aside = (rings = true): Desk => {
    const desk = new Desk();
    desk.ring();
    if (rings) desk.engine.rings('sound');
    desk.takeSent();
    desk.media.asked.splice(0);
    desk.engine.rest();
    return desk;
  };

  test('holds no connection and no camera, says nothing, and keeps its call', () => {
    const desk = aside();
    assert.deepEqual([desk.state, desk.peer.closed, desk.media.asked, desk.takeSent()], ['incoming', true, ['release'], []]);
  });

  test('rings on when it is shown again: the caller is told once more, and it can be taken', () => {
    const desk = aside();
    desk.engine.ringOn(20);
    assert.deepEqual([desk.peers.length, desk.peer.asked, desk.peer.closed], [2, ['make-ready'], false]);
    assert.deepEqual(desk.takeSent(), ['bob/b1 2 ringing']);
    desk.take();
    desk.flow();
    assert.deepEqual([desk.state, desk.peers.length], ['connected', 2]);
  });

  test('is over then where the caller answers that it is', () => {
    const desk = aside();
    desk.engine.ringOn(20);
    desk.hear('bob/b1', callId(9), { type: 'cancel', reason: 'cancelled' }, { n: 0, ack: 2 });
    assert.equal(desk.engine.snapshot.reason, 'cancelled');
  });

  test('has missed the call where it was away for longer than it may ring, whatever its clocks say', () => {
    const desk = aside();
    desk.engine.ringOn(31);
    assert.deepEqual([desk.engine.snapshot.reason, desk.takeSent()], ['no-answer', []]);
  });

  test('takes the call with a new connection where the accept was on its way', () => {
    const desk = aside();
    desk.take();
    assert.deepEqual([desk.peers.length, desk.peer.asked], [2, ['answer']]);
    assert.ok(desk.takeSent().includes('bob/b1 2 accept'));
    desk.engine.ringOn(2);
    assert.equal(desk.state, 'connecting');
  });

  test('that had not begun to ring has nothing to tell yet', () => {
    const desk = aside(false);
    desk.engine.ringOn(2);
    assert.deepEqual([desk.state, desk.takeSent()], ['incoming', []]);
  });
});
