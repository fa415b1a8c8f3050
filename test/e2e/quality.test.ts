/** How a call goes, as the panel shows it and as the browser reports it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { talk, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

/** What the browser reports of what arrives: codecs, and the size of the picture. */
const reported = (person: Person): Promise<{ voice: string; picture: string; size: string }> =>
  person.page.evaluate(async () => {
    const [connection] = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections];
    const report = (await connection!.getStats()) as unknown as Map<string, Record<string, string>>;
    const inbound = (kind: string) => [...report.values()].find((entry) => entry.type === 'inbound-rtp' && entry.kind === kind)!;
    const codec = (kind: string) => report.get(inbound(kind).codecId!)!.mimeType!.replace(/.*\//, '');
    const { frameWidth, frameHeight } = inbound('video');
    return { voice: codec('audio'), picture: codec('video'), size: `${frameWidth} × ${frameHeight}` };
  });

/** What the view of the figures says is received, by the group and the word of its line. */
const received = (person: Person): Promise<Record<string, string>> =>
  person.panel((panel) => {
    const facts: Record<string, string> = {};
    for (const body of panel.shadowRoot!.querySelectorAll<HTMLTableSectionElement>('.inside tbody')) {
      const [title, ...rows] = body.rows;
      for (const row of rows) facts[`${title!.textContent.trim()}: ${row.cells[0]!.textContent}`] = row.cells[1]!.textContent;
    }
    return facts;
  });

test('Alice is shown how the call goes, and its figures are those of her browser', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);
  const [first] = await Promise.all([alice.event('call-quality'), bob.event('call-quality')]);
  assert.equal(first.previous, null);
  assert.ok(Number(first.mos) > 3, `the voice is well: ${String(first.mos)}`);
  const { path } = first.reading as { path: unknown };
  assert.deepEqual(path, { relayed: false, protocol: 'udp' });
  const quality = first.quality as string;
  assert.ok(['excellent', 'good'].includes(quality), `it goes well: ${quality}, ${String(first.reason)}`);

  await alice.press(`Connection: ${quality}`);
  await alice.reads('direct, UDP');
  const [figures, facts] = [await received(alice), await reported(alice)];
  assert.deepEqual({ voice: figures['Voice: Codec'], picture: figures['Picture: Codec'], size: figures['Picture: Resolution'] }, facts);
  // The figures leave the controls in reach.
  await alice.press('Hang up');
  await bob.event('call-ended', { reason: 'hung-up' });
});
