import { expect, fixture, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { controls, freshPage, part, press, sessionOf } from '../../support/panel-page.js';
import { pressKey } from '../../support/stand-ins.js';
import { waitUntil } from '../../support/wait.js';

const ASIDE = ['Share screen', 'Record', 'Devices', 'Picture in picture', 'Full screen'];

/** A panel in a call that is so wide, and in which this is sent. */
async function inCall(width: number, local = { microphone: true, camera: true, screen: false }): Promise<VideoCallPanel> {
  const sessions = await freshPage();
  const markup = html`<video-call-panel me="alice" layout="inline" style="inline-size: ${width}px"></video-call-panel>`;
  const panel = await fixture<VideoCallPanel>(markup);
  (await sessionOf(sessions, 'alice')).connect({}, { local });
  await panel.updateComplete;
  return panel;
}
const expanded = (panel: VideoCallPanel): string | null => part(panel, 'more-button')!.getAttribute('aria-expanded');

describe('Controls for which there is no room', () => {
  it('stand in the row where there is', async () => {
    expect(controls(await inCall(760))).to.deep.equal(['Mute microphone', 'Turn camera off', 'Chat', ...ASIDE, 'Hang up']);
  });

  it('stand behind More where there is not, and are gone again once one is pressed', async () => {
    const panel = await inCall(380);
    expect(controls(panel)).to.deep.equal(['Mute microphone', 'Turn camera off', 'Chat', 'More', 'Hang up']);
    expect(expanded(panel)).to.equal('false');
    press(panel, 'More');
    expect(controls(panel)).to.include.members(ASIDE);
    expect(expanded(panel)).to.equal('true');
    await expect(panel).to.be.accessible();
    const tops = () =>
      ['screen', 'record', 'devices', 'pip', 'fullscreen'].map((name) => part(panel, `${name}-button`)!.getBoundingClientRect().top);
    await waitUntil(() => new Set(tops()).size === 2, 'they do not stand in two rows');
    press(panel, 'Devices');
    expect(controls(panel)).not.to.include('Full screen');
  });

  it('go by Escape, which gives the focus back, and when the focus goes elsewhere', async () => {
    const panel = await inCall(380);
    press(panel, 'More');
    const screen = part(panel, 'screen-button')!;
    screen.focus();
    expect(pressKey('Escape', screen).defaultPrevented).to.equal(true);
    expect([expanded(panel), panel.shadowRoot!.activeElement]).to.deep.equal(['false', part(panel, 'more-button')]);
    press(panel, 'More');
    part(panel, 'hangup-button')!.focus();
    expect(expanded(panel)).to.equal('false');
  });

  it('stand in the row like the others once a stage that had them open has become wide', async () => {
    const panel = await inCall(380);
    press(panel, 'More');
    const box = (name: string) => part(panel, `${name}-button`)!.getBoundingClientRect();
    await waitUntil(() => box('screen').top < box('microphone').top, 'they do not stand above the row');
    panel.style.inlineSize = '760px';
    await waitUntil(() => box('screen').top === box('microphone').top, 'they do not stand in the row');
    expect([box('screen').width, box('screen').height]).to.deep.equal([box('microphone').width, box('microphone').height]);
  });

  it('leave the others in one row while the screen is shared', async () => {
    const panel = await inCall(360, { microphone: true, camera: true, screen: true });
    const top = (name: string) => part(panel, name)!.getBoundingClientRect().top;
    await waitUntil(() => top('microphone-button') === top('hangup-button'), 'Hang up stands below the others');
    expect(controls(panel)).to.include('Stop sharing');
  });

  it('stay as they are when the panel is drawn anew', async () => {
    const panel = await inCall(380);
    press(panel, 'More');
    panel.requestUpdate();
    await panel.updateComplete;
    expect(expanded(panel)).to.equal('true');
    expect(controls(panel)).to.include.members(ASIDE);
  });
});
