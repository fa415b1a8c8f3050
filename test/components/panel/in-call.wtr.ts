import { expect, fixture, fixtureSync, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSession, FakeSessions } from '../../support/fake-session.js';
import { freshPage, part, sessionOf } from '../../support/panel-page.js';
import { pressKey, standIn, turnTab } from '../../support/stand-ins.js';
import { waitUntil } from '../../support/wait.js';

let sessions: FakeSessions;
let panel: VideoCallPanel;
let session: FakeSession;
let restore: (() => void)[] = [];

/** What the operating system was given. */
const handlers = new Map<string, (() => void) | null>();
const active: Record<string, boolean> = {};
let locks: EventTarget[] = [];

class Lock extends EventTarget {
  released = false;
  async release() {
    this.released = true;
  }
}

beforeEach(async () => {
  handlers.clear();
  locks = [];
  restore = [
    standIn(navigator.mediaSession, 'setActionHandler', (action: string, handler: (() => void) | null) => handlers.set(action, handler)),
    standIn(navigator.mediaSession, 'setMicrophoneActive', async (on: boolean) => void (active.microphone = on)),
    standIn(navigator.mediaSession, 'setCameraActive', async (on: boolean) => void (active.camera = on)),
    standIn(navigator, 'wakeLock', {
      request: async () => {
        const lock = new Lock();
        locks.push(lock);
        return lock;
      },
    }),
  ];
  turnTab('visible');
  sessions = await freshPage();
  panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice"></video-call-panel>`);
  session = await sessionOf(sessions, 'alice');
});
afterEach(async () => {
  if (session.snapshot.state !== 'ended') session.end('hung-up');
  await panel.updateComplete;
  restore.forEach((undo) => undo());
});

async function talks(media: 'video' | 'audio' = 'video'): Promise<void> {
  session.connect({ media });
  await waitUntil(() => handlers.get('hangup'));
}
const held = () => (locks as Lock[]).filter(({ released }) => !released).length;

describe('The operating system', () => {
  it('is told who it is that the person talks with, and is told no more afterwards', async () => {
    await talks();
    expect(navigator.mediaSession.metadata!.title).to.equal('Call with Bob');
    session.end('hung-up');
    await panel.updateComplete;
    expect(navigator.mediaSession.metadata).to.equal(null);
    expect(navigator.mediaSession.playbackState).to.equal('none');
    expect([...handlers.values()].every((handler) => handler === null)).to.equal(true);
  });

  it('hangs up, mutes, and turns the camera off', async () => {
    await talks();
    expect(active).to.deep.equal({ microphone: true, camera: true });
    handlers.get('togglemicrophone')!();
    handlers.get('togglecamera')!();
    await waitUntil(() => !active.microphone && !active.camera);
    handlers.get('hangup')!();
    expect(session.asked('setMicrophone')).to.deep.equal([[false]]);
    expect(session.asked('setCamera')).to.deep.equal([[false]]);
    expect(session.asked('hangUp')).to.have.length(1);
  });

  it('is left to the page while there is no call, and given back to it', async () => {
    const song = new MediaMetadata({ title: 'A song of the page' });
    navigator.mediaSession.metadata = song;
    session.bringIn();
    await panel.updateComplete;
    expect([...handlers]).to.deep.equal([]);
    await talks('audio');
    panel.remove();
    await waitUntil(() => handlers.get('hangup') === null);
    expect(navigator.mediaSession.metadata).to.equal(song);
    navigator.mediaSession.metadata = null;
  });
});

describe('The screen', () => {
  it('stays awake during a video call, also after the person has looked elsewhere', async () => {
    await talks();
    await waitUntil(() => held() === 1);
    // Browsers take the lock away when the page is hidden.
    turnTab('hidden');
    await (locks[0] as Lock).release();
    turnTab('visible');
    await waitUntil(() => held() === 1);
    session.end('hung-up');
    await waitUntil(() => held() === 0);
    turnTab('hidden');
    turnTab('visible');
    await panel.updateComplete;
    expect(locks).to.have.length(2);
  });

  it('may sleep during a voice call', async () => {
    await talks('audio');
    await panel.updateComplete;
    expect(locks).to.have.length(0);
  });
});

describe('A key', () => {
  const card = () => part(panel, 'dialog')!;

  it('mutes, and turns the camera off, while the call has the focus', async () => {
    await talks();
    card().focus();
    pressKey('m', card());
    pressKey('V', card());
    expect(session.asked('setMicrophone')).to.deep.equal([[false]]);
    expect(session.asked('setCamera')).to.deep.equal([[false]]);
    expect(part(panel, 'microphone-button')!.getAttribute('aria-keyshortcuts')).to.equal('M');
  });

  it('fills the screen', async () => {
    await talks();
    let filled = 0;
    card().requestFullscreen = async () => void filled++;
    pressKey('f', card());
    expect(filled).to.equal(1);
  });

  it('means the page while something of the page has the focus, or nothing', async () => {
    const input = fixtureSync<HTMLInputElement>(html`<input />`);
    await talks();
    for (const target of [input, document.body]) expect(pressKey('m', target).defaultPrevented).to.equal(false);
    expect(session.asked('setMicrophone')).to.deep.equal([]);
  });

  it('means the call while that is all that is to be seen', async () => {
    panel.layout = 'fullscreen';
    await talks();
    (document.activeElement as HTMLElement | null)?.blur();
    pressKey('m');
    expect(session.asked('setMicrophone')).to.deep.equal([[false]]);
  });

  it('means a letter where the person types one, in whatever, even in the panel', async () => {
    const box = Object.assign(document.createElement('div'), { slot: 'controls-start' });
    box.innerHTML = `<input><textarea></textarea><select></select><p contenteditable><b>A letter</b></p>
      <p contenteditable="plaintext-only"></p><p role="textbox" tabindex="0"></p><p class="host"></p>`;
    const host = box.querySelector('.host')!.attachShadow({ mode: 'open' });
    host.innerHTML = '<input>';
    panel.append(box);
    await talks();
    const fields = [...box.querySelectorAll('input, textarea, select, b, p:not(.host)'), host.firstElementChild!];
    expect(fields).to.have.length(8);
    for (const field of fields) for (const key of ['m', 'v', 'f']) expect(pressKey(key, field).defaultPrevented).to.equal(false);
    expect([...session.asked('setMicrophone'), ...session.asked('setCamera')]).to.deep.equal([]);
  });

  it('means nothing while a word of Japanese, say, is put together', async () => {
    await talks();
    const typed = new KeyboardEvent('keydown', { key: 'm', isComposing: true, bubbles: true, composed: true, cancelable: true });
    card().dispatchEvent(typed);
    expect([typed.defaultPrevented, session.asked('setMicrophone')]).to.deep.equal([false, []]);
  });

  it('does nothing with others held, or where the page wants no keys', async () => {
    await talks();
    for (const held of ['ctrlKey', 'altKey', 'metaKey']) {
      card().dispatchEvent(new KeyboardEvent('keydown', { key: 'm', [held]: true, bubbles: true, composed: true }));
    }
    panel.controlslist = 'noshortcuts';
    await panel.updateComplete;
    pressKey('m', card());
    expect(session.asked('setMicrophone')).to.deep.equal([]);
    expect(part(panel, 'microphone-button')!.hasAttribute('aria-keyshortcuts')).to.equal(false);
  });

  it('does nothing any more when the call is over', async () => {
    await talks();
    session.end('hung-up');
    await panel.updateComplete;
    expect(pressKey('m', card()).defaultPrevented).to.equal(false);
  });
});
