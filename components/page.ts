/**
 * The elements of this page that take part in calls, so that buttons find panels, and exactly one element
 * presents a call.
 */
import type { ReactiveControllerHost } from 'lit';
import type { MediaKind } from '../relay/protocol/index.js';
import type { CallSession, ConnectionOptions } from './call/session.js';

/** What the page knows of an element. */
export interface Member {
  readonly host: ReactiveControllerHost & HTMLElement;
  readonly role: 'panel' | 'button';
  /** The session in use, once it is open. */
  readonly session?: CallSession;
  /** The options that the element wants to be connected with. */
  readonly wish?: ConnectionOptions;
  /** Places a call that this element then presents. Answers whether it was placed. */
  place(peer: string, media: MediaKind, name?: string): Promise<boolean>;
  /** Presents a call that another element of its session has presented up to now. */
  takeOver(): Promise<void>;
}

/** The panels that buttons made for themselves; other buttons do not take them for the page's. */
export const selfMade = new WeakSet<Element>();
/** Every connected element of the page, through its controller. */
const page = new Set<Member>();
/** The element that placed the call of a session; it presents that call. */
const placers = new WeakMap<CallSession, Member>();

const leave = ({ persisted }: PageTransitionEvent) => {
  for (const session of new Set([...page].map((member) => member.session))) session?.leave(persisted);
};

/** Whether an element is on the page. */
export const isPresent = (member: Member): boolean => page.has(member);

/** An element has come onto the page. */
export function join(member: Member): void {
  if (!page.size) addEventListener('pagehide', leave);
  page.add(member);
}

/** An element has gone for good. */
export function part(member: Member): void {
  page.delete(member);
  if (!page.size) removeEventListener('pagehide', leave);
}

/** Lets every element look anew at what it shares with the others. */
export const updateAll = (): void => page.forEach(({ host }) => host.requestUpdate());

/** The panels that are connected now, in document order. */
export function panels(): Member[] {
  const follows = Node.DOCUMENT_POSITION_FOLLOWING;
  return [...page].filter(({ role }) => role === 'panel').sort((a, b) => (a.host.compareDocumentPosition(b.host) & follows ? -1 : 1));
}

/** Notes who placed the call of a session; undefined when that call is over. */
export function placedBy(session: CallSession, member: Member | undefined): void {
  if (member) placers.set(session, member);
  else placers.delete(session);
}

/** The one element that presents the calls of a session: who placed the call, else its first panel, else a button. */
export function presenter(session: CallSession): Member | undefined {
  const placer = placers.get(session);
  if (placer?.session === session) return placer;
  const ofSession = (member: Member) => member.session === session;
  return panels().find(ofSession) ?? [...page].find(ofSession);
}
