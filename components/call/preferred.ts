/** The devices that the person has chosen, looked for among those there are: before one is opened, or once they have names. */
import { findDevice } from './choices.js';
import { deviceOf, devicesOf, isGranted } from './devices.js';
import type { Kind } from './devices.js';
import type { MediaOptions } from './session.js';

/** What has been chosen, for one capture after the other. */
export class Preferred {
  /** What had no names when it was looked for: a browser may name devices only once one of them is open. */
  readonly #nameless = new Set<Kind>();

  /** The IDs of the chosen devices of these kinds, where they are there. */
  async among(kinds: readonly Kind[], options: MediaOptions): Promise<Partial<Record<Kind, string>>> {
    const ids: Partial<Record<Kind, string>> = {};
    for (const kind of kinds) {
      const chosen = options[deviceOf(kind)];
      if (!chosen) continue;
      const devices = await devicesOf(kind);
      ids[kind] = findDevice(devices, chosen)?.deviceId;
      if (devices.every(({ label }) => !label)) this.#nameless.add(kind);
    }
    return ids;
  }

  /** The ID of the chosen device that has just got its name, if another one is open and nobody will be asked again; told once. */
  async late(open: MediaStreamTrack, options: MediaOptions): Promise<string | undefined> {
    const kind = open.kind as Kind;
    const chosen = options[deviceOf(kind)];
    if (!this.#nameless.delete(kind) || open.label === chosen?.label) return undefined;
    const found = findDevice(await devicesOf(kind), chosen);
    return found && (await isGranted(kind)) ? found.deviceId : undefined;
  }
}
