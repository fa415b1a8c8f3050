/** Panels that record, for tests: a call with pictures and sounds, and what there is of recordings on this device. */
import { fixture, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../components/video-call-panel.js';
import type { FakeSession } from './fake-session.js';
import { portrait, tone } from './media.js';
import { freshPage, sessionOf } from './panel-page.js';
import { waitUntil } from './wait.js';

/** Folder of the recordings, and the key under which a page notes that there may be some. */
export const FOLDER = 'video-call-recordings';

/** A panel of alice, and its session. */
export async function panelOf(markup = html`<video-call-panel me="alice" layout="inline"></video-call-panel>`) {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(markup);
  return { panel, session: await sessionOf(sessions, 'alice') };
}

/** What a panel says aloud. */
export const said = (panel: VideoCallPanel) => panel.shadowRoot!.querySelector('[role=status]')!.textContent;

/** The private files of this page. */
export const rootFolder = () => navigator.storage.getDirectory();

/** The recordings that there are, by their IDs. */
export async function folders(): Promise<string[]> {
  const names: string[] = [];
  const all = await (await rootFolder()).getDirectoryHandle(FOLDER, { create: true });
  for await (const name of (all as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
  return names;
}

/** How many parts of recordings there are. */
export async function parts(): Promise<number> {
  let count = 0;
  for (const id of await folders()) {
    const folder = await (await (await rootFolder()).getDirectoryHandle(FOLDER)).getDirectoryHandle(id);
    for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) count += Number(/^\d+$/.test(name));
  }
  return count;
}

/** Talks, with pictures and sounds. */
export function talk(session: FakeSession): void {
  const [localStream, remoteStream] = [portrait(28, 320, 180), portrait(205, 320, 180)];
  localStream.addTrack(tone(0.05));
  remoteStream.addTrack(tone(0.05));
  session.connect({ id: crypto.randomUUID() }, { localStream, remoteStream });
}

/** A recording that a page which is no more has left behind. */
export async function leave(id: string, about: object = {}): Promise<void> {
  const all = await (await rootFolder()).getDirectoryHandle(FOLDER, { create: true });
  const folder = await all.getDirectoryHandle(id, { create: true });
  const put = async (name: string, text: string) => {
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await stream.write(text);
    await stream.close();
  };
  const known = { id, call: 'c', name: 'Bob', me: 'alice', startedAt: Date.now() - 65_000, type: 'video/webm', ...about };
  await put('about.json', JSON.stringify(known));
  await put('000001', 'the first half, ');
  await put('000002', 'the second half');
  localStorage.setItem(FOLDER, '1');
}

/** Removes all recordings, as soon as nobody writes any more. */
export async function clear(): Promise<void> {
  localStorage.removeItem(FOLDER);
  const root = await rootFolder();
  const remove = () =>
    root.removeEntry(FOLDER, { recursive: true }).then(
      () => true,
      ({ name }: DOMException) => name === 'NotFoundError',
    );
  await waitUntil(remove, 'the recordings of earlier tests are removed');
}
