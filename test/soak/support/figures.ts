/** Figures of a soak: percentiles, and lines that people can read. Pure. */

/** The value below which a share of the values lies; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Like `p50 120, p95 340, most 512 ms of 200`. */
export function spread(values: readonly number[]): string {
  const [half, most] = [percentile(values, 0.5), percentile(values, 1)];
  return `p50 ${half.toFixed(0)}, p95 ${percentile(values, 0.95).toFixed(0)}, most ${most.toFixed(0)} ms of ${values.length}`;
}

/** What arrived in a page; see `meters.js`. */
export interface Seen {
  /** Moments by panel and kind, such as `bob-3 audio`. */
  readonly arrivals: Readonly<Record<string, readonly number[]>>;
  /** The moments at which the page looked. */
  readonly looks: readonly number[];
}

/** The longest time without anything new, and for how long the page could not look at all. */
export interface Gap {
  readonly key: string;
  readonly milliseconds: number;
}

/** The longest gap of each lane between two moments; a page that could not look for as long counts as not having seen one. */
export function longestGaps({ arrivals, looks }: Seen, kind: 'audio' | 'video', from: number, to: number): Gap[] {
  return Object.entries(arrivals)
    .filter(([key]) => key.endsWith(kind))
    .map(([key, moments]) => {
      const within = moments.filter((moment) => moment >= from && moment <= to);
      let milliseconds = 0;
      [...within, to].reduce((last, moment) => {
        milliseconds = Math.max(milliseconds, moment - last - blindness(looks, last, moment));
        return moment;
      }, from);
      return { key, milliseconds };
    });
}

/** The time between two moments that went by without a look, beyond what is usual. */
function blindness(looks: readonly number[], from: number, to: number): number {
  let blind = 0;
  let last = from;
  for (const look of looks) {
    if (look <= from) continue;
    if (look > to) break;
    blind += Math.max(0, look - last - 100);
    last = look;
  }
  return blind;
}

/** Milliseconds after `since` from which a lane is there again without a break; undefined if it is not. */
export function backAfter(
  moments: readonly number[],
  since: number,
  steady: { readonly gap: number; readonly lasts: number },
): number | undefined {
  let start: number | undefined;
  let last = -Infinity;
  for (const moment of moments) {
    if (moment < since) continue;
    if (start === undefined || moment - last > steady.gap) start = moment;
    last = moment;
    if (last - start >= steady.lasts) return start - since;
  }
  return undefined;
}
