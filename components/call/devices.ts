/** The devices of the page, and whether it may use them (W3C Media Capture and Streams, Permissions): asked, and watched. */
import type { CallErrorCode } from './errors.js';

/** Opens devices, as `navigator.mediaDevices.getUserMedia` does. */
export type OpenDevices = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

/** Sound or picture, as tracks say it. */
export type Kind = 'audio' | 'video';

/** What a device of this kind is called where permission is asked, and by people. */
export const deviceOf = (kind: Kind): 'microphone' | 'camera' => (kind === 'audio' ? 'microphone' : 'camera');

/** Who is told of changes. */
export interface DevicesListener {
  /** A device was plugged in or pulled out. */
  changed(): void;
  /** What is permitted now: told once at the beginning, and at every change. */
  permitted(kind: Kind, state: PermissionState): void;
}

/** Watches devices and permissions. Returns the function that stops it. */
export function watchDevices(listener: DevicesListener): () => void {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const statuses: PermissionStatus[] = [];
  let stopped = false;
  const changed = (): void => listener.changed();
  devices?.addEventListener('devicechange', changed);
  for (const kind of ['audio', 'video'] as const) {
    void permission(kind).then((status) => {
      if (!status || stopped) return;
      statuses.push(status);
      status.onchange = () => listener.permitted(kind, status.state);
      listener.permitted(kind, status.state);
    });
  }
  return () => {
    stopped = true;
    devices?.removeEventListener('devicechange', changed);
    for (const status of statuses) status.onchange = null;
  };
}

/** The permission for devices of a kind; undefined where the browser does not tell. */
export async function permission(kind: Kind): Promise<PermissionStatus | undefined> {
  try {
    return await navigator.permissions.query({ name: deviceOf(kind) as PermissionName });
  } catch {
    return undefined;
  }
}

/** Whether a device may be opened without a question to the person; false where the browser does not tell. */
export const isGranted = async (kind: Kind): Promise<boolean> => (await permission(kind))?.state === 'granted';

/** The devices of a kind that can be named, in the browser's order. */
export async function devicesOf(kind: Kind): Promise<MediaDeviceInfo[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return all.filter((device) => device.kind === `${kind}input`);
}

/** What an exception of `getUserMedia` means for a person. */
export function codeOf(cause: unknown): CallErrorCode {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'media-denied';
  if (name === 'NotReadableError' || name === 'AbortError') return 'media-busy';
  return 'media-unavailable';
}

/** Opens real devices; says in the error's name what a page lacks where there are none to ask. */
export const openDevices: OpenDevices = async (constraints) => {
  if (!navigator.mediaDevices) throw new DOMException('Pages without https have no camera and no microphone.', 'NotFoundError');
  return navigator.mediaDevices.getUserMedia(constraints);
};
