import { expect, fixture, html } from '@open-wc/testing';
import { POOR_FOR } from '../../../components/panel/quality/index.js';
import type { CallQualityEvent } from '../../../components/quality-event.js';
import type { CallSnapshot } from '../../../components/call/session.js';
import type { Reading } from '../../../components/quality/reading.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { callWith } from '../../support/fake-session.js';
import type { FakeSession } from '../../support/fake-session.js';
import { controls, freshPage, part, press, sessionOf, textOf } from '../../support/panel-page.js';
import { lossy, second } from '../../support/readings.js';
import { waitUntil } from '../../support/wait.js';

const on = { microphone: true, camera: true, screen: false };

interface Call {
  readonly panel: VideoCallPanel;
  readonly session: FakeSession;
  readonly heard: CallQualityEvent[];
}

/** A panel in a call whose connection is measured. */
async function inCall(attributes: Record<string, string> = {}, snapshot: Partial<CallSnapshot> = {}): Promise<Call> {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" ringtone="none" ringback="none"></video-call-panel>`);
  for (const [name, value] of Object.entries(attributes)) panel.setAttribute(name, value);
  const heard: CallQualityEvent[] = [];
  panel.addEventListener('call-quality', (event) => heard.push(event));
  const session = await sessionOf(sessions, 'alice');
  session.show({ state: 'connected', call: callWith({ startedAt: Date.now() }), local: on, remote: on, ...snapshot });
  await waitUntil(() => session.measuring === 1, 'the connection is measured');
  return { panel, session, heard };
}

function pass(session: FakeSession, reading: Reading, times = 3): void {
  for (let i = 0; i < times; i++) session.passSecond(reading);
}

const name = (panel: Element): string | undefined => {
  const shown = part(panel, 'quality');
  return shown?.checkVisibility() ? shown.querySelector('.word')!.textContent : undefined;
};
const details = (panel: Element): HTMLElement | null => part(panel, 'quality-details');
const said = (panel: Element): string => panel.shadowRoot!.querySelector('[role=status]')!.textContent;
const told = (panel: Element): string => part(panel, 'notices')?.textContent?.trim() ?? '';

async function isAccessible(panel: Element): Promise<void> {
  for (const animation of panel.shadowRoot!.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
  await expect(panel).to.be.accessible();
}

async function opened(call: Call): Promise<HTMLElement> {
  part(call.panel, 'quality')!.click();
  await waitUntil(() => details(call.panel), 'the figures are shown');
  return details(call.panel)!;
}

describe('How the call goes', () => {
  it('is shown in bars and words as soon as it is judged, and told to the page', async () => {
    const { panel, session, heard } = await inCall();
    pass(session, second(), 2);
    expect([name(panel), heard.length]).to.deep.equal([undefined, 0]);
    pass(session, second(), 4);
    expect(name(panel)).to.equal('Connection: excellent');
    expect(part(panel, 'quality')!.querySelectorAll('.on').length).to.equal(4);
    expect(heard.length).to.equal(1);
    const { quality, previous, reason, incoming, outgoing, mos, reading, bubbles, composed } = heard[0]!;
    expect([quality, previous, reason, incoming, outgoing]).to.deep.equal(['excellent', null, null, 'excellent', 'excellent']);
    expect([mos, reading.roundTrip, bubbles, composed]).to.deep.equal([4.41, 0.04, true, true]);
  });

  it('is told at each change of the word, and only then', async () => {
    const { panel, session, heard } = await inCall();
    pass(session, second(), 10);
    pass(session, lossy(0.3), 10);
    pass(session, second(), 20);
    const words = heard.map(({ previous, quality }) => `${previous} → ${quality}`);
    expect(words[0]).to.equal('null → excellent');
    expect(words.at(-1)).to.match(/→ excellent$/);
    expect(heard.every(({ quality, previous }) => quality !== previous)).to.equal(true);
    expect(heard.some(({ quality, reason }) => quality === 'poor' && reason === 'loss')).to.equal(true);
    expect(name(panel)).to.equal('Connection: excellent');
  });

  it('costs no drawing of the panel while it goes well, and touches nothing while the word stays', async () => {
    const { panel, session } = await inCall();
    pass(session, second(), 5);
    await panel.updateComplete;
    await new Promise((resolve) => setTimeout(resolve));
    let drawn = 0;
    const update = panel.requestUpdate.bind(panel);
    panel.requestUpdate = (...args: Parameters<typeof update>) => (drawn++, update(...args));
    let touched = 0;
    const watch = new MutationObserver(
      (changes) => (touched += changes.filter(({ target }) => !(target as Element).closest?.('[role=timer]')).length),
    );
    watch.observe(panel.shadowRoot!, { subtree: true, childList: true, attributes: true, characterData: true });
    pass(session, second(), 60);
    await Promise.resolve();
    watch.disconnect();
    expect([drawn, touched]).to.deep.equal([0, 0]);
  });

  it('is said in a sentence once it has been poor for some seconds, and no longer when it is better', async () => {
    const { panel, session } = await inCall();
    pass(session, second(), 10);
    pass(session, second({ voiceIn: { lost: 0.3, concealed: 0.3 } }), 2 + POOR_FOR);
    await panel.updateComplete;
    const sentence = 'Bob is coming through poorly: the connection is weak.';
    expect([told(panel), said(panel)]).to.deep.equal([sentence, `Call with Bob. ${sentence}`]);
    expect(part(panel, 'quality')!.querySelectorAll('.on').length).to.equal(1);
    await isAccessible(panel);
    pass(session, second(), 10);
    await panel.updateComplete;
    expect([told(panel), said(panel)]).to.deep.equal(['', 'Call with Bob']);
  });

  it('says nothing of it while a picture that is held back says so already', async () => {
    const { panel, session } = await inCall();
    const { remote } = session.snapshot;
    pass(session, lossy(0.4), 2 + POOR_FOR);
    await panel.updateComplete;
    expect(told(panel)).to.equal('The connection is weak.');
    session.show({ remote: { ...remote, paused: true } });
    await panel.updateComplete;
    pass(session, lossy(0.4), 2 + POOR_FOR);
    await panel.updateComplete;
    expect(told(panel)).to.equal('');
    session.show({ remote });
    await panel.updateComplete;
    pass(session, lossy(0.4), POOR_FOR);
    await panel.updateComplete;
    expect(told(panel), 'it comes back, and the voice is still bad').to.equal('The connection is weak.');
  });

  it('says what suffers: this side, both, a picture that stands still for whatever reason, or that of a device that is too slow', async () => {
    const stuck = { frozen: 0.5, freezes: 1 };
    const stops = 'Bob’s picture keeps stopping: the connection may be weak, or a device too busy.';
    for (const [reading, sentence] of [
      [second({ voiceOut: { lost: 0.4 } }), 'You are coming through poorly: the connection is weak.'],
      [lossy(0.4), 'The connection is weak.'],
      [second({ cameraOut: { limitedBy: 'cpu', fps: 2 } }), 'Your device is too busy for a good picture. Close what you do not need.'],
      [second({ cameraIn: stuck }), stops],
      [second({ cameraIn: stuck, cameraOut: { limitedBy: 'cpu', fps: 5 } }), stops],
      [second({ cameraIn: stuck, voiceOut: { lost: 0.4 } }), 'The connection is weak.'],
      [lossy(0.4, { cameraIn: { lost: 0.4, ...stuck } }), 'The connection is weak.'],
    ] as const) {
      const { panel, session } = await inCall();
      pass(session, reading, 20);
      await panel.updateComplete;
      expect(told(panel)).to.equal(sentence);
    }
  });

  it('finds no fault with a camera that is off, or that is held back', async () => {
    for (const remote of [
      { ...on, camera: false },
      { ...on, paused: true },
    ]) {
      const { session, heard } = await inCall({}, { remote });
      pass(session, second({ cameraIn: { kbits: 0, fps: 0, frozen: 1 } }), 12);
      expect(heard.map(({ quality }) => quality)).to.deep.equal(['excellent']);
    }
  });

  it('is not shown while the call is interrupted, and is judged anew after that', async () => {
    const { panel, session, heard } = await inCall();
    pass(session, lossy(0.4), 12);
    session.show({ state: 'reconnecting' });
    await panel.updateComplete;
    await waitUntil(() => told(panel) === '', 'what was said is taken back');
    expect([name(panel), session.measuring]).to.deep.equal([undefined, 0]);
    session.show({ state: 'connected' });
    await waitUntil(() => session.measuring === 1);
    expect(name(panel)).to.equal(undefined);
    pass(session, second(), 3);
    expect(name(panel)).to.equal('Connection: excellent');
    expect([heard.at(-1)!.previous, heard.at(-1)!.quality]).to.deep.equal(['poor', 'excellent']);
  });

  it('begins anew with another call', async () => {
    const { panel, session, heard } = await inCall();
    pass(session, lossy(0.4), 5);
    session.end('hung-up');
    await panel.updateComplete;
    expect(session.measuring).to.equal(0);
    session.connect();
    await waitUntil(() => session.measuring === 1);
    pass(session, second(), 3);
    expect([heard.at(-1)!.previous, heard.at(-1)!.quality]).to.deep.equal([null, 'excellent']);
  });

  it('is only told to the page where the page wants nothing of it to be shown', async () => {
    const { panel, session, heard } = await inCall({ controlslist: 'nochat noquality' });
    pass(session, lossy(0.4), 12);
    await panel.updateComplete;
    expect([name(panel), told(panel), heard.map(({ quality }) => quality)]).to.deep.equal([undefined, '', ['poor']]);
    panel.controlslist = '';
    await panel.updateComplete;
    expect(name(panel)).to.equal('Connection: poor');
    pass(session, lossy(0.4), 1);
    await panel.updateComplete;
    expect(told(panel)).to.equal('The connection is weak.');
    panel.controlslist = 'noquality';
    await waitUntil(() => told(panel) === '', 'the sentence is taken back');
  });

  it('leaves nothing behind that measures, when the panel goes and when it comes back', async () => {
    const { panel, session } = await inCall({ layout: 'inline' });
    const other = document.createElement('video-call-panel');
    other.me = 'alice';
    document.body.append(other);
    await other.updateComplete;
    pass(session, second(), 4);
    const figures = await opened({ panel, session, heard: [] });
    expect(figures.isConnected).to.equal(true);
    panel.remove();
    await waitUntil(() => !details(panel), 'the figures are gone');
    await waitUntil(() => session.measuring === 1, 'the other panel measures, and nobody else');
    other.remove();
    await waitUntil(() => session.measuring === 0, 'nobody measures');
  });

  it('speaks the language of the element', async () => {
    const { panel, session } = await inCall({ lang: 'de' });
    await waitUntil(() => panel.shadowRoot!.querySelector('.base')!.getAttribute('lang') === 'de');
    pass(session, second(), 4);
    expect(name(panel)).to.equal('Verbindung: sehr gut');
  });
});

describe('The figures of the connection', () => {
  for (const layout of ['floating', 'inline']) {
    it(`are opened by the bars, follow the connection, and leave the controls in reach (${layout})`, async () => {
      const call = await inCall({ layout });
      const { panel, session } = call;
      pass(session, second(), 4);
      const shown = await opened(call);
      expect(shown.querySelector('h2')!.textContent).to.equal('Connection: excellent');
      expect(panel.shadowRoot!.activeElement).to.equal(shown);
      for (const text of ['direct, UDP', '40 ms', '2,400 kb/s', '4.4', 'opus', '1280 × 720', 'VP9', '1,500 kb/s', '1,450 kb/s', 'nothing'])
        expect(textOf(panel)).to.include(text);
      expect(part(panel, 'hangup-button')!.closest('[inert]')).to.equal(null);
      expect(part(panel, 'quality')!.closest('[inert]')).to.not.equal(null);
      await isAccessible(panel);
      pass(session, lossy(0.3, { path: { relayed: true, protocol: 'tls' } }), 4);
      for (const text of ['Connection: poor', 'Packets are lost on the way.', '30%', 'relayed, TLS'])
        expect(textOf(panel)).to.include(text);
      await panel.updateComplete;
      press(panel, 'Hang up');
      expect(session.asked('hangUp').length).to.equal(1);
      await panel.updateComplete;
      expect(details(panel)).to.equal(null);
    });
  }

  for (const [width, height] of [
    [240, 320],
    [380, 500],
  ] as const) {
    it(`leave Hang up to be pressed in an inline panel of ${width} × ${height} pixels, and fit its width`, async () => {
      const call = await inCall({ layout: 'inline', style: `width: ${width}px; height: ${height}px` });
      const { panel, session } = call;
      pass(session, lossy(0.3), 4);
      const shown = await opened(call);
      const end = part(panel, 'hangup-button')!.getBoundingClientRect();
      const hit = panel.shadowRoot!.elementFromPoint(end.x + end.width / 2, end.y + end.height / 2);
      expect(hit?.closest('button')?.part.contains('hangup-button')).to.equal(true);
      const box = shown.parentElement!;
      expect([box.scrollWidth <= box.clientWidth, box.clientHeight > 120, box.getBoundingClientRect().bottom <= end.top]).to.deep.equal([
        true,
        true,
        true,
      ]);
    });
  }

  it('are closed by Escape, which the page does not see, and by Close; the focus goes back to the bars', async () => {
    const call = await inCall({ layout: 'inline' });
    const { panel, session } = call;
    pass(session, second(), 4);
    let seen = 0;
    const see = (): void => void seen++;
    document.addEventListener('keydown', see);
    for (const close of [
      () => void details(panel)!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true })),
      () => press(panel, 'Close'),
    ]) {
      await opened(call);
      close();
      expect(details(panel)).to.equal(null);
      expect(panel.shadowRoot!.activeElement).to.equal(part(panel, 'quality'));
      expect(panel.shadowRoot!.querySelectorAll('[inert]').length).to.equal(0);
    }
    document.removeEventListener('keydown', see);
    expect(seen).to.equal(0);
  });

  it('give way to the devices and to the chat', async () => {
    const call = await inCall({ layout: 'inline' });
    const { panel, session } = call;
    pass(session, second(), 4);
    for (const other of ['Chat', 'Devices']) {
      await opened(call);
      press(panel, other);
      await waitUntil(() => !details(panel), `they give way to ${other}`);
      const back = other === 'Chat' ? 'Chat' : 'Close';
      // What the devices are chosen in is loaded first.
      await waitUntil(() => controls(panel).includes(back));
      press(panel, back);
      await panel.updateComplete;
    }
  });

  it('are opened in the place of the chat, and have the focus then', async () => {
    const call = await inCall({ layout: 'inline' });
    const { panel, session } = call;
    pass(session, second(), 4);
    press(panel, 'Chat');
    await waitUntil(() => panel.shadowRoot!.querySelector('.talk'), 'the chat is open');
    await opened(call);
    await waitUntil(() => !panel.shadowRoot!.querySelector('.talk'), 'the chat gives way');
    await panel.updateComplete;
    expect(panel.shadowRoot!.activeElement).to.equal(details(panel));
  });

  it('tell in a voice call of the voice alone', async () => {
    const voice = { ...on, camera: false };
    const call = await inCall({}, { call: callWith({ media: 'audio', startedAt: Date.now() }), local: voice, remote: voice });
    pass(call.session, second(), 4);
    await opened(call);
    const text = textOf(call.panel);
    expect([text.includes('opus'), text.includes('VP9'), text.includes('Picture')]).to.deep.equal([true, false, false]);
  });
});
