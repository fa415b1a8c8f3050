/** Where the bytes of a file are while it arrives: small ones in memory, large ones in the private files of the page's origin. */

/** From this size on, files do not stay in memory. */
const LARGE = 8 * 1024 * 1024;
/** Milliseconds after which a file that a page has left behind is nobody's any more. */
const STALE = 86_400_000;
const FOLDER = 'video-call-files';

/** The bytes of one file. */
export interface Storing {
  add(block: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All bytes, as a file of this type. */
  finish(type: string): Promise<Blob>;
  /** Lets them go. */
  drop(): Promise<void>;
}

/** A place for a file of this size, the best that this browser has. */
export function openStoring(size: number): Storing {
  let place: Promise<Storing> | undefined;
  const get = () => (place ??= size < LARGE ? Promise.resolve(inMemory()) : onDisk().catch(inMemory));
  return {
    add: async (block) => (await get()).add(block),
    finish: async (type) => (await get()).finish(type),
    drop: async () => (await place)?.drop(),
  };
}

function inMemory(): Storing {
  let parts: Blob[] = [];
  return {
    add: async (block) => void parts.push(new Blob([block])),
    finish: async (type) => new Blob(parts, { type }),
    drop: async () => void (parts = []),
  };
}

/** In the origin private file system: not to be seen by the person, and counted against the quota of the page's origin. */
async function onDisk(): Promise<Storing> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  await tidy(folder);
  const name = `${Date.now()}-${crypto.randomUUID()}`;
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  let open = true;
  return {
    // eslint-disable-next-line no-restricted-properties -- it writes bytes into a file
    add: (block) => stream.write(block),
    finish: async (type) => {
      open = false;
      await stream.close();
      const file = await handle.getFile();
      return file.slice(0, file.size, type);
    },
    drop: async () => {
      if (open) await stream.abort().catch(() => {});
      open = false;
      await folder.removeEntry(name).catch(() => {});
    },
  };
}

/** Removes what pages have left behind that were closed before their files were; there may be none, and no place for any. */
export async function tidyUp(): Promise<void> {
  try {
    await tidy(await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER));
  } catch {
    // Nothing was ever left.
  }
}

/** Removes what is stale. */
async function tidy(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
    if (Date.now() - parseInt(name) > STALE) await folder.removeEntry(name).catch(() => {});
  }
}
