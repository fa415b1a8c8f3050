/** The call that the last page of this device was in, or that this one leaves to the next: written down, and what taking it up needs. */
import { readRecord } from './call/record.js';
import type { CallRecord } from './call/record.js';
import type { Identity } from './link/identity.js';
import type { PageDevices } from './page-devices.js';
import type { PeerSettings } from './peer-settings.js';

/** See the top of this file. */
export class KeptCall {
  readonly #identity: Identity;
  readonly #peers: PeerSettings;
  readonly #devices: PageDevices;
  /** Whether its devices may be opened again without a question to the person. */
  #granted = false;

  constructor(identity: Identity, peers: PeerSettings, devices: PageDevices) {
    this.#identity = identity;
    this.#peers = peers;
    this.#devices = devices;
  }

  /** What is written down of it, where that can be read. */
  get record(): CallRecord | undefined {
    return readRecord(this.#identity.call);
  }

  /** Whether the person must be asked for the devices before they are opened again. */
  get asks(): boolean {
    return !this.#granted && !this.#devices.areVirtual;
  }

  /** Looks for what taking it up needs, which takes a moment: the certificate that it had, and whether anybody must be asked. */
  async recall(): Promise<void> {
    const { record } = this;
    if (!record) return;
    await this.#peers.certificate.recall(this.#identity.device);
    this.#granted = await this.#devices.areGranted(record.local.camera ? ['audio', 'video'] : ['audio']);
  }

  /** Writes down what the next page would need; without a record there is no call for it. */
  keep(record: CallRecord | undefined): void {
    this.#identity.keepCall(record && JSON.stringify(record));
    if (record) this.#peers.certificate.keep(this.#identity.device);
  }

  /** Nobody takes it up any more. */
  forget(): void {
    this.#identity.keepCall(undefined);
    this.#peers.certificate.forget();
  }
}
