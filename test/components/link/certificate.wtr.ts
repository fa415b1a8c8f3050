import { expect } from '@open-wc/testing';
import { CallCertificate } from '../../../components/link/certificate.js';

const DEVICE = 'a-device';

const fingerprint = async (certificate: CallCertificate): Promise<string> => {
  const present = await certificate.get();
  return present!.getFingerprints()[0]!.value!;
};

const settle = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new Error(asked.error?.message));
  });

/** Looks at what is kept; resolves once what was asked for before is done. */
async function withStore<T>(work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open('video-call-elements', 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore('certificates');
  const database = await settle(opening);
  try {
    return await work(database.transaction('certificates', 'readwrite').objectStore('certificates'));
  } finally {
    database.close();
  }
}

const keptDevices = (): Promise<IDBValidKey[]> => withStore((store) => settle(store.getAllKeys()));

/** Waits until what is kept is what it should be; each look comes after what was asked for before it. */
async function untilKept(...devices: string[]): Promise<void> {
  while (String(await keptDevices()) !== String(devices));
}

describe('The certificate of a call', () => {
  afterEach(() => withStore((store) => settle(store.clear())));

  it('is one and the same for all connections of the call, and another for the next call', async () => {
    const certificate = new CallCertificate();
    const first = await fingerprint(certificate);
    expect(await fingerprint(certificate)).to.equal(first);
    certificate.forget();
    expect(await fingerprint(certificate)).to.not.equal(first);
  });

  it('is known to the next page of the device, and to that of no other', async () => {
    const before = new CallCertificate();
    const known = await fingerprint(before);
    before.keep(DEVICE);
    await untilKept(DEVICE);
    const [after, other] = [new CallCertificate(), new CallCertificate()];
    await Promise.all([after.recall(DEVICE), other.recall('another-device')]);
    expect(await fingerprint(after)).to.equal(known);
    expect(await fingerprint(other)).to.not.equal(known);
  });

  it('is forgotten with its call', async () => {
    const certificate = new CallCertificate();
    await certificate.get();
    certificate.keep(DEVICE);
    await untilKept(DEVICE);
    certificate.forget();
    await untilKept();
  });

  it('is forgotten with its call also by the page that took it up', async () => {
    const before = new CallCertificate();
    await before.get();
    before.keep(DEVICE);
    await untilKept(DEVICE);
    const after = new CallCertificate();
    await after.recall(DEVICE);
    after.forget();
    await untilKept();
  });

  it('is kept no longer than it is good: what a crashed page left behind goes with the next call', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', expires: 1 } as AlgorithmIdentifier;
    const old = await RTCPeerConnection.generateCertificate(algorithm);
    while (old.expires >= Date.now()) await new Promise(requestAnimationFrame);
    await withStore((store) => settle(store.put(old, 'a-crashed-device')));
    const returned = new CallCertificate();
    await returned.recall('a-crashed-device');
    expect(await fingerprint(returned)).to.not.equal(old.getFingerprints()[0]!.value);
    returned.keep(DEVICE);
    await untilKept(DEVICE);
  });

  it('is another one before it runs out, so that a call of any length can make new connections', async () => {
    const certificate = new CallCertificate();
    const first = await fingerprint(certificate);
    const { now } = Date;
    Date.now = () => now() + 31 * 24 * 3_600_000;
    try {
      expect(await fingerprint(certificate)).to.not.equal(first);
    } finally {
      Date.now = now;
    }
  });

  it('is not waited for for ever where the browser never says what was kept', async () => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest;
    try {
      const certificate = new CallCertificate();
      await certificate.recall(DEVICE);
      expect(await fingerprint(certificate)).to.match(/^[\dA-F:]+$/i);
    } finally {
      IDBFactory.prototype.open = open;
    }
  });

  it('makes do without a place to keep it', async () => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = () => {
      throw new DOMException('No storage in this window.', 'SecurityError');
    };
    try {
      const certificate = new CallCertificate();
      const known = await fingerprint(certificate);
      certificate.keep(DEVICE);
      await certificate.recall(DEVICE);
      expect(await fingerprint(certificate)).to.equal(known);
      certificate.forget();
    } finally {
      IDBFactory.prototype.open = open;
    }
  });
});
