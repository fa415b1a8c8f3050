/** A page with panels and buttons on it, for tests: found and pressed as a person would find and press. */
import { expect, fixtureCleanup } from '@open-wc/testing';
import { define } from '../../components/register.js';
import { VideoCallButton } from '../../components/video-call-button.js';
import { VideoCallHistory } from '../../components/video-call-history.js';
import { VideoCallPanel } from '../../components/video-call-panel.js';
import { VideoCallRoster } from '../../components/video-call-roster.js';
import { loadTable } from '../../components/locales/tables.js';
import { useFakeSessions } from './fake-session.js';
import type { FakeSession, FakeSessions } from './fake-session.js';
import { waitUntil } from './wait.js';

define('video-call-button', VideoCallButton);
define('video-call-panel', VideoCallPanel);
define('video-call-roster', VideoCallRoster);
define('video-call-history', VideoCallHistory);

/** Fresh sessions; whatever an earlier test left on the page is removed. */
export async function freshPage(): Promise<FakeSessions> {
  fixtureCleanup();
  document
    .querySelectorAll('video-call-panel, video-call-button, video-call-roster, video-call-history')
    .forEach((element) => element.remove());
  await loadTable('en');
  await new Promise((resolve) => setTimeout(resolve));
  return useFakeSessions();
}

/** The session of a peer ID, as soon as it is open. */
export async function sessionOf(sessions: FakeSessions, me?: string): Promise<FakeSession> {
  await waitUntil(() => sessions.of(me), `a session of ${me ?? 'a guest'} is open`);
  return sessions.of(me)!;
}

const deep = (root: ParentNode): Element[] => [...root.querySelectorAll('*')];

/** The buttons that an element shows, by their accessible names. */
export function controls(element: Element): string[] {
  return deep(element.shadowRoot!)
    .filter((found): found is HTMLButtonElement => found instanceof HTMLButtonElement && found.checkVisibility())
    .map((button) => button.textContent.trim());
}

/** Presses a control by its accessible name. */
export function press(element: Element, name: string): void {
  const button = deep(element.shadowRoot!).find((found) => found instanceof HTMLButtonElement && found.textContent.trim() === name);
  expect(button, `a control "${name}" among: ${controls(element).join(', ')}`).to.exist;
  (button as HTMLElement).click();
}

/** Everything that an element shows, as text. */
export const textOf = (element: Element): string =>
  deep(element.shadowRoot!)
    .filter((found) => found.matches('[part~=dialog]'))
    .map((found) => (found as HTMLElement).innerText)
    .join(' ')
    .replace(/\s+/g, ' ');

/** A part of an element. */
export const part = <E extends HTMLElement>(element: Element, name: string): E | null =>
  element.shadowRoot!.querySelector<E>(`[part~="${name}"]`);

/** The first event of a type that arrives at the document. */
export function heard<Type extends keyof DocumentEventMap>(type: Type): Promise<DocumentEventMap[Type]> {
  return new Promise((resolve) => document.addEventListener(type, resolve, { once: true }));
}

/** Makes the page look as if it had been loaded over http. Returns the function that puts things right. */
export function makeInsecure(): () => void {
  const original = Object.getOwnPropertyDescriptor(window, 'isSecureContext')!;
  Object.defineProperty(window, 'isSecureContext', { value: false, configurable: true });
  return () => void Object.defineProperty(window, 'isSecureContext', original);
}
