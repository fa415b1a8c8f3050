import { expect, fixture, html } from '@open-wc/testing';
import type { CallSnapshot } from '../../../components/call/session.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { offered, written } from '../../support/fake-chat.js';
import { callWith } from '../../support/fake-session.js';
import type { FakeSession } from '../../support/fake-session.js';
import { desktop, portrait } from '../../support/media.js';
import { freshPage, press, sessionOf } from '../../support/panel-page.js';

const on = { microphone: true, camera: true, screen: false };
const off = { microphone: false, camera: false, screen: false };
const sharing = { ...on, screen: true };
const talking = (fields: Partial<CallSnapshot> = {}): Partial<CallSnapshot> => ({
  state: 'connected',
  call: callWith({ startedAt: Date.now() }),
  local: on,
  remote: on,
  ...fields,
});

const STATES: Record<string, () => Partial<CallSnapshot>> = {
  idle: () => ({}),
  'idle and offline': () => ({ relayStatus: 'offline' }),
  calling: () => ({ state: 'calling', call: callWith(), local: on }),
  'calling in vain': () => ({ state: 'calling', call: callWith(), local: on, relayStatus: 'offline', relayTrouble: 'unauthorized' }),
  ringing: () => ({ state: 'ringing', alert: 'sound', call: callWith(), local: on }),
  'ringing by sight alone': () => ({
    state: 'ringing',
    alert: 'visual',
    call: callWith({ media: 'audio' }),
    local: { ...on, camera: false },
  }),
  incoming: () => ({ state: 'incoming', call: callWith({ direction: 'incoming' }) }),
  'incoming by voice': () => ({ state: 'incoming', call: callWith({ direction: 'incoming', media: 'audio' }) }),
  connecting: () => ({ state: 'connecting', call: callWith(), local: on }),
  connected: () => talking(),
  'connected with pictures': () => talking({ localStream: portrait(28), remoteStream: portrait(205) }),
  'connected without a picture': () => talking({ local: off, remote: off }),
  'connected by voice': () => talking({ call: callWith({ media: 'audio', startedAt: Date.now() }) }),
  'connected and told of devices': () =>
    talking({
      notices: [
        { device: 'microphone', what: 'silent' },
        { device: 'camera', what: 'gone' },
      ],
    }),
  'connected, both sharing': () => talking({ local: sharing, localScreen: desktop(), remote: sharing, remoteScreen: desktop() }),
  reconnecting: () => talking({ state: 'reconnecting' }),
  'reconnecting to somebody who is away': () => talking({ state: 'reconnecting', away: true }),
  'back after a reload': () => talking({ state: 'reconnecting', rejoin: true }),
  ended: () => ({ state: 'ended', reason: 'busy', call: callWith() }),
  'over, and missed': () => ({ state: 'ended', reason: 'cancelled', call: callWith({ direction: 'incoming' }) }),
};

/** States of which one layout is enough, the other being drawn by the same code. */
const ONCE = /offline|vain|alone|pictures|told|sharing|away|back|missed/;

/** What a person has opened in a call. */
const OPENED: Record<string, (panel: VideoCallPanel, session: FakeSession) => Promise<unknown>> = {
  'whose chat is open': async (panel, session) => {
    session.startChat().show({ entries: [written(), written({ own: true, id: 2 }), offered({ id: 3 })] });
    press(panel, 'Chat');
    await import('../../../components/panel/chat/index.js');
  },
  'with something unread': async (panel, session) => {
    await import('../../../components/panel/chat/index.js');
    session.startChat().hear(written());
    await panel.updateComplete;
  },
};

/** Waits for what is drawn late, and takes animations that end to their end; a page in the background would not play them. */
async function settle(panel: VideoCallPanel): Promise<void> {
  await Promise.all([import('../../../components/panel/moves.js'), import('../../../components/panel/sharing.js')]);
  await new Promise((resolve) => setTimeout(resolve));
  await panel.updateComplete;
  for (const animation of panel.shadowRoot!.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
}

async function panelIn(layout: string): Promise<[panel: VideoCallPanel, session: FakeSession]> {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(
    html`<video-call-panel me="alice" peer="bob" layout=${layout} ringtone="none" ringback="none"></video-call-panel>`,
  );
  const session = await sessionOf(sessions, 'alice');
  session.setPresence('bob', 'online', 'Bob');
  return [panel, session];
}

describe('everybody can use the panel', () => {
  for (const [name, fields] of Object.entries(STATES)) {
    for (const layout of ONCE.test(name) ? ['floating'] : ['floating', 'inline']) {
      it(`when it is ${name} and ${layout}`, async () => {
        const [panel, session] = await panelIn(layout);
        session.show(fields());
        await settle(panel);
        await expect(panel).to.be.accessible();
      });
    }
  }
  for (const [name, act] of Object.entries(OPENED)) {
    it(`in a call ${name}, and after it`, async () => {
      const [panel, session] = await panelIn('floating');
      session.show(talking());
      await settle(panel);
      await act(panel, session);
      await settle(panel);
      await expect(panel).to.be.accessible();
      session.end('hung-up', 83);
      await settle(panel);
      await expect(panel).to.be.accessible();
    });
  }
});

describe('who listens to the panel', () => {
  it('hears in each state what is to be seen, once, and nothing anew where nothing has changed', async () => {
    const [panel, session] = await panelIn('floating');
    const said: string[] = [];
    const ears = [...panel.shadowRoot!.querySelectorAll('[role=alert], [role=status]')].map((region) => {
      const ear = new MutationObserver(() => region.textContent && said.push(`${region.role}: ${region.textContent}`));
      ear.observe(region, { childList: true, characterData: true, subtree: true });
      return ear;
    });
    const call = callWith({ direction: 'incoming' });
    const withSound = new AudioContext().createMediaStreamDestination().stream;
    for (const fields of [
      { state: 'incoming', call },
      { state: 'connecting', call, local: on, localStream: withSound },
      { state: 'connected', call: { ...call, startedAt: Date.now() }, local: on, remote: on },
      { local: { ...on, microphone: false } },
      { notices: [{ device: 'microphone', what: 'gone' }] },
      { notices: [] },
      { remote: { ...on, microphone: false } },
      { remote: sharing, local: on },
      { remote: on, local: sharing },
      { state: 'reconnecting' },
      { state: 'connected', local: on },
      () => session.tell({ type: 'error', code: 'media-busy', detail: '' }),
      { state: 'ended', reason: 'hung-up', local: off, remote: off },
    ] satisfies (Partial<CallSnapshot> | (() => void))[]) {
      if (typeof fields === 'function') fields();
      else session.show(fields);
      await settle(panel);
      // Drawn once more, it says nothing more.
      panel.requestUpdate();
      await settle(panel);
    }
    ears.forEach((ear) => ear.disconnect());
    expect(said).to.deep.equal([
      'alert: Incoming video call from Bob',
      'status: Connecting…',
      'status: Call with Bob',
      'status: Call with Bob. You are muted, and nobody hears you.',
      'status: Call with Bob. Your microphone is gone and nobody hears you. Connect one: it is used at once.',
      'status: Call with Bob. You are muted, and nobody hears you.',
      'status: Call with Bob. Bob: Muted. You are muted, and nobody hears you.',
      'status: Call with Bob. Bob is sharing a screen',
      'status: Call with Bob. You are sharing your screen',
      'status: Reconnecting…',
      'status: Call with Bob',
      'status: Call with Bob. Another program is using your microphone or camera. Close it, then try again.',
      'status: Call ended',
    ]);
  });
});
