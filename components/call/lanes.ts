/**
 * What travels in a connection beside the messages: up to four lanes in one order, each going both ways from the start, so
 * that a track that comes, goes or changes needs no negotiation (W3C WebRTC, `replaceTrack`). A connection begins with the
 * lanes that its call needs and gets more when either side wants to send more; the caller alone adds them, so that two
 * sides that want to at the same moment cannot collide.
 */
import type { CallState } from './call-state.js';

/** Voice, camera, screen, and what the screen sounds like. */
export const LANES = ['audio', 'video', 'video', 'audio'] as const;

/** What is sent in each lane; null, or nothing at all, sends nothing. */
export interface LocalTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
  readonly screen?: MediaStreamTrack | null;
  /** What the shared screen sounds like. */
  readonly sound?: MediaStreamTrack | null;
}

/** The tracks in the order of the lanes. */
export const inLanes = ({ audio, video, screen = null, sound = null }: LocalTracks): readonly (MediaStreamTrack | null)[] => [
  audio,
  video,
  screen,
  sound,
];

/** How many lanes a call needs now: 1, 2 or 4. */
export function lanesOf({ media, local, remote }: Pick<CallState, 'media' | 'local' | 'remote'>): number {
  if (local.screen || remote.screen) return 4;
  return media === 'video' || local.camera || remote.camera ? 2 : 1;
}

/** Adds the lanes that are missing to a connection of one's own making. */
export function addLanes(connection: RTCPeerConnection, count: number): void {
  for (const kind of LANES.slice(connection.getTransceivers().length, count))
    repeat(connection.addTransceiver(kind, { direction: 'sendrecv' }));
}

/** Lets the lanes that the other side has offered go both ways, and nothing else go at all. */
export function takeLanes(connection: RTCPeerConnection): void {
  for (const [index, transceiver] of connection.getTransceivers().entries()) {
    transceiver.direction = transceiver.receiver.track.kind === LANES[index] ? 'sendrecv' : 'inactive';
    repeat(transceiver);
  }
}

const isRed = ({ mimeType }: { readonly mimeType: string }): number => +/\/red$/i.test(mimeType);

/** Lets sound be sent twice where both browsers can (RFC 2198): a packet that is lost comes once more with the next one. */
function repeat(transceiver: RTCRtpTransceiver): void {
  const { kind } = transceiver.receiver.track;
  const codecs = kind === 'audio' && RTCRtpReceiver.getCapabilities?.(kind)?.codecs;
  if (codecs) transceiver.setCodecPreferences?.(codecs.sort((one, other) => isRed(other) - isRed(one)));
}

/** How a lane is sent (W3C WebRTC, `RTCRtpSendParameters`). What is undefined is left to the browser. */
export interface SendingLane {
  readonly degradationPreference?: RTCDegradationPreference | undefined;
  /** A MIME type; taken where the two sides have agreed on it. */
  readonly codec?: string | undefined;
  /** Most lines of a picture. */
  readonly lines?: number | undefined;
  readonly encoding: { readonly [Name in keyof RTCRtpEncodingParameters]?: RTCRtpEncodingParameters[Name] | undefined };
}

/** Sends these tracks, in lanes that are sent like this. */
export async function send(
  connection: RTCPeerConnection,
  tracks: LocalTracks,
  lanes: readonly (SendingLane | undefined)[] = [],
): Promise<void> {
  const all = inLanes(tracks);
  const used = connection
    .getTransceivers()
    .map(({ sender, receiver, direction }, index) => ({ sender, receiver, direction, index, track: all[index] ?? null }))
    .filter(({ receiver, direction, index }) => receiver.track.kind === LANES[index] && direction !== 'inactive');
  // One lane does not wait for the other.
  await Promise.all(
    used.map(async ({ sender, track, index }) => {
      const lane = lanes[index];
      const swap = (): unknown => sender.track !== track && sender.replaceTrack(track).catch(() => {});
      const adjust = (): unknown => track && lane && tune(sender, track, lane);
      // What is known before anything is sent need not be changed after the first picture, and neither waits for the page in between.
      if (!sender.track) return void (await Promise.all([adjust(), swap()]));
      await swap();
      await adjust();
    }),
  );
}

/** By how much a track is to be scaled down so that it has no more than so many lines, upright or not. */
function scaleOf(track: MediaStreamTrack, lines = Infinity): number {
  const { width = 0, height = 0 } = track.getSettings();
  return Math.max(1, Math.min(width, height) / lines);
}

/** What browsers know, and the DOM library does not yet. */
interface Parameters extends RTCRtpSendParameters {
  degradationPreference?: RTCDegradationPreference;
  encodings: (RTCRtpEncodingParameters & { codec?: RTCRtpCodec })[];
}

/** Changes how a sender sends, where it does not send so already. What else happens to the sender meanwhile makes it refuse: then it is asked anew. */
async function tune(
  sender: RTCRtpSender,
  track: MediaStreamTrack,
  { degradationPreference, codec, lines, encoding: wanted }: SendingLane,
): Promise<void> {
  const encoding = { ...wanted, ...(track.kind === 'video' && { scaleResolutionDownBy: scaleOf(track, lines) }) };
  for (let left = 3; left > 0; left--) {
    const parameters = sender.getParameters() as Parameters;
    const [now] = parameters.encodings ?? [];
    if (!now) return;
    const agreed = codec && now.codec?.mimeType !== codec && parameters.codecs?.find(({ mimeType }) => mimeType === codec);
    const isSo = Object.entries(encoding).every(([name, value]) => now[name as keyof typeof encoding] === value);
    if (isSo && !agreed && parameters.degradationPreference === degradationPreference) return;
    Object.assign(now, encoding, agreed && { codec: agreed });
    const done = await sender.setParameters(Object.assign(parameters, { degradationPreference })).then(
      () => true,
      () => false,
    );
    if (done) return;
  }
}
