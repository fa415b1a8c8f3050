/** Two connections of this page that reach each other through a TURN server alone, as two people would. */
import type { IceServer } from '../../relay/protocol/index.js';
import { found } from './findings.js';
import type { Found } from './findings.js';
import { connectionWith } from './ice.js';
import { whenOver, within } from './within.js';

/** Milliseconds for a picture and a word to get through. */
const PASS_WITHIN = 4000;
/** Milliseconds between two pictures, which are small. */
const DRAW_EVERY = 100;
const PIXELS = 48;

/** Sends pictures and a word to this page itself; `milliseconds` is the word's way there and back. */
export async function checkMedia(servers: readonly IceServer[], signal: AbortSignal): Promise<Found> {
  const milliseconds = await within(signal, PASS_WITHIN, (over) => pass(servers, over));
  if (milliseconds !== undefined) return found('media', 'ok', { milliseconds });
  return found('media', signal.aborted ? 'stopped' : 'media-blocked');
}

async function pass(servers: readonly IceServer[], over: AbortSignal): Promise<number> {
  const here = connectionWith(servers, 'relay')!;
  const there = connectionWith(servers, 'relay')!;
  const { track, stop } = pictures();
  whenOver(over, () => {
    stop();
    here.close();
    there.close();
  });
  here.addTrack(track);
  const word = here.createDataChannel('');
  there.ondatachannel = ({ channel }) => (channel.onmessage = ({ data }) => channel.send(String(data)));
  const seen = new Promise<void>((resolve) => {
    there.ontrack = ({ track: arriving }) => (arriving.muted ? (arriving.onunmute = () => resolve()) : resolve());
  });
  const said = new Promise<number>((resolve) => {
    let since = 0;
    word.onopen = () => {
      since = performance.now();
      word.send('?');
    };
    word.onmessage = () => resolve(performance.now() - since);
  });
  await join(here, there);
  const [milliseconds] = await Promise.all([said, seen]);
  return milliseconds;
}

/** Connects two connections of this page. */
export async function join(here: RTCPeerConnection, there: RTCPeerConnection): Promise<void> {
  const tell = (other: RTCPeerConnection) => (event: RTCPeerConnectionIceEvent) => {
    if (event.candidate) other.addIceCandidate(event.candidate).catch(() => {});
  };
  here.onicecandidate = tell(there);
  there.onicecandidate = tell(here);
  await here.setLocalDescription();
  await there.setRemoteDescription(here.localDescription!);
  await there.setLocalDescription();
  await here.setRemoteDescription(there.localDescription!);
}

/** A small picture that changes. */
function pictures(): { readonly track: MediaStreamTrack; stop(): void } {
  const canvas = Object.assign(document.createElement('canvas'), { width: PIXELS, height: PIXELS });
  const paint = canvas.getContext('2d')!;
  let hue = 0;
  const draw = (): void => {
    paint.fillStyle = `hsl(${(hue += 40)} 80% 50%)`;
    paint.fillRect(0, 0, PIXELS, PIXELS);
  };
  draw();
  const drawing = setInterval(draw, DRAW_EVERY);
  const [track] = canvas.captureStream(10).getTracks() as [MediaStreamTrack];
  return { track, stop: () => (clearInterval(drawing), track.stop()) };
}
