import { expect, fixture, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { portrait } from '../../support/media.js';
import { controls, freshPage, part, sessionOf, textOf } from '../../support/panel-page.js';
import { waitUntil } from '../../support/wait.js';

const ON = { microphone: true, camera: true, screen: false };
const PAUSED = { ...ON, paused: true };

async function call() {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
  const session = await sessionOf(sessions, 'alice');
  session.connect({}, { localStream: portrait(28, 320, 240), remoteStream: portrait(205, 320, 240) });
  await panel.updateComplete;
  return { panel, session };
}

const said = (panel: VideoCallPanel) => panel.shadowRoot!.querySelector('[role=status]')!.textContent;
const opacityOf = (panel: VideoCallPanel, part: string) => getComputedStyle(panel.shadowRoot!.querySelector(`[part~=${part}]`)!).opacity;

describe('A picture that the network is too slow for', () => {
  it('of the other side gives way to the face and to the reason, which is said once, and comes back', async () => {
    const { panel, session } = await call();
    const before = textOf(panel);
    session.show({ remote: PAUSED });
    await panel.updateComplete;
    expect(textOf(panel)).to.include('Bob’s connection is too slow for the picture');
    expect(textOf(panel)).not.to.include('Camera is off');
    expect(said(panel)).to.equal('Call with Bob. Bob’s connection is too slow for the picture');
    expect(panel.shadowRoot!.querySelector('.stage')!.classList.contains('filmed')).to.equal(false);
    session.show({ remote: ON });
    await panel.updateComplete;
    expect(textOf(panel)).to.equal(before);
  });

  it('of one’s own is marked and explained, with the camera still on', async () => {
    const { panel, session } = await call();
    session.show({ local: PAUSED });
    await panel.updateComplete;
    expect(textOf(panel)).to.include('Your connection is too slow for your picture.');
    expect(said(panel)).to.include('Your connection is too slow for your picture.');
    expect(controls(panel)).to.include('Turn camera off');
    const own = panel.shadowRoot!.querySelector('[part~=local-video]')!;
    for (const coming of own.getAnimations()) coming.finish();
    expect(opacityOf(panel, 'local-video')).to.equal('1');
    expect(getComputedStyle(own).filter).to.include('grayscale');
    session.show({ local: ON });
    await panel.updateComplete;
    expect(getComputedStyle(own).filter, 'as it is, but drawn by itself, and not with the stage').to.equal('brightness(1)');
    expect(textOf(panel)).not.to.include('too slow');
  });

  it('beside a shared screen is told of for as long as it is away: nothing steps back meanwhile', async () => {
    const { panel, session } = await call();
    const base = part(panel, 'base')!;
    const tap = (): void => {
      const stage = part(panel, 'stage')!;
      stage.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch', buttons: 1, bubbles: true }));
      stage.dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true }));
    };
    const stepsBack = (): boolean => (tap(), base.hasAttribute('data-still'));
    session.show({ remote: { ...ON, screen: true }, remoteScreen: portrait(100, 320, 240) });
    await waitUntil(stepsBack, 'controls step back');
    session.show({ remote: { ...PAUSED, screen: true } });
    await panel.updateComplete;
    expect([base.hasAttribute('data-still'), stepsBack(), stepsBack()]).to.deep.equal([false, false, false]);
  });
});
