/** The call that the last page of this device was in, or that this one leaves to the next: written down, and what taking it up needs. */
import { RING_GRACE } from './call/call-state.js';
import { pageClock as clock } from './call/clock.js';
import type { CallInfo } from './call/phases.js';
import { isTimely, readRecord } from './call/record.js';
import type { CallRecord } from './call/record.js';
import type { Identity } from './link/identity.js';
import type { PageDevices } from './page-devices.js';
import type { PeerSettings } from './peer-settings.js';

/** Who takes a call up. */
export interface Taker {
  /** Whether no call is taken up here. */
  refuses(): boolean;
  comeBack(record: CallRecord, ask: boolean): void;
  /** It rings there, and nobody calls any more. */
  callOff(record: CallRecord): void;
  /** The person did not wait for it, since then. */
  givenUp(call: CallInfo, at: number): void;
}

/** See the top of this file. */
export class KeptCall {
  readonly #identity: Identity;
  readonly #peers: PeerSettings;
  readonly #devices: PageDevices;
  readonly #taker: Taker;
  /** Whether its devices may be opened again without a question to the person. */
  #granted = false;
  /** What is to be given up as soon as the relay hears this page. */
  #aside: CallRecord | undefined;

  constructor(identity: Identity, peers: PeerSettings, devices: PageDevices, taker: Taker) {
    this.#identity = identity;
    this.#peers = peers;
    this.#devices = devices;
    this.#taker = taker;
  }

  /** What is written down of it, where that can be read. */
  get #record(): CallRecord | undefined {
    return readRecord(this.#identity.call);
  }

  /** Whether there is a call that this page is to take up. */
  get isWanted(): boolean {
    const record = this.#record;
    return !!record && !this.#taker.refuses() && isTimely(record, clock.wall());
  }

  /** Looks for what taking it up needs, which takes a moment: the certificate that it had, and whether anybody must be asked. */
  async recall(): Promise<void> {
    const record = this.#record;
    if (!record) return;
    await this.#peers.certificate.recall(this.#identity.device);
    this.#granted = await this.#devices.areGranted(record.local.camera ? ['audio', 'video'] : ['audio']);
  }

  /** Takes it up: at once, where nobody has to be asked for the devices. */
  takeUp(): void {
    const record = this.#record;
    if (record) this.#taker.comeBack(record, !this.#granted && !this.#devices.areVirtual);
  }

  /** The same in a page that was shown before; who is asked for the devices there does not matter to a call that rings. */
  takeUpAgain(): void {
    if (this.#record?.rings) this.takeUp();
    else void this.recall().then(() => this.takeUp());
  }

  /** Another call takes its place where it rings, or it is too late: it is to be given up. */
  setAside(): void {
    const record = this.#record;
    if (!record?.rings) return;
    this.#aside = record;
    this.#identity.keepCall(undefined);
  }

  /**
   * Gives up what rings, before anything else is said; of one that talks the other side has its own way to find that out.
   *
   * @param isOurs whether this page is who the last one was; nobody else has anything to say about it
   */
  giveUp(isOurs: boolean): void {
    if (isOurs) this.setAside();
    const record = isOurs ? this.#aside : undefined;
    this.#aside = undefined;
    if (!record?.rings) return;
    const { id, peer, media, direction, name, rings } = record;
    // Later it rings nowhere, and nobody remembers it.
    if (clock.wall() < rings.until + RING_GRACE * 1000) this.#taker.callOff(record);
    this.#taker.givenUp({ id, peer, name: name ?? peer, media, direction, startedAt: null }, rings.leftAt);
  }

  /** Writes down what the next page would need; without a record there is no call for it. */
  keep(record: CallRecord | undefined): void {
    this.#identity.keepCall(record && JSON.stringify(record));
    if (record) this.#peers.certificate.keep(this.#identity.device);
  }

  /** The page goes, and leaves this to the next one. Answers whether that will find it. */
  leave(record: CallRecord | undefined): boolean {
    // While another one is to be given up nothing of ours has been heard.
    const left = !!record && !this.#aside && !this.#taker.refuses() && this.#identity.isKept;
    if (left) this.keep(record);
    return left;
  }

  /**
   * The page goes, and its own call is over: the next one finds what is still to be given up, or else this one, which has been, for
   * the history: in a page that goes hardly anything can be written.
   */
  leaveAside(own: CallRecord | undefined): void {
    const record = this.#aside ?? own;
    if (!record?.rings) return;
    const rings = { ...record.rings, over: true, ...(!this.#aside && { until: 0 }) };
    this.#identity.keepCall(JSON.stringify({ ...record, rings }));
  }

  /** Nobody takes it up any more. */
  forget(): void {
    this.#identity.keepCall(undefined);
    this.#peers.certificate.forget();
  }
}
