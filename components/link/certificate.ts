/**
 * The certificate of a call's peer connections (W3C WebRTC, section 4.9). It outlives a reload, in IndexedDB, which alone
 * can hold one: the page that comes back to its call shows the fingerprint (RFC 8122) that the other side knows.
 */

const DATABASE = 'video-call-elements';
const STORE = 'certificates';
/** Milliseconds for which a certificate is good; what a page has left behind that never came back is removed after it. */
const GOOD_FOR = 30 * 24 * 3_600_000;
/** Milliseconds before its end from which on another one is taken. */
const MARGIN = 3_600_000;
/** Milliseconds that a page waits for what was kept: some browsers never answer, and a call goes on without it too. */
const RECALL_WITHIN = 500;

const settle = <R>(asked: IDBRequest<R>): Promise<R> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new Error(asked.error?.message));
  });

/** Does something at the place where certificates are kept, by device ID; undefined where a page may keep nothing. */
async function atStore<T>(work: (store: IDBObjectStore) => Promise<T>): Promise<T | undefined> {
  let database: IDBDatabase | undefined;
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE);
    database = await settle(opening);
    return await work(database.transaction(STORE, 'readwrite').objectStore(STORE));
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

/** The certificate of the call that is on. */
export class CallCertificate {
  #present: Promise<RTCCertificate | undefined> | undefined;
  #keptFor: string | undefined;

  /** The one of this call, made if there is none yet; undefined leaves it to the browser. */
  async get(): Promise<RTCCertificate | undefined> {
    const present = await (this.#present ??= make());
    if (!present || isGood(present)) return present;
    // A connection cannot be made with one that has run out.
    this.#keptFor = undefined;
    return (this.#present = make());
  }

  /** Takes up the one that the last page of this device kept. */
  async recall(device: string): Promise<void> {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, RECALL_WITHIN));
    const kept = await Promise.race([late, atStore((store) => find(store, device))]);
    if (!kept || !isGood(kept)) return;
    this.#present = Promise.resolve(kept);
    this.#keptFor = device;
  }

  /** Keeps it for the next page of this device. */
  keep(device: string): void {
    if (this.#keptFor === device || !this.#present) return;
    this.#keptFor = device;
    void this.#present.then((certificate) => certificate && atStore((store) => put(store, certificate, device)));
  }

  /** The call is over: the next one has another. */
  forget(): void {
    const device = this.#keptFor;
    this.#present = this.#keptFor = undefined;
    if (device !== undefined) void atStore((store) => settle(store.delete(device)));
  }
}

async function make(): Promise<RTCCertificate | undefined> {
  try {
    return await RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256', expires: GOOD_FOR } as AlgorithmIdentifier);
  } catch {
    return undefined;
  }
}

const isGood = ({ expires }: RTCCertificate): boolean => expires > Date.now() + MARGIN;

/** Finds the one of a device, and lets go of those that are good no more. */
async function find(store: IDBObjectStore, device: string): Promise<RTCCertificate | undefined> {
  const [devices, certificates] = await Promise.all([settle(store.getAllKeys()), settle(store.getAll() as IDBRequest<RTCCertificate[]>)]);
  devices.forEach((key, at) => !isGood(certificates[at]!) && store.delete(key));
  return certificates[devices.indexOf(device)];
}

async function put(store: IDBObjectStore, certificate: RTCCertificate, device: string): Promise<void> {
  await find(store, device);
  await settle(store.put(certificate, device));
}
