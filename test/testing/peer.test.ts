/** The peer for tests and monitors: it rings and is rung over a real relay, and its waits say what they saw. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { WaitError, connectPeer } from '../../testing/index.js';
import type { TestPeer } from '../../testing/index.js';
import { signToken } from '../../relay/conformance/people.js';
import { SECRET } from '../relay/support/tokens.js';
import { startRelay } from '../support/relay.js';
import type { RelayOptions } from '../support/relay.js';
import type { PeerEvent } from '../../components/call/events.js';
import { NoConnection } from '../../testing/ports.js';

interface Two {
  readonly url: string;
  readonly alice: TestPeer;
  readonly bob: TestPeer;
}

async function two(t: TestContext, bob: object = {}, options: RelayOptions = {}): Promise<Two> {
  const relay = await startRelay(options);
  const url = relay.origin;
  const peers = await Promise.all([
    connectPeer({ relay: url, me: 'alice', displayName: 'Alice' }),
    connectPeer({ relay: url, me: 'bob', displayName: 'Bob', ...bob }),
  ]);
  t.after(async () => {
    await Promise.all(peers.map((peer) => peer.close()));
    await relay.close();
  });
  return { url, alice: peers[0], bob: peers[1] };
}

const waits = (what: RegExp) => (error: unknown) => error instanceof WaitError && what.test(error.message) && error.seen.length > 0;

describe('a test peer', { concurrency: true }, () => {
  test('sees who is there, rings, and hears that it rings and is declined', async (t) => {
    const { alice, bob } = await two(t);
    assert.deepEqual(await alice.presence('bob', 'online'), { name: 'Bob' });
    const call = alice.call('bob', { media: 'audio' });
    const incoming = await bob.incomingCall({ from: 'alice' });
    assert.deepEqual([incoming.id, incoming.name, incoming.media, incoming.direction], [call.id, 'Alice', 'audio', 'incoming']);
    const { alert, after } = await call.ringing();
    assert.equal(alert, 'visual');
    assert.ok(after >= 0 && after < 5000);
    await alice.presence('bob', 'busy');
    incoming.decline();
    assert.equal(await call.ended(), 'declined');
    assert.equal(await incoming.ended(), 'declined');
    await alice.presence('bob', 'online');
  });

  test('takes a call as far as words go, and hangs up', async (t) => {
    const { alice, bob } = await two(t);
    const call = alice.call('bob');
    const incoming = await bob.incomingCall();
    incoming.accept();
    await Promise.all([call.accepted(), incoming.accepted()]);
    assert.equal(call.state, 'connecting');
    call.hangUp();
    await Promise.all([call.endedWith('hung-up'), incoming.endedWith('hung-up')]);
  });

  test('gives up its call: the other side hears that it was cancelled', async (t) => {
    const { alice, bob } = await two(t);
    const call = alice.call('bob');
    const incoming = await bob.incomingCall();
    call.hangUp();
    assert.equal(await incoming.ended(), 'cancelled');
  });

  test('is busy in a call, and a second caller hears it at once', async (t) => {
    const { url, alice, bob } = await two(t);
    const carol = await connectPeer({ relay: url, me: 'carol' });
    t.after(() => carol.close());
    alice.call('bob');
    await bob.incomingCall();
    const second = carol.call('bob');
    await assert.rejects(
      second.ringing(),
      waits(/Waited for bob to ring: the call ended with busy\. Seen: .*welcome as carol.*ended \(busy\)/),
    );
    assert.throws(() => alice.call('carol'), /A call with bob is on: hang up first/);
  });

  test('rings in silence where it was told to, and until nobody has answered', async (t) => {
    const { alice, bob } = await two(t, { quiet: true });
    const call = alice.call('bob', { ringTimeout: 5 });
    const incoming = await bob.incomingCall();
    await assert.rejects(call.ringing({ within: 300 }), waits(/not within 300 ms\. Seen: .*calling/));
    incoming.rings('sound');
    assert.equal((await call.ringing()).alert, 'sound');
    await Promise.all([call.endedWith('no-answer'), incoming.endedWith('no-answer')]);
  });

  test('calls nobody: the call is over at once', async (t) => {
    const { alice } = await two(t);
    const call = alice.call('nobody');
    await assert.rejects(call.endedWith('declined'), waits(/it ended with unreachable/));
  });

  test('comes in with a token, and says why it does not get in without', async (t) => {
    const relay = await startRelay({ authSecret: SECRET, origins: ['https://www.example.com'] });
    t.after(() => relay.close());
    const token = signToken({ sub: 'alice', exp: Math.floor(Date.now() / 1000) + 60 }, SECRET);
    const options = { relay: relay.origin, me: 'alice', origin: 'https://www.example.com' };
    const alice = await connectPeer({ ...options, token });
    assert.equal(alice.me, 'alice');
    await alice.close();
    await alice.close();
    await assert.rejects(connectPeer(options), waits(/unauthorized: The relay did not accept the token/));
    await assert.rejects(connectPeer({ ...options, origin: undefined, token, within: 500 }), waits(/answered with the status 403/));
  });

  test('says what is wrong with its options, and what it waited for when it is closed', async (t) => {
    const { alice } = await two(t);
    await assert.rejects(connectPeer({ relay: 'relay.example.com' }), /is no URL of a relay/);
    await assert.rejects(connectPeer({ relay: 'ws://127.0.0.1:1', me: 'not an ID' }), /is no peer ID/);
    assert.throws(() => alice.call(''), TypeError);
    const waiting = assert.rejects(alice.incomingCall(), waits(/Waited for a call: the peer was closed/));
    await alice.close();
    await waiting;
  });
});

test('An offer of any words is answered, and what cannot be read breaks that one call only', async () => {
  const told: PeerEvent[] = [];
  const connection = new NoConnection({ event: (event) => void told.push(event), message() {}, changed() {} });
  connection.answer({
    type: 'offer',
    sdp: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF (\r\na=mid:0\r\na=rtpmap:( opus/48000/2\r\na=rtpmap:(1 VP8/90000',
  });
  connection.answer({ type: 'offer', sdp: null as never });
  await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
  assert.deepEqual(
    told.map(({ type }) => type),
    ['answered', 'broken'],
  );
  const sdp = told[0]!.type === 'answered' ? told[0]!.description.sdp : '';
  assert.deepEqual(sdp.match(/^a=rtpmap.*$/gm), ['a=rtpmap:( opus/48000/2']);
});
