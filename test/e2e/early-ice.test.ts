/** Paths that are prepared through TURN while it rings: nothing but TURN hears of the callee, nothing is sent over them, and a call begins on them at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { withoutTurn } from '../support/daemons.js';
import { withoutFirefox } from '../support/launch.js';
import { bobAlone, together, twoPeople } from '../support/people.js';
import type { Wishes } from '../support/people.js';
import type { Person } from '../support/person.js';
import { turning } from '../support/path.js';
import { openWorld } from '../support/world.js';

/** What there is to see of the connection of a page. */
interface Path {
  readonly state: string;
  /** The kinds of all candidates of this page, and of the one that carries the path. */
  readonly own: readonly string[];
  readonly local: string | undefined;
  /** Packets of media. */
  readonly sent: number;
  readonly received: number;
}

const pathOf = (person: Person): Promise<Path | undefined> =>
  person.page.evaluate(async () => {
    const [connection] = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections].filter(
      ({ connectionState }) => connectionState !== 'closed',
    );
    if (!connection) return undefined;
    const stats = new Map<string, Record<string, any>>();
    (await connection.getStats()).forEach((report: Record<string, any>) => stats.set(report['id'] as string, report));
    const all = [...stats.values()];
    const pairs = all.filter(({ type }) => type === 'candidate-pair');
    const chosen = all.find(({ type }) => type === 'transport')?.['selectedCandidatePairId'] as string | undefined;
    const pair = chosen ? stats.get(chosen) : pairs.find(({ selected }) => selected as boolean);
    const count = (kind: string, field: string): number =>
      all.filter(({ type }) => type === kind).reduce((sum, report) => sum + ((report[field] as number | undefined) ?? 0), 0);
    return {
      state: connection.connectionState,
      own: [...new Set(pairs.map((each) => stats.get(each['localCandidateId'] as string)?.['candidateType'] as string))],
      local: pair && (stats.get(pair['localCandidateId'] as string)?.['candidateType'] as string | undefined),
      sent: count('outbound-rtp', 'packetsSent'),
      received: count('inbound-rtp', 'packetsReceived'),
    };
  });

/** Waits until the connection of a page is as it should be. */
async function untilPath(person: Person, is: (path: Path) => boolean): Promise<Path> {
  const until = performance.now() + 20_000;
  for (let path = await pathOf(person); ; path = await pathOf(person)) {
    if (path && is(path)) return path;
    if (performance.now() > until) throw new Error(`The path of ${person.name} is ${JSON.stringify(path)}.`);
    await person.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Counts from now on how often the path of a page changes; answers with what reads the count. */
async function changesOf({ page }: Person): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const [connection] = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections];
    Object.assign(globalThis, { changes: 0 });
    connection!.sctp!.transport.iceTransport.addEventListener('selectedcandidatepairchange', () => {
      (globalThis as unknown as { changes: number }).changes++;
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { changes: number }).changes);
}

const stands = (person: Person): Promise<Path> => untilPath(person, ({ state }) => state === 'connected');

/** What a page has said of its own addresses: the kind of each candidate, and the address it was made from (RFC 8839, raddr and rport). */
const candidatesOf = async (person: Person): Promise<string[]> =>
  (await person.frames('sent')).flatMap(({ text }) =>
    [...(text ?? '').matchAll(/ typ (\w+)(?: raddr (\S+) rport (\d+))?/g)].map(([, ...said]) => said.join(' ')),
  );

/** Alice calls Bob, at whom it rings, and the path stands. */
async function prepared(t: TestContext, wishes: Wishes = {}): Promise<[alice: Person, bob: Person]> {
  const world = await turning(t);
  const [alice, bob] = await twoPeople(world, wishes);
  await alice.press('Call Bob');
  await bob.find('Accept');
  await Promise.all([stands(alice), stands(bob)]);
  return [alice, bob];
}

const FIREFOX = { browser: 'firefox' } as const;
const PAIRS: readonly { readonly who: string; readonly wishes: Wishes; readonly skip: string | false }[] = [
  { who: 'Chromium calls Chromium', wishes: {}, skip: withoutTurn },
  { who: 'Chromium calls Firefox', wishes: { bobVisits: FIREFOX }, skip: withoutTurn || withoutFirefox },
  { who: 'Firefox calls Chromium', wishes: { aliceVisits: FIREFOX }, skip: withoutTurn || withoutFirefox },
];

for (const { who, wishes, skip } of PAIRS) {
  test(
    `${who}: the path stands while it rings, through TURN and without media, begins with the accept and becomes direct`,
    { skip },
    async (t) => {
      const [alice, bob] = await prepared(t, wishes);
      await alice.state('ringing');

      // Half a second of a path that stands.
      await bob.page.evaluate(async () => {
        for (let i = 0; i < 30; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
      });
      const [hers, his] = [(await pathOf(alice))!, (await pathOf(bob))!];
      for (const { sent, received } of [hers, his]) assert.deepEqual([sent, received], [0, 0], 'no media before the accept');
      assert.deepEqual([his.own, his.local], [['relay'], 'relay'], 'the callee sends to TURN alone');
      assert.deepEqual([...new Set(await candidatesOf(bob))], ['relay 0.0.0.0 0'], 'and tells of no other address');
      assert.deepEqual(await bob.captures(), [], 'no device is open');

      const chromium = [...(wishes.aliceVisits ? [] : [alice]), ...(wishes.bobVisits ? [] : [bob])];
      const changes = await Promise.all(chromium.map((person) => changesOf(person)));
      await bob.press('Accept');
      await together(alice, bob);
      const [accept] = await bob.frames('sent', 'accept');
      assert.ok(!accept!.text!.includes('"description"'), 'the answer was there already');
      await Promise.all([alice, bob].map((person) => untilPath(person, ({ local }) => local !== 'relay' && local !== undefined)));
      await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
      // By this the pages know that what the browser has found out of the network is void.
      for (const count of changes) assert.ok((await count()) > 0, 'the browser tells that media goes another way');
      for (const person of [alice, bob]) {
        const states = (await person.events('call-state')).map(({ state }) => state);
        assert.ok(!states.includes('reconnecting'), `${person.name}: ${states.join()}`);
      }
      await alice.press('Hang up');
      await bob.event('call-ended', { reason: 'hung-up' });
    },
  );
}

test(
  'Another device than the one with the prepared path takes the call, and the first one stops ringing',
  { skip: withoutTurn },
  async (t) => {
    const world = await turning(t);
    const [alice, bob] = await twoPeople(world);
    await alice.press('Call Bob');
    await bob.find('Accept');
    await stands(alice);
    const phone = await bobAlone(world);
    await phone.press('Accept');
    await together(alice, phone);
    await bob.event('call-ended', { reason: 'answered-elsewhere' });
    assert.equal((await bob.live()).peerConnections, 0, 'what was prepared is closed');
  },
);

test(
  'A path is prepared anew for the next page of the caller, begins with the accept and becomes direct',
  { skip: withoutTurn },
  async (t) => {
    const [alice, bob] = await prepared(t);
    await alice.moveOn();
    await stands(alice);
    await bob.press('Accept');
    await together(alice, bob);
    const [accept] = await bob.frames('sent', 'accept');
    assert.ok(!accept!.text!.includes('"description"'), 'the answer was there already');
    await Promise.all([alice, bob].map((person) => untilPath(person, ({ local }) => local !== 'relay' && local !== undefined)));
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  },
);

test('A page that is loaded anew while it rings over a prepared path takes the call all the same', { skip: withoutTurn }, async (t) => {
  const [alice, bob] = await prepared(t);
  await bob.reload();
  await bob.press('Accept');
  await together(alice, bob);
});

test('Where TURN refuses, and where either side wants none of it, a call goes the usual way', { skip: withoutTurn }, async (t) => {
  const refusing = await turning(t, 'another secret');
  const none = { 'early-ice': 'none' };
  const worlds = [{ world: refusing }, { world: refusing, alice: none }, { world: await turning(t), bob: none }];
  for (const { world, ...wishes } of worlds) {
    const [alice, bob] = await twoPeople(world, wishes);
    await alice.press('Call Bob');
    await bob.press('Accept');
    await together(alice, bob);
    const [accept] = await bob.frames('sent', 'accept');
    assert.ok(accept!.text!.includes('"description"'), 'the answer comes with the accept');
    await alice.press('Hang up');
    await bob.event('call-ended', { reason: 'hung-up' });
    await Promise.all([alice, bob].map((person) => person.closeTab()));
  }
});

test('With early-ice="all" the path of people who trust each other is direct while it rings, without TURN and without media', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bob: { 'early-ice': 'all' } });
  await alice.press('Call Bob');
  await bob.find('Accept');
  const his = await stands(bob);
  assert.equal(his.sent + his.received, 0);
  await bob.press('Accept');
  await together(alice, bob);
});
