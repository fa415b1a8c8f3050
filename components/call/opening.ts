/** How devices are opened: all together, else what can be had; what another program holds once more, then the next one. */
import { codeOf, devicesOf, isGranted } from './devices.js';
import type { Kind, OpenDevices } from './devices.js';
import type { CallErrorCode } from './errors.js';

/** Milliseconds after which a device that another program holds is asked once more. */
export const BUSY_RETRY = 500;

/** One request for devices. */
export interface Request {
  readonly kinds: readonly Kind[];
  /** Most lines of the picture. */
  readonly lines: number;
  /** The camera to take if it is there. */
  readonly camera?: string;
  /** Whether whoever asked still waits. */
  isWanted(): boolean;
  /** Takes what has been opened, also when nobody waits any more. */
  keep(stream: MediaStream): void;
}

/** Opens devices; answers why something is missing, or undefined where nothing is. */
export async function openAll(open: OpenDevices, request: Request): Promise<CallErrorCode | undefined> {
  const { kinds } = request;
  const failure = await openSome(open, request, kinds);
  if (failure === undefined || kinds.length === 1 || !request.isWanted()) return failure;
  // Asking again for less must not put a second question to a person who has just said no.
  if (failure === 'media-denied' && !(await isGranted('audio'))) return failure;
  for (const kind of kinds) if (request.isWanted()) await openSome(open, request, [kind]);
  return failure;
}

async function openSome(open: OpenDevices, request: Request, kinds: readonly Kind[]): Promise<CallErrorCode | undefined> {
  const constraints = constraintsFor(request, kinds);
  const code = await attempt(open, request, constraints);
  if (code !== 'media-busy' || !request.isWanted()) return code;
  await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY));
  if (!request.isWanted()) return code;
  const again = await attempt(open, request, constraints);
  return again === 'media-busy' && kinds.length === 1 ? openNext(open, request, kinds[0]!) : again;
}

/** Another program does not let go of the device: one after the other of its like is tried. */
async function openNext(open: OpenDevices, request: Request, kind: Kind): Promise<CallErrorCode | undefined> {
  const others = (await devicesOf(kind)).filter(({ deviceId }) => !['', 'default', 'communications'].includes(deviceId));
  for (const { deviceId } of others) {
    if (!request.isWanted()) break;
    if ((await attempt(open, request, exactly(kind, deviceId, request.lines))) === undefined) return undefined;
  }
  return 'media-busy';
}

async function attempt(open: OpenDevices, request: Request, constraints: MediaStreamConstraints): Promise<CallErrorCode | undefined> {
  try {
    request.keep(await open(constraints));
    return undefined;
  } catch (cause) {
    return codeOf(cause);
  }
}

const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const picture = (lines: number): MediaTrackConstraints => ({
  width: { ideal: Math.round((lines * 16) / 9) },
  height: { ideal: lines },
  frameRate: { ideal: 30 },
});

const constraintsFor = ({ lines, camera }: Request, kinds: readonly Kind[]): MediaStreamConstraints => ({
  ...(kinds.includes('audio') && { audio: sound }),
  ...(kinds.includes('video') && { video: { ...picture(lines), ...(camera && { deviceId: { ideal: camera } }) } }),
});

/** The constraints for one device and no other. */
export const exactly = (kind: Kind, deviceId: string, lines: number): MediaStreamConstraints => ({
  [kind]: { ...(kind === 'audio' ? sound : picture(lines)), deviceId: { exact: deviceId } },
});
