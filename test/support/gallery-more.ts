/** States of the gallery that take more than a snapshot of a call: what went wrong, how it ended, what is typed beside it, the list of people. */
import type { Reading } from '../../components/quality/reading.js';
import { END_REASONS } from '../../relay/protocol/index.js';
import type { Person } from '../../relay/protocol/index.js';
import type { CallErrorCode } from '../../components/call/errors.js';
import type { CallSnapshot } from '../../components/call/session.js';
import { define } from '../../components/register.js';
import type { VideoCallPanel } from '../../components/video-call-panel.js';
import type { Entry } from '../../components/history/entry.js';
import { historyOf } from '../../components/history/history.js';
import { VideoCallHistory } from '../../components/video-call-history.js';
import { VideoCallRoster } from '../../components/video-call-roster.js';
import type { FakeSession } from './fake-session.js';
import { lossy, second } from './readings.js';
import { callWith } from './fake-session.js';
import { desktop } from './media.js';
import { diagnoses } from './gallery-diagnosis.js';

define('video-call-roster', VideoCallRoster);
define('video-call-history', VideoCallHistory);

/** One state: what the engine shows, what the page has done before, and what happened after. */
export interface Scene {
  readonly snapshot: Partial<CallSnapshot>;
  readonly before?: (panel: VideoCallPanel) => void;
  readonly after?: (panel: VideoCallPanel, session: FakeSession) => unknown;
}

const LONG = 'Dr. Maximiliane-Charlotte Wolfeschlegelsteinhausenbergerdorff-Montgomery';
const idle = { state: 'idle', call: null } as const;

/** Waits for something in the panel. */
export async function shownBy(panel: VideoCallPanel, selector: string): Promise<HTMLElement> {
  for (;;) {
    const found = panel.shadowRoot!.querySelector<HTMLElement>(selector);
    if (found) return found;
    await new Promise(requestAnimationFrame);
  }
}

const part = (name: string) => `[part~="${name}"]`;

/** The idle card after something went wrong. */
const wrong = (code: CallErrorCode): Scene => ({
  snapshot: idle,
  before: (panel) => (panel.peer = 'bob'),
  after: (_, session) => session.tell({ type: 'error', code, detail: 'for the gallery' }),
});

const NAMES =
  'Amal Haddad,Bob Marlowe,Carol Danvers,Davide Rossi,Émilie Laurent,Fatima al-Zahra,Grzegorz Brzęczyszczykiewicz,王小明,' +
  LONG +
  ',Zoë Ward';
const PEOPLE: readonly Person[] = NAMES.split(',').map((name, at) => ({
  peer: `person-${at}`,
  name,
  presence: at % 4 === 1 ? 'busy' : 'online',
}));

/** A list of people in the place of the panel's idle card. */
const roster = (people: readonly Person[] | null, { search, calls }: { search?: string; calls?: boolean } = {}): Scene => ({
  snapshot: idle,
  after: async (panel, session) => {
    session.people = people;
    panel.layout = 'floating';
    const list = Object.assign(document.createElement('video-call-roster'), { me: 'alice' });
    document.getElementById('here')!.append(list);
    if (calls)
      session.show({ state: 'ringing', alert: 'sound', call: callWith({ peer: 'person-2', name: 'Carol Danvers', media: 'audio' }) });
    if (search === undefined) return;
    let field: HTMLInputElement | null | undefined;
    while (!(field = list.shadowRoot?.querySelector('input'))) await new Promise(requestAnimationFrame);
    field.focus();
    field.value = search;
    field.dispatchEvent(new Event('input'));
  },
});

/** A recording that a page has left behind, and its card. */
async function leftBehind(panel: VideoCallPanel): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const folder = await (
    await root.getDirectoryHandle('video-call-recordings', { create: true })
  ).getDirectoryHandle('left', { create: true });
  const about = { id: 'left', call: 'c', name: 'Bob Marlowe', me: 'alice', startedAt: Date.now() - 305_000, type: 'video/webm' };
  for (const [name, content] of [
    ['about.json', JSON.stringify(about)],
    ['000001', new Blob([new Uint8Array(76_543_210)])],
  ] as const) {
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await stream.write(content);
    await stream.close();
  }
  localStorage.setItem('video-call-recordings', '1');
  panel.requestUpdate();
  await recordedIn(panel);
}

/** Waits for what was recorded, which is for this picture only. */
async function recordedIn(panel: VideoCallPanel): Promise<void> {
  await shownBy(panel, '.recorded');
  localStorage.removeItem('video-call-recordings');
  await (await navigator.storage.getDirectory()).removeEntry('video-call-recordings', { recursive: true });
}

const IN = { direction: 'incoming' } as const;
const OUT = { direction: 'outgoing' } as const;

/** Calls of the past: how many minutes ago, with whom, and what came of them; with a length in seconds where they were answered. */
const PAST: readonly (readonly [minutes: number, peer: number, fields: Partial<Entry>, seconds?: number])[] = [
  [4, 1, { ...IN, outcome: 'missed' }],
  [6, 1, { ...IN, outcome: 'missed' }],
  [41, 2, { ...OUT, outcome: 'answered', media: 'audio' }, 754],
  [95, 8, { ...IN, outcome: 'answered' }, 5_025],
  [1_500, 5, { ...OUT, outcome: 'no-answer', media: 'audio' }],
  [1_700, 3, { ...IN, outcome: 'declined' }],
  [4_000, 6, { ...IN, outcome: 'elsewhere' }],
  [5_600, 7, { ...OUT, outcome: 'busy' }],
  [30_000, 4, { ...IN, outcome: 'missed', media: 'audio', seen: true }],
  [90_000, 0, { ...OUT, outcome: 'failed' }],
];

/** The history in the place of the panel's idle card. */
const history = (past: typeof PAST, { asks, hidden, calls }: { asks?: boolean; hidden?: boolean; calls?: boolean } = {}): Scene => ({
  snapshot: idle,
  after: async (panel, session) => {
    panel.layout = 'floating';
    if (hidden) Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    const kept = historyOf(session.options.relay, 'alice');
    await kept.clear();
    for (const [minutes, at, fields, seconds] of past) {
      const { peer, name = peer } = PEOPLE[at]!;
      const began = Date.now() - minutes * 60_000;
      const startedAt = seconds === undefined ? null : began + 8_000;
      const until = began + 8_000 + (seconds ?? 0) * 1000;
      const known = { id: crypto.randomUUID(), peer, name, media: 'video', at: began, startedAt, until, open: false, seen: false } as const;
      await kept.keep({ ...known, ...IN, outcome: 'missed', ...fields });
    }
    const list = Object.assign(document.createElement('video-call-history'), { me: 'alice' });
    document.getElementById('here')!.append(list);
    const shown = past.length > 0 ? 'li' : '.nobody';
    while (!list.shadowRoot?.querySelector(shown)) await new Promise(requestAnimationFrame);
    if (asks) list.shadowRoot.querySelector<HTMLElement>('[part~=clear-button]')!.click();
    if (calls)
      session.show({ state: 'ringing', alert: 'sound', call: callWith({ peer: 'person-2', name: 'Carol Danvers', media: 'audio' }) });
  },
});

/** A call whose connection was like this for some seconds; with the figures of it. */
const measured = (snapshot: Partial<CallSnapshot>, reading: Reading, { seconds = 12, opens = false } = {}): Scene => ({
  snapshot,
  after: async (panel, session) => {
    while (session.measuring === 0) await new Promise(requestAnimationFrame);
    for (let i = 0; i < seconds; i++) session.passSecond(reading);
    if (!opens) return;
    (await shownBy(panel, part('quality'))).click();
    await shownBy(panel, part('quality-details'));
  },
});
/** On a connection that loses a quarter of all packets. */
const WEAK: Reading = lossy(0.25, {
  roundTrip: 0.412,
  available: 240,
  path: { relayed: true, protocol: 'tcp' },
  cameraIn: { lost: 0.22, kbits: 180, width: 320, height: 180, fps: 9, frozen: 0.2 },
  cameraOut: { lost: 0.25, kbits: 170, width: 480, height: 270, fps: 14, limitedBy: 'bandwidth' },
});

/** How a connection does, and its figures. */
function qualities(talking: (fields?: Partial<CallSnapshot>) => Partial<CallSnapshot>): Record<string, Scene> {
  const faceless = { microphone: true, camera: false, screen: false };
  const voice = talking({
    call: callWith({ name: 'Bob Marlowe', media: 'audio', startedAt: Date.now() - 83_000 }),
    local: faceless,
    remote: faceless,
  });
  const both = { camera: true, recording: true, paused: true };
  const everything = (theirs: Partial<CallSnapshot['remote']> = {}) =>
    talking({
      local: { ...both, microphone: false, screen: true },
      remote: { ...both, microphone: false, screen: false, ...theirs },
      remoteScreen: theirs.screen ? desktop() : null,
    });
  return {
    'quality-excellent': measured(talking(), second()),
    'quality-fair': measured(talking(), lossy(0.1)),
    'quality-poor': measured(talking(), WEAK),
    'quality-poor-muted': measured(talking({ remote: { microphone: false, camera: true, screen: false } }), WEAK),
    'quality-poor-long-name': measured(talking({ call: callWith({ name: LONG, startedAt: Date.now() - 83_000 }) }), WEAK),
    // All that a call can say about itself at once.
    'quality-everything': measured(everything(), WEAK),
    'quality-everything-shared': measured(everything({ screen: true, paused: false }), WEAK),
    'quality-everything-voice': measured(
      { ...voice, local: { ...faceless, recording: true }, remote: { ...faceless, microphone: false } },
      WEAK,
    ),
    'quality-voice': measured(voice, second()),
    'quality-voice-poor': measured(voice, WEAK),
    'quality-details': measured(talking(), second(), { opens: true }),
    'quality-details-poor': measured(talking(), WEAK, { opens: true }),
    'quality-details-voice': measured(voice, second(), { opens: true }),
  };
}

/** Every one of them by its name, made from a call that is on. */
export function scenes(talking: (fields?: Partial<CallSnapshot>) => Partial<CallSnapshot>): Record<string, Scene> {
  const call = (fields = {}) => callWith({ name: 'Bob Marlowe', ...fields });
  const connected = talking();
  const { local, remote } = connected as CallSnapshot;
  const press = (name: string) => async (panel: VideoCallPanel) => (await shownBy(panel, part(name))).click();
  const focus = (name: string) => async (panel: VideoCallPanel) => {
    const button = await shownBy(panel, part(name));
    (button as HTMLElement & { focus(options: object): void }).focus({ focusVisible: true });
  };
  const over = (reason: (typeof END_REASONS)[number], fields = {}): Scene => ({ snapshot: { state: 'ended', reason, call: call(fields) } });
  return {
    'idle-connecting': { snapshot: { ...idle, relayStatus: 'connecting' } },
    'idle-long-name': {
      snapshot: idle,
      before: (panel) => (panel.peer = 'bob'),
      after: (_, session) => session.setPresence('bob', 'online', LONG),
    },
    'idle-peer-busy': { snapshot: idle, before: (panel) => (panel.peer = 'carol') },
    'idle-peer-offline': { snapshot: idle, before: (panel) => (panel.peer = 'dave') },
    'error-relay-unreachable': wrong('relay-unreachable'),
    'error-unauthorized': wrong('unauthorized'),
    'error-insecure': wrong('insecure-context'),
    'error-refused': {
      snapshot: idle,
      after: async (panel) => {
        panel.setAttribute('relay', 'ftp://nowhere');
        await panel.updateComplete;
        await panel.call('bob');
      },
    },
    'calling-no-relay': { snapshot: { ...connected, state: 'calling', call: call(), relayStatus: 'offline' } },
    'calling-long-name': { snapshot: { ...connected, state: 'calling', call: call({ name: LONG }) } },
    'connecting-voice': { snapshot: { state: 'connecting', call: call({ media: 'audio' }), local: { ...local, camera: false } } },
    'incoming-long-name': { snapshot: { state: 'incoming', call: call({ ...IN, name: LONG }) } },
    'incoming-silenced': { snapshot: { state: 'incoming', call: call(IN) }, after: press('silence-button') },
    'incoming-focus': { snapshot: { state: 'incoming', call: call(IN) }, after: focus('accept-button') },
    'incoming-typing': {
      snapshot: idle,
      before: () => {
        const field = Object.assign(document.createElement('textarea'), { rows: 3, cols: 40, value: 'Dear Carol, about the te' });
        document.getElementById('buttons')!.append(field);
        field.focus();
      },
      after: (_, session) => session.show({ state: 'incoming', call: call(IN) }),
    },
    'connected-long-name': { snapshot: { ...connected, call: call({ name: LONG, startedAt: Date.now() - 5_025_000 }) } },
    'connected-muted': { snapshot: talking({ local: { ...local, microphone: false } }) },
    'connected-they-muted': { snapshot: talking({ remote: { ...remote, microphone: false } }) },
    'connected-own-camera-off': { snapshot: talking({ local: { ...local, camera: false } }) },
    'connected-their-camera-off': { snapshot: talking({ remote: { ...remote, camera: false } }) },
    'connected-both-cameras-off': { snapshot: talking({ local: { ...local, camera: false }, remote: { ...remote, camera: false } }) },
    'connected-focus': { snapshot: connected, after: focus('camera-button') },
    'connected-more': { snapshot: connected, after: press('more-button') },
    'connected-voice-more': {
      snapshot: talking({
        call: call({ media: 'audio', startedAt: Date.now() - 9_000 }),
        local: { ...local, camera: false },
        remote: { ...remote, camera: false },
      }),
      after: press('more-button'),
    },
    'recording-self': { snapshot: talking({ local: { ...local, recording: true } }) },
    'recording-other': { snapshot: talking({ remote: { ...remote, recording: true } }) },
    'recording-both': { snapshot: talking({ local: { ...local, recording: true }, remote: { ...remote, recording: true } }) },
    'recording-voice': {
      snapshot: talking({
        call: call({ media: 'audio', startedAt: Date.now() - 9_000 }),
        local: { ...local, camera: false, recording: true },
        remote: { ...remote, camera: false },
      }),
    },
    'recording-chat': { snapshot: talking({ remote: { ...remote, recording: true } }), after: press('chat-button') },
    'recording-devices': { snapshot: talking({ remote: { ...remote, recording: true } }), after: press('devices-button') },
    'recording-more': { snapshot: talking({ local: { ...local, recording: true } }), after: press('more-button') },
    'recording-minimised': {
      snapshot: talking({ local: { ...local, recording: true } }),
      after: async (panel) => void (panel.layout === 'floating' && (await shownBy(panel, part('minimise-button'))).click()),
    },
    'recording-still': {
      snapshot: talking({ local: { ...local, recording: true } }),
      after: (panel) => shownBy(panel, '[data-still]'),
    },
    'recording-ended': {
      snapshot: connected,
      after: async (panel, session) => {
        await panel.updateComplete;
        await panel.record(true);
        // The first part of a recording takes two seconds.
        await new Promise((resolve) => setTimeout(resolve, 2600));
        session.end('hung-up', 83);
        await recordedIn(panel);
      },
    },
    'recording-left': { snapshot: idle, after: leftBehind },
    'recording-left-peer': { snapshot: idle, before: (panel) => (panel.peer = 'bob'), after: leftBehind },
    'connected-trouble': {
      snapshot: connected,
      after: (_, session) => session.tell({ type: 'error', code: 'media-busy', detail: 'for the gallery' }),
    },
    'connected-voice-they-muted': {
      snapshot: talking({
        call: call({ media: 'audio', startedAt: Date.now() - 9_000 }),
        local: { ...local, camera: false, microphone: false },
        remote: { ...remote, camera: false, microphone: false },
      }),
    },
    'reconnecting-away': { snapshot: talking({ state: 'reconnecting', away: true }) },
    'reconnecting-faceless': {
      snapshot: talking({ state: 'reconnecting', local: { ...local, camera: false }, remote: { ...remote, camera: false } }),
    },
    rejoin: {
      snapshot: talking({
        state: 'reconnecting',
        rejoin: true,
        localStream: null,
        local: { microphone: false, camera: false, screen: false },
      }),
    },
    ...Object.fromEntries(END_REASONS.filter((reason) => reason !== 'hung-up').map((reason) => [`ended-${reason}`, over(reason)])),
    'ended-missed': over('cancelled', IN),
    'ended-long-name': over('unreachable', { name: LONG }),
    'ended-own-media-denied': {
      ...over('media-denied'),
      after: (_, session) => session.tell({ type: 'error', code: 'media-denied', detail: 'for the gallery' }),
    },
    ...qualities(talking),
    history: history(PAST),
    'history-unseen': history(PAST.slice(0, 4), { hidden: true }),
    'history-sure': history(PAST.slice(0, 4), { asks: true }),
    'history-empty': history([]),
    'history-calling': history(PAST.slice(0, 4), { calls: true }),
    roster: roster(PEOPLE),
    'roster-few': roster(PEOPLE.slice(0, 3)),
    'roster-search': roster(PEOPLE, { search: 'ar' }),
    'roster-not-found': roster(PEOPLE, { search: 'xyz' }),
    'roster-empty': roster([]),
    'roster-none': roster(null),
    'roster-calling': roster(PEOPLE, { calls: true }),
    ...diagnoses(over('connect-timeout').snapshot, shownBy),
  };
}
