import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import type { CallSnapshot } from '../../../components/call/session.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSession } from '../../support/fake-session.js';
import { callWith } from '../../support/fake-session.js';
import { controls, freshPage, part, press, sessionOf } from '../../support/panel-page.js';
import { waitUntil } from '../../support/wait.js';

const on = { microphone: true, camera: true, screen: false };

/** A picture of nothing. */
function picture(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')!.fillRect(0, 0, 10, 10);
  return canvas.captureStream(1);
}

const inCall = (): Partial<CallSnapshot> => ({
  state: 'connected',
  call: callWith({ startedAt: Date.now() }),
  local: on,
  remote: on,
  localStream: picture(),
  remoteStream: picture(),
});

async function withCall(layout = 'floating', call = inCall()): Promise<[VideoCallPanel, FakeSession]> {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" layout=${layout}></video-call-panel>`);
  const session = await sessionOf(sessions, 'alice');
  session.show(call);
  await waitUntil(
    () => part(panel, 'minimise-button') ?? part(panel, 'expand-button') ?? controls(panel).includes('Swap pictures'),
    'the moving parts are there',
  );
  return [panel, session];
}

const settle = (panel: VideoCallPanel) =>
  panel.shadowRoot!.getAnimations().forEach((animation) => animation.effect?.getTiming().iterations === 1 && animation.finish());

describe('The moving parts of a call', () => {
  it("can be used by everybody, as a window, as a pill, and without one's own picture", async () => {
    const [panel] = await withCall();
    settle(panel);
    await expect(panel).to.be.accessible();
    press(panel, 'Hide your picture');
    settle(panel);
    await expect(panel).to.be.accessible();
    press(panel, 'Minimise');
    await panel.updateComplete;
    settle(panel);
    await expect(panel).to.be.accessible();
    expect(controls(panel)).to.deep.equal(['Mute microphone', 'Hang up', 'Expand']);
  });

  it('come with a call that is placed, or comes in, and not again with one that rings on from the last page', async () => {
    const comes = async (state: 'calling' | 'ringing' | 'incoming', next?: 'ringing') => {
      const sessions = await freshPage();
      const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice"></video-call-panel>`);
      const session = await sessionOf(sessions, 'alice');
      const call = callWith({ direction: state === 'incoming' ? 'incoming' : 'outgoing' });
      for (const shown of next ? [state, next] : [state]) {
        session.show({ state: shown, call, local: on });
        await waitUntil(() => part(panel, 'dialog')?.matches(`.${shown === 'incoming' ? 'card' : shown}`), 'the call is shown');
        part(panel, 'dialog')!.getAnimations();
      }
      return part(panel, 'dialog')!.getAnimations().length;
    };
    expect(await comes('calling')).to.equal(1);
    expect(await comes('calling', 'ringing')).to.equal(1);
    expect(await comes('incoming')).to.equal(1);
    expect(await comes('ringing')).to.equal(0);
  });

  it('are where they belong at once as a call begins, and glide when it has', async () => {
    const [panel, session] = await withCall();
    const gliding = () => getComputedStyle(part(panel, 'local-video')!).transitionProperty.includes('inline-size');
    expect(gliding()).to.equal(false);
    await waitUntil(gliding, 'pictures glide');
    session.show(inCall());
    await panel.updateComplete;
    expect(gliding()).to.equal(false);
    await waitUntil(gliding, 'pictures glide in the next call');
  });

  it('are dressed while it rings, so that pictures are laid out once', async () => {
    const sessions = await freshPage();
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice"></video-call-panel>`);
    const session = await sessionOf(sessions, 'alice');
    session.show({ state: 'incoming', call: callWith({ direction: 'incoming' }) });
    const sheets = () => panel.shadowRoot!.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules]).map(({ cssText }) => cssText);
    await waitUntil(() => sheets().some((rule) => rule.startsWith('.settled')), 'the moving parts have their styles');
  });

  it('are no window inside a page, and say nothing of pictures that are not there', async () => {
    const [panel, session] = await withCall('inline');
    expect(controls(panel)).not.to.include('Minimise');
    session.show({ remote: { ...on, camera: false } });
    await panel.updateComplete;
    expect(controls(panel)).to.include('Hide your picture').and.not.to.include('Swap pictures');
    session.show({ local: { ...on, camera: false } });
    await panel.updateComplete;
    expect(controls(panel)).not.to.include('Hide your picture');
  });

  it('keep pictures swapped through a camera that is off for a while, and begin anew with the next call', async () => {
    const [panel, session] = await withCall();
    const swapped = () => part(panel, 'stage')!.classList.contains('swapped');
    press(panel, 'Swap pictures');
    expect(swapped()).to.equal(true);
    session.show({ remote: { ...on, camera: false } });
    await panel.updateComplete;
    expect(swapped()).to.equal(false);
    session.show({ remote: on });
    await panel.updateComplete;
    expect(swapped()).to.equal(true);
    session.show(inCall());
    await panel.updateComplete;
    expect(swapped()).to.equal(false);
  });

  it('do not keep back in a pill what a person must know', async () => {
    const [panel, session] = await withCall();
    press(panel, 'Minimise');
    await panel.updateComplete;
    session.show({ notices: [{ device: 'microphone', what: 'gone' }] });
    await panel.updateComplete;
    expect(controls(panel)).to.include('Minimise').and.not.to.include('Expand');
    press(panel, 'Minimise');
    await panel.updateComplete;
    session.show({ remote: { ...on, microphone: false } });
    await panel.updateComplete;
    expect(controls(panel)).to.include('Expand');
  });

  it('leave the next call a window, and the card of the last one as it is', async () => {
    const [panel, session] = await withCall();
    press(panel, 'Minimise');
    await panel.updateComplete;
    session.end('hung-up', 5);
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Call again', 'Close']);
    expect(part(panel, 'base')!.getBoundingClientRect().height).to.be.above(150);
    session.show(inCall());
    await panel.updateComplete;
    expect(controls(panel)).to.include('Minimise');
  });

  it('are in the next page of a call what they were in the last one, and where', async () => {
    const call = inCall();
    const [first] = await withCall('floating', call);
    press(first, 'Minimise');
    await first.updateComplete;
    for (const key of ['ArrowLeft', 'ArrowUp']) {
      part(first, 'expand-button')!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    }
    settle(first);
    const at = (of: VideoCallPanel) => {
      const { left, top } = part(of, 'base')!.getBoundingClientRect();
      return [Math.round(left), Math.round(top)].join();
    };
    await waitUntil(() => at(first) === '16,16', 'the pill has gone where both keys lead');

    const [next] = await withCall('floating', call);
    expect(controls(next)).to.deep.equal(['Mute microphone', 'Hang up', 'Expand']);
    expect(at(next)).to.equal('16,16');
    press(next, 'Expand');
    await next.updateComplete;
    const [last, session] = await withCall('floating', call);
    expect(controls(last)).to.include('Minimise');
    press(last, 'Minimise');
    session.show({ rejoin: true });
    await last.updateComplete;
    expect(controls(last), 'something has to be told').to.include('Minimise');

    const [again] = await withCall('floating', call);
    expect(controls(again), 'that was for once').to.include('Expand');
    const [another] = await withCall();
    expect(controls(another)).to.include('Minimise');
  });

  it('are a pill with the first drawing of a call that was one in the last page', async () => {
    const call = inCall();
    const [first] = await withCall('floating', call);
    press(first, 'Minimise');
    const sessions = await freshPage();
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice"></video-call-panel>`);
    const session = await sessionOf(sessions, 'alice');
    // The panel has asked for what it takes before this test does.
    await import('../../../components/panel/moves.js');
    await nextFrame();
    session.show(call);
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Mute microphone', 'Hang up', 'Expand']);
  });

  it('keep the place of a call for its end, for the next one, and for the next page of that', async () => {
    const call = inCall();
    const [panel, session] = await withCall();
    const left = (of = panel) => Math.round(part(of, 'base')!.getBoundingClientRect().left);
    const send = () =>
      part(panel, 'minimise-button')!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, composed: true }));
    expect(left()).to.be.above(16);
    send();
    settle(panel);
    await waitUntil(() => left() === 16, 'the call is on the other side');
    session.end('hung-up', 5);
    await panel.updateComplete;
    expect(controls(panel)).to.include('Call again');
    expect(left()).to.equal(16);
    expect(sessionStorage.getItem('video-call window alice')).to.equal(null);
    panel.peer = 'bob';
    await panel.updateComplete;
    press(panel, 'Close');
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Call']);
    expect(part(panel, 'base')!.style.translate, 'nothing of a call is shown').to.equal('');
    session.show({ state: 'idle', call: null });
    await panel.updateComplete;
    expect(part(panel, 'base')!.style.translate).to.equal('');
    session.show(call);
    await panel.updateComplete;
    expect(left()).to.equal(16);
    const [next] = await withCall('floating', call);
    expect(left(next)).to.equal(16);
  });

  it('are large where nothing may be kept, or something strange was', async () => {
    const call = inCall();
    for (const kept of ['', '{', 'null', JSON.stringify([call.call!.id, 'x', {}, 7, 'y', null])]) {
      sessionStorage.setItem('video-call window alice', kept);
      const [panel] = await withCall('floating', call);
      expect(controls(panel)).to.include('Swap pictures');
    }
    const { setItem, getItem } = Storage.prototype;
    const { warn } = console;
    const warned: unknown[] = [];
    const refuse = () => {
      throw new DOMException('The page may keep nothing.', 'SecurityError');
    };
    try {
      Object.assign(Storage.prototype, { setItem: refuse, getItem: refuse });
      console.warn = (...said) => warned.push(said);
      const [panel] = await withCall('floating', call);
      press(panel, 'Minimise');
      await panel.updateComplete;
      expect(controls(panel)).to.include('Expand');
      expect(warned).to.deep.equal([]);
    } finally {
      Object.assign(Storage.prototype, { setItem, getItem });
      console.warn = warn;
    }
  });

  it('let go of a panel that has left the page', async () => {
    const [panel] = await withCall();
    const base = part(panel, 'base')!;
    press(panel, 'Minimise');
    await panel.updateComplete;
    panel.remove();
    await waitUntil(() => !base.hasAttribute('data-mini'));
    window.dispatchEvent(new Event('resize'));
    expect(base.style.translate).to.equal('');
  });

  it('step back with the controls, also those on a picture that a finger has touched last', async () => {
    const [panel] = await withCall();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { transition: none !important }');
    panel.shadowRoot!.adoptedStyleSheets.push(sheet);
    const own = part(panel, 'hide-picture-button')!;
    // A touched picture is hovered from then on, which no script can bring about; one that has the focus looks the same.
    own.focus();
    expect(getComputedStyle(own).opacity).to.equal('1');
    for (const still of ['', 'touch']) {
      part(panel, 'base')!.setAttribute('data-still', still);
      expect(getComputedStyle(own).opacity).to.equal('0');
    }
  });

  it('leave a mark that the microphone is off as they step back, over no picture of oneself, which nobody can press', async () => {
    const [panel, session] = await withCall();
    const still = new CSSStyleSheet();
    still.replaceSync('* { transition: none !important; animation: none !important }');
    panel.shadowRoot!.adoptedStyleSheets.push(still);
    const base = part(panel, 'base')!;
    const mark = () => panel.shadowRoot!.querySelector<HTMLElement>('.unheard');
    const isSeen = () => !!mark()?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    base.setAttribute('data-still', '');
    expect(isSeen(), 'the microphone is on').to.equal(false);
    session.show({ local: { ...on, microphone: false } });
    await panel.updateComplete;
    expect(isSeen()).to.equal(true);
    const { left, right, top, bottom } = mark()!.getBoundingClientRect();
    const own = part(panel, 'local-video')!.getBoundingClientRect();
    expect(own.left >= right || own.right <= left).to.equal(true);
    const met = panel.shadowRoot!.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
    expect(met).not.to.include(mark());
    base.removeAttribute('data-still');
    expect(isSeen(), 'the control says so itself').to.equal(false);
    base.setAttribute('data-still', '');
    session.show({ local: on });
    await panel.updateComplete;
    expect(isSeen()).to.equal(false);
  });
});
