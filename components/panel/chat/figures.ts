/** Times and sizes in the words and digits of a language. Pure. */

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time of day. */
export function timeOf(at: number, lang: string): string {
  const clock = clocks.get(lang) ?? new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit' });
  clocks.set(lang, clock);
  return clock.format(at);
}

/** A number of bytes. */
export function sizeOf(bytes: number, lang: string): string {
  const power = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3;
  const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[power];
  return new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits: power > 1 ? 1 : 0 }).format(bytes / 1000 ** power!);
}
