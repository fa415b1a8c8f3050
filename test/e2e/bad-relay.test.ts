/** Relays that are not there, and every way in which one closes a connection. */
import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openHostileRelay } from '../support/hostile-relay.js';
import { bobAlone, complains } from '../support/people.js';
import { openWorld, panel } from '../support/world.js';

/** A server that takes every connection and answers nothing; on a port that answers at all only while it is open. */
async function openSilence(t: TestContext): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => socket.destroy())));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  t.after(close);
  return { port: (server.address() as AddressInfo).port, close };
}

test('A relay that is not there, answers nothing, or never lets anybody in is said to be unreachable; calls to it end', async (t) => {
  const world = await openWorld(t);
  const [silent, gone, deaf] = await Promise.all([openSilence(t), openSilence(t), openHostileRelay({ welcomes: false })]);
  t.after(() => deaf.close());
  await gone.close();
  const relays = {
    gone: `ws://127.0.0.1:${gone.port}`,
    'no-relay': world.site.origin,
    silent: `ws://127.0.0.1:${silent.port}`,
    deaf: deaf.url,
  };
  const markup = Object.entries(relays).map(([id, relay]) => panel({ id, me: id, relay, peer: 'bob' }));
  const page = await world.visit({ markup: markup.join('') + panel({ id: 'good', me: 'alice', peer: 'bob' }) });
  const unreachable = Object.keys(relays).map((id) => page.in(id));

  await page.in('gone').press('Call');
  await page.in('good').event('relay-status', { status: 'online' });
  await Promise.all(unreachable.map((one) => complains(one, 'relay-unreachable', 15_000)));
  await page.in('gone').event('call-ended', { reason: 'unreachable' }, 15_000);
  await page.holdsNothing();
  for (const one of unreachable) {
    assert.equal((await one.events('call-error')).length, 1, 'it is said once');
    assert.deepEqual(await one.events('relay-status').then((events) => events.filter(({ status }) => status === 'online')), []);
  }
  const bob = await bobAlone(world);
  await page.in('good').press('Call');
  await bob.press('Decline');
  await page.in('good').event('call-ended', { reason: 'declined' });
});

test(
  'However a relay closes a connection, the page comes back or stays away as the code says, and says what a person must know',
  { timeout: 60_000 },
  async (t) => {
    const world = await openWorld(t);
    const relay = await openHostileRelay();
    t.after(() => relay.close());
    const known: Readonly<Record<number, string>> = { 4401: 'unauthorized', 4403: 'forbidden', 4409: 'forbidden', 4429: 'rate-limited' };
    const final = [4401, 4403, 4409];
    const codes = [0, 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4408, 4409, 4429, 4999];
    const markup = codes.map((code) => panel({ id: `code-${code}`, me: `code-${code}`, relay: relay.url }));
    const page = await world.visit({ markup: markup.join('') + panel({ id: 'loop', me: 'loop', relay: relay.url }) });

    /** Thrown out again and again as soon as it is let in. */
    async function loop(): Promise<void> {
      for (let times = 0; times < 5; times++) (await relay.page('loop')).close(1011);
      await relay.page('loop');
      const hellos = relay.hellos('loop');
      const gaps = hellos.slice(1).map((time, at) => time - hellos[at]!);
      assert.ok(gaps[4]! > 1_900, `the page backs off: ${gaps.map(Math.round).join(', ')} ms`);
    }

    async function closed(code: number): Promise<void> {
      const person = page.in(`code-${code}`);
      const first = await relay.page(`code-${code}`);
      await person.event('relay-status', { status: 'online' });
      if (code === 0) first.cut();
      else first.close(code);
      await person.event('relay-status', { status: 'offline' });
      if (known[code]) await complains(person, known[code]);
      if (final.includes(code)) return;
      await relay.page(`code-${code}`);
      await person.event('relay-status', { status: 'online' });
    }
    await Promise.all([...codes.map(closed), loop()]);

    for (const code of codes) {
      const errors = await page.in(`code-${code}`).events('call-error');
      assert.deepEqual(
        errors.map((error) => error['code']),
        known[code] ? [known[code]] : [],
        `errors after ${code}`,
      );
      assert.equal(relay.hellos(`code-${code}`).length, final.includes(code) ? 1 : 2, `connections after ${code}`);
    }
  },
);
