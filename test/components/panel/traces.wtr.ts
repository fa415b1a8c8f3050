import { expect } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSessions } from '../../support/fake-session.js';
import { freshPage, sessionOf } from '../../support/panel-page.js';
import { standIn, turnTab } from '../../support/stand-ins.js';
import { waitUntil } from '../../support/wait.js';

/** What outlives an element of a page and can be listened to. */
const LASTING: Record<string, EventTarget> = {
  window,
  document,
  html: document.documentElement,
  body: document.body,
  head: document.head,
  'navigator.mediaDevices': navigator.mediaDevices,
  'matchMedia()': matchMedia('(prefers-color-scheme: dark)'),
};
const open = new Map<string, number>();
let timers = new Set<unknown>();
let restore: (() => void)[] = [];
let sessions: FakeSessions;

/** Counts who listens to what lasts, and which timers run. */
function keepBooks(): void {
  const nameOf = (target: EventTarget) =>
    target instanceof MediaQueryList ? 'matchMedia()' : Object.entries(LASTING).find(([, lasting]) => lasting === target)?.[0];
  const known = new WeakMap<EventTarget, Set<unknown>>();
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const count = (target: EventTarget, type: string, by: number) => {
    const key = `${type} on ${nameOf(target)}`;
    open.set(key, (open.get(key) ?? 0) + by);
  };
  const idOf = (type: string, listener: unknown, options: unknown) =>
    JSON.stringify([type, options === true || !!(options as { capture?: boolean } | undefined)?.capture, numberOf(listener)]);
  restore.push(
    standIn(EventTarget.prototype, 'addEventListener', function (this: EventTarget | undefined, ...args: Parameters<typeof add>) {
      const target = this ?? window;
      const [type, listener, options] = args;
      const id = idOf(type, listener, options);
      const all = known.get(target) ?? new Set();
      if (nameOf(target) && listener && !all.has(id) && !(options as { once?: boolean } | undefined)?.once) {
        known.set(target, all.add(id));
        count(target, type, 1);
      }
      return add.apply(target, args);
    }),
    standIn(EventTarget.prototype, 'removeEventListener', function (this: EventTarget | undefined, ...args: Parameters<typeof remove>) {
      const target = this ?? window;
      const [type, listener, options] = args;
      if (known.get(target)?.delete(idOf(type, listener, options))) count(target, type, -1);
      return remove.apply(target, args);
    }),
  );
  const { setInterval: repeat, clearInterval: end } = window;
  restore.push(
    standIn(window, 'setInterval', (...args: Parameters<typeof repeat>) => {
      const timer = repeat(...args);
      timers.add(timer);
      return timer;
    }),
    standIn(window, 'clearInterval', (timer?: number) => {
      timers.delete(timer);
      end(timer);
    }),
  );
}

const numbers = new WeakMap<object, number>();
let next = 0;
function numberOf(listener: unknown): number {
  if (!listener) return -1;
  if (!numbers.has(listener as object)) numbers.set(listener as object, next++);
  return numbers.get(listener as object)!;
}
const listeners = () => [...open].filter(([, count]) => count > 0).map(([key, count]) => `${count} × ${key}`);

beforeEach(async () => {
  open.clear();
  timers = new Set();
  restore = [];
  sessions = await freshPage();
});
afterEach(() => {
  restore.forEach((undo) => undo());
  turnTab('visible');
});

/** A page meets a panel, a button and a list, through calls in every state, and all of them leave. */
async function meet(state: number): Promise<void> {
  const markup = `<video-call-panel me="alice" layout="${state % 2 ? 'inline' : 'floating'}" ringtone="none" ringback="none"></video-call-panel>
    <video-call-button peer="bob"></video-call-button><video-call-roster></video-call-roster><video-call-history></video-call-history>`;
  const box = document.body.appendChild(document.createElement('div'));
  box.innerHTML = markup;
  const panel = box.querySelector<VideoCallPanel>('video-call-panel')!;
  const session = await sessionOf(sessions, 'alice');
  turnTab(state % 3 ? 'visible' : 'hidden');
  await panel.updateComplete;
  if (state % 5 > 0) session.bringIn();
  await panel.updateComplete;
  if (state % 5 > 1) session.connect();
  await panel.updateComplete;
  if (state % 5 > 2) await new Promise((resolve) => setTimeout(resolve, 30));
  if (state % 5 > 3) session.end('hung-up');
  await panel.updateComplete;
  box.remove();
  while (session.users > 0) await new Promise((resolve) => setTimeout(resolve));
}

describe('Panels, buttons and lists that have left a page', () => {
  it('leave nothing behind: no listener, no timer, no style, and its title and icon as they were', async function () {
    // Forty pages, which take five seconds on a machine that does nothing else.
    this.timeout(40_000);
    const title = document.title;
    // Everything that is loaded late is loaded.
    for (let state = 0; state < 10; state++) await meet(state);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const look = () => [document.head.innerHTML, document.body.innerHTML, document.adoptedStyleSheets.length];
    const before = look();
    keepBooks();
    for (let state = 0; state < 30; state++) await meet(state);
    await waitUntil(
      () => listeners().length === 0 && timers.size === 0,
      `nothing is left of: ${listeners().join(', ')}; ${timers.size} timers`,
      { timeout: 10_000 },
    );
    expect([...open.keys()], 'the books are kept').to.include.members([
      'visibilitychange on document',
      'resize on window',
      'keydown on window',
    ]);
    expect(look()).to.deep.equal(before);
    expect(document.title).to.equal(title);
    expect(document.querySelectorAll('video-call-panel')).to.have.length(0);
  });
});
