import { expect, fixture, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSession } from '../../support/fake-session.js';
import { freeze, portrait } from '../../support/media.js';
import { freshPage, part, sessionOf } from '../../support/panel-page.js';
import { second } from '../../support/readings.js';
import { panelOf } from '../../support/recordings.js';
import { waitUntil } from '../../support/wait.js';

const RECORDED = { microphone: true, camera: true, screen: false, recording: true };

/** A picture is enough to be looked at, and moves nobody else. */
const [localStream, remoteStream] = [portrait(28, 320, 180), portrait(205, 320, 180)];
freeze();

const talk = (session: FakeSession) => session.connect({}, { localStream, remoteStream });

/** A panel in a call that the other side records. */
async function recorded(layout: string, style: string) {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" layout=${layout} style=${style}></video-call-panel>`);
  const session = await sessionOf(sessions, 'alice');
  talk(session);
  await waitUntil(() => session.measuring === 1);
  for (let i = 0; i < 4; i++) session.passSecond(second());
  session.show({ remote: RECORDED });
  await waitUntil(() => mark(panel)?.parentElement?.matches('.stage'), 'the mark has its row');
  return { panel, session };
}

/** The mark that is to be seen. */
const mark = (panel: Element): HTMLElement | undefined =>
  [...panel.shadowRoot!.querySelectorAll<HTMLElement>('[part~=recording]')].find((each) =>
    each.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
  );

/** What a finger would meet at three places of the mark: the mark alone, and no control below it. */
function isOnTop(panel: Element, what: string): void {
  const found = mark(panel)!;
  expect(found, `there is a mark: ${what}`).to.exist;
  expect(found.innerText, what).to.equal('Recording');
  expect(found.closest('[inert]'), `it can be read: ${what}`).to.equal(null);
  const { x, y, width, height } = found.getBoundingClientRect();
  for (const part of [0.06, 0.5, 0.94]) {
    const met = panel.shadowRoot!.elementsFromPoint(x + width * part, y + height / 2);
    expect(found.contains(met[0]!), `nothing is over it: ${what}, but ${met[0]?.className}`).to.equal(true);
    expect(met.filter((each) => each.matches('button, input, select, textarea')).length, `it is over no control: ${what}`).to.equal(0);
  }
}

const COVERS = {
  nothing: [undefined, '.stage'],
  'the chat': ['chat-button', '.talk'],
  'the figures': ['quality', '.figures'],
  'the devices': ['devices-button', '.cover'],
  More: ['more-button', '.open'],
} as const;

describe('The mark of a call that is recorded', () => {
  for (const [layout, style] of [
    ['inline', 'width: 240px; height: 320px'],
    ['inline', 'width: 380px; height: 300px'],
    ['inline', 'width: 380px; height: 560px'],
    ['inline', 'width: 780px; height: 440px'],
    ['floating', ''],
    ['fullscreen', ''],
  ] as const) {
    it(`is over all that can be opened, and over no control (${layout} ${style})`, async () => {
      for (const [what, [opener, cover]] of Object.entries(COVERS)) {
        const { panel } = await recorded(layout, style);
        if (opener) part(panel, opener)!.click();
        await waitUntil(() => panel.shadowRoot!.querySelector(cover), `${what} is open`);
        await panel.updateComplete;
        for (const animation of panel.shadowRoot!.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
        isOnTop(panel, what);
      }
    });
  }

  it('stays while the controls step back, is in the pill, and goes with the recording', async () => {
    const { panel, session } = await recorded('floating', '');
    await waitUntil(() => part(panel, 'minimise-button'));
    const base = panel.shadowRoot!.querySelector('.base')!;
    base.setAttribute('data-still', '');
    const still = new CSSStyleSheet();
    still.replaceSync('* { transition: none !important; animation: none !important }');
    panel.shadowRoot!.adoptedStyleSheets.push(still);
    isOnTop(panel, 'stillness');
    base.removeAttribute('data-still');
    part(panel, 'minimise-button')!.click();
    await waitUntil(() => base.hasAttribute('data-mini'));
    isOnTop(panel, 'the pill');
    await waitUntil(() => getComputedStyle(panel.shadowRoot!.querySelector('.stage')!, '::after').borderTopWidth === '2px');
    session.show({ remote: { ...RECORDED, recording: false } });
    await waitUntil(() => !part(panel, 'recording'));
  });

  it('is gone with a panel that leaves the page', async () => {
    const { panel, session } = await panelOf();
    talk(session);
    session.show({ remote: RECORDED });
    await waitUntil(() => mark(panel)?.parentElement?.matches('.stage'));
    panel.remove();
    await waitUntil(() => !panel.shadowRoot!.querySelector('.stage > .rec'));
  });
});
