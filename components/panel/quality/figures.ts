/** The figures of a connection, in the words and digits of a language. */
import type { MediaState } from '../../call/phases.js';
import type { Incoming, LaneName, Outgoing, Reading } from '../../quality/reading.js';
import type { Terms } from './terms.js';

/** One line: what it is, and what there is to say of it; undefined where nothing is known. */
export interface Fact {
  readonly label: string;
  readonly value: string | undefined;
}

/** One line about what arrives and what is sent. */
export interface Row {
  readonly label: string;
  readonly received: string | undefined;
  readonly sent: string | undefined;
}

/** What travels in a lane. */
export interface Group {
  readonly label: string;
  readonly rows: readonly Row[];
}

/** How numbers are written. */
export interface Digits {
  readonly data: (kbits: number) => string;
  readonly share: (share: number) => string;
  readonly time: (seconds: number) => string;
  readonly count: (number: number) => string;
  readonly score: (number: number) => string;
}

/** The digits of a language, by its BCP 47 tag. */
export function digitsOf(lang: string): Digits {
  const format = (options: Intl.NumberFormatOptions) => {
    const { format } = new Intl.NumberFormat(lang, options);
    return (number: number) => format(number);
  };
  const milliseconds = format({ style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 });
  return {
    data: format({ style: 'unit', unit: 'kilobit-per-second', maximumFractionDigits: 0 }),
    share: format({ style: 'percent', maximumFractionDigits: 1 }),
    time: (seconds) => milliseconds(seconds * 1000),
    count: format({ useGrouping: false, maximumFractionDigits: 0 }),
    score: format({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  };
}

/** What can be said of the connection as a whole. */
export function factsOf({ roundTrip, path, available }: Reading, mos: number | null, terms: Terms, digits: Digits): readonly Fact[] {
  const way = path && [path.relayed ? terms.relayed : terms.direct, path.protocol?.toUpperCase()].filter(Boolean).join(', ');
  return [
    { label: terms.path, value: way },
    { label: terms.roundTrip, value: of(roundTrip, digits.time) },
    { label: terms.available, value: of(available, digits.data) },
    { label: terms.score, value: of(mos ?? undefined, digits.score) },
  ].filter(({ value }) => value !== undefined);
}

const PICTURES: readonly (readonly [LaneName, 'picture' | 'screen', 'camera' | 'screen'])[] = [
  ['camera', 'picture', 'camera'],
  ['screen', 'screen', 'screen'],
];

/** What can be said of each lane in which something travels, or should. */
export function groupsOf(reading: Reading, local: MediaState, remote: MediaState, terms: Terms, digits: Digits): readonly Group[] {
  const groups: Group[] = [{ label: terms.voice, rows: commonRows(reading, 'voice', terms, digits) }];
  for (const [lane, label, flag] of PICTURES) {
    if (!local[flag] && !remote[flag]) continue;
    groups.push({ label: terms[label], rows: [...pictureRows(reading, lane, terms, digits), ...limits(reading.outgoing[lane], terms)] });
  }
  return groups.map(({ label, rows }) => ({ label, rows: rows.filter(({ received, sent }) => received ?? sent) }));
}

function commonRows({ incoming, outgoing }: Reading, lane: LaneName, terms: Terms, digits: Digits): Row[] {
  const both = (label: string, say: (flow: Incoming | Outgoing) => string | undefined): Row => ({
    label,
    received: flowing(incoming[lane], say),
    sent: flowing(outgoing[lane], say),
  });
  return [
    both(terms.codec, ({ codec }) => codec),
    both(terms.data, ({ kbits }) => digits.data(kbits)),
    both(terms.loss, ({ lost }) => of(lost, digits.share)),
    both(terms.jitter, ({ jitter }) => of(jitter, digits.time)),
  ];
}

function pictureRows(reading: Reading, lane: LaneName, terms: Terms, digits: Digits): Row[] {
  const [received, sent] = [reading.incoming[lane], reading.outgoing[lane]];
  const size = ({ width, height }: Incoming | Outgoing) =>
    width && height ? `${digits.count(width)} × ${digits.count(height)}` : undefined;
  const frames = ({ fps }: Incoming | Outgoing) => of(fps, digits.count);
  const [codec, ...others] = commonRows(reading, lane, terms, digits);
  const still = flowing(received, ({ frozen }) => of(frozen && Math.min(1, frozen / reading.seconds), digits.share));
  return [
    codec!,
    { label: terms.size, received: flowing(received, size), sent: flowing(sent, size) },
    { label: terms.frames, received: flowing(received, frames), sent: flowing(sent, frames) },
    ...others,
    { label: terms.frozen, received: still, sent: undefined },
  ];
}

function limits(sent: Outgoing | undefined, terms: Terms): Row[] {
  const { limitedBy } = sent?.kbits ? sent : {};
  if (!limitedBy) return [];
  const known = limitedBy === 'none' || limitedBy === 'bandwidth' || limitedBy === 'cpu';
  return [{ label: terms.limitedBy, received: undefined, sent: terms[known ? limitedBy : 'other'] }];
}

/** Of what does not flow there is nothing to say. */
const flowing = <Stream extends { readonly kbits: number }>(
  stream: Stream | undefined,
  say: (stream: Stream) => string | undefined,
): string | undefined => (stream && stream.kbits > 0 ? say(stream) : undefined);

const of = (value: number | undefined, write: (value: number) => string): string | undefined =>
  value === undefined ? undefined : write(value);
