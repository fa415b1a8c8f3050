import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { keepDevices } from '../../../components/panel/device-choices.js';
import { fillOf } from '../../../components/panel/devices/meter.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { portrait, tone } from '../../support/media.js';
import type { FakeSession } from '../../support/fake-session.js';
import { controls, freshPage, part, press, sessionOf, textOf } from '../../support/panel-page.js';
import { useOwnStorage } from '../../support/own-storage.js';
import { waitUntil } from '../../support/wait.js';

useOwnStorage();

const DESK = Object.entries({
  audioinput: ['Desk microphone', 'Headset'],
  videoinput: ['Webcam', 'Camera on the roof'],
  audiooutput: ['Loudspeakers', 'Headset'],
}).flatMap(([kind, labels]) => labels.map((label) => ({ kind, label, deviceId: `${kind} ${label}`, groupId: '' }) as MediaDeviceInfo));

/** What the page has asked for, and what it has been given. */
let asked: string[] = [];
let given: MediaStreamTrack[] = [];
let permissions: Record<string, PermissionState> = {};
let refuse = '';
const undo: (() => void)[] = [];

function replace(object: object, name: string, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true });
  undo.push(() => (own ? Object.defineProperty(object, name, own) : delete (object as Record<string, unknown>)[name]));
}

async function open(constraints: MediaStreamConstraints): Promise<MediaStream> {
  const stream = new MediaStream();
  const words: string[] = [];
  for (const kind of ['audio', 'video'] as const) {
    const wanted = constraints[kind];
    if (!wanted) continue;
    const { exact } = ((wanted as MediaTrackConstraints).deviceId ?? {}) as { exact?: string };
    words.push(exact ?? kind);
    const track = kind === 'audio' ? tone(0.2) : portrait(200).getTracks()[0]!;
    track.getSettings = () => ({ deviceId: exact ?? DESK.find((device) => device.kind === `${kind}input`)!.deviceId });
    stream.addTrack(track);
  }
  asked.push(words.join('+'));
  if (refuse) throw new DOMException('The test wants it so.', refuse);
  given.push(...stream.getTracks());
  permissions = { microphone: 'granted', camera: 'granted' };
  return stream;
}

const isOpen = (panel: Element): boolean => !!part(panel, 'devices');
const select = (panel: Element, kind: string): HTMLSelectElement => panel.shadowRoot!.querySelector(`select[data-kind=${kind}]`)!;
const kinds = (panel: Element): (string | undefined)[] =>
  [...panel.shadowRoot!.querySelectorAll('select')].map(({ dataset }) => dataset.kind);
const labels = (panel: Element, kind: string): string[] => [...select(panel, kind).options].map(({ text }) => text);
function choose(panel: Element, kind: string, label: string): void {
  const box = select(panel, kind);
  box.value = [...box.options].find(({ text }) => text === label)!.value;
  box.dispatchEvent(new Event('change', { bubbles: true }));
}
const key = (panel: Element, name: string): void =>
  void part(panel, 'devices')!.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true }));

/** Everybody can use what is shown, once it has come to rest. */
async function isAccessible(panel: Element): Promise<void> {
  for (const animation of panel.shadowRoot!.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
  await expect(panel).to.be.accessible();
}

describe('The view of the devices', () => {
  beforeEach(() => {
    [asked, given, permissions, refuse] = [[], [], { microphone: 'granted', camera: 'granted' }, ''];
    const list = () => DESK.map((device) => (permissions.microphone === 'granted' ? device : { ...device, label: '' }));
    replace(navigator.mediaDevices, 'enumerateDevices', async () => list());
    replace(navigator.mediaDevices, 'getUserMedia', open);
    replace(navigator.permissions, 'query', async ({ name }: { name: string }) => ({ state: permissions[name] }));
  });
  afterEach(() => {
    for (const back of undo.splice(0).reverse()) back();
    keepDevices({ microphone: null, camera: null, speaker: null });
  });

  /** A panel whose view of the devices is open, in the call that is shown. */
  async function opened(show?: (session: FakeSession) => void): Promise<{ panel: VideoCallPanel; session: FakeSession }> {
    const sessions = await freshPage();
    const panel = await fixture<VideoCallPanel>(
      html`<video-call-panel me="alice" peer="bob" layout="inline" ringtone="none" ringback="none"></video-call-panel>`,
    );
    const session = await sessionOf(sessions, 'alice');
    show?.(session);
    await panel.updateComplete;
    press(panel, 'Devices');
    await waitUntil(() => isOpen(panel), 'the view opens');
    return { panel, session };
  }
  const talking = (session: FakeSession, media: 'audio' | 'video' = 'video'): MediaStream => {
    const localStream = new MediaStream([tone(0.2), ...(media === 'video' ? portrait(20).getTracks() : [])]);
    session.connect({ media }, { localStream });
    return localStream;
  };
  const live = (): number => given.filter(({ readyState }) => readyState === 'live').length;

  it('shows the devices that may be used, and lets all of them go when it is closed', async () => {
    const { panel } = await opened();
    await waitUntil(() => live() === 2 && kinds(panel).length === 3, 'both are open');
    expect(kinds(panel)).to.deep.equal(['camera', 'microphone', 'speaker']);
    expect(labels(panel, 'microphone')).to.deep.equal(['Desk microphone', 'Headset']);
    expect((part(panel, 'devices')!.querySelector('video')!.srcObject as MediaStream).getVideoTracks()[0]).to.equal(
      given.find(({ kind }) => kind === 'video'),
    );
    expect(panel.shadowRoot!.activeElement).to.equal(part(panel, 'devices'));
    await isAccessible(panel);
    press(panel, 'Close');
    await panel.updateComplete;
    expect([isOpen(panel), live(), panel.shadowRoot!.activeElement?.textContent?.trim()]).to.deep.equal([false, 0, 'Devices']);
    expect(controls(panel)).to.deep.equal(['Call', 'Devices', 'Check my camera, microphone and connection']);
  });

  it('is closed by Escape, which the page then does not see', async () => {
    const { panel } = await opened();
    let seen = false;
    const see = (): void => void (seen = true);
    document.addEventListener('keydown', see);
    key(panel, 'a');
    expect([isOpen(panel), seen]).to.deep.equal([true, true]);
    seen = false;
    key(panel, 'Escape');
    document.removeEventListener('keydown', see);
    await panel.updateComplete;
    expect([isOpen(panel), seen]).to.deep.equal([false, false]);
  });

  it('asks for permission at a press alone, with a sentence, and opens both then', async () => {
    permissions = { microphone: 'prompt', camera: 'prompt' };
    const { panel } = await opened();
    await waitUntil(() => textOf(panel).includes('allow this page to use your microphone'), 'the sentence is there');
    expect([asked, kinds(panel)]).to.deep.equal([[], []]);
    await isAccessible(panel);
    press(panel, 'Allow microphone and camera');
    await waitUntil(() => kinds(panel).length === 3, 'they are named');
    expect([asked, live()]).to.deep.equal([['audio+video'], 2]);
  });

  it('says what to do where permission is refused, now or before', async () => {
    permissions = { microphone: 'prompt', camera: 'prompt' };
    refuse = 'NotAllowedError';
    const { panel } = await opened();
    await waitUntil(() => controls(panel).includes('Allow microphone and camera'), 'it asks');
    press(panel, 'Allow microphone and camera');
    await waitUntil(() => textOf(panel).includes('click the icon beside the address'), 'the advice is there');
    permissions = { microphone: 'denied', camera: 'denied' };
    const again = await opened();
    await waitUntil(() => textOf(again.panel).includes('click the icon beside the address'), 'the advice is there');
    expect(asked).to.have.length(1);
    await isAccessible(again.panel);
  });

  it('opens and remembers what is chosen, for the session to use in the next call', async () => {
    const { panel, session } = await opened();
    await waitUntil(() => live() === 2, 'both are open');
    choose(panel, 'microphone', 'Headset');
    await waitUntil(() => asked.includes('audioinput Headset'), 'it is opened');
    await waitUntil(() => live() === 2, 'the other one is let go');
    const media = session.asked('configureMedia').at(-1)![0] as { microphone?: { label: string } };
    expect([media.microphone?.label, session.asked('chooseDevices')]).to.deep.equal(['Headset', []]);
    key(panel, 'Escape');
    await panel.updateComplete;
    press(panel, 'Devices');
    await waitUntil(() => select(panel, 'microphone')?.value === 'audioinput Headset', 'it is taken again');
    expect(asked.slice(-2)).to.have.members(['audioinput Headset', 'video']);
  });

  it('lets everything go when somebody calls, and when the panel leaves the page', async () => {
    const { panel, session } = await opened();
    await waitUntil(() => live() === 2, 'both are open');
    session.bringIn();
    await waitUntil(() => live() === 0 && !isOpen(panel), 'all is let go');
    const other = await opened();
    await waitUntil(() => live() === 2, 'both are open');
    other.panel.remove();
    await waitUntil(() => live() === 0, 'all is let go');
  });

  it('lets a device go that comes when it is closed already', async () => {
    let allow!: () => void;
    const allowed = new Promise<void>((resolve) => (allow = resolve));
    replace(navigator.mediaDevices, 'getUserMedia', async (constraints: MediaStreamConstraints) => {
      await allowed;
      return open(constraints);
    });
    const { panel } = await opened();
    key(panel, 'Escape');
    await panel.updateComplete;
    allow();
    await waitUntil(() => given.length === 2 && live() === 0, 'they are let go');
  });

  it('shows in a call what the call uses, opens nothing by itself, and asks the session for another', async () => {
    let local!: MediaStream;
    const { panel, session } = await opened((shown) => (local = talking(shown)));
    await waitUntil(() => kinds(panel).length === 3, 'all are named');
    expect((part(panel, 'devices')!.querySelector('video')!.srcObject as MediaStream).getVideoTracks()).to.deep.equal(
      local.getVideoTracks(),
    );
    choose(panel, 'camera', 'Camera on the roof');
    expect(session.asked('chooseDevices').map(([choice]) => (choice as { camera: MediaDeviceInfo }).camera.label)).to.deep.equal([
      'Camera on the roof',
    ]);
    session.show({});
    await panel.updateComplete;
    expect(select(panel, 'camera').value, 'until it has come true').to.equal('videoinput Camera on the roof');
    expect(asked).to.deep.equal([]);
    await isAccessible(panel);
    key(panel, 'Escape');
    await panel.updateComplete;
    expect(local.getTracks().map(({ readyState }) => readyState)).to.deep.equal(['live', 'live']);
    expect(panel.shadowRoot!.querySelector('[inert]')).to.equal(null);
  });

  it('leaves microphone, shared screen and hanging up within reach in a call, and shows none of them before', async () => {
    const before = await opened();
    const inView = (panel: Element) =>
      [...part(panel, 'devices')!.querySelectorAll('header button')].map((each) => each.textContent!.trim());
    expect(inView(before.panel)).to.deep.equal(['Close']);
    const { panel, session } = await opened((shown) => {
      talking(shown);
      shown.show({ local: { ...shown.snapshot.local, screen: true } });
    });
    const tap = (name: string) =>
      [...part(panel, 'devices')!.querySelectorAll<HTMLElement>('header button')]
        .find((each) => each.textContent!.trim() === name)!
        .click();
    expect(inView(panel)).to.deep.equal(['Stop sharing', 'Mute microphone', 'Hang up', 'Close']);
    tap('Mute microphone');
    tap('Stop sharing');
    expect([session.asked('setMicrophone'), session.asked('shareScreen')]).to.deep.equal([[[false]], [[false]]]);
    session.show({ local: { ...session.snapshot.local, screen: false } });
    await waitUntil(() => inView(panel).join() === 'Unmute microphone,Hang up,Close', 'it shows what is so now');
    panel.style.blockSize = '320px';
    const cover = panel.shadowRoot!.querySelector('.cover')!;
    const top = (element: Element) => Math.round(element.getBoundingClientRect().top);
    const stays = () => {
      cover.scrollTop = cover.scrollHeight;
      return cover.scrollTop > 0 && top(cover.querySelector('header')!) === top(cover);
    };
    await waitUntil(stays, 'they scroll away with the rest');
    // Out of reach, they are hit by nothing: what is seen of them is told by their order alone.
    const order = (element: Element) => Number(getComputedStyle(element).zIndex) || 0;
    const controls = part(panel, 'footer')!;
    await waitUntil(() => order(controls) > 0, 'the moving parts are there');
    expect(order(cover), 'the controls are below the view').to.be.above(order(controls));
    tap('Hang up');
    await waitUntil(() => session.snapshot.state === 'ended' && !isOpen(panel), 'the call is over');
  });

  it('has no camera in a voice call, and says in a video call that it is off', async () => {
    const voice = await opened((session) => void talking(session, 'audio'));
    await waitUntil(() => kinds(voice.panel).length > 0, 'they are named');
    expect(kinds(voice.panel)).to.deep.equal(['microphone', 'speaker']);
    const { panel } = await opened((session) => {
      talking(session);
      session.setCamera(false);
    });
    await waitUntil(() => textOf(panel).includes('Camera is off'), 'it says so');
    expect(part(panel, 'devices')!.querySelector('video')!.srcObject).to.equal(null);
  });

  it('leaves the card of the end of a call as it is', async () => {
    const { panel, session } = await opened((session) => void talking(session));
    await waitUntil(() => kinds(panel).length > 0, 'it is open');
    session.end('hung-up', 5);
    await waitUntil(() => controls(panel).includes('Call again'), 'the call is over');
    expect(getComputedStyle(part(panel, 'dialog')!).position).to.equal('relative');
  });

  it('measures the microphone also while it is muted, and leaves it muted', async () => {
    let local!: MediaStream;
    const { panel } = await opened((session) => {
      local = talking(session);
      local.getAudioTracks()[0]!.enabled = false;
      session.setMicrophone(false);
    });
    await waitUntil(() => Number(part(panel, 'devices')!.querySelector('[role=meter]')?.ariaValueNow) > 50, 'the level is shown');
    expect(local.getAudioTracks()[0]!.enabled).to.equal(false);
  });

  it('lists a device that is plugged in while it is open', async () => {
    const { panel } = await opened();
    await waitUntil(() => kinds(panel).length === 3, 'all are named');
    DESK.push({ kind: 'audiooutput', label: 'Kitchen', deviceId: 'k', groupId: '' } as MediaDeviceInfo);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await waitUntil(() => labels(panel, 'speaker').includes('Kitchen'), 'it is listed');
    DESK.pop();
  });

  it('plays a test sound through the loudspeaker that is chosen', async () => {
    const sinks: string[] = [];
    replace(HTMLMediaElement.prototype, 'setSinkId', async (id: string) => void sinks.push(id));
    const played: HTMLMediaElement[] = [];
    replace(HTMLMediaElement.prototype, 'play', async function (this: HTMLMediaElement) {
      if (this instanceof HTMLAudioElement) played.push(this);
    });
    const { panel } = await opened();
    await waitUntil(() => kinds(panel).length === 3, 'all are named');
    choose(panel, 'speaker', 'Headset');
    press(panel, 'Play test sound');
    await waitUntil(() => played.length === 1, 'it plays');
    expect(sinks).to.deep.equal(['audiooutput Headset']);
    key(panel, 'Escape');
    await panel.updateComplete;
    expect(played[0]!.srcObject, 'and stops with the view').to.equal(null);
  });

  it('is there for its control alone: none where the page leaves it out, and the page’s picture stays its own', async () => {
    const { panel } = await opened();
    panel.controlslist = 'nodevices';
    await panel.updateComplete;
    expect([isOpen(panel), controls(panel)]).to.deep.equal([false, ['Call', 'Check my camera, microphone and connection']]);
    panel.controlslist = '';
    panel.virtualCamera = true;
    await panel.updateComplete;
    press(panel, 'Devices');
    await waitUntil(() => textOf(panel).includes('animated picture'), 'it says so');
    expect(kinds(panel)).to.not.include('camera');
  });

  it('fills its meter as people hear, from a whisper to a shout', () => {
    expect([0, 0.001, 0.26, 1].map(fillOf)).to.deep.equal([0, 0, 1, 1]);
    expect(fillOf(0.03)).to.be.within(0.5, 0.7);
  });

  it('does nothing more once it is closed', async () => {
    const { panel } = await opened();
    await waitUntil(() => live() === 2, 'both are open');
    key(panel, 'Escape');
    await panel.updateComplete;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await aTimeout(0);
    expect(isOpen(panel)).to.equal(false);
  });
});
