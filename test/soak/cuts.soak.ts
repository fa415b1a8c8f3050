/** A media path that is cut: through a TURN server that stops and goes on, and through one that loses UDP for good. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startTcpDetour, startTurn, startUdpGate, withoutTurn } from '../support/daemons.js';
import { withoutFirefox } from '../support/launch.js';
import { startRelay } from '../support/relay.js';
import { openCrowd } from './support/crowd.js';
import type { BrowserName, Crowd } from './support/crowd.js';
import { backAfter, longestGaps, spread } from './support/figures.js';

const PAIRS = Number(process.env.SOAK_PAIRS ?? 5);
const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 2);
const ONLY = process.env.SOAK_BROWSERS?.split(',');
/** Seconds that a cut lasts, and the milliseconds within which the call is back afterwards. */
const CUTS = [
  { lasts: 2, within: 1500 },
  { lasts: 6, within: 1500 },
  { lasts: 15, within: 3000 },
  { lasts: 40, within: 5000 },
].filter(({ lasts }) => !process.env.SOAK_CUTS || process.env.SOAK_CUTS.split(',').includes(String(lasts)));
/** Milliseconds of unbroken media that count as being back. */
const STEADY = { gap: 700, lasts: 1500 };

/** What happens to packets meanwhile: `held` by a TURN server that stops and goes on, or `lost` on the way to it. */
const WAYS = (['held', 'lost'] as const).filter((way) => (process.env.SOAK_WAYS ?? 'held,lost').includes(way));

const BROWSERS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'firefox'],
];

/** Waits until every call has been connected for long enough to be measured. */
async function everybodyTalks({ sides, dial }: Crowd): Promise<void> {
  const dialled = await dial();
  await Promise.all(sides.map((side) => side.all('call-connected', {}, dialled)));
  await Promise.all(sides.map((side) => side.watch()));
  await setTimeout(3000);
}

for (const browsers of BROWSERS) {
  if (ONLY && !ONLY.includes(browsers.join('-'))) continue;
  for (const { lasts, within, how } of CUTS.flatMap((cut) => WAYS.map((how) => ({ ...cut, how })))) {
    const skip = withoutTurn || (browsers.includes('firefox') && withoutFirefox);
    const name = `${PAIRS * ROUNDS} calls between ${browsers.join(' and ')} whose path is cut for ${lasts} s, packets ${how}, are back both ways within ${within} ms`;
    test(name, { skip }, async (t) => {
      const [turn, relay] = await Promise.all([startTurn(t), startRelay({ maxConnections: 1000 })]);
      t.after(() => relay.close());
      const gate = await startUdpGate(t, turn.port);
      const [cut, mend] = how === 'held' ? [turn.stop, turn.go] : [gate.shut, gate.open];
      const attributes = {
        'ice-servers': turn.serversOver(`udp ${how === 'held' ? turn.port : gate.port}`),
        'ice-policy': 'relay',
        'max-resolution': '360p',
        'max-bitrate': 300,
      };
      const crowd = await openCrowd(t, { pairs: PAIRS, media: 'video', script: `${relay.origin}/video-call.js`, attributes, browsers });
      const back = { audio: [] as number[], video: [] as number[] };
      const lost: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await everybodyTalks(crowd);
        cut();
        await setTimeout(lasts * 1000);
        mend();
        const since = Date.now();
        await setTimeout(within + 6000);
        for (const side of crowd.sides) {
          const { arrivals } = await side.seen();
          for (const [lane, moments] of Object.entries(arrivals)) {
            const after = backAfter(moments, since, STEADY);
            if (after === undefined) lost.push(`${side.name} ${lane}`);
            else back[lane.endsWith('video') ? 'video' : 'audio'].push(after);
          }
          assert.equal(Object.keys(arrivals).length, PAIRS * 2, 'sound and picture of every call were there before');
        }
        const hungUp = await crowd.hangUp();
        await Promise.all(crowd.sides.map((side) => side.all('call-state', { state: 'idle' }, hungUp)));
        for (const side of crowd.sides) {
          const ends = (await side.events()).filter(({ type }) => type === 'call-ended');
          assert.deepEqual([...new Set(ends.map(({ reason }) => reason))], ['hung-up']);
          assert.deepEqual(await side.errors(), []);
          await side.forget();
        }
      }
      t.diagnostic(`sound back: ${spread(back.audio)}`);
      t.diagnostic(`picture back: ${spread(back.video)}`);
      assert.deepEqual(lost, [], 'nobody is left without sound or picture');
      assert.deepEqual(
        back.audio.filter((after) => after > within),
        [],
      );
      assert.deepEqual(
        back.video.filter((after) => after > within),
        [],
      );
    });
  }
}

test(`${PAIRS * ROUNDS} calls that lose UDP for good go on over TCP`, { skip: withoutTurn }, async (t) => {
  const gaps: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [turn, relay] = await Promise.all([startTurn(t), startRelay()]);
    t.after(() => relay.close());
    const [gate, detour] = await Promise.all([startUdpGate(t, turn.port), startTcpDetour(t, turn.port, 300)]);
    const attributes = {
      'ice-servers': turn.serversOver(`udp ${gate.port}`, `tcp ${detour.port}`),
      'ice-policy': 'relay',
      'max-resolution': '360p',
    };
    const crowd = await openCrowd(t, { pairs: PAIRS, media: 'video', script: `${relay.origin}/video-call.js`, attributes });
    await everybodyTalks(crowd);
    assert.ok(gate.passed > 100, 'media goes over UDP');
    for (const side of crowd.sides) assert.deepEqual(new Set(await side.page.evaluate(() => meters.paths())), new Set(['udp']));
    const from = Date.now();
    detour.delay = 10;
    gate.shut();
    await setTimeout(12_000);
    const to = Date.now();
    for (const side of crowd.sides) for (const gap of longestGaps(await side.seen(), 'audio', from, to)) gaps.push(gap.milliseconds);
    await crowd.hangUp();
  }
  t.diagnostic(`longest silence of a direction: ${spread(gaps)}`);
  assert.equal(gaps.length, PAIRS * ROUNDS * 2);
  assert.deepEqual(
    gaps.filter((gap) => gap > 2500),
    [],
  );
});

test(
  `${PAIRS} calls whose path is cut for more than a minute end on both sides, with nothing left open`,
  { skip: withoutTurn },
  async (t) => {
    const [turn, relay] = await Promise.all([startTurn(t), startRelay()]);
    t.after(() => relay.close());
    const attributes = { 'ice-servers': turn.iceServers, 'ice-policy': 'relay', 'max-resolution': '360p' };
    const crowd = await openCrowd(t, { pairs: PAIRS, media: 'video', script: `${relay.origin}/video-call.js`, attributes });
    await everybodyTalks(crowd);
    turn.stop();
    const since = Date.now();
    const ends = await Promise.all(crowd.sides.map((side) => side.all('call-ended', { reason: 'connection-lost' }, since, 90_000)));
    t.diagnostic(`ended after the cut: ${spread(ends.flat().map((time) => time - since))}`);
    await Promise.all(crowd.sides.map((side) => side.all('call-state', { state: 'idle' }, since)));
    for (const side of crowd.sides) {
      const { connections, tracks } = await side.held();
      assert.deepEqual({ connections, tracks }, { connections: 0, tracks: 0 });
      assert.deepEqual(await side.errors(), []);
    }
  },
);

const WEATHERS = {
  'loses one packet in twenty, and takes 40 to 120 ms for the others': () => (Math.random() < 0.05 ? 'lost' : 40 + Math.random() * 80),
  'loses every packet of more than 1,280 bytes': (bytes: number) => (bytes > 1280 - 28 ? 'lost' : 0),
} as const;
for (const [what, weather] of Object.entries(WEATHERS)) {
  test(`${PAIRS} calls on a way that ${what} go on, and nothing is restarted`, { skip: withoutTurn }, async (t) => {
    const [turn, relay] = await Promise.all([startTurn(t), startRelay()]);
    t.after(() => relay.close());
    const gate = await startUdpGate(t, turn.port);
    const attributes = { 'ice-servers': turn.serversOver(`udp ${gate.port}`), 'ice-policy': 'relay', 'max-resolution': '360p' };
    const crowd = await openCrowd(t, { pairs: PAIRS, media: 'video', script: `${relay.origin}/video-call.js`, attributes });
    await everybodyTalks(crowd);
    gate.weather = weather;
    const from = Date.now();
    await setTimeout(30_000);
    const to = Date.now();
    const gaps: number[] = [];
    for (const side of crowd.sides) {
      for (const gap of longestGaps(await side.seen(), 'audio', from, to)) gaps.push(gap.milliseconds);
      assert.deepEqual(
        (await side.events()).filter(({ state }) => state === 'reconnecting'),
        [],
      );
    }
    t.diagnostic(`longest silence of a direction: ${spread(gaps)}`);
    assert.deepEqual(
      gaps.filter((gap) => gap > 1000),
      [],
    );
    await crowd.hangUp();
  });
}
