import { newDevice, newGuest } from './auth.js';
import type { Authorize, Claim, ResumeSecrets, Verdict } from './auth.js';
import { isName, readCalls } from './grants.js';
import type { Grant } from './lease.js';
import { GUEST_PREFIX, MAX_NAME, isPeerId } from './protocol/index.js';
import type { PageMessage } from './protocol/index.js';
import type { JoinAs } from './switchboard.js';

/** The first message of a page. */
export type Hello = Extract<PageMessage, { type: 'hello' }>;

/** The address that a page may have, how to ask the switchboard for it, and what it may do there. */
export interface Admission extends Grant {
  readonly peer: string;
  readonly device: string;
  readonly name: string | undefined;
  readonly as: JoinAs;
}

/** Why a page may not have what it asked for. */
export type Refused = Extract<Verdict, { refused: string }>;

/** Finds out which address a page may have, or why it may have none. */
export async function admit(
  { peer: wanted, device, name, token, resume }: Hello,
  { authorize, secrets }: { readonly authorize: Authorize; readonly secrets: ResumeSecrets },
): Promise<Admission | Refused> {
  const resumed = wanted !== undefined && resume !== undefined && secrets.proves(resume, wanted, device);
  const verdict = await ask(authorize, { peer: wanted, name, token, resumed });
  if ('refused' in verdict) return verdict;
  const { peer = newGuest() } = verdict;
  // A secret proves an address of the peer that it was issued to, and of nobody else.
  const proved = resumed && peer === wanted;
  return { peer, device, name: verdict.name, ...grantOf(verdict), as: proved ? 'take-over' : isGuest(peer) ? 'new-peer' : 'new-device' };
}

/** Finds out what a fresh token brings to a page that is connected, or why it brings nothing. */
export async function renew(
  authorize: Authorize,
  { peer, name, token }: { readonly peer: string; readonly name: string | undefined; readonly token: string },
): Promise<Grant | Refused> {
  const verdict = await ask(authorize, { peer, name, token, resumed: true, renewal: true });
  if ('refused' in verdict) return verdict;
  const same = verdict.peer === undefined ? isGuest(peer) : verdict.peer === peer;
  return same ? grantOf(verdict) : { refused: 'forbidden', message: 'The token is for another peer.' };
}

/**
 * What a page gets instead of an address that is somebody else's: the address was a wish, and `welcome` says what came
 * of it. A guest becomes another guest, everybody else is here on one more device.
 */
export function elsewhere(admission: Admission): Admission {
  return isGuest(admission.peer) ? { ...admission, peer: newGuest() } : { ...admission, device: newDevice(), as: 'new-device' };
}

type Granted = Exclude<Verdict, Refused>;

const grantOf = ({ calls, expiresAt }: Granted): Grant => ({ calls: readCalls(calls), expiresAt });

async function ask(authorize: Authorize, claim: Claim): Promise<Verdict> {
  const verdict: unknown = await authorize(claim);
  if (typeof verdict !== 'object' || verdict === null)
    throw new TypeError('authorize() answered no verdict: an object with "peer" or "refused"');
  if ('refused' in verdict) checkRefusal(verdict as Refused);
  else checkVerdict(verdict as Granted);
  return verdict as Verdict;
}

function checkRefusal({ refused, message }: Refused): void {
  if (refused !== 'unauthorized' && refused !== 'forbidden')
    throw new TypeError('authorize() refused with another word than "unauthorized" or "forbidden"');
  // The reason of a close frame has room for 123 bytes (RFC 6455 section 5.5).
  if (typeof message !== 'string' || Buffer.byteLength(message) > 123)
    throw new TypeError('authorize() refused without a message of at most 100 characters');
}

/** What a site decides becomes part of addresses and messages, and is checked like any other input. */
function checkVerdict({ peer, name, calls, expiresAt }: Granted): void {
  if (peer !== undefined && !(typeof peer === 'string' && isPeerId(peer)))
    throw new TypeError('authorize() answered a peer that is not a peer ID: 1 to 128 of A-Z a-z 0-9 . _ @ : + = -');
  if (name !== undefined && !(typeof name === 'string' && isName(name)))
    throw new TypeError(`authorize() answered a name of more than ${MAX_NAME} characters, or with control characters`);
  if (calls !== undefined && calls !== '*' && !(Array.isArray(calls) && calls.every((each) => typeof each === 'string')))
    throw new TypeError('authorize() answered calls that are neither "*" nor a list of peer IDs');
  if (expiresAt !== undefined && !Number.isFinite(expiresAt))
    throw new TypeError('authorize() answered an expiresAt that is no number of seconds since 1970');
}

const isGuest = (peer: string): boolean => peer.startsWith(GUEST_PREFIX);
