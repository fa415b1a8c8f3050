import { newDevice, newGuest } from './auth.js';
import type { Authorize, ResumeSecrets, Verdict } from './auth.js';
import { GUEST_PREFIX, MAX_NAME, isPeerId } from './protocol/index.js';
import type { PageMessage } from './protocol/index.js';
import type { JoinAs } from './switchboard.js';

/** The first message of a page. */
export type Hello = Extract<PageMessage, { type: 'hello' }>;

/** The address that a page may have, and how to ask the switchboard for it. */
export interface Admission {
  readonly peer: string;
  readonly device: string;
  readonly name: string | undefined;
  readonly as: JoinAs;
}

/** Finds out which address a page may have, or why it may have none. */
export async function admit(
  { peer: wanted, device, name, token, resume }: Hello,
  { authorize, secrets }: { readonly authorize: Authorize; readonly secrets: ResumeSecrets },
): Promise<Admission | Extract<Verdict, { refused: string }>> {
  const resumed = wanted !== undefined && resume !== undefined && secrets.proves(resume, wanted, device);
  const verdict = await authorize({ peer: wanted, name, token, resumed });
  if ('refused' in verdict) return verdict;
  checkVerdict(verdict);
  const { peer = newGuest() } = verdict;
  // A secret proves an address of the peer that it was issued to, and of nobody else.
  const proved = resumed && peer === wanted;
  return { peer, device, name: verdict.name, as: proved ? 'take-over' : isGuest(peer) ? 'new-peer' : 'new-device' };
}

/**
 * What a page gets instead of an address that is somebody else's: the address was a wish, and `welcome` says what came
 * of it. A guest becomes another guest, everybody else is here on one more device.
 */
export function elsewhere(admission: Admission): Admission {
  return isGuest(admission.peer) ? { ...admission, peer: newGuest() } : { ...admission, device: newDevice(), as: 'new-device' };
}

/** What a site decides becomes part of addresses and messages, and is checked like any other input. */
function checkVerdict({ peer, name }: { readonly peer: string | undefined; readonly name?: string }): void {
  if (peer !== undefined && !isPeerId(peer))
    throw new TypeError('authorize() answered a peer that is not a peer ID: 1 to 128 of A-Z a-z 0-9 . _ @ : + = -');
  if (name !== undefined && !isName(name))
    throw new TypeError(`authorize() answered a name of more than ${MAX_NAME} characters, or with control characters`);
}

// eslint-disable-next-line no-control-regex -- the protocol refuses control characters in names
const isName = (name: string): boolean => [...name].length <= MAX_NAME && !/[\0-\x1f\x7f]/.test(name);

const isGuest = (peer: string): boolean => peer.startsWith(GUEST_PREFIX);
