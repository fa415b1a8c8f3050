/** A call that outlives the credentials with which it began, and then needs a new path. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { LOOPBACK_PEERS, startTurn, withoutTurn } from '../support/daemons.js';
import type { Person } from '../support/person.js';
import { openWorld, panel } from '../support/world.js';

/** Seconds for which credentials are good: the least that a relay allows. */
const TTL = 60;

/** When the credentials run out that this page was given, in the order in which it was; seconds since the epoch. */
async function expiries(person: Person): Promise<number[]> {
  const frames = await person.frames('received');
  return frames.flatMap(({ message }) => {
    const servers = (message?.['iceServers'] ?? []) as { username?: string }[];
    return servers.flatMap(({ username }) => (username === undefined ? [] : [Number.parseInt(username, 10)])).slice(0, 1);
  });
}

test(
  `A call lasts longer than its TURN credentials, whose successors come in time and make a new path`,
  { skip: withoutTurn },
  async (t) => {
    const turn = await startTurn(t, LOOPBACK_PEERS);
    const world = await openWorld(t, { turn: [`turn:127.0.0.1:${turn.port}`], turnSecret: 'secret', turnTtl: TTL });
    const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', 'ice-policy': 'relay' }) });
    await bob.event('relay-status', { status: 'online' });
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob', 'ice-policy': 'relay' }) });
    await alice.press('Call');
    await bob.press('Accept');
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    const [first] = await expiries(alice);
    await setTimeout(first! * 1000 + 5000 - Date.now());
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    for (const person of [alice, bob]) {
      const all = await expiries(person);
      assert.ok(all.length >= 2 && all.at(-1)! * 1000 > Date.now(), `${person.name} has fresh credentials: ${all.join()}`);
    }
    // Long enough for a new connection, which the old credentials would not be let in for.
    turn.stop();
    await Promise.all([alice.state('reconnecting', {}, 20_000), bob.state('reconnecting', {}, 20_000)]);
    turn.go();
    await Promise.all([alice.state('connected', {}, 20_000), bob.state('connected', {}, 20_000)]);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    t.diagnostic(`${(await expiries(alice)).length} sets of credentials for one call of ${TTL + 5} s and a new path`);
  },
);
