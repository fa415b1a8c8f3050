/** Saves a recording where the person wants it. */
import type { Kept } from '../../recording/storing.js';

/** The File System Access API, as far as it is used. */
interface Picker {
  showSaveFilePicker?(options: object): Promise<FileSystemFileHandle>;
}

/** Milliseconds for which the address of a download stays: it is read from there until it is whole. */
const DOWNLOADS = 3_600_000;

/**
 * Asks for a place and copies the recording there, where the browser lets a page do so; else it is a download like any other, of which
 * nobody tells when it is done. To be called for a gesture.
 *
 * @returns `whole`: it is there; `begun`: the browser downloads it; `not`: the person did not want to
 */
export async function save(kept: Kept): Promise<'whole' | 'begun' | 'not'> {
  const { file } = kept;
  const { showSaveFilePicker: pick } = window as Picker;
  // A page in a frame of another origin may not ask.
  if (pick && window === top) {
    const end = `.${file.name.split('.').pop()!}`;
    try {
      const handle = await pick.call(window, { suggestedName: file.name, types: [{ accept: { [file.type]: [end] } }] });
      await file.stream().pipeTo(await handle.createWritable());
      return 'whole';
    } catch (cause) {
      if ((cause as Partial<DOMException> | null)?.name === 'AbortError') return 'not';
      console.warn('The recording could not be written there; it is downloaded instead.', cause);
    }
  }
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOADS);
  await kept.saved();
  return 'begun';
}
