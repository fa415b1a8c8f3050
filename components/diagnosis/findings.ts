/** What a diagnosis can find, and what it comes to. Pure. */

/** What is looked at, in the order in which one thing needs another. */
export const CHECKS = [
  'secure-context',
  'browser',
  'permissions',
  'microphone',
  'camera',
  'sound',
  'relay',
  'stun',
  'turn-udp',
  'turn-tcp',
  'turn-tls',
  'media',
] as const;
/** One thing that is looked at. */
export type Check = (typeof CHECKS)[number];

/** How a check came out; `skipped` says nothing for or against it. */
export type Outcome = 'ok' | 'warning' | 'failed' | 'skipped';

/** Everything that can be found, each with how it comes out. The same code means the same wherever it is found. */
export const CODES = {
  /** It works. */
  ok: 'ok',
  /** The device is used by the call that is on. */
  'in-call': 'ok',
  'insecure-context': 'failed',
  'unsupported-browser': 'failed',
  /** The frame around the page does not hand on what `about` names (W3C Permissions Policy, `allow`). */
  'frame-blocks': 'failed',
  /** The page's own `Permissions-Policy` header forbids what `about` names. */
  'page-blocks': 'failed',
  /** The same, where it is only sharing a screen, or sound before a click. */
  'frame-lacks': 'warning',
  'page-lacks': 'warning',
  /** The browser will ask the person. */
  'not-asked': 'skipped',
  /** The person, or the browser for the person, does not let this page use the device. */
  denied: 'failed',
  /** The browser may, and the operating system does not let it. */
  'system-denied': 'failed',
  'no-microphone': 'failed',
  /** Calls go without. */
  'no-camera': 'warning',
  /** Another program has it. */
  busy: 'failed',
  /** It delivers nothing but zeros. */
  silent: 'warning',
  /** The machine keeps it still: a switch on the keyboard. */
  muted: 'warning',
  'no-picture': 'warning',
  /** The page sends an animated picture instead. */
  virtual: 'skipped',
  /** A page may sound only after a gesture of the person. */
  'sound-after-click': 'warning',
  /** The machine is in no network. */
  offline: 'failed',
  unreachable: 'failed',
  /** A web server answers at the relay's place, and no WebSocket opens: an origin that is not let in, a wrong path, a proxy, a rate. */
  'no-websocket': 'failed',
  /** A page of https and a relay without it. */
  'mixed-content': 'failed',
  /** The page's Content Security Policy forbids the connection. */
  csp: 'failed',
  /** Attributes that name no relay, or not who this is. */
  settings: 'failed',
  /** The site gave no token. */
  'no-token': 'failed',
  /** 4401. */
  unauthorized: 'failed',
  /** 4403. */
  forbidden: 'failed',
  /** 4429. */
  'too-many': 'failed',
  /** 1012 and 1013. */
  overloaded: 'failed',
  /** Something opens, and says nothing of the protocol. */
  'no-relay': 'failed',
  /** More than a second to the relay and back. */
  slow: 'warning',
  'no-answer': 'failed',
  /** No answer, and another way to the same end has one. */
  'way-blocked': 'warning',
  /** The TURN server does not take the credentials (RFC 8656: 401, 403, 441). */
  'turn-refused': 'failed',
  /** The TURN server has no room (486, 508). */
  'turn-full': 'failed',
  /** There is no TURN server at all: two people in strict networks do not get through to each other. */
  'no-turn': 'warning',
  /** Nobody has handed out a server of this kind. */
  'not-offered': 'skipped',
  /** The TURN server has given its addresses, and nothing passes between them. */
  'media-blocked': 'warning',
  /** What it needs has failed. */
  'not-checked': 'skipped',
  /** The time was up, or somebody has ended the diagnosis. */
  stopped: 'skipped',
} as const satisfies Readonly<Record<string, Outcome>>;
/** What was found. */
export type FindingCode = keyof typeof CODES;

/** What one check has found, before it has words. */
export interface Found {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly code: FindingCode;
  /** How long it took, where that says something: to the relay and back, to an answer of a server. */
  readonly milliseconds?: number;
  /** More of the same, in the web's own words: `microphone; camera`, a close code, an ICE error code, decibels. Never a name or an address. */
  readonly about?: string;
}

/** What one check has found. */
export interface Finding extends Found {
  /** A sentence for the person, in the language of the element. */
  readonly detail: string;
}

/** What a diagnosis has found. */
export interface Diagnosis {
  /** Whether nothing has failed. */
  readonly ok: boolean;
  /** What it comes to, as one sentence in the language of the element. */
  readonly summary: string;
  /** In the order of `CHECKS`. */
  readonly findings: readonly Finding[];
  /** All of it as plain text, for whoever helps: without addresses, names, tokens. */
  readonly report: string;
}

/** Puts down what was found, with the outcome of its code. */
export function found(check: Check, code: FindingCode, { milliseconds, about }: { milliseconds?: number; about?: string } = {}): Found {
  return {
    check,
    outcome: CODES[code],
    code,
    ...(milliseconds !== undefined && { milliseconds: Math.round(milliseconds) }),
    ...(about !== undefined && { about }),
  };
}

const WAYS: readonly Check[] = ['turn-udp', 'turn-tcp', 'turn-tls'];

/** Weighs findings against each other, in the order of `CHECKS`: a way that is blocked is no failure where another one is open. */
export function weigh(findings: readonly Found[]): Found[] {
  const open = findings.some(({ check, code }) => WAYS.includes(check) && code === 'ok');
  return findings
    .map((each) => {
      const spared = each.code === 'no-answer' && (each.check === 'stun' || WAYS.includes(each.check)) && open;
      return spared ? { ...each, code: 'way-blocked' as const, outcome: CODES['way-blocked'] } : each;
    })
    .sort((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check));
}

/** What a diagnosis comes to: the first thing that has failed, or else how it is on the whole. */
export function gist(findings: readonly Found[]): Found | 'fine' | 'limited' | 'unfinished' {
  const failed = findings.find(({ outcome }) => outcome === 'failed');
  if (failed) return failed;
  if (findings.some(({ code }) => code === 'stopped' || code === 'not-asked')) return 'unfinished';
  // That a page may not sound before a click goes for every page, and is mended by any click.
  return findings.some(({ outcome, check }) => outcome === 'warning' && check !== 'sound') ? 'limited' : 'fine';
}
