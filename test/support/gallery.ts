/** Shows every state of the elements, driven by a fake session: `show('connected', 'inline')`. */
import type { DeviceNotice } from '../../components/call/errors.js';
import type { CallSnapshot } from '../../components/call/session.js';
import { define } from '../../components/register.js';
import { VideoCallButton } from '../../components/video-call-button.js';
import { VideoCallPanel } from '../../components/video-call-panel.js';
import { callWith, useFakeSessions } from './fake-session.js';
import type { FakeSession } from './fake-session.js';

const sessions = useFakeSessions();
define('video-call-button', VideoCallButton);
define('video-call-panel', VideoCallPanel);

const painters: ReturnType<typeof setInterval>[] = [];
/** Lets the people in the pictures stand still, so that nothing works but the elements. */
const freeze = () => painters.forEach(clearInterval);

/** A moving picture of a person: shoulders, a head, a room. */
export function portrait(hue: number, width = 640, height = 480): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const paint = canvas.getContext('2d')!;
  let at = 0;
  const draw = () => {
    const room = paint.createLinearGradient(0, 0, width, height);
    room.addColorStop(0, `hsl(${hue} 40% 78%)`);
    room.addColorStop(1, `hsl(${hue + 40} 35% 42%)`);
    paint.fillStyle = room;
    paint.fillRect(0, 0, width, height);
    paint.fillStyle = `hsl(${hue + 20} 30% 88%)`;
    paint.fillRect(width * 0.06, height * 0.1, width * 0.2, height * 0.5);
    const sway = Math.sin(at++ / 12) * 4;
    paint.fillStyle = `hsl(${hue + 160} 35% 30%)`;
    paint.beginPath();
    paint.ellipse(width / 2, height * 1.05, width * 0.26, height * 0.42, 0, 0, 7);
    paint.fill();
    paint.fillStyle = '#e0ac86';
    paint.beginPath();
    paint.ellipse(width / 2 + sway, height * 0.42, width * 0.1, height * 0.19, 0, 0, 7);
    paint.fill();
    paint.fillStyle = '#3b2a20';
    paint.beginPath();
    paint.ellipse(width / 2 + sway, height * 0.31, width * 0.105, height * 0.11, 0, 0, 7);
    paint.fill();
  };
  draw();
  painters.push(setInterval(draw, 66));
  return canvas.captureStream(15);
}

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
  'ended-missed': () => ({ state: 'ended', reason: 'cancelled', call: callWith({ name: NAME, direction: 'incoming' }) }),
};

const connected = STATES.connected!;
const voice = STATES['connected-voice']!;

/** What a person has done with the stage, by its name in the screenshots: which state it is, and what was pressed there. */
const DONE: Record<string, { state: () => Partial<CallSnapshot>; press: string; floating?: boolean }> = {
  'connected-swapped': { state: connected, press: 'swap-pictures-button' },
  'connected-tucked': { state: connected, press: 'hide-picture-button' },
  'connected-minimised': { state: connected, press: 'minimise-button', floating: true },
  'connected-voice-minimised': { state: voice, press: 'minimise-button', floating: true },
  'reconnecting-minimised': { state: STATES.reconnecting!, press: 'minimise-button', floating: true },
};
/** What is pressed only after nothing has moved for a while. */
const STILL = 'connected-still';
STATES[STILL] = connected;
for (const [name, { state }] of Object.entries(DONE)) STATES[name] = state;

const shownBy = async (panel: VideoCallPanel, selector: string): Promise<HTMLElement> => {
  for (;;) {
    const found = panel.shadowRoot!.querySelector<HTMLElement>(selector);
    if (found) return found;
    await new Promise(requestAnimationFrame);
  }
};

/** Does to a panel what belongs to the state with this name. */
async function act(name: string, panel: VideoCallPanel): Promise<void> {
  const { press, floating } = DONE[name] ?? {};
  if (press && !(floating && panel.layout !== 'floating')) (await shownBy(panel, `[part~=${press}]`)).click();
  if (name === STILL) await shownBy(panel, '[data-still]');
}

/** Shows one state in one layout, on a page with two buttons. */
async function show(name: string, layout: string, { narrow = false } = {}): Promise<void> {
  document.querySelectorAll('video-call-panel, video-call-button').forEach((element) => element.remove());
  await new Promise((resolve) => setTimeout(resolve));
  const panel = document.createElement('video-call-panel');
  panel.me = 'alice';
  panel.layout = layout;
  panel.ringtone = panel.ringback = 'none';
  document.body.classList.toggle('slim', narrow);
  if (name === 'idle-peer') panel.peer = 'bob';
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
  session.show(STATES[name]!());
  if (name === 'ended') session.tell({ type: 'ended', call: session.snapshot.call!, reason: 'hung-up', duration: 83 });
  await panel.updateComplete;
  await act(name, panel);
}

Object.assign(window, { show, freeze, states: Object.keys(STATES) });
