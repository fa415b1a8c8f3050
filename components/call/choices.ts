/** Which of this machine's devices is meant: the one that a person has chosen, the one that faces the person. Pure. */

/** A device as the browser lists it: its label stays the same, its ID may be another one at the next visit. */
export interface NamedDevice {
  readonly deviceId: string;
  readonly label: string;
}

/** What a person has chosen; null for whichever the browser takes. */
export interface DeviceChoices {
  readonly microphone?: NamedDevice | null;
  readonly camera?: NamedDevice | null;
  readonly speaker?: NamedDevice | null;
}

/** The chosen device among those that there are now, of one kind: by its label, of several with the same label by its ID. */
export function findDevice<Device extends NamedDevice>(devices: readonly Device[], chosen: NamedDevice | undefined): Device | undefined {
  const alike = devices.filter(({ label }) => label && label === chosen?.label);
  return alike.find(({ deviceId }) => deviceId === chosen?.deviceId) ?? alike[0];
}

/** Whether a camera faces the person or away from them, by what it says of itself, else by its label; undefined where neither tells. */
export function facingOf(label: string, facingMode?: string): 'user' | 'environment' | undefined {
  if (facingMode === 'user' || facingMode === 'environment') return facingMode;
  // As in "camera2 0, facing back", "Front Camera", "Surface Camera Rear".
  if (/\b(back|rear)\b/i.test(label)) return 'environment';
  return /\bfront\b/i.test(label) ? 'user' : undefined;
}
