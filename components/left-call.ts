/** What the last page of this tab may have left to this one, as far as can be told before the relay has been heard. */

/**
 * Whether it may have left a call.
 *
 * @param line as whom, and at which relay; of anybody without it
 */
export function mayComeBack(line?: { readonly relay: string; readonly me?: string | undefined }): boolean {
  try {
    const own = line && `video-call ${line.relay} ${line.me ?? ''}`;
    return Object.entries(sessionStorage).some(([key, kept]) => (!own || key === own) && (kept as string).includes('"call":"{'));
  } catch {
    // A page that may store nothing has left nothing.
    return false;
  }
}
