/**
 * What the attributes of the elements mean, and what is wrong with those that mean nothing. Pure: values in,
 * options and complaints out, never an exception; elements turn complaints into `call-error` events.
 */
import { isPeerId } from '../relay/protocol/address.js';
import { MAX_NAME, RING_TIMEOUT } from '../relay/protocol/bounds.js';
import type { IceServer, MediaKind } from '../relay/protocol/index.js';
import type { ConnectionOptions, MediaOptions } from './call/session.js';
import { VERSION } from './version.js';

/** One attribute that cannot be used as it is. */
export interface Complaint {
  readonly attribute: string;
  readonly value: unknown;
  /** Which attribute, and why, in a sentence for the page's developer. */
  readonly message: string;
}

/** Where the page and the widget came from; relative addresses start from here. */
export interface Places {
  /** URL of the widget's script. */
  readonly script: string;
  /** Base URL of the page. */
  readonly page: string;
}

/** The connection attributes as they stand on an element. */
export interface ConnectionAttributes {
  readonly relay?: string | null;
  readonly me?: string | null;
  readonly displayName?: string | null;
  readonly token?: string | null;
  readonly tokenSrc?: string | null;
  readonly iceServers?: string | readonly RTCIceServer[] | null;
  readonly icePolicy?: string | null;
  readonly earlyIce?: string | null;
  readonly noResume?: boolean;
  readonly noHistory?: boolean;
}

/** How a panel is laid out. */
export type Layout = 'floating' | 'inline' | 'fullscreen';

/** The attributes of a panel, apart from its connection, as they stand. */
export interface PanelAttributes {
  readonly peer?: string | null;
  readonly layout?: string | null;
  readonly controlslist?: string | null;
  readonly ringTimeout?: number | null;
  readonly autoAnswer?: string | null;
  readonly maxResolution?: string | null;
  readonly maxBitrate?: number | null;
  readonly virtualCamera?: boolean;
  readonly dataSaver?: boolean;
}

/** What a panel does, read from its attributes. */
export interface PanelSettings {
  readonly peer?: string;
  readonly layout: Layout;
  /** In seconds. */
  readonly ringTimeout: number;
  readonly autoAnswer?: MediaKind;
  readonly media: MediaOptions;
}

const RESOLUTIONS = ['360p', '540p', '720p', '1080p'] as const;
/** The most detail that a panel sends of a picture, in lines. */
export type Resolution = (typeof RESOLUTIONS)[number];
const DEFAULT_RESOLUTION: Resolution = '720p';

/**
 * Reads the connection attributes.
 *
 * @param complaints where complaints are added
 * @returns the options, or undefined when nothing can be connected with these attributes
 */
export function readConnection(from: ConnectionAttributes, places: Places, complaints: Complaint[]): ConnectionOptions | undefined {
  const relay = readRelay(from.relay, places, complaints);
  const me = readPeer('me', from.me, complaints);
  if (!relay || (from.me && !me)) return undefined;
  const options: Record<string, unknown> = {
    relay,
    me,
    displayName: readName(from.displayName, complaints),
    token: from.token || undefined,
    tokenSrc: readTokenSrc(from.tokenSrc, places, complaints),
    iceServers: readIceServers(from.iceServers, complaints),
    icePolicy: readWord('ice-policy', from.icePolicy, ['all', 'relay'], complaints),
    earlyIce: readWord('early-ice', from.earlyIce, ['none', 'relay', 'all'], complaints),
    noResume: from.noResume || undefined,
    noHistory: from.noHistory || undefined,
  };
  for (const name in options) if (options[name] === undefined) delete options[name];
  return options as unknown as ConnectionOptions;
}

/** Reads the attributes of a panel; what cannot be used is complained about and takes its default. */
export function readPanel(from: PanelAttributes, complaints: Complaint[]): PanelSettings {
  readControls(from.controlslist, complaints);
  return {
    peer: readPeer('peer', from.peer, complaints),
    layout: readWord('layout', from.layout, ['floating', 'inline', 'fullscreen'], complaints) ?? 'floating',
    autoAnswer: readWord('auto-answer', from.autoAnswer, ['audio', 'video'], complaints),
    ...readCalling(from, complaints),
  };
}

/** Reads those that say how calls are made, with or without a panel. */
export function readCalling(from: PanelAttributes, complaints: Complaint[]): Pick<PanelSettings, 'ringTimeout' | 'media'> {
  const { min, max, default: usual } = RING_TIMEOUT;
  const lines = readWord('max-resolution', from.maxResolution, RESOLUTIONS, complaints) ?? DEFAULT_RESOLUTION;
  return {
    ringTimeout: readWhole('ring-timeout', from.ringTimeout, min, max, complaints) ?? usual,
    media: {
      virtualCamera: !!from.virtualCamera,
      ...(from.dataSaver && { dataSaver: true }),
      maxLines: parseInt(lines),
      maxBitrate: readWhole('max-bitrate', from.maxBitrate, 30, 100_000, complaints),
    },
  };
}

const CONTROLS = 'nochat noscreen nopip nofullscreen nodevices nodiagnose norecord noquality noshortcuts'.split(' ');

/** What is left out for a misspelt word is nothing, which nobody sees: it is told. */
function readControls(value: string | null | undefined, complaints: Complaint[]): void {
  const words = value?.split(/\s+/).filter((word) => word && !CONTROLS.includes(word)) ?? [];
  if (words.length > 0) complain(complaints, 'controlslist', value, `knows no ${words.join(', ')}, but: ${CONTROLS.join(', ')}`);
}

/** A number as a text, and whatever else as it is: many sites number their people. */
const textOf = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

/** A peer ID, or undefined when there is none or it is not one. */
export function readPeer(attribute: string, value: string | number | null | undefined, complaints: Complaint[]): string | undefined {
  const id = textOf(value);
  if (!id) return undefined;
  if (typeof id === 'string' && isPeerId(id)) return id;
  return complain(complaints, attribute, value, 'must be a peer ID: 1 to 128 characters of A-Z a-z 0-9 . _ @ : + = -');
}

/** One of a few words, or undefined when there is none or it is not one of them. */
export function readWord<const Word extends string>(
  attribute: string,
  value: string | null | undefined,
  known: readonly Word[],
  complaints: Complaint[],
): Word | undefined {
  if (!value) return undefined;
  return known.find((word) => word === value) ?? complain(complaints, attribute, value, `must be one of: ${known.join(', ')}`);
}

/** How the script lies in this package, as servers of packages have it, and sites that serve their `node_modules`. */
const PACKAGE = /\/video-call-elements(@[^/]*)?\/dist\//;

/** The WebSocket URL of the relay, or undefined when there is none. */
export function readRelay(value: string | null | undefined, { script, page }: Places, complaints: Complaint[]): string | undefined {
  if (!value) {
    if (!/^https?:/.test(script)) {
      return complain(complaints, 'relay', '', 'is needed here, because the script did not come from a web server');
    }
    if (PACKAGE.test(script)) {
      const why = `because the script came from ${script.split('/')[2]}, as a file of the package, and not from a relay`;
      return complain(complaints, 'relay', '', `is needed here, ${why}: write the address of your relay, relay="wss://…"`);
    }
    // Chunks lie in a folder beside the script, and the relay may live below a path of a larger server.
    const folder = script.replace(/(chunks\/)?[^/]*$/, '');
    const fixed = `/v${VERSION}/`;
    return new URL('ws', folder.endsWith(fixed) ? folder.slice(0, 1 - fixed.length) : folder).href.replace(/^http/, 'ws');
  }
  // A host without a scheme would silently become a path of the page, so only paths may be relative.
  const url = parseUrl(value, value[0] === '/' ? page : undefined);
  if (!url || !/^(http|ws)s?:$/.test(url.protocol)) {
    return complain(complaints, 'relay', value, 'must be a URL that starts with wss:, https:, ws: or http:');
  }
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  if (url.pathname === '/') url.pathname = '/ws';
  return url.href;
}

function readTokenSrc(value: string | null | undefined, { page }: Places, complaints: Complaint[]): string | undefined {
  if (!value) return undefined;
  const url = parseUrl(value, page);
  return url && /^https?:$/.test(url.protocol) ? url.href : complain(complaints, 'token-src', value, 'must be a URL of a web server');
}

function readName(value: unknown, complaints: Complaint[]): string | undefined {
  const name = textOf(value);
  if (!name) return undefined;
  // eslint-disable-next-line no-control-regex -- the protocol refuses control characters in names
  if (typeof name === 'string' && [...name].length <= MAX_NAME && !/[\0-\x1f\x7f]/.test(name)) return name;
  return complain(complaints, 'display-name', value, `must be at most ${MAX_NAME} characters, without control characters`);
}

function readIceServers(value: ConnectionAttributes['iceServers'], complaints: Complaint[]): readonly IceServer[] | undefined {
  if (!value) return undefined;
  try {
    const servers = (typeof value === 'string' ? JSON.parse(value) : value) as readonly RTCIceServer[];
    return servers.map(({ urls, username, credential }) => ({
      urls: [urls].flat().map((url) => {
        if (!/^(stuns?|turns?):./.test(url)) throw new TypeError(url);
        return url;
      }),
      ...(username && { username }),
      ...(credential && { credential }),
    }));
  } catch {
    return complain(complaints, 'ice-servers', value, 'must be a JSON array of RTCIceServer: [{"urls": "stun:stun.example.com"}]');
  }
}

function readWhole(
  attribute: string,
  value: number | string | null | undefined,
  min: number,
  max: number,
  complaints: Complaint[],
): number | undefined {
  if (value == null || value === '') return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  return complain(complaints, attribute, value, `must be a whole number from ${min} to ${max}`);
}

function parseUrl(value: string, base?: string): URL | undefined {
  try {
    return new URL(value, base);
  } catch {
    return undefined;
  }
}

function complain(complaints: Complaint[], attribute: string, value: unknown, why: string): undefined {
  complaints.push({ attribute, value, message: `The attribute "${attribute}" ${why}.` });
}
