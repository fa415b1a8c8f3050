import { expect, fixture, html } from '@open-wc/testing';
import { deviceCompanions } from '../../../components/panel/device-companions.js';
import { keepDevices } from '../../../components/panel/device-choices.js';
import type { PanelView } from '../../../components/panel/view.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSession } from '../../support/fake-session.js';
import { tone } from '../../support/media.js';
import { freshPage, sessionOf, textOf } from '../../support/panel-page.js';
import { useOwnStorage } from '../../support/own-storage.js';
import { waitUntil } from '../../support/wait.js';

useOwnStorage();

const MUTED = 'You are muted';
const undo: (() => void)[] = [];

function replace(object: object, name: string, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true });
  undo.push(() => (own ? Object.defineProperty(object, name, own) : delete (object as Record<string, unknown>)[name]));
}

async function panelOf(): Promise<{ panel: VideoCallPanel; session: FakeSession }> {
  const sessions = await freshPage();
  const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
  return { panel, session: await sessionOf(sessions, 'alice') };
}

describe('A person who hears and is not heard', () => {
  afterEach(() => {
    for (const back of undo.splice(0).reverse()) back();
    keepDevices({ speaker: null });
  });

  /** A call whose microphone is muted, and the copies that are made of it. */
  async function muted(gain: number) {
    const copies: MediaStreamTrack[] = [];
    const { panel, session } = await panelOf();
    const track = tone(gain);
    track.enabled = false;
    const { clone } = track;
    track.clone = () => {
      const copy = clone.call(track);
      copies.push(copy);
      return copy;
    };
    session.connect({ media: 'audio' }, { localStream: new MediaStream([track]) });
    session.setMicrophone(false);
    await waitUntil(() => copies.length === 1, 'it is listened to');
    return { panel, session, track, copies };
  }

  it('is told of being muted who speaks, politely, while the microphone stays off', async () => {
    const { panel, track } = await muted(0.3);
    await waitUntil(() => textOf(panel).includes(MUTED), 'it is said');
    expect(panel.shadowRoot!.querySelector('[role=status]')!.textContent).to.include(MUTED);
    expect(track.enabled).to.equal(false);
  });

  it('is told no longer when the microphone is on again, and nothing listens on', async () => {
    const { panel, session, copies } = await muted(0.3);
    await waitUntil(() => textOf(panel).includes(MUTED), 'it is said');
    session.setMicrophone(true);
    await waitUntil(() => !textOf(panel).includes(MUTED), 'it is not said any more');
    expect(copies.map(({ readyState }) => readyState)).to.deep.equal(['ended']);
  });

  it('is listened to no longer than the call, nor than the panel is there', async () => {
    const first = await muted(0);
    first.session.end('hung-up');
    await waitUntil(() => first.copies[0]!.readyState === 'ended', 'the copy is let go');
    const second = await muted(0);
    second.panel.remove();
    await waitUntil(() => second.copies[0]!.readyState === 'ended', 'the copy is let go');
  });

  it('loads nothing for it while the microphone is only being opened', () => {
    const loads = (localStream: MediaStream | null): number =>
      deviceCompanions.filter(({ needed }) =>
        needed({ snapshot: { state: 'connected', local: { microphone: false }, localStream }, virtual: false } as PanelView),
      ).length;
    expect(loads(null)).to.equal(0);
    expect(loads(new MediaStream([tone(0)]))).to.equal(1);
  });

  describe('through a loudspeaker of choice', () => {
    const headset = { kind: 'audiooutput', deviceId: 'h', label: 'Headset', groupId: '' } as MediaDeviceInfo;
    let there: MediaDeviceInfo[] = [];
    let sinks: string[] = [];

    async function listening(): Promise<{ panel: VideoCallPanel; session: FakeSession }> {
      sinks = [];
      replace(navigator.mediaDevices, 'enumerateDevices', async () => there);
      replace(HTMLMediaElement.prototype, 'sinkId', '');
      replace(HTMLMediaElement.prototype, 'setSinkId', async function (this: HTMLMediaElement, id: string) {
        if (id && !there.some(({ deviceId }) => deviceId === id)) throw new DOMException('It is gone.', 'NotFoundError');
        Object.defineProperty(this, 'sinkId', { value: id, configurable: true });
        sinks.push(id);
      });
      const shown = await panelOf();
      shown.session.connect({ media: 'audio' }, { remoteStream: new MediaStream([tone(0)]) });
      return shown;
    }
    const plug = (...devices: MediaDeviceInfo[]): void => {
      there = devices;
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    };

    it('hears the call there, elsewhere with a word when it goes away, and there again when it is back', async () => {
      there = [headset];
      keepDevices({ speaker: { deviceId: 'last time', label: 'Headset' } });
      const { panel } = await listening();
      await waitUntil(() => sinks.at(-1) === 'h', 'it is heard there');
      plug();
      await waitUntil(() => textOf(panel).includes('Headset is gone'), 'it is said');
      expect(sinks.at(-1)).to.equal('');
      plug(headset);
      await waitUntil(() => sinks.at(-1) === 'h' && !textOf(panel).includes('Headset is gone'), 'it is back');
    });

    it('hears the call elsewhere without a word where it was not there from the beginning', async () => {
      there = [];
      keepDevices({ speaker: { deviceId: 'h', label: 'Headset' } });
      const { panel } = await listening();
      await panel.updateComplete;
      plug(headset);
      // The voice, and what a shared screen sounds like.
      await waitUntil(() => sinks.length === 2, 'it is taken when it comes');
      expect(sinks).to.deep.equal(['h', 'h']);
      expect(textOf(panel)).to.not.include('is gone');
    });

    it('turns to another one in the middle of a call, and back to the machine’s own', async () => {
      there = [headset];
      const { panel } = await listening();
      await panel.chooseDevices({ speaker: headset });
      await waitUntil(() => sinks.at(-1) === 'h', 'it is heard there');
      await panel.chooseDevices({ speaker: null });
      await waitUntil(() => sinks.at(-1) === '', 'it is heard as before');
      expect(textOf(panel)).to.not.include('is gone');
    });
  });
});
