/** Page-wide sharing: one session per relay and peer ID, however many elements name them. */
import type { CallSession, ConnectionOptions } from './call/session.js';
import { lineKey } from './link/kept-key.js';
import { PageSession } from './page-session.js';
import { VERSION } from './version.js';

/**
 * Where the sessions of a page are kept: on the page itself, so that scripts that were built apart (the elements and the headless
 * client, or two bundles) share them. Each version has a place of its own: what sessions can do changes between them.
 */
export function keptBy(version: string): Map<string, PageSession> {
  const place = Symbol.for(`video-call-elements: sessions of ${version}`);
  const page = globalThis as { [place: symbol]: Map<string, PageSession> | undefined };
  return (page[place] ??= new Map<string, PageSession>());
}

const kept = (): Map<string, PageSession> => keptBy(VERSION);

/**
 * Takes part in this page's session at a relay under a peer ID; the first to do so opens it, and its socket.
 * Each call wants one `closeSession`.
 */
export function openSession(options: ConnectionOptions): CallSession {
  const key = lineKey(options);
  const sessions = kept();
  let session = sessions.get(key);
  if (session) session.users++;
  else sessions.set(key, (session = new PageSession(key, options)));
  return session;
}

/** Takes part no more. The last one to do so ends the call and leaves the relay. */
export function closeSession(session: CallSession): void {
  const sessions = kept();
  const { key } = session as PageSession;
  const own = sessions.get(key);
  if (!own || own !== session || --own.users > 0) return;
  sessions.delete(key);
  own.close();
}
