/**
 * What one second of a connection was like: the difference between two reports of the browser (W3C WebRTC statistics),
 * sorted by what travels in each lane. Pure.
 */

/** Voice, camera, screen and the sound of the screen, in the order in which they stand in a connection. */
export const LANE_NAMES = ['voice', 'camera', 'screen', 'sound'] as const;
export type LaneName = (typeof LANE_NAMES)[number];

/** What a stream of media is made of, where it is known. */
interface Flow {
  /** Kilobits per second. */
  readonly kbits: number;
  /** The share of packets that never arrived, 0 to 1; undefined while it is not known. */
  readonly lost?: number;
  /** How unevenly packets arrive, in seconds (RFC 3550, section 6.4.1). */
  readonly jitter?: number;
  /** The name of the codec, as in `VP8`. */
  readonly codec?: string;
  /** Of pictures: pixels, and pictures per second. */
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
}

/** A stream that arrives. */
export interface Incoming extends Flow {
  /** Of sound: the share that was made up because what was sent did not come in time, 0 to 1. Silence that is made up counts, too. */
  readonly concealed?: number;
  /** Of sound: seconds that it waits before it is played. */
  readonly delay?: number;
  /** Of pictures: how often, and for how many seconds, the picture stood still. */
  readonly freezes?: number;
  readonly frozen?: number;
  /** Of pictures: how coarse they are, from 1 for fine; what the numbers mean differs from codec to codec. */
  readonly coarseness?: number;
}

/** A stream that is sent; loss and jitter are what the other side reports. */
export interface Outgoing extends Flow {
  /** Seconds to the other side and back, as it reports. */
  readonly roundTrip?: number;
  /** Seconds since the other side last reported. */
  readonly reportAge?: number;
  /** Why less is sent than could be: for the network (`bandwidth`), the machine (`cpu`), or not at all (`none`). */
  readonly limitedBy?: string;
  readonly coarseness?: number;
  /** Whether the encoder is hardware, or saves power otherwise, where the browser says so. */
  readonly efficient?: boolean;
}

/** The path that media takes. */
export interface Path {
  /** Whether it goes through a TURN server, on either side. */
  readonly relayed: boolean;
  /** How this side reaches the network or, where it is relayed, its TURN server. */
  readonly protocol?: 'udp' | 'tcp' | 'tls';
}

/** One second of a connection. */
export interface Reading {
  /** When it ended, in milliseconds of the page's clock. */
  readonly at: number;
  /** How long it really was. */
  readonly seconds: number;
  /** Seconds to the other side and back. */
  readonly roundTrip?: number;
  /** Kilobits per second that the browser reckons it can send. */
  readonly available?: number;
  readonly path?: Path;
  readonly incoming: { readonly [Name in LaneName]?: Incoming };
  readonly outgoing: { readonly [Name in LaneName]?: Outgoing };
}

/** One entry of a report, as far as it is read. */
type Entry = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** A report of the browser: an `RTCStatsReport`, or any other map of entries by their ID. */
export type Report = ReadonlyMap<string, Entry>;

/** A report and when it was made, in milliseconds. */
export interface Look {
  readonly at: number;
  readonly report: Report;
}

/**
 * Reads the time between two looks at a connection.
 *
 * @param mids the media IDs of the lanes, in their order (JSEP, RFC 9429); an entry without one is sorted by its kind
 */
export function readingOf(before: Look, now: Look, mids: readonly (string | null)[]): Reading {
  const seconds = (now.at - before.at) / 1000;
  const incoming: Partial<Record<LaneName, Incoming>> = {};
  const outgoing: Partial<Record<LaneName, Outgoing>> = {};
  for (const entry of now.report.values()) {
    const lane = laneOf(entry, mids);
    if (!lane) continue;
    const since = (key: string, from = entry, then = before.report.get(from.id)): number | undefined => grown(from, then, key);
    if (entry.type === 'inbound-rtp') incoming[lane] = incomingOf(entry, now.report, seconds, since);
    if (entry.type === 'outbound-rtp') outgoing[lane] = outgoingOf(entry, now.report, seconds, since);
  }
  const pair = pairOf(now.report);
  return {
    at: now.at,
    seconds,
    ...known({ roundTrip: number(pair?.currentRoundTripTime), available: kilo(number(pair?.availableOutgoingBitrate)) }),
    ...(pair && { path: pathOf(pair, now.report) }),
    incoming,
    outgoing,
  };
}

type Since = (key: string, from?: Entry) => number | undefined;

function incomingOf(entry: Entry, report: Report, seconds: number, since: Since): Incoming {
  const received = since('packetsReceived');
  const lost = since('packetsLost');
  const played = since('jitterBufferEmittedCount');
  return {
    ...flowOf(entry, report),
    kbits: rate(since('bytesReceived'), seconds),
    ...known({
      // A packet that comes late is taken off the count of those that were lost.
      lost: share(Math.max(0, lost ?? 0), (received ?? 0) + Math.max(0, lost ?? 0)),
      jitter: number(entry.jitter),
      concealed: share(since('concealedSamples'), since('totalSamplesReceived')),
      delay: share(since('jitterBufferDelay'), played),
      freezes: since('freezeCount'),
      frozen: since('totalFreezesDuration'),
      coarseness: share(since('qpSum'), since('framesDecoded')),
    }),
  };
}

function outgoingOf(entry: Entry, report: Report, seconds: number, since: Since): Outgoing {
  const remote = report.get(String(entry.remoteId));
  const reason = entry.qualityLimitationReason;
  const efficient = entry.powerEfficientEncoder;
  return {
    ...flowOf(entry, report),
    kbits: rate(since('bytesSent'), seconds),
    ...known({
      lost: number(remote?.fractionLost),
      jitter: number(remote?.jitter),
      roundTrip: number(remote?.roundTripTime),
      reportAge: number((Number(entry.timestamp) - Number(remote?.timestamp)) / 1000),
      coarseness: share(since('qpSum'), since('framesEncoded')),
    }),
    ...(typeof reason === 'string' && { limitedBy: reason }),
    ...(typeof efficient === 'boolean' && { efficient }),
  };
}

function flowOf(entry: Entry, report: Report): Omit<Flow, 'kbits'> {
  const mime = report.get(String(entry.codecId))?.mimeType;
  return {
    ...(typeof mime === 'string' && { codec: mime.replace(/^.*\//, '') }),
    ...known({ width: number(entry.frameWidth), height: number(entry.frameHeight), fps: number(entry.framesPerSecond) }),
  };
}

/** The pair of candidates that is in use. */
function pairOf(report: Report): Entry | undefined {
  const entries = [...report.values()];
  const id = entries.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId)?.selectedCandidatePairId;
  // Firefox tells it with the pairs themselves.
  return report.get(String(id)) ?? entries.find(({ type, selected, nominated }) => type === 'candidate-pair' && selected && nominated);
}

function pathOf({ localCandidateId, remoteCandidateId }: Entry, report: Report): Path {
  const local = report.get(String(localCandidateId));
  const relayed = [local, report.get(String(remoteCandidateId))].some((candidate) => candidate?.candidateType === 'relay');
  const protocol = local?.relayProtocol ?? local?.protocol;
  return { relayed, ...(protocol === 'udp' || protocol === 'tcp' || protocol === 'tls' ? { protocol } : {}) };
}

function laneOf({ type, mid, kind }: Entry, mids: readonly (string | null)[]): LaneName | undefined {
  if (type !== 'inbound-rtp' && type !== 'outbound-rtp') return undefined;
  if (typeof mid === 'string') return LANE_NAMES[mids.indexOf(mid)];
  return kind === 'audio' ? 'voice' : 'camera';
}

const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** How much a count has grown; what is new, or counted anew, counts from 0. */
function grown(entry: Entry, before: Entry | undefined, key: string): number | undefined {
  const now = number(entry[key]);
  if (now === undefined) return undefined;
  const then = number(before?.[key]) ?? 0;
  // The count of what was lost may go back a little; any other that does has begun anew.
  return now >= then || key === 'packetsLost' ? now - then : now;
}

const share = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || !whole ? undefined : part / whole;
const kilo = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / 1000);
const rate = (bytes: number | undefined, seconds: number): number => (seconds > 0 ? ((bytes ?? 0) * 8) / 1000 / seconds : 0);

/** Only what is known: a field that is not there says more than one that is undefined. */
function known<Fields extends Record<string, number | undefined>>(fields: Fields): { readonly [Name in keyof Fields]?: number } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [Name in keyof Fields]?: number };
}
