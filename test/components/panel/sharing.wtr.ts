import { expect, fixture, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSession } from '../../support/fake-session.js';
import { desktop, portrait, tone } from '../../support/media.js';
import { controls, freshPage, part, press, sessionOf, textOf } from '../../support/panel-page.js';
import { standIn } from '../../support/stand-ins.js';
import { waitUntil } from '../../support/wait.js';

const ON = { microphone: true, camera: true, screen: false };
const SHARES = { ...ON, screen: true };
const VOICE = { ...ON, camera: false };
const STOPS = ['Stop sharing', 'Stop sharing'];

async function panelOf(markup = html`<video-call-panel me="alice" layout="inline"></video-call-panel>`) {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(markup);
  // A page that is not in front draws no frames, and nothing in it would ever arrive at its place.
  const still = new CSSStyleSheet();
  still.replaceSync('* { transition: none !important; animation: none !important }');
  panel.shadowRoot!.adoptedStyleSheets.push(still);
  return { panel, session: await sessionOf(sessions, 'alice') };
}

/** A screen that sounds. */
function soundingScreen(): MediaStream {
  const stream = desktop(320, 200);
  stream.addTrack(tone(0));
  return stream;
}

const stageOf = (panel: VideoCallPanel) => panel.shadowRoot!.querySelector<HTMLElement>('.stage')!;
const sounds = (panel: VideoCallPanel) => [...panel.shadowRoot!.querySelectorAll('audio')];
const said = (panel: VideoCallPanel) => panel.shadowRoot!.querySelector('[role=status]')!.textContent;
const opacity = (element: Element) => Number(getComputedStyle(element).opacity);
/** Waits for what is loaded with the first screen. */
const dressed = (panel: VideoCallPanel) =>
  waitUntil(() =>
    panel.shadowRoot!.adoptedStyleSheets.some((sheet) => [...sheet.cssRules].some(({ cssText }) => cssText.includes('--opposite'))),
  );

describe('A screen of one’s own', () => {
  it('is shared and shared no more by one control, and asked for within the click', async () => {
    const { panel, session } = await panelOf();
    session.connect();
    await panel.updateComplete;
    press(panel, 'Share screen');
    // Not in the next turn: the browser would no longer see the gesture.
    expect(session.asked('shareScreen')).to.deep.equal([[true]]);
    session.show({ local: SHARES, localScreen: desktop(320, 200) });
    await panel.updateComplete;
    expect(controls(panel).filter((name) => name === 'Stop sharing')).to.deep.equal(STOPS);
    expect(textOf(panel)).to.include('You are sharing your screen');
    expect(said(panel)).to.equal('Call with Bob. You are sharing your screen');
    expect(panel.hasAttribute('sharing')).to.equal(true);
    expect(part(panel, 'remote-screen')).to.equal(null);
    part(panel, 'screen-button')!.click();
    part(panel, 'stop-sharing-button')!.click();
    expect(session.asked('shareScreen').slice(1)).to.deep.equal([[false], [false]]);
  });

  it('cannot be shared where the page or the device does not want it', async () => {
    const { panel, session } = await panelOf(
      html`<video-call-panel me="alice" layout="inline" controlslist="noscreen"></video-call-panel>`,
    );
    session.connect();
    await panel.updateComplete;
    expect(controls(panel)).not.to.include('Share screen');
    // The page may share it by its own control, and stopping it must be possible here.
    session.show({ local: SHARES });
    await panel.updateComplete;
    expect(controls(panel).filter((name) => name === 'Stop sharing')).to.have.length(1);
    session.end('hung-up');
    const undo = standIn(navigator, 'mediaDevices', new EventTarget());
    try {
      const phone = await panelOf();
      phone.session.connect();
      await phone.panel.updateComplete;
      expect(controls(phone.panel)).to.include('Turn camera off').and.not.to.include('Share screen');
      expect(await phone.panel.shareScreen(true)).to.equal(false);
      expect(phone.session.asked('shareScreen')).to.deep.equal([]);
    } finally {
      undo();
    }
  });

  it('that cannot be shared is told of in the panel, and aloud', async () => {
    const { panel, session } = await panelOf();
    session.connect();
    await panel.updateComplete;
    for (const [what, sentence] of [
      ['denied', 'This page may not share your screen. Look beside the address and in the privacy settings of your system.'],
      ['failed', 'Your screen could not be shared. Try again, or choose another window.'],
    ] as const) {
      session.show({ notices: [{ device: 'screen', what }] });
      await panel.updateComplete;
      expect(part(panel, 'notices')!.textContent).to.equal(sentence);
      expect(said(panel)).to.equal(`Call with Bob. ${sentence}`);
    }
  });

  it('can be shared no more from the pill', async () => {
    const { panel, session } = await panelOf(html`<video-call-panel me="alice"></video-call-panel>`);
    session.connect({}, { local: SHARES });
    await waitUntil(() => part(panel, 'minimise-button'));
    part(panel, 'minimise-button')!.click();
    await panel.updateComplete;
    expect(controls(panel)).to.include.members(['Stop sharing', 'Hang up']).and.not.to.include('Turn camera off');
  });
});

it('Screens that both share are seen whole on a full screen, with both faces beside it and the way to stop', async () => {
  const { panel, session } = await panelOf(html`<video-call-panel me="alice" layout="fullscreen"></video-call-panel>`);
  const streams = {
    localStream: portrait(28),
    remoteStream: portrait(205),
    localScreen: desktop(320, 200),
    remoteScreen: desktop(320, 200),
  };
  session.connect({}, { local: SHARES, remote: SHARES, ...streams });
  await panel.updateComplete;
  await dressed(panel);
  const box = (name: string) => part(panel, name)!.getBoundingClientRect();
  await waitUntil(() => box('remote-video').width < innerWidth / 3);
  const [screen, theirs, mine, stop] = ['remote-screen', 'remote-video', 'local-video', 'stop-sharing-button'].map(box);
  expect([screen!.x, screen!.y, screen!.width, screen!.height]).to.deep.equal([0, 0, innerWidth, innerHeight]);
  expect(getComputedStyle(part(panel, 'remote-screen')!).objectFit).to.equal('contain');
  expect(theirs!.right).to.be.lessThan(mine!.left);
  expect(stop!.bottom).to.be.lessThan(Math.min(theirs!.top, mine!.top));
});

describe('A screen of the other side', () => {
  let panel: VideoCallPanel;
  let session: FakeSession;
  const remoteScreen = () => part<HTMLVideoElement>(panel, 'remote-screen');

  beforeEach(async () => ({ panel, session } = await panelOf()));

  it('is large and whole, with its sound, and the faces are small at its sides', async () => {
    const [theirs, screen] = [portrait(205), soundingScreen()];
    session.connect({}, { localStream: portrait(28), remoteStream: theirs });
    await panel.updateComplete;
    const [voice, noise] = sounds(panel);
    const remote = part<HTMLVideoElement>(panel, 'remote-video')!;
    await waitUntil(() => !remote.paused);
    let disturbed = 0;
    for (const player of [remote, voice!]) for (const type of ['pause', 'emptied']) player.addEventListener(type, () => disturbed++);
    session.show({ remote: SHARES, remoteScreen: screen });
    await panel.updateComplete;
    await dressed(panel);
    expect((remoteScreen()!.srcObject as MediaStream).getTracks()).to.deep.equal(screen.getVideoTracks());
    expect(remoteScreen()!.muted).to.equal(true);
    expect([noise!.srcObject, noise!.muted]).to.deep.equal([screen, false]);
    await waitUntil(() => !remoteScreen()!.paused && !noise!.paused);
    expect(getComputedStyle(remoteScreen()!).objectFit).to.equal('contain');
    expect(getComputedStyle(remote).objectFit).to.equal('cover');
    const stage = stageOf(panel);
    const middle = (element: Element) => {
      const { left, width } = element.getBoundingClientRect();
      return left + width / 2;
    };
    await waitUntil(() => remote.offsetWidth < stage.offsetWidth / 2 && middle(remote) < middle(stage), 'their face is at the left');
    expect(middle(part(panel, 'local-video')!)).to.be.above(middle(stage));
    expect(remoteScreen()!.offsetWidth).to.equal(stage.offsetWidth);
    expect(textOf(panel)).to.include('Bob is sharing a screen');
    expect(said(panel)).to.equal('Call with Bob. Bob is sharing a screen');
    session.show({ remote: ON, remoteScreen: null });
    await panel.updateComplete;
    expect([remoteScreen(), noise!.srcObject]).to.deep.equal([null, null]);
    await waitUntil(() => remote.offsetWidth === stage.offsetWidth, 'their face is large again');
    expect(disturbed).to.equal(0);
  });

  it('is seen without a face, and in a voice call, which is one again afterwards', async () => {
    session.connect({ media: 'audio' }, { local: VOICE, remote: VOICE });
    await panel.updateComplete;
    expect(stageOf(panel).classList.contains('audio')).to.equal(true);
    session.show({ remote: { ...VOICE, screen: true }, remoteScreen: desktop(320, 200) });
    await panel.updateComplete;
    await waitUntil(() => opacity(remoteScreen()!) === 1);
    expect(opacity(part(panel, 'remote-video')!)).to.equal(0);
    expect(controls(panel)).to.include('Full screen');
    expect(textOf(panel)).not.to.include('Camera is off');
    session.show({ remote: VOICE, remoteScreen: null });
    await panel.updateComplete;
    expect(stageOf(panel).classList.contains('audio')).to.equal(true);
  });

  it('is beside the other side’s letters while its camera is off, and both is said', async () => {
    const tile = () => panel.shadowRoot!.querySelector<HTMLElement>('.unseen');
    session.connect({}, { remoteStream: portrait(205), remote: SHARES, remoteScreen: desktop(320, 200) });
    await panel.updateComplete;
    await dressed(panel);
    const remote = part(panel, 'remote-video')!;
    await waitUntil(() => opacity(remote) === 1);
    const place = () => [remote, tile()!].map((each) => JSON.stringify(each.getBoundingClientRect()));
    expect(tile()).to.equal(null);
    session.show({ remote: { ...SHARES, camera: false } });
    await panel.updateComplete;
    expect(tile()!.innerText.trim()).to.equal('B');
    expect(tile()!.checkVisibility()).to.equal(true);
    await waitUntil(() => new Set(place()).size === 1, 'where the face was');
    expect(textOf(panel)).to.include('Bob is sharing a screen').and.include('Camera is off');
    expect(said(panel)).to.equal('Call with Bob. Bob is sharing a screen. Bob: Camera is off');
    session.show({ remote: SHARES });
    await panel.updateComplete;
    expect(tile()).to.equal(null);
    expect(textOf(panel)).not.to.include('Camera is off');
  });

  it('goes with the call into a window of its own, where its sound goes on in the page', async () => {
    const frame = Object.assign(document.createElement('iframe'), { width: 360, height: 480 });
    document.body.append(frame);
    const opened = frame.contentWindow!;
    const undo = standIn(window, 'documentPictureInPicture', { requestWindow: async () => opened });
    try {
      session.connect({}, { remoteStream: portrait(205), remote: SHARES, remoteScreen: soundingScreen() });
      await panel.updateComplete;
      const [noise] = sounds(panel).slice(1);
      const video = remoteScreen()!;
      let paused = 0;
      await waitUntil(() => !noise!.paused && !video.paused);
      noise!.addEventListener('pause', () => paused++);
      press(panel, 'Picture in picture');
      await waitUntil(() => video.ownerDocument === opened.document && !video.paused);
      expect(noise!.ownerDocument).to.equal(document);
      press(panel, 'Show call here');
      await waitUntil(() => remoteScreen() === video && !video.paused);
      expect(noise!.parentElement).to.equal(video.parentElement);
      expect(paused).to.equal(0);
    } finally {
      session.end('hung-up');
      await panel.updateComplete;
      undo();
      frame.remove();
    }
  });
});

describe('A camera in a voice call', () => {
  it('is turned on by either side for itself, and says nothing while it is off', async () => {
    const { panel, session } = await panelOf();
    session.connect({ media: 'audio' });
    await panel.updateComplete;
    expect(textOf(panel)).not.to.include('Camera is off');
    expect(panel.hasAttribute('camera-off')).to.equal(false);
    press(panel, 'Turn camera on');
    expect(session.asked('setCamera')).to.deep.equal([[true]]);
    session.show({ localStream: portrait(28) });
    await panel.updateComplete;
    await waitUntil(() => opacity(part(panel, 'local-video')!) === 1);
    expect(controls(panel)).to.include('Turn camera off');
    expect(opacity(part(panel, 'remote-video')!)).to.equal(0);
    session.show({ remote: ON, remoteStream: portrait(205) });
    await waitUntil(() => opacity(part(panel, 'remote-video')!) === 1);
    session.show({ remote: VOICE });
    await waitUntil(() => opacity(part(panel, 'remote-video')!) === 0);
    expect(textOf(panel)).not.to.include('Camera is off');
  });
});
