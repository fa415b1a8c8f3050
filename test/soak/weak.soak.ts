/**
 * Calls on networks that are too slow for a picture, through a TURN server behind a narrow place (a rate, and a queue of
 * 300 ms), beside the same calls of pages that cannot load what adapts. WEAK_TABLES=file keeps the tables.
 */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { tableOf } from '../bench/support/tables.js';
import type { Row } from '../bench/support/tables.js';
import { startTurn, startUdpGate, withoutTurn } from '../support/daemons.js';
import type { UdpGate } from '../support/daemons.js';
import type { Person } from '../support/person.js';
import { twoPeople } from '../support/people.js';
import { openWorld } from '../support/world.js';
import type { World } from '../support/world.js';
import { followSeconds, freezesOf, watchPicture } from './support/seconds.js';
import type { Second } from './support/seconds.js';

const KBITS = Number(process.env.WEAK_KBITS ?? 150);
/** Seconds until the network breaks down, for which it is weak, and after it is well again. */
const [BEFORE, WEAK, AFTER] = (process.env.WEAK_SECONDS ?? '26,40,30').split(',').map(Number) as [number, number, number];
const NAMES = { ours: 'with the adaptation', theirs: 'without it, as the browser sends by itself' } as const;
type Way = keyof typeof NAMES;

/** Lets a page go without what adapts, which cannot begin where the browser fails to say what it encodes well. */
async function withoutAdaptation({ page }: Person): Promise<void> {
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'mediaCapabilities', {
      get: () => {
        throw new Error('No adaptation is wanted here.');
      },
    }),
  );
}

/** Fails where somebody has told the browser how to send the camera. */
async function assertUntold({ page }: Person): Promise<void> {
  const encoding = await page.evaluate(() => {
    const connection = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections].at(-1)!;
    return connection.getSenders()[1]!.getParameters().encodings[0]!;
  });
  assert.deepEqual([encoding.maxFramerate, encoding.scaleResolutionDownBy ?? 1], [undefined, 1], 'nothing adapts');
}

/** A call of Alice, whose network is behind a gate, with Bob, whose is good. */
async function callThrough(
  t: TestContext,
  way: Way,
  prepare: (gate: UdpGate) => void = () => {},
): Promise<{ gate: UdpGate; people: Person[]; world: World }> {
  const turn = await startTurn(t);
  const gate = await startUdpGate(t, turn.port);
  prepare(gate);
  const world = await openWorld(t);
  const place = { 'ice-policy': 'relay', 'max-resolution': '720p' };
  const people = await twoPeople(world, {
    alice: { ...place, 'ice-servers': turn.serversOver(`udp ${gate.port}`) },
    bob: { ...place, 'ice-servers': turn.iceServers },
  });
  if (way === 'theirs') await Promise.all(people.map(withoutAdaptation));
  await Promise.all(people.map(watchPicture));
  const [alice, bob] = people;
  await alice.press('Call Bob');
  await bob.press('Accept');
  await Promise.all(people.map((person) => person.event('call-connected', {}, 30_000)));
  if (way === 'theirs') await Promise.all(people.map(assertUntold));
  return { gate, people, world };
}

const whole = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(0));

/** A second of both sides as a line. */
function rowOf(second: number, phase: string, sides: readonly Second[]): Row {
  const cells = sides.map(({ reading, paused, frozen }, index) => {
    const { voice: heard, camera: seen } = reading.incoming;
    const name = ['Alice', 'Bob'][index]!;
    const { camera } = reading.outgoing;
    return {
      [`${name}: can send`]: whole(reading.available),
      'sends, kbit/s': `${whole(reading.outgoing.voice?.kbits)} + ${whole(camera?.kbits)}`,
      lines: paused ? 'paused' : `${whole(camera?.height)}`,
      'hears, % made up': ((heard?.concealed ?? 0) * 100).toFixed(1),
      'sees, fps': seen?.fps === undefined ? '–' : whole(seen.fps),
      'still, ms': whole(frozen),
    };
  });
  const named = cells.map((cell, index) =>
    Object.fromEntries(Object.entries(cell).map(([key, value]) => [key.includes(':') ? key : `${'AB'[index]} ${key}`, value])),
  );
  return { s: second, network: phase, ...named[0], ...named[1] };
}

function keep(title: string, rows: readonly Row[]): void {
  const table = tableOf(title, rows);
  console.log(table);
  if (process.env.WEAK_TABLES) appendFileSync(process.env.WEAK_TABLES, `${table}\n`);
}

const share = (seconds: readonly Second[]): number =>
  seconds.reduce((sum, { reading }) => sum + (reading.incoming.voice?.concealed ?? 0) * reading.seconds, 0) /
  seconds.reduce((sum, { reading }) => sum + reading.seconds, 0);

async function cutAndBack(t: TestContext, way: Way): Promise<readonly (readonly Second[])[]> {
  const { gate, people } = await callThrough(t, way);
  const sides: Second[][] = [[], []];
  const steps = async (): Promise<void> => {
    await setTimeout(BEFORE * 1000);
    gate.narrow(KBITS);
    await setTimeout(WEAK * 1000);
    gate.narrow();
  };
  await Promise.all([
    steps(),
    ...people.map((person, index) => followSeconds(person, BEFORE + WEAK + AFTER, (second) => void sides[index]!.push(second))),
  ]);
  const phase = (second: number): string => (second > BEFORE && second <= BEFORE + WEAK ? `${KBITS}` : 'good');
  const rows = sides[0]!.map((alice, index) => rowOf(index + 1, phase(index + 1), [alice, sides[1]![index] ?? alice]));
  keep(`A network that falls to ${KBITS} kbit/s in mid-call and comes back, ${NAMES[way]}`, rows);
  return sides;
}

test(
  `A call whose network falls to ${KBITS} kbit/s keeps its voice and has a tiny picture, and the whole one again by itself`,
  { skip: withoutTurn },
  async (t) => {
    const figures: Row[] = [];
    const found = { ours: [] as readonly (readonly Second[])[], theirs: [] as readonly (readonly Second[])[] };
    for (const way of ['ours', 'theirs'] as const) {
      await t.test(NAMES[way], async (t) => {
        found[way] = await cutAndBack(t, way);
      });
      for (const [index, seconds] of found[way].entries()) {
        const after = seconds.slice(BEFORE + WEAK);
        const sharp = after.findIndex(({ reading }) => reading.incoming.camera?.height === 720);
        figures.push({
          call: NAMES[way],
          side: ['Alice', 'Bob'][index]!,
          'voice made up, %, whole call': share(seconds) * 100,
          'while weak': share(seconds.slice(BEFORE, BEFORE + WEAK)) * 100,
          'picture stands still while shown, s': seconds.reduce((sum, { frozen }) => sum + frozen, 0) / 1000,
          'own picture paused, s': seconds.filter(({ paused }) => paused).length,
          'sees 720 lines again after, s': sharp < 0 ? 'not within the run' : sharp + 1,
        });
      }
    }
    keep('A network that breaks down, in sum', figures);
    for (const seconds of found.ours) {
      assert.ok(share(seconds) < 0.05, `${(share(seconds) * 100).toFixed(1)} % of the voice was made up`);
      assert.ok(share(seconds.slice(BEFORE, BEFORE + WEAK)) < 0.05, 'also while the network is weak');
      const tiny = seconds.slice(BEFORE, BEFORE + WEAK).filter(({ paused, reading }) => !paused && reading.outgoing.camera?.height === 180);
      assert.ok(tiny.length > WEAK / 2, `a tiny picture is sent for ${tiny.length} of ${WEAK} seconds`);
      assert.ok(!seconds.at(-1)!.paused);
      assert.equal(seconds.at(-1)!.reading.incoming.camera?.height, 720);
    }
  },
);

test(
  `On a network of ${KBITS} kbit/s from the start the picture is shown, and stands still no longer than with the browser's defaults`,
  { skip: withoutTurn },
  async (t) => {
    const frozen: Record<Way, number> = { ours: 0, theirs: 0 };
    const figures: Row[] = [];
    let paused = 0;
    for (const way of ['ours', 'theirs'] as const) {
      await t.test(NAMES[way], async (t) => {
        const { people } = await callThrough(t, way, (gate) => gate.narrow(KBITS));
        const sides: Second[][] = [[], []];
        await Promise.all(people.map((person, index) => followSeconds(person, WEAK, (second) => void sides[index]!.push(second))));
        for (const [index, person] of people.entries()) {
          const still = await freezesOf(person);
          const seconds = sides[index]!.filter((second) => second.paused).length;
          frozen[way] += still;
          paused = Math.max(paused, seconds);
          figures.push({
            call: NAMES[way],
            side: ['Alice', 'Bob'][index]!,
            'picture stands still while shown, s': still / 1000,
            'voice made up, %': share(sides[index]!) * 100,
            'own picture paused, s': seconds,
          });
        }
      });
    }
    keep(`A network of ${KBITS} kbit/s from the start, ${WEAK} s`, figures);
    assert.ok(paused <= WEAK / 4, `the picture is paused for ${paused} s`);
    assert.ok(frozen.ours <= frozen.theirs, `${frozen.ours} ms, and ${frozen.theirs} ms with the defaults`);
  },
);
