/** Whether the last page of this tab may have left a call to this one, as far as can be told before the relay has been heard. */
export function mayComeBack(): boolean {
  try {
    return Object.values(sessionStorage).some((kept: string) => kept.includes('"call":"{'));
  } catch {
    // A page that may store nothing has left nothing.
    return false;
  }
}
