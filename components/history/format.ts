/** Times and lengths of calls, as a language writes them. */

const DAY = 86_400_000;

/** The day of a time, here: the same number for all times of it, and greater by one for the next. */
export function dayOf(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}

/** Milliseconds until the next day begins here. */
export function untilTomorrow(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() - now;
}

/** When it was: the time today, the day and the time of what is older, and the date alone of another year. */
export function whenOf(at: number, now: number, lang: string): string {
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  const write = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(lang, options).format(at);
  const days = dayOf(now) - dayOf(at);
  if (days === 0) return write(time);
  if (days === 1) return `${new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(-1, 'day')} ${write(time)}`;
  if (days > 1 && days < 7) return write({ weekday: 'short', ...time });
  const date = { day: 'numeric', month: 'short' } as const;
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? write({ ...date, ...time }) : write({ ...date, year: 'numeric' });
}

/** The whole of a time, in words. */
export const wholly = (at: number, lang: string): string =>
  new Intl.DateTimeFormat(lang, { dateStyle: 'full', timeStyle: 'medium' }).format(at);

/** A length in hours, minutes and seconds, without those that are none. */
export function lengthIn(seconds: number, lang: string): string {
  const counts = { hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: Math.floor(seconds) % 60 };
  const write = ([unit, count]: [string, number]) =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'narrow' }).format(count);
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return (some.length > 0 ? some : [['second', 0] as [string, number]]).map(write).join(' ');
}
