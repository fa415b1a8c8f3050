/** What people do in the chat of a call, as they do it; for tests with browsers. */
import assert from 'node:assert/strict';
import { PATIENCE } from './person.js';
import type { Person } from './person.js';

/** Opens the chat, where it is closed. */
export async function openChat(person: Person): Promise<void> {
  if (!(await person.has('Message', 'textbox'))) await person.press('Chat');
  await person.find('Message', 'textbox');
}

/** Writes a message with the keyboard and sends it with Enter. */
export async function write(person: Person, text: string): Promise<void> {
  const field = await person.find('Message', 'textbox');
  await field.focus();
  await person.page.keyboard.type(text);
  await person.page.keyboard.press('Enter');
}

/** Everything that stands in the chat, each with whether it is the person's own. */
export const reading = (person: Person): Promise<string[]> =>
  person.panel((panel) =>
    [...panel.shadowRoot!.querySelectorAll('.entry')].map(
      (entry) => `${entry.classList.contains('own') ? 'I' : 'they'}: ${entry.querySelector('.words, .file-name')?.textContent}`,
    ),
  );

/** Waits until something is so in the page, where `root` is what the panel shows. */
export async function untilChat(person: Person, ready: string): Promise<void> {
  const expression = `(({ shadowRoot: root }) => ${ready})(document.querySelector('video-call-panel'))`;
  await person.page.waitForFunction(expression, { timeout: PATIENCE });
}

/** Waits until so much of what this person wrote has arrived. */
export const hasArrived = (person: Person, count: number): Promise<void> =>
  untilChat(
    person,
    `[...root.querySelectorAll('.tick')].at(-1)?.title === 'Delivered' && root.querySelectorAll('.own').length >= ${count}`,
  );

/** Sends a file of so many bytes, chosen as a person chooses files, and answers its SHA-256. */
export const sendFile = (person: Person, name: string, size: number): Promise<string> =>
  person.panel(
    async (panel, [title, length]) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)));
      const input = panel.shadowRoot!.querySelector<HTMLInputElement>('input[type=file]')!;
      const chosen = new DataTransfer();
      chosen.items.add(new File([bytes], title));
      input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
      return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join();
    },
    [name, size] as const,
  );

/** Waits for a file that was asked for, and answers the SHA-256 of what has arrived. */
export async function savedFile(person: Person, name: string, patience = PATIENCE): Promise<string> {
  const link = await person.find(`Save ${name}`, 'link', patience);
  return link.evaluate(async (element) => {
    const bytes = await (await fetch((element as HTMLAnchorElement).href)).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join();
  });
}

/** How the other side's sound has arrived so far: seconds played, and seconds that the browser had to make up. */
export const soundOf = (person: Person): Promise<{ played: number; madeUp: number; lost: number }> =>
  person.page.evaluate(async () => {
    const sum = { played: 0, madeUp: 0, lost: 0 };
    for (const connection of (globalThis as unknown as { connections: RTCPeerConnection[] }).connections)
      for (const report of (await connection.getStats()).values() as Iterable<Record<string, number | string>>) {
        if (report.type !== 'inbound-rtp' || report.kind !== 'audio') continue;
        sum.played += Number(report.totalSamplesReceived ?? 0) / 48_000;
        // What is made up for silence that was never sent is no gap.
        sum.madeUp += (Number(report.concealedSamples ?? 0) - Number(report.silentConcealedSamples ?? 0)) / 48_000;
        sum.lost += Number(report.packetsLost ?? 0);
      }
    return sum;
  });

/** Lets a test get at the lanes and connections of this page: for those who mean harm, and for figures. */
export const exposeLanes = (person: Person): Promise<void> =>
  person.page.evaluate(() => {
    const exposed = globalThis as unknown as { lanes: Record<string, RTCDataChannel>; connections: RTCPeerConnection[] };
    exposed.lanes = {};
    exposed.connections = [];
    const make = RTCPeerConnection.prototype.createDataChannel;
    RTCPeerConnection.prototype.createDataChannel = function (label, options) {
      const channel = make.call(this, label, options);
      exposed.lanes[label] = channel;
      if (!exposed.connections.includes(this)) exposed.connections.push(this);
      return channel;
    };
  });

/** Waits until so many messages and files stand in the chat. */
export const reads = (person: Person, count: number): Promise<void> =>
  untilChat(person, `root.querySelectorAll('.entry').length >= ${count}`);

/** One hangs up with the chat open; the other, who has received a file, can save it after the call, and closes the chat for good. */
export async function endsWithFile(hangsUp: Person, saves: Person, name: string, sum: string): Promise<void> {
  await hangsUp.press('Close chat');
  await hangsUp.press('Hang up');
  await saves.event('call-ended', { reason: 'hung-up' });
  await saves.state('idle');
  assert.equal(await savedFile(saves, name), sum, 'what has arrived can be saved after the call');
  await saves.press('Close');
  await untilChat(saves, `!root.querySelector('.entry')`);
  await Promise.all([hangsUp.holdsNothing(), saves.holdsNothing()]);
}
