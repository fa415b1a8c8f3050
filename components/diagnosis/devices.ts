/** Microphone and camera: whether they are there, may be opened, and deliver anything. */
import type { Kind } from '../call/devices.js';
import { chosenDevices } from '../panel/device-choices.js';
import { LevelMeter } from '../panel/level-meter.js';
import { found } from './findings.js';
import type { Found, FindingCode } from './findings.js';
import { whenOver, within } from './within.js';

/** Milliseconds that a device has to open, and a camera then to deliver a picture. */
const OPEN_WITHIN = 5000;
const PICTURE_WITHIN = 5000;
/** Milliseconds for which a microphone is listened to: until something has come, and a little on. */
const LISTEN_FOR = 2500;
const LISTEN_ON = 250;
const LISTEN_EVERY = 50;

/** What a device is called where permission is asked. */
const NAMES = { audio: 'microphone', video: 'camera' } as const;

/** How devices are come by. */
export interface DeviceAccess {
  /** Opens a device; the promise fails as that of `getUserMedia` does. */
  open(kind: Kind): Promise<MediaStreamTrack>;
  /** Lets it go. */
  close(track: MediaStreamTrack): void;
  /** How long a person may take to answer the browser's question, in milliseconds; without it nobody is asked. */
  readonly asksFor?: number;
  /** What the call that is on has open: nothing else is opened then. */
  readonly inCall?: MediaStream | null;
  /** Whether the page sends an animated picture instead. */
  readonly virtual?: boolean;
  /** The features that the page may not use. */
  readonly blocked: string;
}

/** What is asked of the browser for a device: the one that the person has chosen, where it is there. */
export function constraintOf(kind: Kind): MediaTrackConstraints {
  const id = chosenDevices()[NAMES[kind]]?.deviceId;
  return id ? { deviceId: { ideal: id } } : {};
}

/** Opens devices for a look, and lets each go after it. */
export const openForALook = {
  open: async (kind: Kind): Promise<MediaStreamTrack> =>
    (await navigator.mediaDevices.getUserMedia({ [kind]: constraintOf(kind) })).getTracks()[0]!,
  close: (track: MediaStreamTrack): void => track.stop(),
};

/** Looks at one device. */
export async function checkDevice(kind: Kind, access: DeviceAccess, signal: AbortSignal): Promise<Found> {
  const check = NAMES[kind];
  const { virtual, inCall, blocked } = access;
  if (!(navigator.mediaDevices as MediaDevices | undefined) || blocked.includes(check)) return found(check, 'not-checked');
  if (virtual) return found(check, 'virtual');
  const used = inCall?.getTracks().find((track) => track.kind === kind && track.readyState === 'live');
  if (used) return found(check, used.muted ? 'muted' : 'in-call');
  const obstacle = await obstacleOf(kind, access);
  // In a call nothing is opened for a look.
  if (obstacle || inCall !== undefined) return found(check, obstacle ?? 'stopped');
  const since = performance.now();
  const track = await open(kind, access, signal);
  if (!track || typeof track === 'string') return found(check, track ?? 'stopped');
  try {
    return kind === 'audio' ? await listen(track, signal) : await look(track, since, signal);
  } finally {
    access.close(track);
  }
}

/** What stands in the way of opening a device, as far as that can be told without opening it. */
async function obstacleOf(kind: Kind, { asksFor }: DeviceAccess): Promise<FindingCode | undefined> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const there = devices.filter((device) => device.kind === `${kind}input`);
  if (there.length === 0) return kind === 'audio' ? 'no-microphone' : 'no-camera';
  const state = await navigator.permissions.query({ name: NAMES[kind] as PermissionName }).then(
    (status) => status.state,
    // Only devices that may be used have names.
    () => (there.some(({ label }) => label) ? 'granted' : 'prompt'),
  );
  if (state === 'denied') return 'denied';
  return state === 'granted' || asksFor !== undefined ? undefined : 'not-asked';
}

/** Opens a device, or says why it cannot be opened; undefined where that takes too long. */
const open = (kind: Kind, access: DeviceAccess, signal: AbortSignal): Promise<MediaStreamTrack | FindingCode | undefined> =>
  within(signal, access.asksFor ?? OPEN_WITHIN, async (over) => {
    try {
      const track = await access.open(kind);
      // Nobody waits for it any more.
      if (over.aborted) access.close(track);
      return track;
    } catch (cause) {
      return troubleOf(kind, cause as Error);
    }
  });

function troubleOf(kind: Kind, { name, message }: Error): FindingCode {
  if (name === 'NotAllowedError' || name === 'SecurityError') return /system/i.test(message) ? 'system-denied' : 'denied';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return kind === 'audio' ? 'no-microphone' : 'no-camera';
}

/** Listens until there is some sound, and a little on for its loudness. */
async function listen(track: MediaStreamTrack, signal: AbortSignal): Promise<Found> {
  const meter = new LevelMeter(track);
  let loudest = 0;
  let heardAt = 0;
  let listened = false;
  await within(signal, LISTEN_FOR, async (over) => {
    while (!over.aborted && !(heardAt && performance.now() - heardAt > LISTEN_ON)) {
      await new Promise((resolve) => setTimeout(resolve, LISTEN_EVERY));
      if (!meter.listens) continue;
      listened = true;
      loudest = Math.max(loudest, meter.measure());
      if (loudest > 0) heardAt ||= performance.now();
    }
  });
  meter.close();
  if (track.muted) return found('microphone', 'muted');
  if (loudest > 0) return found('microphone', 'ok', { about: String(Math.round(20 * Math.log10(loudest))) });
  // A browser that keeps the page's sound still keeps this ear shut as well.
  return found('microphone', listened && !signal.aborted ? 'silent' : 'ok');
}

/** Waits for the first picture. */
async function look(track: MediaStreamTrack, since: number, signal: AbortSignal): Promise<Found> {
  const seen = await within(signal, PICTURE_WITHIN, async (over) => {
    const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
    video.srcObject = new MediaStream([track]);
    whenOver(over, () => (video.srcObject = null));
    const shown = new Promise<true>((resolve) => (video.onloadeddata = () => resolve(true)));
    void video.play().catch(() => {});
    return shown;
  });
  if (!seen) return found('camera', signal.aborted ? 'stopped' : track.muted ? 'muted' : 'no-picture');
  return found('camera', 'ok', { milliseconds: performance.now() - since });
}
