import { expect, fixture, html } from '@open-wc/testing';
import type { CallSnapshot } from '../../../components/call/session.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { callWith } from '../../support/fake-session.js';
import { freshPage, sessionOf } from '../../support/panel-page.js';

const on = { microphone: true, camera: true, screen: false };
const off = { microphone: false, camera: false, screen: false };

const STATES: Record<string, () => Partial<CallSnapshot>> = {
  idle: () => ({}),
  calling: () => ({ state: 'calling', call: callWith(), local: on }),
  ringing: () => ({ state: 'ringing', alert: 'sound', call: callWith(), local: on }),
  incoming: () => ({ state: 'incoming', call: callWith({ direction: 'incoming' }) }),
  connecting: () => ({ state: 'connecting', call: callWith(), local: on }),
  connected: () => ({ state: 'connected', call: callWith({ startedAt: Date.now() }), local: on, remote: on }),
  'connected without a picture': () => ({ state: 'connected', call: callWith({ startedAt: Date.now() }), local: off, remote: off }),
  'connected by voice': () => ({ state: 'connected', call: callWith({ media: 'audio', startedAt: Date.now() }), local: on, remote: on }),
  reconnecting: () => ({ state: 'reconnecting', call: callWith({ startedAt: Date.now() }), local: on, remote: on }),
  ended: () => ({ state: 'ended', reason: 'busy', call: callWith() }),
};

describe('everybody can use the panel', () => {
  for (const [name, fields] of Object.entries(STATES)) {
    for (const layout of ['floating', 'inline']) {
      it(`when it is ${name} and ${layout}`, async () => {
        const sessions = await freshPage();
        const panel = await fixture<VideoCallPanel>(
          html`<video-call-panel me="alice" peer="bob" layout=${layout} ringtone="none" ringback="none"></video-call-panel>`,
        );
        const session = await sessionOf(sessions, 'alice');
        session.setPresence('bob', 'online', 'Bob');
        session.show(fields());
        await panel.updateComplete;
        // Animations that end are taken to their end; a page in the background would not play them.
        for (const animation of panel.shadowRoot!.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
        await expect(panel).to.be.accessible();
      });
    }
  }
});
