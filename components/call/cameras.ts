/** Which camera comes next when a person switches. Pure. */
import { facingOf } from './choices.js';
import type { NamedDevice } from './choices.js';

/** A camera to try: a device, or whichever faces this way. */
export type CameraWish = { readonly deviceId: string } | { readonly facingMode: 'user' | 'environment' };

/**
 * What to try, one after the other. A phone, whose camera says where it faces, has a front and a back, however many lenses
 * there are: the other side comes next, and the browser chooses the lens where labels do not tell. Other machines take turns.
 *
 * @param used the camera in use, and where it says that it faces
 */
export function nextCameras(cameras: readonly NamedDevice[], used: NamedDevice & { readonly facingMode?: string }): CameraWish[] {
  if (cameras.length < 2) return [];
  const at = cameras.findIndex(({ deviceId }) => deviceId === used.deviceId);
  const turn = { deviceId: cameras[(at + 1) % cameras.length]!.deviceId };
  const facing = facingOf(used.label, used.facingMode);
  if (!facing) return [turn];
  const facingMode = facing === 'user' ? 'environment' : 'user';
  const other = cameras.find(({ label }) => facingOf(label) === facingMode);
  return [other ? { deviceId: other.deviceId } : { facingMode }, turn];
}
