import { expect, fixture, fixtureSync, html, oneEvent } from '@open-wc/testing';
import { VideoCallPanel } from '../../components/video-call-panel.js';
import type { CallErrorEvent, CallIncomingEvent } from '../../components/events.js';
import type { FakeSession, FakeSessions } from '../support/fake-session.js';
import { callWith } from '../support/fake-session.js';
import { standIn } from '../support/stand-ins.js';
import { controls, freshPage, heard, makeInsecure, part, press, sessionOf, textOf } from '../support/panel-page.js';
import { waitUntil } from '../support/wait.js';

let sessions: FakeSessions;
beforeEach(async () => (sessions = await freshPage()));

async function withPanel(template = html`<video-call-panel me="alice"></video-call-panel>`): Promise<[VideoCallPanel, FakeSession]> {
  const panel = await fixture<VideoCallPanel>(template);
  const session = await sessionOf(sessions, panel.me || undefined);
  await panel.updateComplete;
  return [panel, session];
}

describe('<video-call-panel> without a call', () => {
  it('opens a session with its connection attributes at once', async () => {
    const [, session] = await withPanel(
      html`<video-call-panel me="alice" display-name="Alice" relay="https://r.example.com" token="t"></video-call-panel>`,
    );
    expect(session.options).to.deep.include({ relay: 'wss://r.example.com/ws', me: 'alice', displayName: 'Alice', token: 't' });
  });

  it('shows nothing and moves nothing when it floats', async () => {
    const [panel] = await withPanel();
    expect(panel.getAttribute('state')).to.equal('idle');
    expect(panel.hasAttribute('open')).to.equal(false);
    expect(panel.getBoundingClientRect().height).to.equal(0);
    expect(controls(panel)).to.deep.equal([]);
  });

  it('says quietly whether it can be called when it stands in the page', async () => {
    const [panel, session] = await withPanel(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
    expect(textOf(panel)).to.equal('Ready for calls Devices Check my camera, microphone and connection');
    session.show({ relayStatus: 'offline' });
    await panel.updateComplete;
    expect(textOf(panel)).to.equal('Offline. Trying again… Devices Check my camera, microphone and connection');
  });

  it('has a call button for its peer, with name and presence', async () => {
    const [panel, session] = await withPanel(html`<video-call-panel me="alice" peer="bob" layout="inline"></video-call-panel>`);
    session.setPresence('bob', 'online', 'Bob Marlowe');
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Bob Marlowe online');
    press(panel, 'Call');
    await waitUntil(() => session.asked('call').length);
    expect(session.asked('call')).to.deep.equal([['bob', { media: 'video', ringTimeout: 60, name: 'Bob Marlowe' }]]);
  });

  it('has no call button in a corner before it is known whether the last page was in a call', async () => {
    const [panel, session] = await withPanel(html`<video-call-panel me="alice" peer="bob"></video-call-panel>`);
    const shownWhile = async (relayStatus: 'connecting' | 'online' | 'offline') => {
      session.show({ relayStatus });
      await panel.updateComplete;
      return controls(panel);
    };
    const key = 'video-call wss://relay alice';
    try {
      sessionStorage.setItem(key, JSON.stringify({ device: 'a1', call: '{"id":"c"}' }));
      expect(await shownWhile('connecting')).to.deep.equal([]);
      expect(await shownWhile('offline')).to.deep.equal(['Call']);
      expect(await shownWhile('online')).to.deep.equal(['Call']);
      sessionStorage.setItem(key, JSON.stringify({ device: 'a1' }));
      expect(await shownWhile('connecting')).to.deep.equal(['Call']);
    } finally {
      sessionStorage.removeItem(key);
    }
  });

  it('passes on what it may capture', async () => {
    const [panel, session] = await withPanel(
      html`<video-call-panel me="alice" max-resolution="360p" max-bitrate="500" virtual-camera></video-call-panel>`,
    );
    expect(session.asked('configureMedia')).to.deep.equal([[{ virtualCamera: true, maxLines: 360, maxBitrate: 500 }]]);
    panel.maxBitrate = 900;
    await panel.updateComplete;
    expect(session.asked('configureMedia')[1]).to.deep.equal([{ virtualCamera: true, maxLines: 360, maxBitrate: 900 }]);
    panel.dataSaver = true;
    await panel.updateComplete;
    expect(session.asked('configureMedia')[2]).to.deep.equal([{ virtualCamera: true, maxLines: 360, maxBitrate: 900, dataSaver: true }]);
  });

  it('takes properties that were set before it was upgraded', async () => {
    class LatePanel extends VideoCallPanel {}
    const late = document.createElement('late-panel') as LatePanel;
    late.me = 'late';
    document.body.append(late);
    customElements.define('late-panel', LatePanel);
    await sessionOf(sessions, 'late');
    late.remove();
  });
});

describe('placing a call from a panel', () => {
  it('asks the page first, and dials when it does not mind', async () => {
    const [panel, session] = await withPanel(html`<video-call-panel me="alice" ring-timeout="20"></video-call-panel>`);
    const request = heard('call-request');
    expect(await panel.call('bob', { media: 'audio' })).to.equal(true);
    expect(await request).to.include({ peer: 'bob', media: 'audio' });
    expect(session.asked('call')).to.deep.equal([['bob', { media: 'audio', ringTimeout: 20 }]]);
    await panel.updateComplete;
    expect(panel.getAttribute('state')).to.equal('calling');
    expect(controls(panel)).to.deep.equal(['Cancel']);
  });

  it('does not dial when the page vetoes', async () => {
    const [panel, session] = await withPanel();
    panel.addEventListener('call-request', (event) => event.preventDefault());
    expect(await panel.call('bob')).to.equal(false);
    expect(session.asked('call')).to.deep.equal([]);
  });

  it('does not even ask the page where there is a call already, or no page', async () => {
    const [panel, session] = await withPanel();
    let asked = 0;
    const count = (): void => void asked++;
    document.addEventListener('call-request', count);
    session.connect();
    expect([await panel.call('carol'), await panel.call('carol', null), asked]).to.deep.equal([false, false, 0]);
    document.removeEventListener('call-request', count);
    const apart = document.createElement('video-call-panel');
    const told = new Promise<Event>((resolve) => apart.addEventListener('call-error', resolve, { once: true }));
    expect(await apart.call('bob')).to.equal(false);
    expect(await told).to.include({ code: 'bad-attribute' });
  });

  it('does not dial for who hangs up before it could', async () => {
    const [panel, session] = await withPanel();
    const placed = panel.call('bob');
    expect(await panel.hangUp()).to.equal(true);
    expect([await placed, await panel.hangUp(), session.asked('call'), session.asked('hangUp')]).to.deep.equal([false, false, [], []]);
    const [unwanted, , wanted] = [panel.call('bob'), panel.hangUp(), panel.call('carol')];
    expect([await unwanted, await wanted]).to.deep.equal([false, true]);
    expect(session.asked('call').map(([peer]) => peer)).to.deep.equal(['carol']);
  });

  it('does not dial what is no peer ID, and says so', async () => {
    const [panel, session] = await withPanel();
    const errors: CallErrorEvent[] = [];
    panel.addEventListener('call-error', (event) => errors.push(event));
    for (const peer of ['bad id', '', undefined as unknown as string]) expect(await panel.call(peer)).to.equal(false);
    expect(await panel.call('bob', { media: 'hologram' as 'video' })).to.equal(false);
    expect(session.asked('call')).to.deep.equal([]);
    expect(errors.map(({ code }) => code)).to.include('bad-attribute');
    await panel.updateComplete;
  });

  it('says how it rings on the other side', async () => {
    const [panel, session] = await withPanel();
    await panel.call('bob');
    session.show({ state: 'ringing', alert: 'sound' });
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Ringing…');
    session.show({ alert: 'visual' });
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Shown on their screen, without sound');
    press(panel, 'Cancel');
    expect(session.asked('hangUp')).to.have.length(1);
  });

  it('is not disturbed by a listener of the page that throws', async () => {
    const [panel, session] = await withPanel();
    const failures: unknown[] = [];
    const { onerror } = window;
    window.onerror = (_message, _source, _line, _column, error) => void failures.push(error);
    const careless = () => {
      throw new Error('a mistake of the page');
    };
    panel.addEventListener('call-state', careless);
    await panel.call('bob');
    session.show({ state: 'ringing', alert: 'sound' });
    await panel.updateComplete;
    panel.removeEventListener('call-state', careless);
    window.onerror = onerror;
    expect(failures).to.have.length(2);
    expect(panel.state).to.equal('ringing');
  });
});

describe('an incoming call', () => {
  it('is a dialog with the name of the contract, announced, and takes no focus', async () => {
    const [panel, session] = await withPanel();
    const input = fixtureSync<HTMLInputElement>(html`<input aria-label="A letter" />`);
    input.focus();
    session.bringIn({ name: 'Bob' });
    await panel.updateComplete;
    const dialog = part(panel, 'dialog')!;
    expect(dialog.getAttribute('role')).to.equal('dialog');
    const title = panel.shadowRoot!.getElementById(dialog.getAttribute('aria-labelledby')!)!;
    expect(title.textContent.trim()).to.equal('Incoming video call from Bob');
    expect(panel.shadowRoot!.querySelector('[role=alert]')!.textContent).to.equal('Incoming video call from Bob');
    expect(document.activeElement).to.equal(input);
    expect(controls(panel)).to.deep.equal(['Decline', 'Accept without camera', 'Accept']);
    expect(panel.matches(':state(incoming)')).to.equal(true);
    expect(panel.hasAttribute('open')).to.equal(true);
  });

  it('stands above everything on the page', async () => {
    const [panel, session] = await withPanel();
    fixtureSync(html`<div style="position: fixed; inset: 0; z-index: 2147483647; background: red"></div>`);
    panel.parentElement!.style.transform = 'translateX(-5000px)';
    session.bringIn();
    await panel.updateComplete;
    const { right, bottom } = part(panel, 'dialog')!.getBoundingClientRect();
    expect(document.elementFromPoint(right - 30, bottom - 30)).to.equal(panel);
    panel.parentElement!.style.transform = '';
  });

  it('makes the digits of the timer ready while it rings, which takes a while', async () => {
    const { NumberFormat } = Intl;
    const asked: unknown[] = [];
    const back = standIn(Intl, 'NumberFormat', function (...all: [string]) {
      asked.push(all[0]);
      return new NumberFormat(...all);
    });
    try {
      const [, session] = await withPanel(html`<video-call-panel me="alice" lang="ko"></video-call-panel>`);
      session.bringIn();
      await waitUntil(() => asked.includes('ko'), 'a number was written');
    } finally {
      back();
    }
  });

  it('tells the caller that it rings, once, when it is drawn', async () => {
    const [panel, session] = await withPanel();
    session.bringIn();
    expect(session.asked('rings')).to.deep.equal([]);
    await waitUntil(() => session.asked('rings').length);
    expect(part(panel, 'dialog')).to.exist;
    panel.requestUpdate();
    await panel.updateComplete;
    expect(session.asked('rings')).to.deep.equal([['sound']]);
  });

  it('asks for the own camera where the page wants a preview, and shows it once it is open', async () => {
    const [panel, session] = await withPanel(html`<video-call-panel me="alice" preview></video-call-panel>`);
    const call = session.bringIn();
    await waitUntil(() => session.asked('preview').length);
    expect(part(panel, 'local-video')).to.equal(null);
    const localStream = new MediaStream();
    session.show({ state: 'incoming', call, localStream });
    await panel.updateComplete;
    expect(part<HTMLVideoElement>(panel, 'local-video')!.srcObject).to.equal(localStream);
    expect(controls(panel)).to.include('Accept');
  });

  it('opens no camera where the page wants none', async () => {
    const [, session] = await withPanel();
    session.bringIn();
    await waitUntil(() => session.asked('rings').length);
    expect(session.asked('preview')).to.deep.equal([]);
  });

  it('says that it is only seen when it has no ringtone', async () => {
    const [, session] = await withPanel(html`<video-call-panel me="alice" ringtone="none"></video-call-panel>`);
    session.bringIn();
    await waitUntil(() => session.asked('rings').length);
    expect(session.asked('rings')).to.deep.equal([['visual']]);
  });

  for (const [name, request] of [
    ['Accept', ['accept', { media: 'video' }]],
    ['Accept without camera', ['accept', { media: 'audio' }]],
    ['Decline', ['decline']],
  ] as const) {
    it(`is answered with ${name}`, async () => {
      const [panel, session] = await withPanel();
      session.bringIn();
      await panel.updateComplete;
      press(panel, name);
      expect(session.requests).to.deep.include([...request]);
    });
  }

  it('has no camera to leave out when it is a voice call', async () => {
    const [panel, session] = await withPanel();
    session.bringIn({ media: 'audio' });
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Decline', 'Accept']);
    expect(textOf(panel)).to.contain('Incoming audio call from');
  });

  it('shows a name as text and never as markup', async () => {
    const [panel, session] = await withPanel();
    session.bringIn({ name: '<img src=x onerror=alert(1)>' });
    await panel.updateComplete;
    expect(panel.shadowRoot!.querySelector('img')).to.equal(null);
    expect(panel.shadowRoot!.querySelector('bdi')!.textContent).to.equal('<img src=x onerror=alert(1)>');
  });

  it('is left to a page that prevents the event, and answered through it', async () => {
    const [panel, session] = await withPanel();
    let event: CallIncomingEvent | undefined;
    panel.addEventListener('call-incoming', (incoming) => {
      incoming.preventDefault();
      event = incoming;
    });
    const call = session.bringIn();
    await panel.updateComplete;
    expect(event!.call).to.equal(call);
    expect(controls(panel)).to.deep.equal([]);
    expect(session.asked('rings')).to.deep.equal([['visual']]);
    event!.accept();
    expect(session.asked('accept')).to.deep.equal([[{ media: 'video' }]]);
    session.connect({ ...call, startedAt: Date.now() });
    await panel.updateComplete;
    expect(controls(panel)).to.include('Hang up');
    event!.decline();
    expect(session.asked('decline'), 'an answered call cannot be declined').to.deep.equal([]);
  });

  it('is taken at once by a panel that answers by itself', async () => {
    const [, session] = await withPanel(html`<video-call-panel me="kiosk" auto-answer="video"></video-call-panel>`);
    session.bringIn({ media: 'audio' });
    expect(session.asked('accept')).to.deep.equal([[{ media: 'audio' }]]);
  });

  it('leaves the focus in the panel when the pressed control goes', async () => {
    const [panel, session] = await withPanel();
    const call = session.bringIn();
    await panel.updateComplete;
    part(panel, 'accept-button')!.focus();
    session.show({ state: 'connecting', call });
    await panel.updateComplete;
    expect(panel.shadowRoot!.activeElement).to.equal(part(panel, 'dialog'));
  });
});

describe('a call that is on', () => {
  it('has controls whose names follow what they do', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    await panel.updateComplete;
    expect(controls(panel)).to.include.members(['Mute microphone', 'Turn camera off', 'More', 'Hang up']);
    press(panel, 'Mute microphone');
    press(panel, 'Turn camera off');
    await panel.updateComplete;
    expect(session.requests).to.deep.include.members([
      ['setMicrophone', false],
      ['setCamera', false],
    ]);
    expect(controls(panel)).to.include.members(['Unmute microphone', 'Turn camera on']);
    expect(panel.hasAttribute('muted') && panel.hasAttribute('camera-off')).to.equal(true);
    press(panel, 'Hang up');
    expect(session.asked('hangUp')).to.have.length(1);
  });

  it('plays both pictures, and not its own sound', async () => {
    const [panel, session] = await withPanel();
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    canvas.getContext('2d')!.fillRect(0, 0, 64, 48);
    session.connect({}, { localStream: canvas.captureStream(10), remoteStream: canvas.captureStream(10) });
    await panel.updateComplete;
    const [remote, local] = [part<HTMLVideoElement>(panel, 'remote-video')!, part<HTMLVideoElement>(panel, 'local-video')!];
    const { remoteStream, localStream } = session.snapshot;
    // Only the pictures: a video element with sound, even a muted one, stands still when the loudspeaker is gone.
    expect((remote.srcObject as MediaStream).getTracks()).to.deep.equal(remoteStream!.getVideoTracks());
    expect((local.srcObject as MediaStream).getTracks()).to.deep.equal(localStream!.getVideoTracks());
    const sound = panel.shadowRoot!.querySelector('audio')!;
    expect(sound.srcObject).to.equal(session.snapshot.remoteStream);
    expect(sound.muted).to.equal(false);
    expect(remote.muted && local.muted).to.equal(true);
    await waitUntil(() => !remote.paused && !local.paused);
  });

  it('takes a picture out when its track goes, and plays on with the next', async () => {
    const [panel, session] = await withPanel();
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    canvas.getContext('2d')!.fillRect(0, 0, 64, 48);
    const localStream = canvas.captureStream(10);
    const [first] = localStream.getVideoTracks();
    session.connect({}, { localStream });
    await panel.updateComplete;
    const local = part<HTMLVideoElement>(panel, 'local-video')!;
    const shown = local.srcObject as MediaStream;
    const [second] = canvas.captureStream(10).getVideoTracks();
    localStream.removeTrack(first!);
    localStream.addTrack(second!);
    session.show({});
    await panel.updateComplete;
    expect([local.srcObject, shown.getTracks()]).to.deep.equal([shown, [second]]);
  });

  it('begins anew what has failed in the middle, as it does when the loudspeaker goes away', async () => {
    const [panel, session] = await withPanel();
    const remoteStream = new MediaStream();
    session.connect({}, { remoteStream });
    await panel.updateComplete;
    const sound = panel.shadowRoot!.querySelector('audio')!;
    let failed: object | null = { code: 3 };
    Object.defineProperty(sound, 'error', { get: () => failed });
    const emptied = oneEvent(sound, 'emptied');
    session.show({});
    await emptied;
    failed = null;
    expect(sound.srcObject).to.equal(remoteStream);
  });

  it('says what happened to one’s own microphone and camera, with the name of the new one as text', async () => {
    const [panel, session] = await withPanel();
    const notices = () => [...panel.shadowRoot!.querySelectorAll('.notices .note')].map(({ textContent }) => textContent);
    session.connect();
    await panel.updateComplete;
    expect([part(panel, 'notices'), notices()]).to.deep.equal([null, []]);
    session.show({
      notices: [
        { device: 'microphone', what: 'changed', name: '<b>Desk</b>' },
        { device: 'camera', what: 'gone' },
      ],
    });
    await panel.updateComplete;
    const said = ['Microphone changed to <b>Desk</b>', 'Your camera is gone. Connect one: it is used at once.'];
    expect(notices()).to.deep.equal(said);
    expect(panel.shadowRoot!.querySelector('[role="status"]')!.textContent).to.equal(['Call with Bob', ...said].join('. '));
    session.show({ notices: [{ device: 'camera', what: 'changed' }] });
    await panel.updateComplete;
    expect(notices()).to.deep.equal(['Camera changed to another one']);
  });

  it('does not start the pictures anew when something else changes', async () => {
    const [panel, session] = await withPanel();
    session.connect({}, { remoteStream: new MediaStream() });
    await panel.updateComplete;
    const players = [...panel.shadowRoot!.querySelectorAll<HTMLMediaElement>('video, audio')];
    const emptied: string[] = [];
    for (const player of players) player.addEventListener('emptied', () => emptied.push(player.localName));
    session.show({ remote: { microphone: false, camera: true, screen: false } });
    await panel.updateComplete;
    players[0]!.load();
    await oneEvent(players[0]!, 'emptied');
    expect(emptied).to.deep.equal([players[0]!.localName]);
  });

  it('lets the streams go when the call has ended', async () => {
    const [panel, session] = await withPanel();
    session.connect({}, { remoteStream: new MediaStream(), localStream: new MediaStream() });
    await panel.updateComplete;
    const players = [...panel.shadowRoot!.querySelectorAll<HTMLMediaElement>('video, audio')];
    // The third is for the sound of a shared screen.
    expect(players.map(({ srcObject }) => srcObject !== null)).to.deep.equal([true, true, false, true]);
    session.end('hung-up');
    await panel.updateComplete;
    expect(players.map(({ srcObject }) => srcObject)).to.deep.equal([null, null, null, null]);
  });

  it('has no picture when it is a voice call, and the controls that make one', async () => {
    const [panel, session] = await withPanel();
    session.connect({ media: 'audio' });
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Mute microphone', 'Turn camera on', 'Chat', 'More', 'Hang up']);
    expect(part(panel, 'timer')!.textContent).to.match(/^\d\d:\d\d$/);
  });

  it('gives the stage to your own picture until both sides are together, and says when the first picture of the other is there', async () => {
    const [panel, session] = await withPanel();
    const classes = () => [...part(panel, 'dialog')!.classList].filter((name) => name === 'alone' || name === 'talking');
    const local = { microphone: true, camera: true, screen: false };
    session.call('bob', { media: 'video', ringTimeout: 30 });
    session.show({ local });
    await panel.updateComplete;
    expect(classes()).to.deep.equal(['alone']);
    session.show({ state: 'connecting', local: { ...local, camera: false } });
    await panel.updateComplete;
    expect(classes()).to.deep.equal(['talking']);
    session.show({ local });
    await panel.updateComplete;
    expect(classes()).to.deep.equal(['alone']);
    part(panel, 'remote-video')!.dispatchEvent(new Event('loadeddata'));
    expect(session.requests.at(-1)).to.deep.equal(['pictureCame']);
    session.connect();
    await panel.updateComplete;
    expect(classes()).to.deep.equal(['talking']);
  });

  it('shows who takes a call the other one first, and himself only then', async () => {
    const [panel, session] = await withPanel();
    const classes = () => [...part(panel, 'dialog')!.classList].filter((name) => ['alone', 'talking', 'self'].includes(name));
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    session.bringIn();
    session.show({ state: 'connecting', local: { microphone: true, camera: true, screen: false }, localStream: canvas.captureStream() });
    await panel.updateComplete;
    expect(classes()).to.deep.equal(['talking']);
    session.show({ state: 'connected' });
    await panel.updateComplete;
    expect(classes()).to.deep.equal(['talking', 'self']);
  });

  it('answers whether there is a call whose microphone and camera can be turned off', async () => {
    const [panel, session] = await withPanel();
    session.setMicrophone = session.setCamera = () => false;
    session.bringIn();
    expect([await panel.setMicrophone(false), await panel.setCamera(false)]).to.deep.equal([false, false]);
    session.setMicrophone = session.setCamera = () => true;
    session.connect();
    expect([await panel.setMicrophone(false), await panel.setCamera(false)]).to.deep.equal([true, true]);
  });

  it('says when the other side has no camera or microphone on', async () => {
    const [panel, session] = await withPanel();
    session.connect({}, { remote: { microphone: false, camera: false, screen: false } });
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Camera is off').and.to.contain('Muted');
  });

  it('switches cameras where there are several, also where the second one comes later', async () => {
    const cameras = [{ kind: 'videoinput' }];
    const back = standIn(navigator.mediaDevices, 'enumerateDevices', async () => [{ kind: 'audioinput' }, ...cameras]);
    try {
      const [panel, session] = await withPanel();
      let counts = 0;
      standIn(navigator.mediaDevices, 'enumerateDevices', async () => (counts++, [{ kind: 'audioinput' }, ...cameras]));
      session.connect();
      session.show({ local: { microphone: true, camera: true, screen: false }, localStream: new MediaStream() });
      await waitUntil(() => counts > 0, 'they are counted');
      expect(part(panel, 'switch-button')).to.equal(null);
      cameras.push({ kind: 'videoinput' });
      session.show({ notices: [] });
      await waitUntil(() => part(panel, 'switch-button'), 'there are two');
    } finally {
      back();
    }
  });

  it('leaves out the controls that the page does not want', async () => {
    const [panel, session] = await withPanel(
      html`<video-call-panel me="alice" controlslist="nochat noscreen nofullscreen nopip nodevices norecord noquality"></video-call-panel>`,
    );
    session.connect();
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Mute microphone', 'Turn camera off', 'Hang up']);
  });

  it('shows that it mends the connection', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    session.show({ state: 'reconnecting' });
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Reconnecting…');
  });

  it('says what went wrong until the connection is mended, and goes on saying so at the end of a call that cannot be', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    for (const [state, says] of [
      ['connected', false],
      ['ended', true],
    ] as const) {
      session.show({ state: 'reconnecting' });
      session.tell({ type: 'error', code: 'protocol', detail: 'It was too much.' });
      session.show({ state });
      await panel.updateComplete;
      expect(textOf(panel).includes('did not understand this page'), state).to.equal(says);
    }
  });

  it('asks for a tap when the browser will not sound before one', async () => {
    const [panel, session] = await withPanel();
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      return this.muted ? Promise.resolve() : Promise.reject(new DOMException('', 'NotAllowedError'));
    };
    try {
      session.connect({}, { remoteStream: new MediaStream() });
      await waitUntil(() => controls(panel).includes('Tap for sound'));
      expect(panel.shadowRoot!.querySelector('audio')!.muted).to.equal(true);
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
    press(panel, 'Tap for sound');
    await panel.updateComplete;
    expect(panel.shadowRoot!.querySelector('audio')!.muted).to.equal(false);
    expect(controls(panel)).not.to.include('Tap for sound');
  });

  it('goes on when an attribute changes, which counts once the call has ended', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    panel.me = 'alina';
    panel.displayName = 'Alina';
    await panel.updateComplete;
    expect(session.users).to.equal(1);
    expect(session.asked('hangUp')).to.deep.equal([]);
    session.end('hung-up');
    session.show({ state: 'idle', call: null });
    expect((await sessionOf(sessions, 'alina')).options.displayName).to.equal('Alina');
    expect(session.users).to.equal(0);
  });

  it('takes a new name and token without opening anything anew', async () => {
    const [panel, session] = await withPanel();
    panel.token = 'fresh';
    await panel.updateComplete;
    expect(session.asked('configureConnection').at(-1)).to.deep.equal([session.options]);
    expect(session.options.token).to.equal('fresh');
    expect(sessions.all).to.have.length(1);
  });

  it('goes on when the panel is moved in the page, and ends when it is removed', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    document.body.append(panel);
    await new Promise((resolve) => setTimeout(resolve));
    await panel.updateComplete;
    expect(session.users).to.equal(1);
    expect(controls(panel)).to.include('Hang up');
    panel.remove();
    await waitUntil(() => session.users === 0);
    expect(session.asked('letGo')).to.have.length(1);
  });

  it('is presented by the panel that takes the place of another as it rings, whose page is asked anew', async () => {
    const [panel, session] = await withPanel();
    const asked: EventTarget[] = [];
    const veto = (event: Event): void => {
      asked.push(event.target!);
      event.preventDefault();
    };
    document.addEventListener('call-incoming', veto);
    session.bringIn();
    await panel.updateComplete;
    const next = Object.assign(document.createElement('video-call-panel'), { me: panel.me });
    panel.replaceWith(next);
    await waitUntil(() => session.users === 1 && asked.length === 2, 'the page is asked');
    await next.updateComplete;
    document.removeEventListener('call-incoming', veto);
    expect(asked).to.deep.equal([panel, next]);
    expect([session.snapshot.state, part(next, 'dialog')]).to.deep.equal(['incoming', null]);
    next.remove();
  });

  it('rings on at a button of the same person that is left on the page as its panel goes, and at other devices where it is nobody’s', async () => {
    for (const me of ['alice', undefined]) {
      const [panel, session] = await withPanel();
      const button = Object.assign(document.createElement('video-call-button'), { me });
      panel.after(button);
      await waitUntil(() => session.users === 2, 'both are on one line');
      session.bringIn();
      panel.remove();
      const next = () => document.querySelector('video-call-panel');
      if (me) await waitUntil(() => next() && controls(next()!).includes('Accept'), 'it rings in a panel of the button');
      else await waitUntil(() => session.snapshot.reason === 'left', 'it is let go');
      expect([session.asked('letGo').length, session.asked('decline').length]).to.deep.equal([me ? 0 : 1, 0]);
      session.end('cancelled');
      session.show({ state: 'idle', call: null, reason: null });
      button.remove();
      await waitUntil(() => session.users === 0 && !next(), 'both are gone');
    }
  });

  it('is told goodbye when the page goes away', async () => {
    const [, session] = await withPanel();
    session.connect();
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(session.asked('leave')).to.deep.equal([[true]]);
  });
});

describe('the end of a call', () => {
  it('says why, how long it was, and calls again in the same kind', async () => {
    const [panel, session] = await withPanel();
    session.connect({ media: 'audio', peer: 'bob' });
    session.end('hung-up', 83);
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Call ended').and.to.contain('Duration 01:23');
    press(panel, 'Call again');
    await waitUntil(() => session.asked('call').length);
    expect(session.asked('call')[0]).to.deep.equal(['bob', { media: 'audio', ringTimeout: 60 }]);
  });

  it('is told from the side of the person', async () => {
    const [panel, session] = await withPanel();
    session.show({ state: 'ended', reason: 'declined', call: callWith() });
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Bob declined the call');
    session.show({ state: 'ended', reason: 'cancelled', call: callWith({ direction: 'incoming' }) });
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Missed call from Bob');
    expect(controls(panel)).to.deep.equal(['Call back', 'Close']);
    session.show({ state: 'ended', reason: 'answered-elsewhere', call: callWith({ direction: 'incoming' }) });
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Close']);
  });

  it('was missed where the other side went while it rang, and not where it had been taken', async () => {
    const [panel, session] = await withPanel();
    const leaves = async (alert: 'visual' | null) => {
      session.bringIn();
      session.show({ alert });
      session.end('left');
      await panel.updateComplete;
      return [textOf(panel), controls(panel)[0]];
    };
    const [missed, back] = await leaves('visual');
    expect(missed).to.contain('Missed call from Bob');
    expect(back).to.equal('Call back');
    session.show({ state: 'idle', call: null, reason: null });
    const [left, again] = await leaves(null);
    expect(left).to.contain('Bob left the page');
    expect(again).to.equal('Call again');
  });

  it('shows its buttons in the order of the Tab key, side by side and one above the other', async () => {
    const [panel, session] = await withPanel();
    panel.layout = 'inline';
    session.connect();
    session.end('hung-up', 3);
    await panel.updateComplete;
    const boxes = () => [...panel.shadowRoot!.querySelectorAll('footer button')].map((button) => button.getBoundingClientRect());
    panel.style.inlineSize = '400px';
    const [first, second] = boxes();
    expect([first!.top === second!.top, first!.right < second!.left]).to.deep.equal([true, true]);
    panel.style.inlineSize = '200px';
    const [upper, lower] = boxes();
    expect(upper!.bottom).to.be.below(lower!.top);
  });

  it('can be put away', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    session.end('hung-up', 3);
    await panel.updateComplete;
    press(panel, 'Close');
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal([]);
    expect(panel.hasAttribute('open')).to.equal(false);
  });

  it('is shown for longer where somebody is at it, and goes once he has left', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    session.end('hung-up', 3);
    await panel.updateComplete;
    const over = () => panel.shadowRoot!.querySelector('.over');
    over()!.dispatchEvent(new PointerEvent('pointermove'));
    session.show({ state: 'idle', call: null, reason: null });
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Call again', 'Close']);
    expect([panel.getAttribute('state'), panel.hasAttribute('open')]).to.deep.equal(['idle', true]);
    over()!.dispatchEvent(new PointerEvent('pointerleave'));
    await waitUntil(() => !over(), 'the end of the call goes');
    expect(panel.hasAttribute('open')).to.equal(false);
  });

  it('is shown until it is put away where the person has to do something about microphone or camera', async () => {
    const [panel, session] = await withPanel();
    const over = () => panel.shadowRoot!.querySelector('.over');
    for (const [trouble, stays] of [
      ['media-denied', true],
      [undefined, false],
    ] as const) {
      session.show({ state: 'calling', call: callWith() });
      if (trouble) session.tell({ type: 'error', code: trouble, detail: '' });
      session.end('media-denied');
      await panel.updateComplete;
      session.show({ state: 'idle', call: null, reason: null });
      await panel.updateComplete;
      expect(!!over(), trouble ?? 'of the other side').to.equal(stays);
      if (!stays) continue;
      expect(textOf(panel)).to.contain('Allow this page to use your microphone');
      press(panel, 'Close');
      await waitUntil(() => controls(panel).length === 0, 'it is put away');
    }
  });

  it('is put away for good where somebody is at it, and leaves what is shown without a call as it is now', async () => {
    const [panel, session] = await withPanel(html`<video-call-panel me="alice" peer="bob" layout="inline"></video-call-panel>`);
    session.setPresence('bob', 'online', 'Bob');
    session.connect();
    session.end('hung-up', 3);
    await panel.updateComplete;
    panel.shadowRoot!.querySelector('.over')!.dispatchEvent(new PointerEvent('pointermove'));
    session.show({ state: 'idle', call: null, reason: null });
    session.setPresence('bob', 'offline');
    await panel.updateComplete;
    press(panel, 'Close');
    await waitUntil(() => controls(panel).includes('Devices'), 'the page can be used as before');
    expect(textOf(panel)).to.contain('offline');
  });

  it('lets somebody who is at it find out why a call has failed', async () => {
    const [panel, session] = await withPanel();
    session.show({ state: 'ended', reason: 'connect-timeout', call: callWith() });
    await panel.updateComplete;
    panel.shadowRoot!.querySelector('.over')!.dispatchEvent(new PointerEvent('pointermove'));
    session.show({ state: 'idle', call: null, reason: null });
    await panel.updateComplete;
    press(panel, 'Find out why');
    await waitUntil(() => !panel.shadowRoot!.querySelector('.over'), 'the check is shown in its place');
    await waitUntil(() => controls(panel).includes('Close'));
    press(panel, 'Close');
    await waitUntil(() => !panel.hasAttribute('open') && controls(panel).length === 0, 'nothing is left');
  });

  it('gives way to the next call, also where somebody is at it', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    session.end('hung-up', 3);
    await panel.updateComplete;
    panel.shadowRoot!.querySelector('.over')!.dispatchEvent(new PointerEvent('pointermove'));
    session.show({ state: 'idle', call: null, reason: null });
    session.show({ state: 'incoming', call: callWith({ direction: 'incoming' }) });
    await panel.updateComplete;
    expect(controls(panel)).to.include('Accept');
    session.show({ state: 'idle', call: null, reason: null });
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal([]);
  });

  it('is put away by Escape', async () => {
    const [panel, session] = await withPanel();
    session.connect();
    session.end('hung-up', 3);
    await panel.updateComplete;
    const button = panel.shadowRoot!.querySelector('.over button')!;
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await panel.updateComplete;
    expect(panel.hasAttribute('open')).to.equal(false);
  });

  it('is one event with reason and duration', async () => {
    const [, session] = await withPanel();
    const call = session.connect();
    const ended = heard('call-ended');
    session.end('left', 5);
    expect(await ended).to.deep.include({ call, reason: 'left', duration: 5 });
  });
});

describe('what can go wrong on a panel', () => {
  it('is reported once per bad value, in words, without an exception', async () => {
    const errors: CallErrorEvent[] = [];
    const gather = (event: CallErrorEvent) => errors.push(event);
    document.addEventListener('call-error', gather);
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="a b" ring-timeout="3" layout="round"></video-call-panel>`);
    panel.requestUpdate();
    await panel.updateComplete;
    document.removeEventListener('call-error', gather);
    expect(errors.map(({ code }) => code)).to.deep.equal(['bad-attribute', 'bad-attribute', 'bad-attribute']);
    expect(errors[0]!.message).to.contain('"me" must be a peer ID');
    expect(sessions.all).to.deep.equal([]);
    expect(await panel.call('bob')).to.equal(false);
  });

  it('tells the person why a call cannot even be tried', async () => {
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" relay="nonsense"></video-call-panel>`);
    await panel.call('bob');
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Calls are not set up correctly on this page');
    press(panel, 'Close');
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal([]);
  });

  it('is said for an insecure page', async () => {
    const restore = makeInsecure();
    try {
      const error = heard('call-error');
      await fixture(html`<video-call-panel me="alice"></video-call-panel>`);
      expect(await error).to.include({ code: 'insecure-context' });
      expect((await error).message).to.contain('https');
      expect(sessions.all).to.deep.equal([]);
    } finally {
      restore();
    }
  });

  it('is said for a browser that cannot make calls', async () => {
    const { RTCPeerConnection } = window;
    Reflect.deleteProperty(window, 'RTCPeerConnection');
    try {
      const error = heard('call-error');
      await fixture(html`<video-call-panel me="alice"></video-call-panel>`);
      expect(await error).to.include({ code: 'unsupported-browser' });
    } finally {
      window.RTCPeerConnection = RTCPeerConnection;
    }
  });

  it('is passed on from the engine, in the words of the person', async () => {
    const [panel, session] = await withPanel(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
    const error = heard('call-error');
    session.tell({ type: 'error', code: 'relay-unreachable', detail: 'connect failed', cause: 42 });
    expect(await error).to.include({ code: 'relay-unreachable', cause: 42 });
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('The call service cannot be reached');
    session.show({ relayStatus: 'online' });
    session.tell({ type: 'relay-status', status: 'online' });
    await panel.updateComplete;
    expect(textOf(panel)).to.equal('Ready for calls Devices Check my camera, microphone and connection');
  });
});

describe('a call that cannot leave the page', () => {
  const cases = [
    ['unauthorized', 'You are not signed in for calls'],
    ['forbidden', 'Ask the owner of this site'],
    [undefined, 'The call service cannot be reached'],
  ] as const;
  for (const [relayTrouble, sentence] of cases) {
    it(`says at once what is wrong: ${relayTrouble ?? 'the relay is gone'}`, async () => {
      const [panel, session] = await withPanel();
      session.show({ relayStatus: 'offline', relayTrouble });
      await panel.call('bob');
      await panel.updateComplete;
      expect(textOf(panel)).to.contain(sentence);
      expect(textOf(panel)).not.to.contain('Calling');
      session.show({ relayStatus: 'online', relayTrouble: undefined });
      await panel.updateComplete;
      expect(textOf(panel)).to.contain('Calling');
      expect(textOf(panel)).not.to.contain(sentence);
    });
  }

  it('goes on as any other while the page is about to be let in', async () => {
    const [panel, session] = await withPanel();
    session.show({ relayStatus: 'connecting' });
    await panel.call('bob');
    await panel.updateComplete;
    expect(textOf(panel)).to.contain('Calling');
  });
});

describe('several panels on one page', () => {
  it('are two people when they name two', async () => {
    await withPanel();
    await withPanel(html`<video-call-panel me="bob"></video-call-panel>`);
    expect(sessions.all).to.have.length(2);
  });

  it('share a session when they are the same person, and one of them presents the call', async () => {
    const [first, session] = await withPanel();
    const [second] = await withPanel(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
    const events: EventTarget[] = [];
    for (const panel of [first, second]) panel.addEventListener('call-incoming', () => events.push(panel));
    session.bringIn();
    await second.updateComplete;
    expect(session.users).to.equal(2);
    expect(events).to.deep.equal([document.body.contains(first) && first.compareDocumentPosition(second) & 4 ? first : second]);
    const [presenting, other] = events[0] === first ? [first, second] : [second, first];
    expect(controls(presenting)).to.include('Accept');
    expect(controls(other)).not.to.include('Accept');
    expect(other.getAttribute('state')).to.equal('incoming');
  });

  it('let the panel that placed a call present it', async () => {
    const [first, session] = await withPanel();
    const [second] = await withPanel(html`<video-call-panel me="alice"></video-call-panel>`);
    const later = first.compareDocumentPosition(second) & 4 ? second : first;
    await later.call('bob');
    await later.updateComplete;
    expect(controls(later)).to.deep.equal(['Cancel']);
    expect(controls(later === first ? second : first)).to.deep.equal([]);
    expect(session.asked('call')).to.have.length(1);
  });
});
