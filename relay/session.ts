import { admit, elsewhere } from './admission.js';
import type { Admission, Hello, Refused } from './admission.js';
import type { Deadline } from './deadlines.js';
import { forward } from './forwarding.js';
import { maySee } from './grants.js';
import { KeysUnavailable } from './keys.js';
import { Lease } from './lease.js';
import { FLOOD, MALFORMED, Strikes, TokenBucket } from './limits.js';
import {
  CLOSE,
  HELLO_WITHIN,
  MAX_MESSAGE_BYTES,
  PING_EVERY,
  PROBE_AFTER,
  SILENT_AFTER,
  addressOf,
  isCallMessage,
  parseFromPage,
} from './protocol/index.js';
import type { CallMessage, ErrorCode, PageMessage, Parsed, RelayMessage } from './protocol/index.js';
import { Requests } from './requests.js';
import type { Client, Reference } from './client.js';
import type { Services } from './services.js';
import type { Joined } from './switchboard.js';
import type { Wire } from './wire.js';

/** Where a connection comes from, and what it counts as there. */
export interface Origin {
  /** Its IPv4 address, or IPv6 network (/64). */
  readonly network: string;
  /** Takes note that this is somebody now. */
  welcomed(): void;
}

/** Who ended a connection: its page (or the network between), the relay, or another connection that took over its address. */
type By = 'page' | 'relay' | 'successor';

/**
 * One connected page.
 *
 *     new ── hello ──▶ greeting ── admitted ──▶ open
 *      └──────────────────┴── refused, late, gone ──┴──▶ closed
 *
 * Inputs: frames and the end of the connection (from the wire), messages of others and `replaced` (from the
 * switchboard), deadlines of silence and of the token (from the clock). Every way out leads through `#leave`, which runs once.
 */
export class Session implements Client {
  #phase: 'new' | 'greeting' | 'open' | 'closed' = 'new';
  #peer = '';
  #device = '';
  #name: string | undefined;
  readonly #wire: Wire;
  readonly #origin: Origin;
  readonly #services: Services;
  readonly #bucket: TokenBucket;
  readonly #opened: number;
  #deadline: Deadline;
  #probed = false;
  #malformed: Strikes | undefined;
  #flood: Strikes | undefined;
  /** Whether the last ping or pong was one too many: said once, for none of them waits for an answer. */
  #minded = false;
  #requests: Requests | undefined;
  readonly lease: Lease;
  /** Frames that came while the page is being admitted. Bounded, for the wire is paused then: what one read brought. */
  #early: (() => void)[] | undefined;
  /** Messages of others that came before the page was welcomed. */
  #held: string[] | undefined;

  constructor(wire: Wire, services: Services, origin: Origin) {
    this.#wire = wire;
    this.#origin = origin;
    this.#services = services;
    this.#opened = services.clock.now();
    this.lease = new Lease(services, () => this.close(CLOSE.unauthorized, 'The token has expired.'));
    this.#bucket = new TokenBucket(services.rate, this.#opened);
    this.#deadline = services.deadlines.add(HELLO_WITHIN * 1000, () => this.close(CLOSE.timeout, 'Not admitted in time.'));
  }

  /** How far this page has come. */
  get phase(): 'new' | 'greeting' | 'open' | 'closed' {
    return this.#phase;
  }

  get peer(): string {
    return this.#peer;
  }

  get device(): string {
    return this.#device;
  }

  get name(): string | undefined {
    return this.#name;
  }

  get network(): string {
    return this.#origin.network;
  }

  sees(address: string): boolean {
    return maySee(this.lease.calls, this.#peer, address);
  }

  /** Takes a frame from the page. */
  frame(data: Buffer, binary: boolean): void {
    if (this.#phase === 'closed') return this.#afterwards();
    if (this.#phase === 'greeting') {
      (this.#early ??= []).push(() => this.frame(data, binary));
      return;
    }
    if (binary) return this.close(CLOSE.notText, 'This protocol speaks text frames.');
    const text = data.toString();
    const parsed = parseFromPage(text);
    this.#services.tally.received[parsed.message?.type ?? 'malformed']!++;
    if (this.#phase === 'new') return this.#first(parsed);
    const now = this.#services.clock.now();
    this.#alive(now);
    if (!this.#bucket.take(now)) return this.#drop(referenceOf(parsed));
    if (parsed.refusal) return this.#refuseMalformed(parsed.refusal.message, parsed.refusal);
    if (isCallMessage(parsed.message)) forward(this, parsed.message, text, this.#services);
    else this.#answer(parsed.message);
  }

  /** Takes a ping (with its data) or a pong of the WebSocket itself: a sign of life, and work like any other. */
  control(ping?: Buffer): void {
    if (this.#phase === 'closed') return this.#afterwards();
    const now = this.#services.clock.now();
    if (this.#phase === 'open') this.#alive(now);
    if (ping && !this.#wire.pong(ping)) return this.#unread();
    const enough = !this.#bucket.take(now);
    if (enough) this.#drop(this.#minded ? undefined : {});
    this.#minded = enough;
  }

  /**
   * Takes note of a frame after the end. Some are on their way when a connection is closed; of a page that goes on and
   * on nothing more is read, or it would keep the relay busy until it is cut off.
   */
  #afterwards(): void {
    if (!this.#bucket.take(this.#services.clock.now())) this.#wire.pause();
  }

  /** Puts off the question whether the page is still there. */
  #alive(now: number): void {
    this.#probed = false;
    this.#deadline.extend(PROBE_AFTER * 1000, now);
  }

  /**
   * Asks a page that says nothing by a ping of the WebSocket itself (RFC 6455 section 5.5.2), which the browser answers
   * also for a page in the background whose timers are held back; lets it go when that is not answered either.
   */
  #silent(): void {
    if (this.#probed) return this.close(CLOSE.timeout, 'No sign of life.');
    this.#probed = true;
    this.#wire.ping();
    this.#deadline = this.#services.deadlines.add((SILENT_AFTER - PROBE_AFTER) * 1000, () => this.#silent());
  }

  /** Takes note that the page has ended the connection, with a code of its choice, or has lost it. */
  gone(code: number): void {
    this.#leave(code, 'page');
  }

  /** Takes note that the connection was ended because of what the page sent over it. */
  failed(code: number): void {
    this.#leave(code, code === 1006 ? 'page' : 'relay');
  }

  /** Closes the connection; only the first call counts. */
  close(code: number, reason: string): void {
    this.#end(code, reason, 'relay');
  }

  #end(code: number, reason: string, by: By): void {
    if (this.#phase === 'closed') return;
    this.#leave(code, by);
    this.#wire.close(code, reason);
  }

  receive(text: string): boolean {
    if (this.#phase === 'greeting') return (this.#held ??= []).push(text) > 0;
    // Messages between pages are counted where they were taken, and answers of the relay where they are made.
    if (this.#phase === 'open' && text.startsWith('{"type":"presence"')) this.#services.tally.sent['presence']!++;
    return this.#send(text);
  }

  #send(text: string): boolean {
    if (this.#phase !== 'open') return false;
    if (this.#wire.send(text)) return true;
    this.#unread();
    return false;
  }

  #unread(): void {
    this.#services.tally.unread++;
    this.close(CLOSE.overloaded, 'Too much was left unread.');
  }

  /**
   * Lets the page go because all pages together have left too much unread, and this one most. It is not told: it would
   * not read that either, and what waits for it would stay.
   */
  overrun(): void {
    if (!this.#ended()) this.#services.tally.unread++;
    this.#leave(CLOSE.overloaded, 'relay');
    this.#wire.cut();
  }

  /** Says something as the relay. */
  say(message: RelayMessage): void {
    this.#services.tally.sent[message.type]!++;
    this.#send(JSON.stringify(message));
  }

  replaced(): void {
    this.#end(CLOSE.replaced, 'This page connected elsewhere.', 'successor');
  }

  #first({ message, refusal }: Parsed<PageMessage | CallMessage>): void {
    if (refusal) return this.close(CLOSE.malformed, refusal.message);
    if (message.type !== 'hello') return this.close(CLOSE.malformed, 'The first message must be "hello".');
    this.#phase = 'greeting';
    this.#wire.pause();
    this.#admit(message).catch((error: unknown) => {
      // That the key server fails is in the log already, and once is enough.
      const level = error instanceof KeysUnavailable ? 'debug' : 'error';
      this.#services.log[level]({ err: error }, 'a page could not be admitted');
      this.close(CLOSE.overloaded, 'The relay cannot admit anybody at present.');
    });
  }

  async #admit(hello: Hello): Promise<void> {
    const { switchboard } = this.#services;
    const admission = await admit(hello, this.#services);
    if (this.#ended()) return;
    if ('refused' in admission) return this.#turnAway(admission);
    let joined = await this.#join(admission);
    if (joined === 'taken') joined = await this.#join(elsewhere(admission));
    if (joined === 'taken') throw new Error('A fresh address was taken already.');
    if (joined === 'full') return this.close(CLOSE.flooding, 'Too many pages of this person are connected.');
    if (this.#ended()) return switchboard.leave(this, true);
    this.lease.renew(admission);
    this.#welcome();
  }

  #turnAway({ refused, message }: Refused): void {
    this.#services.log.info({ code: refused, reason: message }, 'page refused');
    this.close(CLOSE[refused], message);
  }

  async #join({ peer, device, name, as }: Admission): Promise<Joined> {
    this.#peer = peer;
    this.#device = device;
    this.#name = name;
    return this.#services.switchboard.join(this, as, this.#services.maxPages);
  }

  #welcome(): void {
    const { secrets, iceFor, roster, log } = this.#services;
    this.#phase = 'open';
    this.#deadline.cancel();
    this.#deadline = this.#services.deadlines.add(PROBE_AFTER * 1000, () => this.#silent());
    this.say({
      type: 'welcome',
      peer: this.#peer,
      device: this.#device,
      name: this.#name,
      resume: secrets.issue(this.#peer, this.#device),
      ...iceFor(this.#peer, this.#origin.network),
      pingEvery: PING_EVERY,
      maxMessage: MAX_MESSAGE_BYTES,
      roster,
      ...this.lease.told,
    });
    this.#origin.welcomed();
    this.#services.tally.joined++;
    this.#services.records?.here(addressOf(this.#peer, this.#device));
    log.info({ peer: this.#peer, device: this.#device }, 'page joined');
    this.#wire.resume();
    for (const text of this.#held ?? []) this.receive(text);
    for (const frame of this.#early ?? []) frame();
    this.#held = this.#early = undefined;
  }

  #answer(message: PageMessage): void {
    if (message.type === 'hello') return this.#refuseMalformed('A page says "hello" once.', message);
    if (message.type === 'ping') return this.say({ type: 'pong' });
    this.#requests ??= new Requests(this, this.#services);
    this.#requests.answer(message);
  }

  /** Drops one of too many; `re` is what the page is told of it, if anything. */
  #drop(re?: Reference): void {
    this.#services.tally.dropped++;
    this.#flood ??= new Strikes(FLOOD);
    if (this.#flood.add(this.#services.clock.now())) return this.close(CLOSE.flooding, 'Too many messages.');
    if (re) this.refuse('rate-limited', 'Too many messages; this one was dropped.', re);
  }

  #refuseMalformed(sentence: string, re: Reference): void {
    this.#malformed ??= new Strikes(MALFORMED);
    this.refuse('protocol', sentence, re);
    if (this.#malformed.add(this.#services.clock.now())) this.close(CLOSE.malformed, 'Too many malformed messages.');
  }

  refuse(code: ErrorCode, message: string, { type, call, n }: Reference): void {
    this.#services.log.debug({ peer: this.#peer, device: this.#device, code, type, call }, 'message refused');
    this.#services.tally.errors[code]!++;
    this.say({ type: 'error', code, message, re: { type, call, n } });
  }

  /** Whether the session has ended, to be asked after every wait. */
  #ended(): boolean {
    return this.#phase === 'closed';
  }

  #leave(code: number, by: By): void {
    const { switchboard, clock, log } = this.#services;
    const { peer, device } = this;
    const joined = this.#phase === 'open';
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#services.tally.close(code, by === 'page');
    this.#deadline.cancel();
    this.lease.close();
    this.#held = this.#early = undefined;
    // Whoever was turned away by the relay is a step of life; whoever just went away again is not.
    if (!joined) return log[by === 'page' ? 'debug' : 'info']({ code }, 'page left before it was welcomed');
    this.#requests?.close();
    // 1000 is what a page says that means to go; a reload says 1001, and a lost connection nothing at all.
    switchboard.leave(this, code === 1000);
    // Whoever was replaced is there, only on another connection.
    if (by !== 'successor') this.#services.records?.gone(addressOf(peer, device), code);
    log.info({ peer, device, code, seconds: Math.round((clock.now() - this.#opened) / 1000) }, 'page left');
  }
}

function referenceOf({ message, refusal }: Parsed<PageMessage | CallMessage>): Reference {
  if (refusal) return refusal;
  return isCallMessage(message) ? message : { type: message.type };
}
