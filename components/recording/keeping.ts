/** Which recordings that were left on this device are offered, and which are removed. Pure. */
import { GUEST_PREFIX } from '../../relay/protocol/address.js';

/** What is known of a recording, beside its bytes. */
export interface About {
  readonly id: string;
  /** The call, and the other side's name. */
  readonly call: string;
  readonly name: string;
  /** Whose recording it is: the peer ID of this side. */
  readonly me: string;
  /** When it began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** The kind of its file. */
  readonly type: string;
  /** When it was handed out, in milliseconds since the epoch; what was saved has no second home here for long. */
  readonly savedAt?: number;
}

/** A recording as it is found. */
export interface Found {
  readonly about: About | undefined;
  readonly id: string;
  /** NaN where they cannot be read now. */
  readonly bytes: number;
  /** When something was last written, in milliseconds since the epoch. */
  readonly touchedAt: number;
  /** Whether a page is writing it. */
  readonly busy: boolean;
}

/** Days for which a recording that nobody has saved is kept. */
export const KEPT_DAYS = 7;
const DAY = 86_400_000;
/** Milliseconds for which a recording stays that was handed to the browser to be saved, which may take its time. */
const SAVING = 3_600_000;

/** Whether it is that of a guest who is not here: nobody else may have it, and a guest has come back only with the same ID. */
const isOfAnotherGuest = (me: string, about: About): boolean => about.me !== me && String(about.me).startsWith(GUEST_PREFIX);

/**
 * What to do with recordings that are found: those to offer, the latest first, and the IDs of those to remove. Whatever is in neither
 * stays: it is being written, being saved, or somebody else's who has a name.
 *
 * @param now milliseconds since the epoch
 */
export function sortOut(
  all: readonly Found[],
  me: string,
  now: number,
): { readonly offer: readonly Found[]; readonly remove: readonly string[] } {
  const idle = all.filter(({ busy }) => !busy);
  const isOver = ({ about, bytes, touchedAt }: Found): boolean => {
    if (!about || bytes === 0 || now - touchedAt > KEPT_DAYS * DAY) return true;
    return about.savedAt === undefined ? isOfAnotherGuest(me, about) : now - about.savedAt > SAVING;
  };
  const offer = idle.filter((found) => !isOver(found) && found.bytes > 0 && found.about!.savedAt === undefined && found.about!.me === me);
  return {
    offer: offer.sort((a, b) => b.about!.startedAt - a.about!.startedAt),
    remove: idle.filter(isOver).map(({ id }) => id),
  };
}
