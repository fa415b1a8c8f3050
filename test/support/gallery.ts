/** Shows every state of the elements, driven by a fake session: `show('connected', 'inline')`. */
import type { DeviceNotice } from '../../components/call/errors.js';
import type { CallSnapshot } from '../../components/call/session.js';
import { tell } from '../../components/panel/hints.js';
import { define } from '../../components/register.js';
import { VideoCallButton } from '../../components/video-call-button.js';
import { VideoCallPanel } from '../../components/video-call-panel.js';
import { callWith, useFakeSessions } from './fake-session.js';
import { offered, written } from './fake-chat.js';
import { scenes, shownBy } from './gallery-more.js';
import type { FakeSession } from './fake-session.js';
import { desktop, freeze, portrait, tone } from './media.js';

const sessions = useFakeSessions();
define('video-call-button', VideoCallButton);
define('video-call-panel', VideoCallPanel);

/** The devices of an ordinary desk, in the place of the browser's stand-ins. */
const DESK = Object.entries({
  audioinput: ['Default - MacBook Pro Microphone (Built-in)', 'AirPods Pro', 'Jabra Speak 750 Conference Speakerphone (0b0e:24b0)'],
  videoinput: ['FaceTime HD Camera (Built-in)', 'Logitech BRIO (046d:085e)'],
  audiooutput: ['Default - MacBook Pro Speakers (Built-in)', 'AirPods Pro'],
}).flatMap(([kind, labels]) => labels.map((label) => ({ kind, label, deviceId: label, groupId: '' }) as MediaDeviceInfo));

let permission: PermissionState = 'granted';
navigator.mediaDevices.enumerateDevices = async () => (permission === 'granted' ? DESK : DESK.map((device) => ({ ...device, label: '' })));
navigator.mediaDevices.getUserMedia = async ({ audio }: MediaStreamConstraints) =>
  audio ? new MediaStream([tone(0.05)]) : portrait(28, 1280, 720);
navigator.permissions.query = async () => ({ state: permission }) as PermissionStatus;

/** A voice that hums, stops and hums again. */
function voiceOf(pitch: number): MediaStream {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: pitch });
  const breath = new OscillatorNode(context, { frequency: 1.5 });
  const loudness = new GainNode(context, { gain: 0.12 });
  const spoken = new MediaStreamAudioDestinationNode(context);
  breath.connect(new GainNode(context, { gain: 0.12 })).connect(loudness.gain);
  tone.connect(loudness).connect(spoken);
  tone.start();
  breath.start();
  return spoken.stream;
}

const mine = portrait(28);
mine.addTrack(tone(0.05));
const theirs = portrait(205, 640, 480);
const on = { microphone: true, camera: true, screen: false };
const off = { microphone: false, camera: false, screen: false };
const NAME = 'Bob Marlowe';
const since = () => Date.now() - 83_000;

/** A call in which this happened to one's own devices. */
function withNotices(named: Record<string, readonly DeviceNotice[]>): Record<string, () => Partial<CallSnapshot>> {
  const of = (notices: readonly DeviceNotice[]) => () => {
    const lost = (device: string) =>
      notices.some((notice) => notice.device === device && notice.what !== 'changed' && notice.what !== 'silent');
    return {
      state: 'connected' as const,
      call: callWith({ name: NAME, startedAt: since() }),
      local: { microphone: !lost('microphone'), camera: !lost('camera'), screen: false },
      remote: on,
      localStream: mine,
      remoteStream: theirs,
      notices,
    };
  };
  return Object.fromEntries(Object.entries(named).map(([name, notices]) => [name, of(notices)]));
}

const talking = (fields: Partial<CallSnapshot> = {}) => ({
  state: 'connected' as const,
  call: callWith({ name: NAME, startedAt: since() }),
  local: on,
  remote: on,
  localStream: mine,
  remoteStream: theirs,
  ...fields,
});

const screen = desktop();
const sharing = { ...on, screen: true };
const VOICE = { ...on, camera: false };
const talkingByVoice = (fields: Partial<CallSnapshot>) =>
  talking({ call: callWith({ name: NAME, media: 'audio', startedAt: since() }), local: VOICE, remote: VOICE, ...fields });

/** Shared screens, and voice calls in which somebody has turned the camera on. */
const SHARED: Record<string, () => Partial<CallSnapshot>> = {
  'connected-shared': () => talking({ remote: sharing, remoteScreen: screen }),
  'connected-shared-faceless': () => talking({ local: { ...on, camera: false }, remote: { ...VOICE, screen: true }, remoteScreen: screen }),
  'connected-shared-unseen': () => talking({ remote: { ...VOICE, screen: true }, remoteScreen: screen }),
  'connected-sharing': () => talking({ local: sharing, localScreen: screen }),
  'connected-both-share': () => talking({ local: sharing, localScreen: screen, remote: sharing, remoteScreen: screen }),
  'reconnecting-shared': () => talking({ state: 'reconnecting', remote: sharing, remoteScreen: screen }),
  'voice-shared': () => talkingByVoice({ remote: { ...VOICE, screen: true }, remoteScreen: screen }),
  'voice-sharing': () => talkingByVoice({ local: { ...VOICE, screen: true }, localScreen: screen }),
  'voice-own-camera': () => talkingByVoice({ local: on }),
  'voice-their-camera': () => talkingByVoice({ remote: on }),
};

/** The view of the devices, in the idle card and in calls. */
const DEVICES: Record<string, () => Partial<CallSnapshot>> = {
  'devices-idle': () => ({ state: 'idle', call: null }),
  'devices-ask': () => ({ state: 'idle', call: null }),
  'devices-denied': () => ({ state: 'idle', call: null }),
  'devices-call': () => talking(),
  'devices-camera-off': () => talking({ local: { ...on, camera: false } }),
  'devices-voice': () => talking({ call: callWith({ name: NAME, media: 'audio', startedAt: since() }), remote: { ...on, camera: false } }),
};

/** Every state that the panel draws, by its name in the screenshots. */
const STATES: Record<string, () => Partial<CallSnapshot>> = {
  idle: () => ({ state: 'idle', call: null }),
  'idle-peer': () => ({ state: 'idle', call: null }),
  'idle-offline': () => ({ state: 'idle', call: null, relayStatus: 'offline' }),
  calling: () => ({ state: 'calling', call: callWith({ name: NAME }), local: on, localStream: mine }),
  ringing: () => ({ state: 'ringing', alert: 'sound', call: callWith({ name: NAME }), local: on, localStream: mine }),
  'ringing-visual-voice': () => ({
    state: 'ringing',
    alert: 'visual',
    call: callWith({ name: NAME, media: 'audio' }),
    local: { ...on, camera: false },
  }),
  'incoming-video': () => ({ state: 'incoming', call: callWith({ name: NAME, direction: 'incoming' }) }),
  'incoming-preview': () => ({ state: 'incoming', call: callWith({ name: NAME, direction: 'incoming' }), localStream: mine }),
  'incoming-audio': () => ({ state: 'incoming', call: callWith({ name: 'Ιώ Παπαδοπούλου', media: 'audio', direction: 'incoming' }) }),
  connecting: () => ({ state: 'connecting', call: callWith({ name: NAME }), local: on, localStream: mine }),
  connected: () => ({
    state: 'connected',
    call: callWith({ name: NAME, startedAt: since() }),
    local: on,
    remote: on,
    localStream: mine,
    remoteStream: theirs,
  }),
  'paused-theirs': () => talking({ remote: { ...on, paused: true } }),
  'paused-yours': () => talking({ local: { ...on, paused: true } }),
  'paused-both': () => talking({ local: { ...on, paused: true }, remote: { ...on, paused: true } }),
  windowed: () => STATES.connected!(),
  'windowed-shared': () => SHARED['connected-shared']!(),
  'connected-camera-off': () => ({
    state: 'connected',
    call: callWith({ name: NAME, startedAt: since() }),
    local: { ...on, microphone: false },
    remote: { ...off },
    localStream: mine,
    remoteStream: theirs,
  }),
  'connected-voice': () => ({
    state: 'connected',
    call: callWith({ name: NAME, media: 'audio', startedAt: since() }),
    local: { ...on, camera: false },
    remote: { ...on, camera: false },
  }),
  'connected-voice-speaking': () => ({
    ...STATES['connected-voice']!(),
    localStream: voiceOf(220),
    remoteStream: voiceOf(150),
  }),
  ...withNotices({
    'notice-microphone-changed': [{ device: 'microphone', what: 'changed', name: 'MacBook Pro Microphone (Built-in)' }],
    'notice-microphone-gone': [{ device: 'microphone', what: 'gone' }],
    'notice-microphone-denied': [{ device: 'microphone', what: 'denied' }],
    'notice-microphone-muted': [{ device: 'microphone', what: 'muted' }],
    'notice-microphone-silent': [{ device: 'microphone', what: 'silent' }],
    'notice-camera-changed': [{ device: 'camera', what: 'changed', name: 'FaceTime HD Camera' }],
    'notice-camera-gone': [{ device: 'camera', what: 'gone' }],
    'notice-camera-denied': [{ device: 'camera', what: 'denied' }],
    'notice-camera-muted': [{ device: 'camera', what: 'muted' }],
    'notice-both-gone': [
      { device: 'microphone', what: 'gone' },
      { device: 'camera', what: 'gone' },
    ],
  }),
  ...DEVICES,
  ...SHARED,
  'notice-screen-denied': () => talking({ notices: [{ device: 'screen', what: 'denied' }] }),
  'notice-screen-failed': () => talking({ notices: [{ device: 'screen', what: 'failed' }] }),
  'notice-you-are-muted': () => talking({ local: { ...on, microphone: false } }),
  'notice-both-gone-and-no-picture': () => ({
    state: 'connected',
    call: callWith({ name: NAME, startedAt: since() }),
    local: off,
    remote: off,
    notices: [
      { device: 'microphone', what: 'gone' },
      { device: 'camera', what: 'gone' },
    ],
  }),
  'notice-voice': () => ({
    state: 'connected',
    call: callWith({ name: NAME, media: 'audio', startedAt: since() }),
    local: { ...on, camera: false },
    remote: { ...on, camera: false },
    notices: [{ device: 'microphone', what: 'silent' }],
  }),
  reconnecting: () => ({
    state: 'reconnecting',
    call: callWith({ name: NAME, startedAt: since() }),
    local: on,
    remote: on,
    localStream: mine,
    remoteStream: theirs,
  }),
  ended: () => ({ state: 'ended', reason: 'hung-up', call: callWith({ name: NAME, startedAt: since() }) }),
};

/** Those that take more than a snapshot. */
const SCENES = scenes(talking);
for (const [name, { snapshot }] of Object.entries(SCENES)) STATES[name] = () => snapshot;

const TALKED = [
  written({ id: 1, text: 'Hi Alice! Here is the page I meant: https://example.com/docs/getting-started.', at: since() }),
  written({ own: true, id: 1, text: 'Thanks, looking at it now 👀', at: since() + 20_000 }),
  written({ own: true, id: 2, text: 'Can you send me the report as well?', at: since() + 25_000 }),
  offered({ id: 2, name: 'Quarterly report 2024 (final, really final).pdf', size: 4_812_345, at: since() + 60_000 }),
  offered({ own: true, id: 3, name: 'notes.docx', size: 18_250_000, state: 'moving', bytes: 7_400_000, at: since() + 70_000 }),
  written({ own: true, id: 4, text: 'That one takes a moment', arrived: false, at: since() + 82_000 }),
];

function cat(): string {
  const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 320 });
  const paint = canvas.getContext('2d')!;
  const sky = paint.createLinearGradient(0, 0, 0, 320);
  sky.addColorStop(0, '#7fb2ff');
  sky.addColorStop(1, '#ffd9a0');
  paint.fillStyle = sky;
  paint.fillRect(0, 0, 480, 320);
  paint.fillStyle = '#3d5a3a';
  paint.fillRect(0, 230, 480, 90);
  return canvas.toDataURL();
}

/** What a chat shows in the states whose names begin with `chat`. */
const CHATS: Record<string, (session: FakeSession) => void> = {
  'chat-empty': () => {},
  chat: (session) => session.startChat().show({ entries: TALKED }),
  'chat-picture': (session) =>
    session.startChat().show({
      entries: [
        ...TALKED.slice(0, 2),
        offered({ id: 3, name: 'view.jpg', size: 812_000, state: 'done', bytes: 812_000, url: cat(), picture: true, at: since() + 30_000 }),
        offered({ id: 4, name: 'setup.exe', state: 'failed', at: since() + 40_000 }),
      ],
    }),
  'chat-toast': (session) =>
    session.startChat().hear(written({ text: 'Did you see the second page? I think the figures on it are wrong.' })),
  'chat-offline': (session) => session.startChat().show({ entries: TALKED.slice(0, 3), online: false }),
  'chat-ended': (session) => session.startChat().show({ entries: TALKED.slice(0, 4), over: true }),
};

const connected = STATES.connected!;
const voice = STATES['connected-voice']!;

/** What a person has done with the stage, by its name in the screenshots: which state it is, and what was pressed there. */
const DONE: Record<string, { state: () => Partial<CallSnapshot>; press: string; floating?: boolean }> = {
  'connected-swapped': { state: connected, press: 'swap-pictures-button' },
  'connected-tucked': { state: connected, press: 'hide-picture-button' },
  'connected-minimised': { state: connected, press: 'minimise-button', floating: true },
  'connected-shared-minimised': { state: SHARED['connected-shared']!, press: 'minimise-button', floating: true },
  'voice-sharing-minimised': { state: SHARED['voice-sharing']!, press: 'minimise-button', floating: true },
  'connected-voice-minimised': { state: voice, press: 'minimise-button', floating: true },
  'reconnecting-minimised': { state: STATES.reconnecting!, press: 'minimise-button', floating: true },
};
/** What is pressed only after nothing has moved for a while. */
const STILL = 'connected-still';
STATES[STILL] = connected;
for (const [name, { state }] of Object.entries(DONE)) STATES[name] = state;

/** Does to a panel what belongs to the state with this name. */
async function act(name: string, panel: VideoCallPanel): Promise<void> {
  const { press, floating } = DONE[name] ?? {};
  if (press && !(floating && panel.layout !== 'floating')) (await shownBy(panel, `[part~=${press}]`)).click();
  if (name === STILL) await shownBy(panel, '[data-still]');
}

/** Shows one state in one layout, on a page with two buttons. */
async function show(name: string, layout: VideoCallPanel['layout'], { narrow = false, column = false } = {}): Promise<void> {
  document
    .querySelectorAll('video-call-panel, video-call-button, video-call-roster, video-call-history, textarea')
    .forEach((element) => element.remove());
  await new Promise((resolve) => setTimeout(resolve));
  const panel = document.createElement('video-call-panel');
  panel.me = 'alice';
  panel.layout = layout;
  // It rings for real, since only what sounds can be silenced.
  panel.ringtone = name.startsWith('incoming') ? '' : 'none';
  panel.ringback = 'none';
  document.body.className = narrow ? 'slim' : column ? 'slim column' : '';
  if (name === 'idle-peer' || name in DEVICES) panel.peer = 'bob';
  permission = name === 'devices-ask' ? 'prompt' : name === 'devices-denied' ? 'denied' : 'granted';
  SCENES[name]?.before?.(panel);
  document.getElementById('here')!.append(panel);
  for (const [peer, label, media] of [
    ['bob', 'Call Bob', 'video'],
    ['carol', 'Talk to us', 'audio'],
    ['dave', '', 'video'],
  ] as const) {
    const button = Object.assign(document.createElement('video-call-button'), { peer, media, textContent: label });
    document.getElementById('buttons')!.append(button, ' ');
    await button.updateComplete;
  }
  let session: FakeSession | undefined;
  while (!(session = sessions.of('alice')) || !session.isWatched('dave')) await new Promise((resolve) => setTimeout(resolve, 10));
  session.setPresence('bob', 'online', NAME);
  session.setPresence('carol', 'busy');
  session.setPresence('dave', 'offline');
  session.show((STATES[name] ?? (name === 'chat-ended' ? STATES.ended! : STATES.connected!))());
  if (name === 'ended') session.tell({ type: 'ended', call: session.snapshot.call!, reason: 'hung-up', duration: 83 });
  CHATS[name]?.(session);
  await panel.updateComplete;
  if (CHATS[name] && name !== 'chat-toast' && name !== 'chat-ended')
    panel.shadowRoot!.querySelector<HTMLElement>('[part~="chat-button"]')!.click();
  await panel.updateComplete;
  await SCENES[name]?.after?.(panel, session);
  await act(name, panel);
  if (name === 'notice-you-are-muted') tell(panel, 'muted', ({ mutedHint }) => mutedHint);
  if (name in DEVICES) panel.shadowRoot!.querySelector<HTMLElement>('[part~="devices-button"]')?.click();
  if (name.startsWith('windowed')) panel.shadowRoot!.querySelector<HTMLElement>('[part~=pip-button]')!.click();
}

/** A frame in the page in the place of the window that a browser would open. */
function openFrame(): Window {
  const frame = document.createElement('iframe');
  frame.style.cssText = 'position: fixed; inset: 24px auto auto 24px; width: 360px; height: 480px; border: 0; box-shadow: 0 4px 24px #0008';
  document.body.append(frame);
  const opened = frame.contentWindow!;
  Object.defineProperty(opened, 'close', { value: () => frame.isConnected && frame.remove() });
  return opened;
}
Object.defineProperty(window, 'documentPictureInPicture', { value: { requestWindow: async () => openFrame() } });

/** The box around everything that the elements draw now, in the viewport: left, top, right and bottom. */
function drawn(): number[] {
  const hosts = [...document.querySelectorAll('video-call-panel, video-call-roster, video-call-history')];
  const cards = hosts.flatMap(({ shadowRoot }) => [...shadowRoot!.querySelectorAll('.base > *, .holder .base > *')]);
  const boxes = [...cards, ...document.querySelectorAll('iframe, textarea, video-call-roster, video-call-history')]
    .map((element) => element.getBoundingClientRect())
    .filter(({ width, height }) => width * height > 0);
  if (boxes.length === 0) return [0, 0, innerWidth, innerHeight];
  const least = (side: 'left' | 'top') => Math.min(...boxes.map((box) => box[side]));
  const most = (side: 'right' | 'bottom') => Math.max(...boxes.map((box) => box[side]));
  return [least('left'), least('top'), most('right'), most('bottom')];
}

Object.assign(window, { show, freeze, drawn, states: [...Object.keys(STATES), ...Object.keys(CHATS)] });
