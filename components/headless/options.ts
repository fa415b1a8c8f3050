/** What a page asks of a headless client, and what is wrong with what means nothing: values in, settings and complaints out. Pure. */
import { readCalling, readConnection } from '../attributes.js';
import type { Complaint, ConnectionAttributes, Places } from '../attributes.js';
import type { NamedDevice } from '../call/choices.js';
import type { Changes, ConnectionOptions, MediaOptions } from '../call/session.js';

/** The options of `createCallClient`: they mean what the elements' attributes of these names mean. All may be left out. */
export interface CallClientOptions {
  /** URL of the relay; `http(s):` is taken as `ws(s):`, one without a path gets `/ws`. Without it, the server that the script came from. */
  readonly relay?: string | null;
  /** This page's peer ID, 1 to 128 of `A-Z a-z 0-9 . _ @ : + = -`; without it, the relay issues a guest ID. */
  readonly me?: string | null;
  /** The name that the other side sees; without it, that of the token, else `me`. */
  readonly displayName?: string | null;
  /** A JSON Web Token that proves to the relay who this page is. */
  readonly token?: string | null;
  /** URL that answers a token, as text or as `{"token": …}`; asked for every connection, and before a token expires. */
  readonly tokenSrc?: string | null;
  /** STUN and TURN servers in place of the relay's. */
  readonly iceServers?: string | readonly RTCIceServer[] | null;
  /** `relay` sends all media through TURN. */
  readonly icePolicy?: 'all' | 'relay' | null;
  /** Which ways a path may take that is prepared while it rings: `relay`, usual, through TURN alone; `all`, which shows addresses to the caller; `none`. */
  readonly earlyIce?: 'none' | 'relay' | 'all' | null;
  /** Ends the call when the page is loaded anew, instead of taking it up again. */
  readonly noResume?: boolean;
  /** Writes nothing into the history of this device. */
  readonly noHistory?: boolean;
  /** After how many seconds without an answer a call is given up: 5 to 180, usually 60. */
  readonly ringTimeout?: number | null;
  /** The most detail that is sent, usually `720p`. */
  readonly maxResolution?: '360p' | '540p' | '720p' | '1080p' | null;
  /** The most kbit/s that are sent of the camera's picture, and of the screen's: 30 to 100,000. */
  readonly maxBitrate?: number | null;
  /** Sends little: 360 lines, 15 pictures per second, 300 kbit/s. */
  readonly dataSaver?: boolean;
  /** Sends an animated picture and silence in place of camera and microphone. */
  readonly virtualCamera?: boolean;
  /** The microphone and the camera to take where they are there, as `enumerateDevices()` lists them. */
  readonly microphone?: NamedDevice | null;
  readonly camera?: NamedDevice | null;
  /** What sounds when somebody calls: `true` for the widget's tone, the URL of a sound file; otherwise nothing does. */
  readonly ringtone?: boolean | string;
  /** What sounds while it rings on the other side, in the same way. */
  readonly ringback?: boolean | string;
}

/** What a client does, read from its options. */
export interface CallClientSettings {
  /** Undefined where nothing can be connected with these options. */
  readonly connection?: ConnectionOptions;
  /** What the page has asked for, and nothing else. */
  readonly media: MediaOptions;
  /** In seconds. */
  readonly ringTimeout: number;
  /** As `ring` takes it: `none`, empty for the widget's tone, or a URL. */
  readonly ringtone: string;
  readonly ringback: string;
}

type Kind = 'text' | 'flag' | 'number' | 'servers' | 'device' | 'sound';

const KINDS: Readonly<Record<keyof CallClientOptions | keyof ConnectionAttributes, Kind>> = {
  relay: 'text',
  me: 'text',
  displayName: 'text',
  token: 'text',
  tokenSrc: 'text',
  iceServers: 'servers',
  icePolicy: 'text',
  earlyIce: 'text',
  noResume: 'flag',
  noHistory: 'flag',
  ringTimeout: 'number',
  maxResolution: 'text',
  maxBitrate: 'number',
  dataSaver: 'flag',
  virtualCamera: 'flag',
  microphone: 'device',
  camera: 'device',
  ringtone: 'sound',
  ringback: 'sound',
};

const isDevice = (value: unknown): boolean =>
  typeof value === 'object' && typeof (value as NamedDevice).deviceId === 'string' && typeof (value as NamedDevice).label === 'string';

const FITS: Readonly<Record<Kind, readonly [fits: (value: unknown) => boolean, must: string]>> = {
  text: [(value) => typeof value === 'string', 'must be a text'],
  flag: [(value) => typeof value === 'boolean', 'must be true or false'],
  number: [(value) => typeof value === 'number', 'must be a number'],
  servers: [(value) => typeof value === 'string' || Array.isArray(value), 'must be an array of RTCIceServer'],
  device: [isDevice, 'must be a device as enumerateDevices() lists it, with deviceId and label'],
  sound: [(value) => typeof value === 'boolean' || typeof value === 'string', 'must be true, false or the URL of a sound file'],
};

/** Leaves what has a type of its own, and what is null or undefined, the default; says of the rest what it must be. */
export function siftOptions(given: unknown, complaints: Complaint[]): CallClientOptions {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object') {
    complaints.push({ attribute: '', value: given, message: 'The options of a call client must be an object.' });
    return {};
  }
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const complain = (why: string): unknown => complaints.push({ attribute: name, value, message: `The option "${name}" ${why}.` });
    if (!Object.hasOwn(KINDS, name)) complain(`is not known; there are: ${Object.keys(KINDS).join(', ')}`);
    else if (value === undefined || value === null) known[name] = value;
    else {
      const [fits, must] = FITS[KINDS[name as keyof CallClientOptions]];
      if (fits(value)) known[name] = value;
      else complain(must);
    }
  }
  return known;
}

/** The sentence about an attribute as one about the option of the same meaning. */
const asOption = (complaint: Complaint): Complaint => ({
  ...complaint,
  message: complaint.message.replace(
    /^The attribute "([a-z-]+)"/,
    (_, name: string) => `The option "${name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}"`,
  ),
});

const named = (device: NamedDevice | null | undefined): NamedDevice | undefined =>
  device ? { deviceId: device.deviceId, label: device.label } : undefined;

const soundOf = (given: boolean | string | null | undefined): string => (given === true ? '' : given || 'none');

/**
 * Reads the options of a client; what cannot be used is complained about, and takes its default.
 *
 * @param given whatever the page gave
 * @param complaints where complaints are added
 */
export function readClientOptions(given: unknown, places: Places, complaints: Complaint[]): CallClientSettings {
  const found: Complaint[] = [];
  const options = siftOptions(given, found);
  // An ID that is no text must not become that of a guest.
  const misnamed = found.some(({ attribute }) => attribute === 'me' || attribute === 'relay');
  const connection = misnamed ? undefined : readConnection(options, places, found);
  const { ringTimeout, media } = readCalling(options, found);
  complaints.push(...found.map(asOption));
  const { maxLines, maxBitrate } = media;
  const [microphone, camera] = [named(options.microphone), named(options.camera)];
  return {
    connection,
    media: {
      ...(options.maxResolution === `${maxLines}p` && { maxLines }),
      ...(maxBitrate !== undefined && { maxBitrate }),
      ...(options.dataSaver != null && { dataSaver: options.dataSaver }),
      ...(options.virtualCamera != null && { virtualCamera: options.virtualCamera }),
      ...(microphone && { microphone }),
      ...(camera && { camera }),
    },
    ringTimeout,
    ringtone: soundOf(options.ringtone),
    ringback: soundOf(options.ringback),
  };
}

/** What is not as it was; undefined where it is there no more. */
export function changed<Options extends object>(before: Options, after: Options): Changes<Options> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Options)[];
  const differing = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(differing.map((name) => [name, after[name]])) as Changes<Options>;
}

/** The devices that are named now, and null ones: also where this client has chosen them before, a panel may have chosen others since. */
export const chosen = (named: CallClientOptions, { microphone, camera }: MediaOptions): Changes<MediaOptions> => ({
  ...(named.microphone !== undefined && { microphone }),
  ...(named.camera !== undefined && { camera }),
});
