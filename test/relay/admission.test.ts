import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';

import { ResumeSecrets, trustEverybody } from '../../relay/auth.js';
import type { Authorize } from '../../relay/auth.js';
import { Deadlines } from '../../relay/deadlines.js';
import { InviteLedger, NetworkRate, WATCH_RATE } from '../../relay/limits.js';
import { HELLO_WITHIN } from '../../relay/protocol/index.js';
import { Session } from '../../relay/session.js';
import type { Joined, Switchboard } from '../../relay/switchboard.js';
import { Tally } from '../../relay/tally.js';
import { StoppedClock, keepLog, startRelay } from './support/relay.js';

describe('A relay that asks somebody else who a page may be', () => {
  test('lets nobody in who is refused, with the code for the reason', async (t) => {
    const verdicts = { expired: 'unauthorized', banned: 'forbidden' } as const;
    const authorize: Authorize = ({ token }) => ({ refused: verdicts[token as keyof typeof verdicts], message: 'No.' });
    const { connect } = await startRelay(t, { authorize });
    for (const [token, code] of [
      ['expired', 4401],
      ['banned', 4403],
    ] as const) {
      const page = await connect();
      page.say({ type: 'hello', device: 'd1', token });
      assert.deepEqual(await page.closed, { code, reason: 'No.' });
    }
  });

  test('hears what was said meanwhile only once the page is welcomed, in order', async (t) => {
    let admit = (): void => undefined;
    const asked = new Promise<void>((resolve) => (admit = resolve));
    const authorize: Authorize = async ({ peer }) => {
      await asked;
      return { peer, name: 'Alice' };
    };
    const { connect } = await startRelay(t, { authorize });
    const page = await connect();
    page.say({ type: 'hello', peer: 'alice', device: 'd1' });
    page.say({ type: 'watch', addresses: ['alice'] });
    page.say({ type: 'ping' });
    admit();
    await page.next('welcome');
    assert.equal((await page.next('presence'))['name'], 'Alice');
    await page.next('pong');
  });

  test('does not wait for its answer for ever', async (t) => {
    const { connect, clock } = await startRelay(t, { authorize: () => new Promise(() => undefined) });
    const page = await connect();
    page.say({ type: 'hello', device: 'd1' });
    await new Promise((resolve) => page.webSocket.once('pong', resolve).ping());
    clock.pass(HELLO_WITHIN + 1);
    assert.equal((await page.closed).code, 4408);
  });

  test('sends the page away for a while when it gets no answer, and goes on', async (t) => {
    const authorize: Authorize = ({ peer }) => {
      if (peer === 'bob') throw new Error('database is down');
      return { peer };
    };
    const { connect, join, log } = await startRelay(t, { authorize });
    const page = await connect();
    page.say({ type: 'hello', peer: 'bob', device: 'd1' });
    assert.equal((await page.closed).code, 1013);
    assert.equal(log.lines.filter(([level]) => level === 'error').length, 1);
    await join({ peer: 'alice' });
  });

  test('takes the secret of one peer for no proof of being another', async (t) => {
    const { join } = await startRelay(t, { authorize: () => ({ peer: 'carol' }), resumeKey: 'key' });
    const first = await join({ peer: 'carol' });
    const second = await join({ peer: 'mallory', resume: new ResumeSecrets('key').issue('mallory', 'd1') });
    assert.equal(second.welcome['peer'], 'carol');
    assert.notEqual(second.welcome['device'], 'd1');
    assert.deepEqual(await first.drain(), []);
  });
});

/** A session with a wire that notes what is done to it, and a switchboard that takes its time. */
function slowRig() {
  const done: string[] = [];
  const wire = {
    send: (text: string) => done.push((JSON.parse(text) as { type: string }).type) > 0,
    close: (code: number) => void done.push(`close ${code}`),
    cut: () => void done.push('cut'),
    ping: () => undefined,
    pong: () => true,
    pause: () => void done.push('pause'),
    resume: () => void done.push('resume'),
  };
  let admit = (_: Joined): void => undefined;
  const switchboard: Switchboard = {
    join: () => new Promise((resolve) => (admit = resolve)),
    leave: (_, forGood) => void done.push(forGood ? 'leave for good' : 'leave'),
    deliver: () => 0,
    setStatus: () => undefined,
    watch: (address) => void done.push(`watch ${address}`),
    unwatch: (address) => void done.push(`unwatch ${address}`),
    roster: () => ({ people: [], of: 0 }),
    close: () => undefined,
  };
  const clock = new StoppedClock();
  const session = new Session(
    wire,
    {
      switchboard,
      authorize: trustEverybody,
      secrets: new ResumeSecrets(),
      iceFor: () => ({ iceServers: [], iceTtl: 60 }),
      invites: new InviteLedger(),
      watchRate: new NetworkRate(WATCH_RATE),
      rate: { burst: 10, perSecond: 10 },
      maxPages: 16,
      tally: new Tally(),
      roster: false,
      connections: () => 1,
      deadlines: new Deadlines(clock),
      clock,
      log: keepLog(),
    },
    { network: '192.0.2.1', welcomed: () => undefined },
  );
  const say = (message: object) => session.frame(Buffer.from(JSON.stringify(message)), false);
  return { session, say, done, clock, admit: (joined: Joined) => admit(joined) };
}

describe('A switchboard that takes its time', () => {
  test('is waited for: the page is not read from, and hears nothing before its welcome', async () => {
    const { session, say, done, admit } = slowRig();
    say({ type: 'hello', device: 'd1' });
    await turn();
    say({ type: 'watch', addresses: ['bob'] });
    assert.equal(session.receive('{"type":"invite"}'), true);
    assert.deepEqual(done, ['pause']);
    admit('joined');
    await turn();
    assert.deepEqual(done, ['pause', 'welcome', 'resume', 'invite', 'watch bob']);
  });

  test('gives back the address of a page that did not wait', async () => {
    const { session, say, done, admit } = slowRig();
    say({ type: 'hello', device: 'd1' });
    await turn();
    session.gone(1006);
    admit('joined');
    await turn();
    assert.deepEqual(done, ['pause', 'leave for good']);
  });

  test('that has no address at all sends the page away for a while', async () => {
    const { say, done, admit } = slowRig();
    say({ type: 'hello', peer: 'alice', device: 'd1' });
    for (let i = 0; i < 2; i++) {
      await turn();
      admit('taken');
    }
    await turn();
    assert.deepEqual(done, ['pause', 'close 1013']);
  });
});

test('what a site decides about a page is checked like any other input', async (t) => {
  const verdicts = [
    { peer: 'mallory","from":"alice/a1","x":"' },
    { peer: 'a/b' },
    { peer: 'alice', name: 'x'.repeat(65) },
    { peer: 'alice', name: 'a\nb' },
    { peer: 7 },
    { peer: null },
    { peer: 'alice', name: 7 },
    { peer: 'alice', calls: 'bob' },
    { peer: 'alice', calls: [7] },
    { peer: 'alice', calls: null },
    { peer: 'alice', expiresAt: NaN },
    { peer: 'alice', expiresAt: Infinity },
    { peer: 'alice', expiresAt: new Date() },
    { peer: 'alice', expiresAt: '1700000000' },
    { refused: 'later', message: 'No.' },
    { refused: true, message: 'No.' },
    { refused: 'forbidden' },
    { refused: 'forbidden', message: 'x'.repeat(124) },
    undefined,
    null,
    true,
    'alice',
  ];
  for (const verdict of verdicts) {
    const { connect, log } = await startRelay(t, { authorize: (() => verdict) as unknown as Authorize });
    const page = await connect();
    page.say({ type: 'hello', device: 'd1' });
    assert.equal((await page.closed).code, 1013);
    assert.match(JSON.stringify(log.lines.map(([, , message]) => message)), /could not be admitted/);
  }
});

test('a page that has gone leaves once, watches nothing, and no deadline waits for it', async () => {
  const { session, say, done, admit, clock } = slowRig();
  say({ type: 'hello', device: 'd1' });
  await turn();
  admit('joined');
  await turn();
  say({ type: 'watch', addresses: ['bob', 'carol'] });
  done.length = 0;
  session.gone(1001);
  session.gone(1001);
  session.close(1012, '');
  say({ type: 'ping' });
  assert.deepEqual(done, ['unwatch bob', 'unwatch carol', 'leave']);
  assert.equal(clock.timers, 0);
});
