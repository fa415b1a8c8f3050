/**
 * Whether the relay can be reached: by a connection of its own, as a page that nobody has heard of, so that the one that the
 * page has is left as it is.
 */
import { SUBPROTOCOL } from '../../relay/protocol/bounds.js';
import type { IceServer } from '../../relay/protocol/index.js';
import type { CallErrorCode } from '../call/errors.js';
import type { ConnectionOptions } from '../call/session.js';
import { found } from './findings.js';
import type { Found, FindingCode } from './findings.js';
import { whenOver, within } from './within.js';

/** Milliseconds for a token, for `welcome` and a pong, and for a web server at the relay's place. */
const TOKEN_WITHIN = 3000;
const WELCOME_WITHIN = 3500;
const SERVER_WITHIN = 1500;
/** Milliseconds there and back from which on a relay is slow. */
const SLOW = 1000;

/** What was found of the relay, and the ICE servers that it hands out. */
export interface RelayFound {
  readonly found: Found;
  readonly iceServers?: readonly IceServer[];
}

/** What a connection came to. */
interface Talk {
  readonly opened: boolean;
  readonly code?: FindingCode;
  readonly about?: string;
  readonly milliseconds?: number;
  readonly iceServers?: readonly IceServer[];
}

const BY_CLOSE_CODE: Readonly<Record<number, FindingCode>> = {
  1012: 'overloaded',
  1013: 'overloaded',
  4401: 'unauthorized',
  4403: 'forbidden',
  4429: 'too-many',
};
const BY_TROUBLE: Readonly<Partial<Record<CallErrorCode, FindingCode>>> = {
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  'rate-limited': 'too-many',
};

/**
 * Reaches for the relay.
 *
 * @param options how the page reaches for it; undefined where its attributes name no relay
 * @param trouble what the page's own connection was told
 */
export async function checkRelay(
  options: ConnectionOptions | undefined,
  trouble: CallErrorCode | undefined,
  signal: AbortSignal,
): Promise<RelayFound> {
  if (!options) return { found: found('relay', 'settings') };
  const { tokenSrc, relay } = options;
  const token = tokenSrc ? await within(signal, TOKEN_WITHIN, (over) => askForToken(tokenSrc, over)) : options.token;
  if (tokenSrc && !token) return { found: found('relay', signal.aborted ? 'stopped' : 'no-token') };
  const isForbidden = watchPolicy(relay, signal);
  const talk = await within(signal, WELCOME_WITHIN + SERVER_WITHIN + 500, (over) => talkTo(options, token, over));
  if (talk?.iceServers) {
    const { milliseconds, iceServers } = talk;
    // What was told to the page itself counts: this connection had no name.
    const code = (trouble && BY_TROUBLE[trouble]) ?? ((milliseconds ?? 0) > SLOW ? 'slow' : 'ok');
    return { found: found('relay', code, { milliseconds }), iceServers };
  }
  if (signal.aborted) return { found: found('relay', 'stopped') };
  const { code, about } =
    talk?.code || talk?.opened ? { code: talk.code ?? 'no-relay', about: talk.about } : await whyClosed(relay, signal);
  return { found: found('relay', isForbidden() ? 'csp' : code, { about }) };
}

async function askForToken(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { cache: 'no-store', signal });
  const text = (await response.text()).trim();
  const token = text.startsWith('{') ? (JSON.parse(text) as { token?: unknown }).token : text;
  return response.ok && typeof token === 'string' ? token : '';
}

/** Watches whether the page's Content Security Policy forbids to connect to the relay. */
function watchPolicy(relay: string, signal: AbortSignal): () => boolean {
  const host = hostOf(relay);
  let forbidden = false;
  const see = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void => {
    forbidden ||= effectiveDirective === 'connect-src' && hostOf(blockedURI) === host;
  };
  document.addEventListener('securitypolicyviolation', see);
  whenOver(signal, () => document.removeEventListener('securitypolicyviolation', see));
  return () => forbidden;
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return '';
  }
}

async function talkTo(options: ConnectionOptions, token: string | undefined, over: AbortSignal): Promise<Talk> {
  let socket: WebSocket;
  try {
    socket = new WebSocket(options.relay, SUBPROTOCOL);
  } catch (cause) {
    return { opened: false, code: (cause as Error).name === 'SecurityError' ? 'mixed-content' : 'settings' };
  }
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve({ opened }), WELCOME_WITHIN);
    let opened = false;
    let sentAt = 0;
    let iceServers: readonly IceServer[] | undefined;
    whenOver(over, () => {
      clearTimeout(late);
      socket.onclose = socket.onmessage = socket.onopen = null;
      // 1000 says that it is gone for good, and is not waited for.
      socket.close(1000);
    });
    socket.onopen = () => {
      opened = true;
      socket.send(JSON.stringify(helloOf(options.me, token)));
    };
    socket.onclose = ({ code }) => resolve({ opened, ...(opened && closed(code)) });
    socket.onmessage = ({ data }) => {
      const message = read(data);
      if (iceServers) {
        if (message?.type === 'pong') resolve({ opened, iceServers, milliseconds: performance.now() - sentAt });
        return;
      }
      if (message?.type !== 'welcome') return resolve({ opened, code: 'no-relay' });
      iceServers = serversIn(message.iceServers);
      sentAt = performance.now();
      socket.send('{"type":"ping"}');
    };
  });
}

const closed = (code: number): Pick<Talk, 'code' | 'about'> => ({ code: BY_CLOSE_CODE[code] ?? 'no-relay', about: String(code) });

/** Without a token this page is a guest, whom nobody watches and nobody calls. */
function helloOf(me: string | undefined, token: string | undefined): object {
  const device = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { type: 'hello', device, ...(token && { token, ...(me && { peer: me }) }) };
}

function read(data: unknown): { readonly type?: unknown; readonly iceServers?: unknown } | undefined {
  try {
    return JSON.parse(String(data)) as object;
  } catch {
    return undefined;
  }
}

const serversIn = (list: unknown): readonly IceServer[] =>
  Array.isArray(list) ? (list as (IceServer | null)[]).filter((server): server is IceServer => Array.isArray(server?.urls)) : [];

/** Why no WebSocket opened, as far as a page can find out. */
async function whyClosed(relay: string, signal: AbortSignal): Promise<{ readonly code: FindingCode; readonly about?: string }> {
  const answer = await within(signal, SERVER_WITHIN, (over) =>
    fetch(relay.replace(/^ws/, 'http'), { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal: over }),
  );
  // Of another origin a page learns no more than that there is an answer; a relay has something where its WebSockets are.
  if (answer?.status === 404) return { code: 'no-relay', about: '404' };
  if (answer) return { code: 'no-websocket', ...(answer.status > 0 && { about: String(answer.status) }) };
  if (!navigator.onLine) return { code: 'offline' };
  return { code: location.protocol === 'https:' && relay.startsWith('ws:') ? 'mixed-content' : 'unreachable' };
}
