import { admit, elsewhere, renew } from './admission.js';
import type { Admission, Hello, Refused } from './admission.js';
import type { Authorize, ResumeSecrets } from './auth.js';
import type { Clock } from './clock.js';
import type { Deadline, Deadlines } from './deadlines.js';
import { NOBODY, maySee, mayTell } from './grants.js';
import type { IceGrant } from './ice.js';
import { KeysUnavailable } from './keys.js';
import { Lease } from './lease.js';
import { FLOOD, MALFORMED, Strikes, TokenBucket } from './limits.js';
import type { InviteLedger, NetworkRate, Rate } from './limits.js';
import type { Log } from './log.js';
import {
  CLOSE,
  HELLO_WITHIN,
  MAX_MESSAGE_BYTES,
  MAX_WATCHED,
  PING_EVERY,
  PROBE_AFTER,
  ROSTER_EVERY,
  ROSTER_FEW,
  ROSTER_SOON,
  SILENT_AFTER,
  addressOf,
  isCallMessage,
  parseFromPage,
  peerOf,
} from './protocol/index.js';
import type { CallMessage, ErrorCode, PageMessage, Parsed, RelayMessage } from './protocol/index.js';
import type { CallRecords } from './records.js';
import type { Switchboard } from './switchboard.js';
import type { Tally } from './tally.js';
import { Watches } from './watches.js';
import type { Watcher } from './watches.js';
import type { Wire } from './wire.js';

/** What a message says about itself, for answers that refer to it. */
type Reference = { readonly type?: string; readonly call?: string; readonly n?: number };

/** What all sessions of a relay share. */
export interface Services {
  readonly switchboard: Switchboard;
  readonly authorize: Authorize;
  readonly secrets: ResumeSecrets;
  readonly iceFor: (peer: string, network: string) => IceGrant;
  readonly invites: InviteLedger;
  /** How fast addresses are watched, by network. */
  readonly watchRate: NetworkRate;
  readonly rate: Rate;
  /** Most pages that one person has connected at a time. */
  readonly maxPages: number;
  readonly tally: Tally;
  /** Makes call records, where somebody wants them. */
  readonly records?: CallRecords | undefined;
  readonly roster: boolean;
  /** How many pages this relay has. */
  readonly pages: () => number;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly log: Log;
}

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
export class Session implements Watcher {
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
  #watches: Watches | undefined;
  readonly #lease: Lease;
  /** The check of a fresh token that is going on. */
  #renewal: Deadline | undefined;
  #rosterAt = -Infinity;
  /** Milliseconds after the last question for the roster within which another one is too many. */
  #rosterGap = 0;
  /** Frames that came while the page is being admitted. Bounded, for the wire is paused then: what one read brought. */
  #early: (() => void)[] = [];
  /** Messages of others that came before the page was welcomed. */
  #held: string[] = [];

  constructor(wire: Wire, services: Services, origin: Origin) {
    this.#wire = wire;
    this.#origin = origin;
    this.#services = services;
    this.#opened = services.clock.now();
    this.#lease = new Lease(services, () => this.close(CLOSE.unauthorized, 'The token has expired.'));
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

  sees(address: string): boolean {
    return maySee(this.#lease.calls, this.#peer, address);
  }

  /** Takes a frame from the page. */
  frame(data: Buffer, binary: boolean): void {
    if (this.#phase === 'closed') return this.#afterwards();
    if (this.#phase === 'greeting') {
      this.#early.push(() => this.frame(data, binary));
      return;
    }
    if (binary) return this.close(CLOSE.notText, 'This protocol speaks text frames.');
    const text = data.toString();
    const parsed = parseFromPage(text);
    this.#services.tally.received[parsed.message?.type ?? 'malformed']!++;
    if (this.#phase === 'new') return this.#first(parsed);
    this.#alive();
    if (!this.#bucket.take(this.#services.clock.now())) return this.#drop(referenceOf(parsed));
    if (parsed.refusal) return this.#refuseMalformed(parsed.refusal.message, parsed.refusal);
    if (isCallMessage(parsed.message)) this.#forward(parsed.message, text);
    else this.#answer(parsed.message);
  }

  /** Takes a ping (with its data) or a pong of the WebSocket itself: a sign of life, and work like any other. */
  control(ping?: Buffer): void {
    if (this.#phase === 'closed') return this.#afterwards();
    if (this.#phase === 'open') this.#alive();
    if (ping && !this.#wire.pong(ping)) return this.#unread();
    const enough = !this.#bucket.take(this.#services.clock.now());
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
  #alive(): void {
    this.#probed = false;
    this.#deadline.extend(PROBE_AFTER * 1000);
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
    if (this.#phase === 'greeting') return this.#held.push(text) > 0;
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
    // A page that has its address still takes up no room of its own; a secret of long ago is no way past the bound.
    const returns = admission.as === 'take-over' ? admission.device : undefined;
    if ((await switchboard.pagesOf(admission.peer, returns)) >= this.#services.maxPages) {
      return this.close(CLOSE.flooding, 'Too many pages of this person are connected.');
    }
    if (this.#ended()) return;
    if (!(await this.#join(admission)) && !(await this.#join(elsewhere(admission)))) {
      throw new Error('A fresh address was taken already.');
    }
    if (this.#ended()) return switchboard.leave(this, true);
    this.#lease.renew(admission);
    this.#welcome();
  }

  #turnAway({ refused, message }: Refused): void {
    this.#services.log.info({ code: refused, reason: message }, 'page refused');
    this.close(CLOSE[refused], message);
  }

  async #join({ peer, device, name, as }: Admission): Promise<boolean> {
    this.#peer = peer;
    this.#device = device;
    this.#name = name;
    return this.#services.switchboard.join(this, as);
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
      ...this.#lease.told,
    });
    this.#origin.welcomed();
    this.#services.tally.joined++;
    this.#services.records?.here(addressOf(this.#peer, this.#device));
    log.info({ peer: this.#peer, device: this.#device }, 'page joined');
    this.#wire.resume();
    for (const text of this.#held) this.receive(text);
    for (const frame of this.#early) frame();
    this.#held = this.#early = [];
  }

  #answer(message: PageMessage): void {
    const { switchboard, iceFor } = this.#services;
    switch (message.type) {
      case 'hello':
        return this.#refuseMalformed('A page says "hello" once.', message);
      case 'ping':
        return this.say({ type: 'pong' });
      case 'watch':
        return this.#watch(message.addresses);
      case 'unwatch':
        return this.#watches?.remove(message.addresses);
      case 'status':
        return switchboard.setStatus(this, message.presence);
      case 'roster':
        return void this.#tellRoster();
      case 'ice-servers':
        return this.say({ type: 'ice-servers', ...iceFor(this.#peer, this.#origin.network) });
      case 'token':
        return void this.#renew(message.token);
    }
  }

  /** Goes on with a fresh token. One that does not do changes nothing: the page stays for as long as it may already. */
  async #renew(token: string): Promise<void> {
    const { authorize, deadlines, log } = this.#services;
    const about = { type: 'token' };
    const later = () => this.#refuse('rate-limited', 'Tokens cannot be checked at present. Try again later.', about);
    if (this.#renewal) return this.#refuse('rate-limited', 'The last token is still being checked.', about);
    const renewal = deadlines.add(HELLO_WITHIN * 1000, () => {
      this.#renewal = undefined;
      log.error({}, 'a token was not checked in time');
      later();
    });
    this.#renewal = renewal;
    try {
      const grant = await renew(authorize, { peer: this.#peer, name: this.#name, token });
      if (this.#renewal !== renewal) return;
      if ('refused' in grant) return this.#refuse(grant.refused, grant.message, about);
      this.#lease.renew(grant);
      this.say({ type: 'token', ...this.#lease.told });
      this.#watches?.review();
    } catch (error) {
      log[error instanceof KeysUnavailable ? 'debug' : 'error']({ err: error }, 'a token could not be checked');
      if (this.#renewal === renewal) later();
    } finally {
      renewal.cancel();
      if (this.#renewal === renewal) this.#renewal = undefined;
    }
  }

  #watch(addresses: readonly string[]): void {
    const { watchRate, clock } = this.#services;
    if (!watchRate.allows(this.#origin.network, clock.now(), addresses.length)) {
      return this.#refuse('rate-limited', 'Too many addresses were watched from here lately. Ask again later.', { type: 'watch' });
    }
    this.#watches ??= new Watches(this, this.#services.switchboard);
    if (this.#watches.add(addresses)) return;
    this.#refuse('forbidden', `A page watches at most ${MAX_WATCHED} addresses.`, { type: 'watch' });
  }

  async #tellRoster(): Promise<void> {
    const { switchboard, roster, pages, clock, log } = this.#services;
    const { calls } = this.#lease;
    if (!roster) return this.#refuse('forbidden', 'This relay keeps no roster.', { type: 'roster' });
    if (clock.now() - this.#rosterAt < this.#rosterGap) {
      return this.#refuse('rate-limited', 'The roster was asked for too soon after the last one.', { type: 'roster' });
    }
    this.#rosterAt = clock.now();
    this.#rosterGap = ROSTER_EVERY * 1000;
    // Whoever may see a few is looked for among those, and not among everybody.
    const among = calls === '*' ? undefined : new Set([this.#peer, ...calls]);
    try {
      const peers = await switchboard.roster((peer) => this.sees(peer), among);
      const few = peers.length <= ROSTER_FEW && pages() <= ROSTER_FEW;
      // Half of it: of two questions, the first may have been longer on its way.
      if (few) this.#rosterGap = ROSTER_SOON / 2;
      this.say({ type: 'roster', peers, ...(few && { again: ROSTER_SOON }) });
    } catch (error) {
      log.warn({ err: error }, 'the roster could not be read');
    }
  }

  #forward(message: CallMessage, text: string): void {
    const { invites, switchboard, clock } = this.#services;
    const target = peerOf(message.to);
    if (target === this.#peer) return this.#refuse('forbidden', 'Nobody can call himself.', message);
    if (message.type === 'invite' && !invites.allows(this.#peer, target, message.call, clock.now())) {
      return this.#refuse('rate-limited', 'Too many people, or too many calls, were invited within a minute.', message);
    }
    // Who may not be told is as if he were not there, also for one who measures the time.
    const may = mayTell(this.#lease.calls, message);
    const count = switchboard.deliver(may ? message.to : NOBODY, this.#stamp(text));
    if (typeof count === 'number') return this.#delivered(message, count, may);
    count.then(
      (count) => this.#delivered(message, count, may),
      (error: unknown) => {
        this.#services.log.warn({ err: error }, 'a message could not be delivered');
        this.#delivered(message, 0, may);
      },
    );
  }

  #delivered(message: CallMessage, count: number, may: boolean): void {
    const { type, to, call, n } = message;
    const { tally, records } = this.#services;
    // What somebody may not say is no part of any call.
    if (may) records?.saw(addressOf(this.#peer, this.#device), message, count > 0);
    tally.sent[type]! += count;
    if (count === 0) tally.unreachable++;
    // Nobody waits for an answer to a bare acknowledgement.
    if (count === 0 && type !== 'ack') this.say({ type: 'unreachable', to, call, n });
  }

  /** Writes the sender's address into a message, as the last key, without a second serialisation. */
  #stamp(text: string): string {
    return `${text.slice(0, text.lastIndexOf('}'))},"from":"${this.#peer}/${this.#device}"}`;
  }

  /** Drops one of too many; `re` is what the page is told of it, if anything. */
  #drop(re?: Reference): void {
    this.#services.tally.dropped++;
    this.#flood ??= new Strikes(FLOOD);
    if (this.#flood.add(this.#services.clock.now())) return this.close(CLOSE.flooding, 'Too many messages.');
    if (re) this.#refuse('rate-limited', 'Too many messages; this one was dropped.', re);
  }

  #refuseMalformed(sentence: string, re: Reference): void {
    this.#malformed ??= new Strikes(MALFORMED);
    this.#refuse('protocol', sentence, re);
    if (this.#malformed.add(this.#services.clock.now())) this.close(CLOSE.malformed, 'Too many malformed messages.');
  }

  #refuse(code: ErrorCode, message: string, { type, call, n }: Reference): void {
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
    this.#renewal?.cancel();
    this.#renewal = undefined;
    this.#lease.close();
    this.#held = this.#early = [];
    // Whoever was turned away by the relay is a step of life; whoever just went away again is not.
    if (!joined) return log[by === 'page' ? 'debug' : 'info']({ code }, 'page left before it was welcomed');
    this.#watches?.close();
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
