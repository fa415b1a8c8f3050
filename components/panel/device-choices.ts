/** The devices that a person has chosen on this site, kept by their labels: IDs may be others at the next visit. */
import type { DeviceChoices, NamedDevice } from '../call/choices.js';

const KEY = 'video-call-devices';
/** What cannot be kept, because the storage is closed or full, is known until the page goes. */
let known: string | null = null;
/** What was read last: a panel asks whenever it is drawn. */
let read: { readonly text: string; readonly choices: Chosen } | undefined;

/** The devices that have been chosen, by kind. */
type Chosen = { readonly [Kind in keyof DeviceChoices]: NamedDevice };

/** What has been chosen; empty where nothing has, or where there is no storage to ask. */
export function chosenDevices(): Chosen {
  const choices: Record<string, NamedDevice> = {};
  try {
    const text = known ?? localStorage.getItem(KEY) ?? '{}';
    if (text === read?.text) return read.choices;
    const kept = JSON.parse(text) as Record<string, NamedDevice | undefined>;
    for (const kind of ['microphone', 'camera', 'speaker'] as const) {
      const { deviceId, label } = kept[kind] ?? {};
      if (typeof deviceId === 'string' && label && typeof label === 'string') choices[kind] = { deviceId, label };
    }
    read = { text, choices };
  } catch {
    // The page may not use its storage, or something else is in it.
  }
  return choices;
}

/** Keeps what has been chosen, and forgets what is left to the browser; kinds that are not named stay as they are. */
export function keepDevices(choices: DeviceChoices): void {
  const all: Record<string, NamedDevice | undefined> = { ...chosenDevices() };
  for (const [kind, device] of Object.entries(choices) as [string, NamedDevice | null | undefined][]) {
    // `default` is whatever the machine has as such, which is the browser's choice under another name.
    if (device === undefined) continue;
    all[kind] = device?.label && device.deviceId !== 'default' ? { deviceId: device.deviceId, label: device.label } : undefined;
  }
  const text = JSON.stringify(all);
  known = null;
  try {
    localStorage.setItem(KEY, text);
  } catch {
    known = text;
  }
}
