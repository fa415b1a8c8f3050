import { expect, fixture, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { portrait } from '../../support/media.js';
import type { FakeSession, FakeSessions } from '../../support/fake-session.js';
import { freshPage, part, press, sessionOf } from '../../support/panel-page.js';
import { standIn, turnTab } from '../../support/stand-ins.js';
import { waitUntil } from '../../support/wait.js';

let sessions: FakeSessions;
let panel: VideoCallPanel;
let session: FakeSession;
let restore: () => void;
/** A document of its own in the place of the browser's window, which wants a real gesture. */
let opened: Window & typeof globalThis;
let closes = 0;
let handler: (() => void) | null = null;

beforeEach(async () => {
  closes = 0;
  const frame = Object.assign(document.createElement('iframe'), { width: 360, height: 480 });
  document.body.append(frame);
  opened = frame.contentWindow as typeof opened;
  const close = () => {
    // Which tells the document that it goes.
    if (!closes++) frame.remove();
  };
  Object.defineProperty(opened, 'close', { value: close });
  const undo = [
    standIn(window, 'documentPictureInPicture', { requestWindow: async () => opened }),
    standIn(navigator.mediaSession, 'setActionHandler', (action: string, act: (() => void) | null) => {
      if (action === 'enterpictureinpicture') handler = act;
    }),
  ];
  restore = () => (undo.forEach((act) => act()), frame.remove());
  sessions = await freshPage();
  panel = await fixture<VideoCallPanel>(
    html`<video-call-panel me="alice" layout="inline" lang="en" style="--video-call-hangup: rgb(1, 2, 3)">
      <button slot="controls-end"><svg width="8" height="8"></svg> Record</button>
    </video-call-panel>`,
  );
  session = await sessionOf(sessions, 'alice');
});
afterEach(async () => {
  session.end('hung-up');
  await panel.updateComplete;
  closes++;
  restore();
});

const root = () => opened.document.querySelector('div')?.shadowRoot ?? null;
const inWindow = <E extends HTMLElement>(name: string) => root()?.querySelector<E>(`[part~="${name}"]`) ?? null;

/** Bob is seen, in a window of his own. */
async function lifted(): Promise<void> {
  session.connect({}, { remoteStream: portrait(205) });
  await panel.updateComplete;
  press(panel, 'Picture in picture');
  await waitUntil(() => inWindow('hangup-button'));
  await panel.updateComplete;
}

describe('A call in a window of its own', () => {
  it('is there whole, with its controls, its looks, and what the page has given it', async () => {
    await lifted();
    expect(opened.getComputedStyle(inWindow('hangup-button')!.querySelector('.disc')!).backgroundColor).to.equal('rgb(1, 2, 3)');
    expect(inWindow('dialog')!.getBoundingClientRect()).to.deep.include({
      width: opened.innerWidth,
      height: opened.innerHeight,
      x: 0,
      y: 0,
    });
    expect(opened.document.documentElement.lang).to.equal('en');
    expect(opened.document.title).to.equal('Call with Bob');
    inWindow<HTMLButtonElement>('microphone-button')!.click();
    await panel.updateComplete;
    expect(inWindow('microphone-button')!.textContent.trim()).to.equal('Unmute microphone');
    expect(inWindow('pip-button')).to.equal(null);
    expect(inWindow('fullscreen-button')).to.equal(null);
  });

  it('goes on in sight, and its sound does not even notice', async () => {
    session.connect({}, { remoteStream: portrait(205) });
    await panel.updateComplete;
    const sound = panel.shadowRoot!.querySelector('audio')!;
    const video = panel.shadowRoot!.querySelector<HTMLVideoElement>('.remote')!;
    let paused = 0;
    sound.addEventListener('pause', () => paused++);
    press(panel, 'Picture in picture');
    await waitUntil(() => inWindow('remote-video') === video && !video.paused);
    expect(sound.ownerDocument).to.equal(document);
    opened.close();
    await waitUntil(() => part(panel, 'remote-video') === video && !video.paused);
    expect(sound.parentElement).to.equal(video.parentElement);
    expect(paused).to.equal(0);
  });

  it('leaves a word in its place, and comes back by it', async () => {
    await lifted();
    expect(panel.shadowRoot!.querySelector('.title')!.textContent).to.equal('The call with Bob is in its own window');
    press(panel, 'Show call here');
    await waitUntil(() => part(panel, 'hangup-button'));
    expect(closes).to.be.above(0);
    expect(panel.shadowRoot!.querySelector('.holder')).to.equal(null);
    expect([...panel.shadowRoot!.children].map(({ className }) => className)).to.deep.equal(['live-region', 'base inline']);
  });

  it('hears of every change there, aloud as well', async () => {
    await lifted();
    session.show({ remote: { microphone: false, camera: true, screen: false } });
    await panel.updateComplete;
    expect(root()!.querySelector('[role=status]')!.textContent).to.contain('Muted');
    expect(inWindow('status')!.textContent).to.equal('Muted');
  });

  it('passes on a click on a control of the page, and what the page listens for', async () => {
    let clicks = 0;
    const states: string[] = [];
    panel.querySelector('button')!.addEventListener('click', () => clicks++);
    document.addEventListener('call-state', ({ state }) => states.push(state), { once: true });
    await lifted();
    const copy = opened.document.querySelector<HTMLButtonElement>('[slot=controls-end]')!;
    expect(copy.assignedSlot).to.exist;
    panel.prepend(document.createElement('span'));
    copy.querySelector('svg')!.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    expect([clicks, states]).to.deep.equal([1, ['connected']]);
  });

  it('comes back to where its panel is by then', async () => {
    await lifted();
    const elsewhere = document.createElement('section');
    document.body.append(elsewhere);
    elsewhere.append(panel);
    await new Promise((resolve) => setTimeout(resolve));
    opened.close();
    await waitUntil(() => part(panel, 'hangup-button'));
    expect(panel.parentElement).to.equal(elsewhere);
    expect(session.asked('hangUp')).to.deep.equal([]);
    elsewhere.remove();
  });

  it('closes the window when it ends, or when its panel leaves the page', async () => {
    await lifted();
    const complaints: string[] = [];
    const warn = standIn(console, 'warn', (said: string) => complaints.push(said));
    inWindow<HTMLButtonElement>('hangup-button')!.click();
    await waitUntil(() => part(panel, 'title')?.textContent.includes('Call ended'));
    await panel.updateComplete;
    warn();
    expect(complaints.join()).not.to.contain('failed');
    expect(closes).to.be.above(0);
    expect(panel.shadowRoot!.querySelector('audio')).to.equal(null);
  });

  it('takes the focus with it, and brings it back', async () => {
    panel.layout = 'floating';
    session.connect({}, { remoteStream: portrait(205) });
    await panel.updateComplete;
    part(panel, 'pip-button')!.focus();
    press(panel, 'Picture in picture');
    await waitUntil(() => root()?.activeElement);
    opened.close();
    await waitUntil(() => panel.shadowRoot!.activeElement);
    await panel.updateComplete;
    expect(panel.shadowRoot!.activeElement).to.exist;
    expect(panel.shadowRoot!.querySelector('.base')!.matches(':popover-open')).to.equal(true);
  });

  it('opens by itself when the person turns to another tab, and comes back with the person', async () => {
    session.connect({}, { remoteStream: portrait(205) });
    await waitUntil(() => handler);
    turnTab('hidden');
    handler!();
    await waitUntil(() => inWindow('hangup-button'));
    turnTab('visible');
    await waitUntil(() => part(panel, 'hangup-button'));
  });
});
