/** The words for how a call goes, beside what was done to its packets: through a TURN server, on a way that loses and delays them. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { barsOf, QUALITIES } from '../../components/quality/judgement.js';
import type { Quality } from '../../components/quality/judgement.js';
import { startTurn, startUdpGate, withoutTurn } from '../support/daemons.js';
import { talk, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

/** Seconds of bad weather, of which the last ones are looked at; then seconds of good weather. */
const LASTS = Number(process.env.SOAK_SECONDS ?? 16);
const LOOKED_AT = 8;
const CLEARS = 12;
/** More seconds where the way becomes longer: a browser that was surprised by it lets sound wait for longer for a while. */
const SETTLES = 20;

type Weather = (bytes: number) => number | 'lost';

/** Every packet is lost with this likelihood, on each way through the gate. */
const loss =
  (share: number): Weather =>
  () =>
    Math.random() < share ? 'lost' : 0;
/** Milliseconds each way. */
const delay =
  (milliseconds: number): Weather =>
  () =>
    milliseconds;
/** Up to so many milliseconds each way, each packet by itself. */
const jitter =
  (milliseconds: number): Weather =>
  () =>
    Math.random() * milliseconds;
/** A queue of so many kbit/s for both ways together that holds 300 ms of packets, and loses what it cannot hold. */
function narrow(kbits: number): Weather {
  let free = 0;
  return (bytes) => {
    const now = performance.now();
    free = Math.max(free, now) + (bytes * 8) / kbits;
    if (free - now <= 300) return free - now;
    free -= (bytes * 8) / kbits;
    return 'lost';
  };
}

/** What is done, what the word may be, and whether it must be no better than that of the line before. */
const INJECTED: readonly (readonly [name: string, weather: () => Weather | undefined, words: readonly Quality[]])[] = [
  ['nothing', () => undefined, ['excellent', 'good']],
  ['loss 2 %', () => loss(0.02), ['excellent', 'good']],
  ['loss 5 %', () => loss(0.05), ['excellent', 'good', 'fair']],
  ['loss 10 %', () => loss(0.1), ['good', 'fair', 'poor']],
  // Of a voice that is sent twice one packet in thirty is then missed, and little of what is wrong is heard.
  ['loss 20 %', () => loss(0.2), ['good', 'fair', 'poor']],
  ['delay 50 ms each way', () => delay(50), ['excellent', 'good']],
  ['delay 150 ms each way', () => delay(150), ['excellent', 'good']],
  ['delay 300 ms each way', () => delay(300), ['good', 'fair', 'poor']],
  ['jitter 0 to 60 ms each way', () => jitter(60), QUALITIES],
  ['jitter 0 to 200 ms each way', () => jitter(200), QUALITIES],
  ['500 kbit/s for both', () => narrow(500), QUALITIES],
  ['200 kbit/s for both', () => narrow(200), QUALITIES],
  ['100 kbit/s for both', () => narrow(100), QUALITIES],
];
const ONLY = process.env.SOAK_ONLY?.split(',');

/** What one page has counted since its connection began. */
interface Counts {
  readonly at: number;
  readonly voiceLost: number;
  readonly voiceCame: number;
  readonly concealed: number;
  readonly samples: number;
  readonly waited: number;
  readonly played: number;
  readonly frames: number;
  readonly frozen: number;
  readonly lines: number;
  readonly roundTrip: number;
  readonly jitter: number;
}

const counts = (person: Person): Promise<Counts> =>
  person.page.evaluate(async () => {
    const [connection] = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections].filter(
      ({ connectionState }) => connectionState === 'connected',
    );
    const entries = [...((await connection!.getStats()) as unknown as Map<string, Record<string, unknown>>).values()];
    const find = (type: string, kind?: string) => entries.find((entry) => entry.type === type && (!kind || entry.kind === kind)) ?? {};
    const [voice, camera] = [find('inbound-rtp', 'audio'), find('inbound-rtp', 'video')];
    const transport = find('transport');
    const pair = entries.find(({ id }) => id === transport.selectedCandidatePairId) ?? {};
    const n = (value: unknown) => Number(value ?? 0);
    return {
      at: performance.now(),
      voiceLost: n(voice.packetsLost),
      voiceCame: n(voice.packetsReceived),
      concealed: n(voice.concealedSamples),
      samples: n(voice.totalSamplesReceived),
      waited: n(voice.jitterBufferDelay),
      played: n(voice.jitterBufferEmittedCount),
      frames: n(camera.framesDecoded),
      frozen: n(camera.totalFreezesDuration),
      lines: n(camera.frameHeight),
      roundTrip: n(pair.currentRoundTripTime),
      jitter: n(voice.jitter),
    };
  });

/** What the panel shows: the word, and from the view of the figures the score of the voice and the reason. */
const shown = (person: Person): Promise<{ word: string; score: string; reason: string }> =>
  person.panel((panel) => {
    const root = panel.shadowRoot!;
    const title = root.querySelector('#quality-title')?.textContent ?? '';
    const score = [...root.querySelectorAll('.inside dl > div')].find((row) => row.textContent.includes('Voice score'));
    return {
      word: title.replace(/.*: /, ''),
      score: score?.querySelector('dd')?.textContent.trim() ?? '–',
      reason: root.querySelector('.why-so')?.textContent ?? '',
    };
  });

const most = (all: readonly string[]): string =>
  [...new Set(all)].sort((a, b) => all.filter((one) => one === b).length - all.filter((one) => one === a).length)[0] ?? '';

function figures(before: Counts, after: Counts): string[] {
  const grown = (key: keyof Counts) => after[key] - before[key];
  const seconds = grown('at') / 1000;
  const percent = (part: number, whole: number) => `${((100 * part) / (whole || 1)).toFixed(1)} %`;
  return [
    percent(grown('voiceLost'), grown('voiceLost') + grown('voiceCame')),
    percent(grown('concealed'), grown('samples')),
    `${(after.roundTrip * 1000).toFixed(0)} ms`,
    `${((1000 * grown('waited')) / (grown('played') || 1)).toFixed(0)} ms`,
    `${(grown('frames') / seconds).toFixed(0)}`,
    percent(grown('frozen'), seconds),
    `${after.lines}`,
  ];
}

test('Each word is given for what was done to the packets of the call', { skip: withoutTurn, timeout: 900_000 }, async (t) => {
  const turn = await startTurn(t);
  const gate = await startUdpGate(t, turn.port);
  const world = await openWorld(t);
  const direct = { 'ice-servers': turn.serversOver(`udp ${turn.port}`), 'ice-policy': 'relay', controlslist: 'nopip' };
  const [alice, bob] = await twoPeople(world, {
    alice: { ...direct, 'ice-servers': turn.serversOver(`udp ${gate.port}`) },
    bob: direct,
  });
  await talk(alice, bob);
  const people = [alice, bob];
  await Promise.all(people.map((person) => person.event('call-quality', {}, 20_000)));
  for (const person of people) {
    await person.panel((panel) => panel.shadowRoot!.querySelector<HTMLElement>('[part~=quality]')!.click());
    await person.reads('Voice score (1 to 4.5)');
  }
  await setTimeout(8000);
  const write = (line: string): void => {
    t.diagnostic(line);
    if (process.env.SOAK_TABLE) appendFileSync(process.env.SOAK_TABLE, `${line}\n`);
  };
  write('| injected | arrives at | voice lost | concealed | round trip | buffer | frames/s | frozen | lines | score | word | reason |');
  write('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  const wrong: string[] = [];
  for (const [name, weather, allowed] of INJECTED) {
    if (ONLY && !ONLY.some((word) => name.includes(word))) continue;
    gate.weather = weather();
    await setTimeout((LASTS - LOOKED_AT + (name.startsWith('delay') ? SETTLES : 0)) * 1000);
    const before = await Promise.all(people.map(counts));
    const seen: Awaited<ReturnType<typeof shown>>[][] = [];
    for (let second = 0; second < LOOKED_AT; second++) {
      await setTimeout(1000);
      seen.push(await Promise.all(people.map(shown)));
    }
    const after = await Promise.all(people.map(counts));
    gate.weather = undefined;
    people.forEach((person, at) => {
      const told = seen.map((each) => each[at]!);
      const word = most(told.map(({ word }) => word));
      const line = [
        name,
        person.name,
        ...figures(before[at]!, after[at]!),
        told.at(-1)!.score,
        word,
        most(told.map(({ reason }) => reason)),
      ];
      write(`| ${line.join(' | ')} |`);
      if (!allowed.includes(word as Quality)) wrong.push(`${name}: ${person.name} is shown “${word}”`);
      if (!told.every(({ word }) => barsOf(word as Quality) <= QUALITIES.length)) wrong.push(`${name}: no word`);
    });
    await setTimeout(CLEARS * 1000);
  }
  assert.deepEqual(wrong, []);
});
