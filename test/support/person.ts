/**
 * A person in front of a page: acts by gesture (finds a control by its accessible name and clicks it), waits for
 * events and never for time, and measures what really arrives: frames shown, audio energy, open devices.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { ElementHandle, Page } from 'puppeteer-core';

/** A DOM event of an element, as the page has seen it. */
export interface SeenEvent {
  readonly type: string;
  /** Milliseconds since the page began. */
  readonly time: number;
  readonly tag: string;
  readonly id: string;
  /** The ids of the element and of everything around it. */
  readonly inside: readonly string[];
  readonly [field: string]: unknown;
}

/** A frame that went over a WebSocket of the page. */
export interface SeenFrame {
  readonly direction: 'sent' | 'received';
  readonly url: string;
  readonly time: number;
  /** Null for a binary frame. */
  readonly text: string | null;
  /** The text as JSON; null where it is none. */
  readonly message: ({ type: string } & Record<string, unknown>) | null;
}

/** What has arrived from the other side since the call began, summed over the page's peer connections. */
export interface Received {
  readonly framesDecoded: number;
  readonly framesReceived: number;
  readonly videoPackets: number;
  readonly audioPackets: number;
  /** In the unit of `totalAudioEnergy`; a second of the fake microphone's beeps is about 0.01. */
  readonly audioEnergy: number;
  readonly width: number;
  readonly height: number;
}

/** What the page holds open now. */
export interface Live {
  readonly peerConnections: number;
  /** Like `device video`, `device audio`, `virtual video`, `display video`. */
  readonly tracks: readonly string[];
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly sockets: number;
}

/** A call of `getUserMedia` or `getDisplayMedia`. */
export interface Capture {
  readonly name: string;
  readonly audio: boolean;
  readonly video: boolean;
  /** `pending`, `given`, or the name of the error. */
  readonly outcome: string;
}

/** What `observer.js` offers in the page. */
interface Observer {
  readonly events: SeenEvent[];
  readonly frames: SeenFrame[];
  readonly errors: string[];
  readonly captures: Capture[];
  eventFrom(
    from: number,
    wanted: object,
    inside: string | null,
    timeout: number,
  ): Promise<{ readonly index: number; readonly event: SeenEvent } | null>;
  loudness(ms: number): Promise<number>;
  received(stream: MediaStream | null): Promise<Received>;
  turnServer(): Promise<string>;
  shownFrames(panel: Element, enough: number, timeout: number): Promise<number>;
  remoteColour(panel: Element): number[] | null;
  deepElements(root: ParentNode): Iterable<Element>;
  named(root: Element, role: string, name: string): Element | null;
  shows(root: Element, words: string): boolean;
  still(element: Element): Promise<void>;
  bare(element: Element): Promise<void>;
  live(): Live;
}
declare global {
  const observer: Observer;
}

/** How long a person waits for something that should happen soon, in ms. */
export const PATIENCE = 10_000;

const RINGS_SILENTLY = /^The AudioContext was not allowed to start/;

const ariaSelector = (name: string, role: string): string => `aria/[name="${name.replaceAll('"', '\\"')}"][role="${role}"]`;

/** See the top of this file. */
export class Person {
  readonly page: Page;
  /** For messages of failed tests. */
  readonly name: string;
  readonly #scope: string | null;
  #crashed = false;
  readonly #complaints: string[] = [];
  readonly #cursors = new Map<string, number>();

  /** @param scope The id of the element that this person looks at; the whole page without one. */
  constructor(page: Page, name: string, scope: string | null = null) {
    this.page = page;
    this.name = name;
    this.#scope = scope;
    if (scope !== null) return;
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type()) && !RINGS_SILENTLY.test(message.text())) this.#complaints.push(message.text());
    });
  }

  /** The same page, but only what the element with this id (a panel of two, say) shows and does. */
  in(id: string): Person {
    return new Person(this.page, `${this.name} at #${id}`, id);
  }

  /** The same person, but only the page in the frame of this page that has this address. */
  inFrame(url: string): Person {
    const frame = this.page.frames().find((each) => each.url() === url);
    if (!frame) throw new Error(`${this.name}: there is no frame with ${url}.`);
    // A frame does all that a person does here as its page does it, but for naming its browser.
    return new Person(Object.assign(frame, { browser: () => this.page.browser() }) as unknown as Page, `${this.name}, in a frame,`);
  }

  // ── Gestures ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Waits for the visible control with this accessible name and clicks it with the mouse. */
  async press(name: string, role = 'button'): Promise<void> {
    const control = await this.find(name, role);
    await control.evaluate((element) => observer.still(element));
    // As with a hand, the pointer is there before it presses: it brings back controls that have stepped back.
    await control.hover();
    await control.evaluate((element) => observer.bare(element));
    await control.click();
    await control.dispose();
  }

  /** Waits for the visible thing with this accessible name and role, through every shadow root. */
  async find(name: string, role = 'button', timeout = PATIENCE): Promise<ElementHandle> {
    try {
      const handle = await this.#waitForNamed(name, role, timeout);
      if (handle) return handle;
    } catch (error) {
      if (!/timeout|waiting failed|exceeded/i.test(String(error))) throw error;
    }
    throw new Error(`${this.name} waited ${timeout} ms for the ${role} “${name}”. ${await this.#describe()}`);
  }

  /** Whether something visible has this accessible name and role now. */
  async has(name: string, role = 'button'): Promise<boolean> {
    const root = (await this.#root()) ?? (await this.page.$('body'));
    if (!root) return false;
    if (this.#isFirefox) return root.evaluate((body, what, title) => observer.named(body, what, title) !== null, role, name);
    return (await (await root.$(ariaSelector(name, role)))?.isVisible()) ?? false;
  }

  /** Waits until these words can be read, through every shadow root. */
  async reads(words: string, timeout = PATIENCE): Promise<void> {
    try {
      await this.page.waitForFunction(
        (scope, wanted) => observer.shows(scope ? document.getElementById(scope)! : document.body, wanted),
        { timeout },
        this.#scope,
        words,
      );
    } catch {
      throw new Error(`${this.name} waited ${timeout} ms for the words “${words}”. ${await this.#describe()}`);
    }
  }

  /** Touches the page at a place where nothing is, so that it may play sound from then on. */
  async touch(): Promise<void> {
    await this.page.mouse.click(1, 1);
  }

  /** Brings this tab to the front, where there are several in a window. */
  async turnTo(): Promise<void> {
    await this.page.bringToFront();
  }

  /** Closes the tab, as a person would: without a word to the page's code. */
  async closeTab(): Promise<void> {
    await this.page.close();
  }

  /** Whether the page has crashed, and answers nothing. */
  get hasCrashed(): boolean {
    return this.#crashed;
  }

  /** Ends the process of the page, as a fault of the browser would. Chromium only. */
  async crash(): Promise<void> {
    const devtools = await this.page.createCDPSession();
    const crashed = new Promise((resolve) => devtools.once('Inspector.targetCrashed', resolve));
    await devtools.send('Inspector.enable');
    // A page that is gone has no answer.
    devtools.send('Page.crash').catch(() => {});
    await crashed;
    this.#crashed = true;
  }

  /** Loads the page again; what was seen before is forgotten. */
  async reload(): Promise<void> {
    this.#cursors.clear();
    this.#crashed = false;
    await this.page.reload({ waitUntil: 'load' });
  }

  /**
   * Follows a link of the page to another page of the same site, which is like it; what was seen before is forgotten.
   *
   * @param between what happens while the page has gone and the next one has not come
   */
  async moveOn(between?: () => Promise<unknown>): Promise<void> {
    this.#cursors.clear();
    let meanwhile: Promise<unknown> | undefined;
    if (between) {
      await this.page.setRequestInterception(true);
      this.page.on('request', (request) => {
        const isPage = request.isNavigationRequest();
        // The answer of the server is what makes a browser leave a page: the next one's script is what makes it one that calls.
        if (isPage || meanwhile || !request.url().endsWith('.js')) return void request.continue();
        meanwhile = between().finally(() => request.continue());
      });
    }
    const there = this.page.waitForNavigation({ waitUntil: 'load' });
    await this.page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), { href: `${location.pathname}?${Math.random()}` });
      document.body.append(link);
      link.click();
    });
    await there;
    await meanwhile;
    if (!between) return;
    this.page.removeAllListeners('request');
    await this.page.setRequestInterception(false);
  }

  // ── Events ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Waits for the next event of this type with these fields (nested ones too) and answers it. Events of the type
   * up to and including that one are used up; one that has come already is answered at once.
   */
  async event(type: string, fields: Record<string, unknown> = {}, timeout = PATIENCE): Promise<SeenEvent> {
    const from = this.#cursors.get(type) ?? 0;
    const found = await this.page.evaluate(
      (start, wanted, inside, patience) => observer.eventFrom(start, wanted, inside, patience),
      from,
      { ...fields, type },
      this.#scope,
      timeout,
    );
    if (!found) {
      throw new Error(`${this.name} waited ${timeout} ms for ${type} ${JSON.stringify(fields)}. ${await this.#describe()}`);
    }
    this.#cursors.set(type, found.index + 1);
    return found.event;
  }

  /** Waits until the call is in this state; true also of a state that the call has passed since the last wait. */
  state(state: string, fields: Record<string, unknown> = {}, timeout = PATIENCE): Promise<SeenEvent> {
    return this.event('call-state', { ...fields, state }, timeout);
  }

  /** Every event so far, of one type or of all. */
  async events(type?: string): Promise<SeenEvent[]> {
    const all = await this.page.evaluate(() => observer.events);
    return all.filter((event) => (!type || event.type === type) && (!this.#scope || event.inside.includes(this.#scope)));
  }

  // ── The panel ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs a function in the page with the panel in front of this person. */
  async panel<T, A = undefined>(run: (panel: HTMLElement & Record<string, any>, argument: A) => T, argument?: A): Promise<Awaited<T>> {
    const panel = await this.#panel();
    try {
      return (await panel.evaluate(run as never, argument as never)) as Awaited<T>;
    } finally {
      await panel.dispose();
    }
  }

  /** Saves a picture of the page; for people to look at. */
  async screenshot(path: string): Promise<void> {
    await writeFile(path, await this.page.screenshot());
  }

  // ── What arrives ───────────────────────────────────────────────────────────────────────────────────────────────

  /** What the peer connections have received; in Chromium for the panel's own remote stream only. */
  received(): Promise<Received> {
    return this.panel((panel) => observer.received((panel.remoteStream as MediaStream | null | undefined) ?? null));
  }

  /** Fails unless the panel's own video shows new frames of the other side. */
  async sees({ frames = 5, timeout = PATIENCE } = {}): Promise<void> {
    const before = await this.received();
    const shown = await this.panel((panel, [enough, patience]) => observer.shownFrames(panel, enough, patience), [
      frames,
      timeout,
    ] as const);
    if (shown < frames)
      throw new Error(`${this.name} does not see the other side: ${shown} of ${frames} frames. ${await this.#describe()}`);
    // Firefox counts late at times; what was never received is never counted. A new connection counts from nought.
    for (const until = performance.now() + timeout; performance.now() < until;) {
      const { framesDecoded } = await this.received();
      if (framesDecoded !== before.framesDecoded && framesDecoded > 0) return;
      await setTimeout(50);
    }
    throw new Error(`${this.name} sees a picture that was not received: ${shown} frames were shown, none decoded.`);
  }

  /** Fails unless sound of the other side arrives. The fake microphone beeps about once a second. */
  async hears({ energy = 0.005, timeout = PATIENCE } = {}): Promise<void> {
    let before = await this.received();
    const deadline = Date.now() + timeout;
    let now = before;
    while (Date.now() < deadline) {
      now = await this.received();
      if (now.audioPackets < before.audioPackets) before = now;
      if (now.audioEnergy - before.audioEnergy > energy && now.audioPackets > before.audioPackets) return;
      await setTimeout(50);
    }
    throw new Error(
      `${this.name} does not hear the other side: ${now.audioPackets - before.audioPackets} packets, ` +
        `energy ${(now.audioEnergy - before.audioEnergy).toExponential(1)}. ${await this.#describe()}`,
    );
  }

  /** Waits until nothing of the other side has arrived for half a second, or, where it is to flow, until it has for one and a half. */
  async untilSound(flows: boolean, timeout = PATIENCE): Promise<void> {
    const deadline = Date.now() + timeout;
    let before = await this.received();
    for (let looks = 0; looks < (flows ? 3 : 1);) {
      await setTimeout(500);
      const now = await this.received();
      looks = flows === now.audioPackets > before.audioPackets ? looks + 1 : 0;
      if (Date.now() > deadline)
        throw new Error(`${this.name} ${flows ? 'hears nothing' : 'still hears something'}. ${await this.#describe()}`);
      before = now;
    }
  }

  /** Fails unless new frames are shown and sound arrives. */
  async seesAndHears(): Promise<void> {
    await Promise.all([this.sees(), this.hears()]);
  }

  /** How much audio energy arrives within `ms`; next to nothing where the other side is muted. */
  async energyWithin(ms: number): Promise<number> {
    const before = await this.received();
    await setTimeout(ms);
    return (await this.received()).audioEnergy - before.audioEnergy;
  }

  /** How many new frames the panel's own video shows within `ms`, at most `most`. */
  framesWithin(ms: number, most = 1_000): Promise<number> {
    return this.panel((panel, [enough, patience]) => observer.shownFrames(panel, enough, patience), [most, ms] as const);
  }

  /** The mean colour that the remote video shows now, or null where there is no picture. */
  remoteColour(): Promise<number[] | null> {
    return this.panel((panel) => observer.remoteColour(panel));
  }

  /**
   * The loudest sample that the page plays by Web Audio (ringtone, ringback) within `ms`; 0 is silence. For Chromium:
   * on a machine without a loudspeaker Firefox never wakes Web Audio up.
   */
  loudness(ms = 4_000): Promise<number> {
    return this.page.evaluate((patience) => observer.loudness(patience), ms);
  }

  // ── What is open ───────────────────────────────────────────────────────────────────────────────────────────────

  /** What the page holds open now. */
  live(): Promise<Live> {
    return this.page.evaluate(() => observer.live());
  }

  /** Every capture that the page has asked for. */
  captures(): Promise<Capture[]> {
    return this.page.evaluate(() => observer.captures);
  }

  /** Waits until camera, microphone and every peer connection are closed; see `live` for what is open at this moment. */
  async holdsNothing(timeout = PATIENCE): Promise<void> {
    const deadline = Date.now() + timeout;
    let { peerConnections, tracks } = await this.live();
    while (peerConnections + tracks.length > 0 && Date.now() < deadline) {
      await setTimeout(50);
      ({ peerConnections, tracks } = await this.live());
    }
    assert.deepEqual({ peerConnections, tracks }, { peerConnections: 0, tracks: [] }, `${this.name} still holds something open`);
  }

  /** The frames of the page's WebSockets so far: all, or those with messages of one type. */
  async frames(direction?: 'sent' | 'received', type?: string): Promise<SeenFrame[]> {
    const all = await this.page.evaluate(() => observer.frames);
    return all.filter((frame) => (!direction || frame.direction === direction) && (!type || frame.message?.type === type));
  }

  /** Errors that nobody caught in the page. */
  errors(): Promise<string[]> {
    return this.page.evaluate(() => observer.errors);
  }

  /** Errors and warnings on the page's console so far, but for Chromium's own about a page that rings before it was touched. */
  complaints(): readonly string[] {
    return this.#complaints;
  }

  get #isFirefox(): boolean {
    return this.page.browser().process()?.spawnfile.includes('firefox') ?? false;
  }

  async #waitForNamed(name: string, role: string, timeout: number): Promise<ElementHandle | null> {
    const root = await this.#root();
    if (!this.#isFirefox) return (root ?? this.page).waitForSelector(ariaSelector(name, role), { visible: true, timeout });
    const found = await this.page.waitForFunction(
      (scope, what, title) => observer.named(scope ? document.getElementById(scope)! : document.body, what, title),
      { timeout, polling: 50 },
      this.#scope,
      role,
      name,
    );
    return found.asElement() as ElementHandle | null;
  }

  async #root(): Promise<ElementHandle | null> {
    if (!this.#scope) return null;
    const root = await this.page.$(`#${this.#scope}`);
    if (!root) throw new Error(`${this.name}: there is no such element on the page.`);
    return root;
  }

  async #panel(): Promise<ElementHandle<HTMLElement>> {
    const handle = await this.page.waitForFunction(
      (scope) => {
        const root = scope ? document.getElementById(scope) : document.body;
        return root && [...observer.deepElements(root)].find((element) => element.localName === 'video-call-panel');
      },
      { timeout: PATIENCE, polling: 50 },
      this.#scope,
    );
    const panel = handle.asElement();
    if (!panel) throw new Error(`${this.name} has no panel in front of them.`);
    return panel as ElementHandle<HTMLElement>;
  }

  /** What there is instead of what was looked for. */
  async #describe(): Promise<string> {
    const text = (value: unknown): string => JSON.stringify(value);
    try {
      const events = await this.page.evaluate(() => observer.events);
      const seen = events.map(({ type, state, reason, code, status, id }) =>
        [id, type, state, reason, code, status].filter(Boolean).join(':'),
      );
      const controls = await this.page.evaluate(() =>
        [...observer.deepElements(document.body)]
          .filter((element) => element.matches('button, [role="button"], dialog, [role="dialog"]') && element.checkVisibility())
          .map(
            (element) => `${element.localName} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 60)}”`,
          ),
      );
      return `Events so far: ${text(seen)}. Controls: ${controls.join(', ') || 'none'}. Open: ${text(await this.live())}. Errors: ${text(await this.errors())}.`;
    } catch (error) {
      return `(The page could not be asked: ${String(error)})`;
    }
  }
}
