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
  for (const kind of LANES.slice(connection.getTransceivers().length, count)) connection.addTransceiver(kind, { direction: 'sendrecv' });
}

/** Lets the lanes that the other side has offered go both ways, and nothing else go at all. */
export function takeLanes(connection: RTCPeerConnection): void {
  for (const [index, transceiver] of connection.getTransceivers().entries()) {
    transceiver.direction = transceiver.receiver.track.kind === LANES[index] ? 'sendrecv' : 'inactive';
  }
}

/** Sends these tracks. The letters on a shared screen stay sharp; rather fewer pictures of it are sent. */
export async function send(connection: RTCPeerConnection, tracks: LocalTracks, maxBitrate: number | undefined): Promise<void> {
  const all = inLanes(tracks);
  const most = maxBitrate === undefined ? {} : { maxBitrate: maxBitrate * 1000 };
  for (const [index, { sender, receiver, direction }] of connection.getTransceivers().entries()) {
    const track = all[index] ?? null;
    if (receiver.track.kind !== LANES[index] || direction === 'inactive') continue;
    if (sender.track !== track) await sender.replaceTrack(track).catch(() => {});
    if (index === 1 && maxBitrate !== undefined) await tune(sender, {}, most);
    if (index === 2 && track) await tune(sender, { degradationPreference: 'maintain-resolution' }, most);
  }
}

/** Changes how a sender sends. What else happens to the sender meanwhile makes it refuse: then it is asked anew. */
async function tune(
  sender: RTCRtpSender,
  change: { degradationPreference?: RTCDegradationPreference },
  encoding: Partial<RTCRtpEncodingParameters>,
): Promise<void> {
  for (let left = 3; left > 0; left--) {
    const parameters = sender.getParameters();
    if (!parameters.encodings?.[0]) return;
    Object.assign(parameters.encodings[0], encoding);
    const done = await sender.setParameters(Object.assign(parameters, change)).then(
      () => true,
      () => false,
    );
    if (done) return;
  }
}
