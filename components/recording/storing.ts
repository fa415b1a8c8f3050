/**
 * Where a recording is while it runs: in the private files of the page's origin (W3C File System), in parts of a few seconds. Each is
 * whole as soon as it is closed, so that a page which is killed leaves all but the last one; a file that is written in one piece would
 * be empty until its end. Where there are no such files, it is in memory, within a bound.
 */
import { sortOut } from './keeping.js';
import type { About, Found } from './keeping.js';
import { fileName } from './names.js';
import { HEAD, withDuration } from './webm.js';

/** Folder of the recordings, name of their locks, and key under which the page knows at its start that there may be some. */
export const RECORDINGS = 'video-call-recordings';
const ABOUT = 'about.json';
/** Most bytes of a recording in memory. */
const MOST_IN_MEMORY = 256 * 1024 * 1024;
/** Least bytes that must be free for a recording to begin: some minutes of it. */
const LEAST_FREE = 100 * 1024 * 1024;

/** A recording that is whole. */
export interface Kept {
  readonly about: About;
  /** All of it; its bytes stay where they are until they are read. */
  readonly file: File;
  /** How long it is, in milliseconds. */
  readonly length: number;
  /** It was handed to the browser to be saved, or taken by the page: it is not offered again, and removed some time later. */
  saved(): Promise<void>;
  /** Removes it from this device. */
  remove(): Promise<void>;
}

/** A recording that is being written. */
export interface Storing {
  /** Adds the next bytes. Rejects where there is no room for them; what was there before stays. */
  add(bytes: Blob): Promise<void>;
  /** @param length of the recording, in milliseconds */
  finish(length: number): Promise<Kept>;
  /** Leaves nothing of it: there is no recording after all. */
  drop(): Promise<void>;
}

/** Whether there is room for some minutes, as far as the browser tells. */
export async function hasRoom(): Promise<boolean> {
  const { quota, usage } = (await navigator.storage?.estimate().catch(() => undefined)) ?? {};
  return quota === undefined || quota - (usage ?? 0) >= LEAST_FREE;
}

/** A place for a recording, the best that this browser has. */
export const openStoring = (about: About): Promise<Storing> => onDisk(about).catch(() => inMemory(about));

async function onDisk(about: About): Promise<Storing> {
  const all = await folderOfAll(true);
  const lock = await hold(about.id);
  const drop = () => removeFrom(all, about.id, lock);
  try {
    const folder = await all.getDirectoryHandle(about.id, { create: true });
    await put(folder, ABOUT, JSON.stringify(about));
    remember(true);
    let parts = 0;
    return {
      add: (bytes) => put(folder, String(++parts).padStart(6, '0'), bytes),
      finish: async (length) => keptIn(folder, about, length, lock),
      drop,
    };
  } catch (cause) {
    await drop();
    throw cause;
  }
}

function inMemory(about: About): Storing {
  const parts: Blob[] = [];
  let size = 0;
  return {
    add: async (bytes) => {
      if (size + bytes.size > MOST_IN_MEMORY) throw new DOMException('A recording in memory has its bound.', 'QuotaExceededError');
      size += bytes.size;
      parts.push(bytes);
    },
    finish: async (length) => ({ about, file: await join(parts, about, length), length, saved: async () => {}, remove: async () => {} }),
    drop: async () => void parts.splice(0),
  };
}

/**
 * Recordings that a page has left behind, of this person; those that are nobody's any more are removed. One that cannot be read is in
 * nobody's way, and looked at again by the next page.
 */
export async function leftBehind(me: string, now = Date.now()): Promise<readonly Kept[]> {
  const locks: Locks = new Map();
  const kept: Kept[] = [];
  try {
    const all = await folderOfAll(false);
    const found = await Promise.all((await namesIn(all)).map((id) => look(all, id, locks).catch(missed)));
    const { offer, remove } = sortOut(
      found.filter((each) => each !== undefined),
      me,
      now,
    );
    for (const id of remove) await removeFrom(all, id);
    for (const { id, about, touchedAt } of offer) {
      const length = Math.max(0, touchedAt - about!.startedAt);
      const one = await all
        .getDirectoryHandle(id)
        .then((folder) => keptIn(folder, about!, length, locks.get(id)), missed)
        .catch(missed);
      if (one) kept.push(one);
    }
    if ((await namesIn(all)).length === 0) remember(false);
  } catch (cause) {
    // Nothing was ever left.
    if (isGone(cause)) remember(false);
    else missed(cause);
  }
  // As long as one page offers a recording, no other does.
  for (const [id, release] of locks) if (!kept.some(({ about }) => about.id === id)) release();
  return kept;
}

type Locks = Map<string, () => void>;

const isGone = (cause: unknown): boolean => (cause as Partial<DOMException> | null)?.name === 'NotFoundError';

/** Somebody else may just have removed it. */
const missed = (cause: unknown): undefined =>
  void (isGone(cause) || console.warn('A recording that was left on this device cannot be read.', cause));

async function look(all: FileSystemDirectoryHandle, id: string, locks: Locks): Promise<Found> {
  const release = await hold(id, true);
  if (release) locks.set(id, release);
  const folder = await all.getDirectoryHandle(id);
  const about = await folder
    .getFileHandle(ABOUT)
    .then(async (handle) => JSON.parse(await (await handle.getFile()).text()) as About)
    .catch(() => undefined);
  const busy = release === undefined;
  const files = await partsIn(folder).catch(missed);
  if (!files) return { id, about, bytes: NaN, touchedAt: about?.startedAt ?? Date.now(), busy };
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const touchedAt = Math.max(0, ...files.map(({ lastModified }) => lastModified));
  return { id, about, bytes, touchedAt, busy };
}

async function removeFrom(all: FileSystemDirectoryHandle, id: string, release?: () => void): Promise<void> {
  await all.removeEntry(id, { recursive: true }).catch(() => {});
  release?.();
}

async function keptIn(folder: FileSystemDirectoryHandle, about: About, length: number, release?: () => void): Promise<Kept> {
  return {
    about,
    length,
    file: await join(await partsIn(folder), about, length),
    saved: () => put(folder, ABOUT, JSON.stringify({ ...about, savedAt: Date.now() })).catch(() => {}),
    remove: async () => removeFrom(await folderOfAll(true), about.id, release),
  };
}

/** One file of all parts, which says how long it is. */
async function join(parts: readonly Blob[], { name, startedAt, type }: About, length: number): Promise<File> {
  const all = new Blob([...parts]);
  const head = new Uint8Array(await all.slice(0, HEAD).arrayBuffer());
  const bare = type.split(';')[0]!;
  return new File([withDuration(head, length), all.slice(head.length)], fileName(name, startedAt, type), { type: bare });
}

async function folderOfAll(create: boolean): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(RECORDINGS, { create });
}

async function put(folder: FileSystemDirectoryHandle, name: string, bytes: Blob | string): Promise<void> {
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
  try {
    // eslint-disable-next-line no-restricted-properties -- it writes bytes into a file
    await stream.write(bytes);
    await stream.close();
  } catch (cause) {
    await stream.abort().catch(() => {});
    throw cause;
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
  return names.sort();
}

async function partsIn(folder: FileSystemDirectoryHandle): Promise<File[]> {
  const names = (await namesIn(folder)).filter((name) => /^\d+$/.test(name));
  return Promise.all(names.map(async (name) => (await folder.getFileHandle(name)).getFile()));
}

/** Holds the lock of a recording for as long as this page lives; undefined where another page holds it. */
function hold(id: string, onlyIfFree = false): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    void navigator.locks
      .request(`${RECORDINGS} ${id}`, { ifAvailable: onlyIfFree }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => resolve(() => release()));
      })
      .catch(() => resolve(undefined));
  });
}

function remember(some: boolean): void {
  try {
    if (some) localStorage.setItem(RECORDINGS, '1');
    else localStorage.removeItem(RECORDINGS);
  } catch {
    // Without it nothing is offered after a crash.
  }
}
