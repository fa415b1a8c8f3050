/** A diagnosis where nothing answers at all: it takes its time, and no more than that. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startTurn, startUdpGate, withoutTurn } from '../support/daemons.js';
import { securedPeers, trustingChromium } from '../support/turn-tls.js';
import { openWorld, panel } from '../support/world.js';

interface Told {
  readonly took: number;
  readonly summary: string;
  readonly findings: readonly { readonly check: string; readonly outcome: string; readonly code: string; readonly milliseconds?: number }[];
}

const diagnose = async (element: HTMLElement & Record<string, any>): Promise<Told> => {
  await customElements.whenDefined('video-call-panel');
  const since = performance.now();
  const { summary, findings } = (await element['diagnose']()) as Told;
  return { summary, findings, took: performance.now() - since };
};
const of = ({ findings }: Told, check: string): string => {
  const { outcome, code } = findings.find((each) => each.check === check)!;
  return `${outcome} ${code}`;
};
/** How long it took, whole and in its parts. */
function tell(t: TestContext, { took, findings }: Told): void {
  const parts = findings.flatMap(({ check, milliseconds }) => (milliseconds === undefined ? [] : [`${check} ${milliseconds}`]));
  t.diagnostic(`${Math.round(took)} ms; ${parts.join(', ')}`);
  assert.ok(took < 15_000, `${took} ms`);
}

test('UDP into a black hole and TCP that answers: UDP is blocked, and calls take the other way', { skip: withoutTurn }, async (t) => {
  const turn = await startTurn(t);
  const gate = await startUdpGate(t, turn.port);
  gate.shut();
  const world = await openWorld(t);
  const servers = turn.serversOver(`udp ${gate.port}`, `tcp ${turn.port}`);
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', 'ice-servers': servers }) });
  const told = await bob.panel(diagnose);
  assert.deepEqual(
    ['turn-udp', 'turn-tcp', 'media'].map((check) => of(told, check)),
    ['warning way-blocked', 'ok ok', 'ok ok'],
  );
  tell(t, told);
  await bob.holdsNothing();
});

test('A TURN server that stands still: no way answers, within the time', { skip: withoutTurn }, async (t) => {
  const turn = await startTurn(t);
  turn.stop();
  const world = await openWorld(t);
  const servers = turn.serversOver(`udp ${turn.port}`, `tcp ${turn.port}`);
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', 'ice-servers': servers }) });
  const told = await bob.panel(diagnose);
  assert.deepEqual(
    ['turn-udp', 'turn-tcp', 'media'].map((check) => of(told, check)),
    ['failed no-answer', 'failed no-answer', 'skipped not-checked'],
  );
  assert.match(told.summary, /No answer comes this way/);
  tell(t, told);
  await bob.holdsNothing();
});

test('TURN over TLS answers, and a picture passes through it, where nothing else does', { skip: withoutTurn }, async (t) => {
  const turn = await startTurn(t, [...(await securedPeers(t)), '--no-udp', '--no-tcp']);
  const world = await openWorld(t, { turn: [`turns:127.0.0.1:${turn.tlsPort}`], turnSecret: 'secret' });
  const markup = panel({ me: 'bob' });
  const [trusting, strict] = await Promise.all([
    world.visit({ name: 'trusting', markup, program: await trustingChromium(t) }),
    world.visit({ name: 'strict', markup }),
  ]);
  for (const [person, expected] of [
    [trusting, ['skipped not-offered', 'skipped not-offered', 'ok ok', 'ok ok']],
    [strict, ['skipped not-offered', 'skipped not-offered', 'failed no-answer', 'skipped not-checked']],
  ] as const) {
    const told = await person.panel(diagnose);
    assert.deepEqual(
      ['turn-udp', 'turn-tcp', 'turn-tls', 'media'].map((check) => of(told, check)),
      expected,
      person.name,
    );
    tell(t, told);
    await person.holdsNothing();
  }
});

test('A relay that takes connections and says nothing is no relay, within the time; one that is stopped is left at once', async (t) => {
  const mute = createServer();
  const sockets = new Set<Socket>();
  mute.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
  const { port } = mute.address() as AddressInfo;
  const world = await openWorld(t);
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', relay: `ws://127.0.0.1:${port}/ws` }) });
  const told = await bob.panel(diagnose);
  assert.equal(of(told, 'relay'), 'failed unreachable');
  tell(t, told);
  const stopped = await bob.panel(async (element) => {
    const end = new AbortController();
    const since = performance.now();
    const ending = element['diagnose']({ signal: end.signal, progress: () => end.abort() }) as Promise<Told>;
    const { findings } = await ending;
    return { took: performance.now() - since, relay: findings.find(({ check }) => check === 'relay')!.code };
  });
  t.diagnostic(`stopped after ${Math.round(stopped.took)} ms`);
  assert.equal(stopped.relay, 'stopped');
  assert.ok(stopped.took < 1000, `${stopped.took} ms`);
  await bob.holdsNothing();
});
