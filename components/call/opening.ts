/** How devices are opened: all together, else what can be had; what another program holds once more, then the next one. */
import { nextCameras } from './cameras.js';
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
  /** The devices that the person has chosen, and that are there. */
  readonly chosen: Readonly<Partial<Record<Kind, string>>>;
  /** Whether whoever asked still waits. */
  isWanted(): boolean;
  /** Takes what has been opened, also when nobody waits any more. */
  keep(stream: MediaStream): void;
}

/** Opens devices; answers why something is missing, or undefined where nothing is. */
export async function openAll(open: OpenDevices, request: Request): Promise<CallErrorCode | undefined> {
  const { kinds } = request;
  // Where nothing has been chosen, it is as if that were not to be had.
  let failure: CallErrorCode | undefined = kinds.some((kind) => request.chosen[kind])
    ? await openChosen(open, request)
    : 'media-unavailable';
  if (failure !== undefined && failure !== 'media-denied' && request.isWanted()) failure = await openSome(open, request, kinds);
  if (failure === undefined || kinds.length === 1 || !request.isWanted()) return failure;
  // Asking again for less must not put a second question to a person who has just said no.
  if (failure === 'media-denied' && !(await isGranted('audio'))) return failure;
  for (const kind of kinds) if (request.isWanted()) await openSome(open, request, [kind]);
  return failure;
}

/** Opens what the person has chosen and nothing else: a wish would be outweighed by another camera that has more lines. */
function openChosen(open: OpenDevices, request: Request): Promise<CallErrorCode | undefined> {
  const { kinds, lines, chosen } = request;
  const constraints: MediaStreamConstraints = {};
  for (const kind of kinds) Object.assign(constraints, exactly(kind, chosen[kind] ?? '', lines));
  return attempt(open, request, constraints);
}

async function openSome(open: OpenDevices, request: Request, kinds: readonly Kind[]): Promise<CallErrorCode | undefined> {
  const constraints = constraintsFor(request, kinds);
  const code = await attempt(open, request, constraints);
  // Of several devices it is not said which one is held: each is asked for by itself next, and only that one once more.
  if (code !== 'media-busy' || kinds.length > 1 || !request.isWanted()) return code;
  await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY));
  if (!request.isWanted()) return code;
  const again = await attempt(open, request, constraints);
  return again === 'media-busy' ? openNext(open, request, kinds[0]!) : again;
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
/** What is asked of a camera whose picture has so many lines. */
export const picture = (lines: number): MediaTrackConstraints => ({
  width: { ideal: Math.round((lines * 16) / 9) },
  height: { ideal: lines },
  frameRate: { ideal: 30 },
});

const wishes = (kind: Kind, lines: number): MediaTrackConstraints => (kind === 'audio' ? sound : picture(lines));

function constraintsFor({ lines, camera, chosen }: Request, kinds: readonly Kind[]): MediaStreamConstraints {
  const ideal = { ...chosen, ...(camera && { video: camera }) };
  return Object.fromEntries(
    kinds.map((kind) => [kind, { ...wishes(kind, lines), ...(ideal[kind] && { deviceId: { ideal: ideal[kind] } }) }] as const),
  );
}

/** The constraints for one device and no other; for whichever the browser takes, where the ID is empty. */
export const exactly = (kind: Kind, deviceId: string, lines: number): MediaStreamConstraints => ({
  [kind]: { ...wishes(kind, lines), ...(deviceId && { deviceId: { exact: deviceId } }) },
});

/** What a camera gives way to: the one with this ID, else the next; `release` lets it go, or answers that it is not to be. */
interface Exchange {
  readonly deviceId?: string;
  readonly lines: number;
  release(): boolean;
}

/** Opens another camera in the place of one; undefined where there is no other, or it cannot be had. */
export async function openNextCamera(
  open: OpenDevices,
  used: MediaStreamTrack,
  { deviceId, lines, release }: Exchange,
): Promise<MediaStream | undefined> {
  const { deviceId: id = '', facingMode } = used.getSettings();
  const wanted = deviceId ? [{ deviceId }] : nextCameras(await devicesOf('video'), { deviceId: id, label: used.label, facingMode });
  // A phone opens its second camera only once the first is closed.
  if (wanted.length === 0 || !release()) return undefined;
  for (const wish of wanted) {
    const [[name, exact]] = Object.entries(wish) as [[string, string]];
    try {
      return await open({ video: { ...picture(lines), [name]: { exact } } });
    } catch {
      // Then it is the next one, or whichever can be had.
    }
  }
  return undefined;
}
