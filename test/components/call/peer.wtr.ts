import { expect } from '@open-wc/testing';
import { MAX_WAITING, Peer } from '../../../components/call/peer.js';
import type { LocalTracks } from '../../../components/call/lanes.js';
import type { PeerOptions } from '../../../components/call/peer.js';
import type { PeerEvent } from '../../../components/call/events.js';
import { MAX_CANDIDATES } from '../../../relay/protocol/index.js';
import type { Candidate, MediaKind } from '../../../relay/protocol/index.js';
import { Happenings, turn } from '../../support/call/happenings.js';

/** Nobody answers there, so that looking for candidates takes its time. */
const DEAD_STUN = [{ urls: 'stun:127.0.0.1:9' }];
const NONE: LocalTracks = { audio: null, video: null };

const undo: (() => void)[] = [];
/** The browser's connections that were made in a test. */
const connections: RTCPeerConnection[] = [];
const unhandled: unknown[] = [];

/** One side: a peer, what it reported, the texts that it got. */
class Side {
  readonly events = new Happenings<PeerEvent>();
  readonly texts = new Happenings<{ type: string }>();
  readonly changes = new Happenings<{ type: string }>();
  readonly peer: Peer;

  constructor(polite: boolean, configuration: RTCConfiguration = {}, { lanes, voiceless, early }: Partial<PeerOptions> = {}) {
    this.peer = new Peer(
      {
        event: this.events.add,
        message: (text) => this.texts.add({ type: text }),
        changed: () => this.changes.add({ type: 'changed' }),
      },
      () => ({ configuration, lanes, voiceless, early }),
      polite,
    );
    undo.push(() => this.peer.close());
  }

  async path(state: string): Promise<void> {
    await this.events.first((event) => event.type === 'path' && event.state === state);
  }

  async flowing(kind: MediaKind): Promise<void> {
    await this.events.first((event) => event.type === 'flowing' && event.kind === kind);
  }

  count(type: PeerEvent['type']): number {
    return this.events.all.filter((event) => event.type === type).length;
  }
}

/** Carries everything that one side says to the other, as the relay does: in order, each once. */
function carry(from: Side, to: Side, change: (event: PeerEvent) => PeerEvent): void {
  let carried = 0;
  const pass = (): void => {
    for (const original of from.events.all.slice(carried)) {
      carried++;
      const event = change(original);
      if (event.type === 'offered') to.peer.answer(event.description, event.candidates);
      if (event.type === 'answered') to.peer.connect(event.description, event.candidates);
      if (event.type === 'described') to.peer.describe(event.description);
      if (event.type === 'gathered') to.peer.addCandidates(event.candidates);
    }
  };
  void (async () => {
    for (;;) {
      pass();
      await from.events.next();
    }
  })();
}

interface Pairing {
  readonly media?: MediaKind;
  readonly callerSends?: LocalTracks;
  readonly calleeSends?: LocalTracks;
  readonly lanes?: PeerOptions['lanes'];
  /** Whether the caller's microphone is a silent stand-in. */
  readonly voiceless?: boolean;
  /** What becomes of what one side says on its way to the other. */
  readonly change?: (event: PeerEvent) => PeerEvent;
}

/** Two peers of one call in one page, on their way to each other. */
function pair({ media = 'video', callerSends = NONE, calleeSends = NONE, lanes, voiceless, change = (event) => event }: Pairing = {}) {
  const caller = new Side(false, {}, { lanes, voiceless });
  const callee = new Side(true);
  carry(caller, callee, change);
  carry(callee, caller, change);
  caller.peer.setTracks(callerSends);
  callee.peer.setTracks(calleeSends);
  caller.peer.offer(media);
  return { caller, callee };
}

async function fakeDevices(): Promise<LocalTracks> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  undo.push(() => stream.getTracks().forEach((track) => track.stop()));
  return { audio: stream.getAudioTracks()[0]!, video: stream.getVideoTracks()[0]! };
}

const together = ({ caller, callee }: { caller: Side; callee: Side }): Promise<unknown> =>
  Promise.all([caller.path('connected'), callee.path('connected')]);

/** Resolves with the next event of a kind on one of the browser's own objects, where it is not so already. */
async function until(target: EventTarget, type: string, holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

const ufrag = (description: RTCSessionDescription | null): string => /a=ice-ufrag:(\S+)/.exec(description?.sdp ?? '')?.[1] ?? '';

describe('A peer connection', () => {
  const Original = window.RTCPeerConnection;

  beforeEach(() => {
    window.RTCPeerConnection = class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
    const note = (event: PromiseRejectionEvent): void => void unhandled.push(event.reason);
    addEventListener('unhandledrejection', note);
    undo.push(() => removeEventListener('unhandledrejection', note));
  });

  afterEach(() => {
    for (const back of undo.splice(0).reverse()) back();
    window.RTCPeerConnection = Original;
    const open = connections.splice(0).filter(({ connectionState }) => connectionState !== 'closed');
    expect(open, 'connections left open').to.deep.equal([]);
    expect(unhandled.splice(0), 'rejections that nobody handled').to.deep.equal([]);
  });

  it('opens the DTLS handshake from the side of the offer, so that of several answers only one can be taken', async () => {
    const both = pair();
    await together(both);
    const [offer, answer] = [both.caller, both.callee].map(({ events }) =>
      events.all.find(({ type }) => type === 'offered' || type === 'answered'),
    );
    expect(offer?.type === 'offered' && offer.description.sdp)
      .to.contain('a=setup:active')
      .and.not.to.contain('a=setup:actpass');
    expect(answer?.type === 'answered' && answer.description.sdp).to.contain('a=setup:passive');
  });

  it('connects by one offer and one answer, and its channel carries text both ways', async () => {
    const both = pair();
    expect(both.caller.peer.send('too early')).to.equal(false);
    await together(both);
    while (!both.caller.peer.send('from the caller')) await both.caller.changes.next();
    while (!both.callee.peer.send('from the callee')) await both.callee.changes.next();
    await both.callee.texts.first(({ type }) => type === 'from the caller');
    await both.caller.texts.first(({ type }) => type === 'from the callee');
    expect([both.caller.count('offered'), both.callee.count('answered'), both.caller.count('broken')]).to.deep.equal([1, 1, 0]);
  });

  it('shows when sound and picture of the other side arrive, on both sides, once each', async () => {
    const both = pair({ callerSends: await fakeDevices(), calleeSends: await fakeDevices() });
    await Promise.all([both.caller, both.callee].flatMap((side) => [side.flowing('audio'), side.flowing('video')]));
    for (const side of [both.caller, both.callee]) {
      expect(side.peer.remoteStream!.getTracks().map(({ kind }) => kind)).to.have.members(['audio', 'video']);
      expect(side.count('flowing')).to.equal(2);
    }
    expect([both.caller.count('described'), both.callee.count('described')], 'no second negotiation').to.deep.equal([0, 0]);
  });

  it('carries sound alone in a voice call', async () => {
    const both = pair({ media: 'audio', callerSends: await fakeDevices(), calleeSends: await fakeDevices() });
    await Promise.all([both.caller.flowing('audio'), both.callee.flowing('audio')]);
    expect(connections.map((connection) => connection.getTransceivers().length)).to.deep.equal([1, 1]);
    expect(both.callee.peer.remoteStream!.getTracks().map(({ kind }) => kind)).to.deep.equal(['audio']);
  });

  it('gets a lane for the camera in a voice call, and two for the screen, by one negotiation each, whoever wants to send', async () => {
    const tracks = await fakeDevices();
    const [screen] = (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks();
    undo.push(() => screen!.stop());
    const both = pair({ media: 'audio', callerSends: { ...tracks, video: null }, calleeSends: { ...tracks, video: null } });
    const { caller, callee } = both;
    await together(both);
    await Promise.all([caller.flowing('audio'), callee.flowing('audio')]);
    expect(caller.peer.remoteStream!.getVideoTracks()).to.deep.equal([]);

    // Both want to at once; the callee leaves the negotiation to the caller.
    for (const { peer } of [callee, caller]) {
      peer.setTracks(tracks);
      peer.widen(2);
    }
    await Promise.all([caller.flowing('video'), callee.flowing('video')]);
    expect([caller.count('described'), callee.count('described')]).to.deep.equal([1, 1]);

    for (const { peer } of [callee, caller]) {
      peer.setTracks({ ...tracks, screen });
      peer.widen(4);
    }
    for (const { peer, changes } of [callee, caller]) {
      while (!peer.remoteScreen) await changes.next();
      const [shown] = peer.remoteScreen.getVideoTracks();
      await until(shown!, 'unmute', () => !shown!.muted);
      expect(peer.remoteStream!.getTracks().length).to.equal(2);
    }
    expect([caller.count('described'), callee.count('described')]).to.deep.equal([2, 2]);

    // Whatever comes and goes from now on is negotiated by nobody.
    for (const { peer } of [callee, caller]) for (const next of [NONE, tracks, { ...tracks, screen }]) peer.setTracks(next);
    for (const { peer } of [callee, caller]) peer.widen(1);
    expect([caller.count('described'), callee.count('described')]).to.deep.equal([2, 2]);
  });

  it('carries what is set only once it is connected, without a new negotiation', async () => {
    const both = pair();
    await together(both);
    both.callee.peer.setTracks(await fakeDevices());
    await Promise.all([both.caller.flowing('audio'), both.caller.flowing('video')]);
    expect([both.caller.count('described'), both.callee.count('described')]).to.deep.equal([0, 0]);
    both.callee.peer.setTracks(NONE);
    while (connections[1]!.getSenders().some(({ track }) => track)) await turn();
  });

  it('sends sound with what is lost of it once more, where both browsers can', async () => {
    const both = pair({ callerSends: await fakeDevices() });
    await both.callee.flowing('audio');
    const first = connections.map((connection) => connection.getSenders()[0]!.getParameters().codecs[0]?.mimeType);
    expect(first).to.deep.equal(['audio/red', 'audio/red']);
  });

  it('sends each lane as it is told, also one that comes later', async () => {
    const tracks = await fakeDevices();
    const bound = { encoding: { maxBitrate: 300_000 } };
    const both = pair({ callerSends: tracks, lanes: [undefined, bound, bound] });
    await both.callee.flowing('video');
    const bounds = () => connections[0]!.getSenders().map((sender) => sender.getParameters().encodings[0]?.maxBitrate);
    expect(bounds()).to.deep.equal([undefined, 300_000]);
    const screen = tracks.video!.clone();
    undo.push(() => screen.stop());
    both.caller.peer.setTracks({ ...tracks, screen });
    both.caller.peer.widen(4);
    while (bounds()[2] !== 300_000) await turn();
    expect(bounds()).to.deep.equal([undefined, 300_000, 300_000, undefined]);
  });

  it('sends by the last wish, however late an earlier one comes', async () => {
    const tracks = await fakeDevices();
    const wishes: (PeerOptions | Promise<PeerOptions>)[] = [];
    const usual: PeerOptions = { configuration: {} };
    const events = new Happenings<PeerEvent>();
    const peer = new Peer({ event: events.add, message: () => {}, changed: () => {} }, () => wishes.shift() ?? usual, false);
    undo.push(() => peer.close());
    peer.setTracks(tracks);
    peer.offer('video');
    await events.first(({ type }) => type === 'offered');
    const sender = connections[0]!.getSenders()[1]!;
    const asked: unknown[] = [];
    const own = sender.setParameters.bind(sender);
    sender.setParameters = (parameters) => (asked.push(parameters.encodings[0]?.maxBitrate), own(parameters));
    const wish = (maxBitrate: number): PeerOptions => ({ ...usual, lanes: [undefined, { encoding: { maxBitrate } }] });
    let come = (_: PeerOptions): void => {};
    wishes.push(new Promise((resolve) => (come = resolve)), wish(200_000));
    peer.retune();
    peer.retune();
    await turn();
    come(wish(100_000));
    while (asked.length < 2) await turn();
    expect(asked).to.deep.equal([100_000, 200_000]);
  });

  describe('and its candidates', () => {
    const lines = (candidates: readonly Candidate[]): string[] => candidates.map(({ candidate }) => candidate);

    /** Every candidate that was told, in order. */
    const told = ({ events }: Side): string[] =>
      events.all.flatMap((event) =>
        event.type === 'offered' || event.type === 'answered' || event.type === 'gathered' ? lines(event.candidates) : [],
      );

    it('never come before the description that they belong to, and none is lost', async () => {
      const caller = new Side(false, { iceServers: DEAD_STUN });
      caller.peer.offer('video');
      const offered = await caller.events.first(({ type }) => type === 'offered');
      expect(caller.events.all[0]).to.equal(offered);
      const [connection] = connections;
      const gathered = [...(connection!.localDescription!.sdp.match(/^a=candidate:\S+/gm) ?? [])].map((line) => line.slice(2));
      expect(gathered).to.not.deep.equal([]);
      for (const foundation of gathered) while (!told(caller).some((line) => line.startsWith(foundation))) await caller.events.next();
    });

    it('of an answer follow it', async () => {
      const caller = new Side(false);
      const callee = new Side(true, { iceServers: DEAD_STUN });
      caller.peer.offer('video');
      const offered = await caller.events.first(({ type }) => type === 'offered');
      if (offered.type === 'offered') callee.peer.answer(offered.description, offered.candidates);
      await callee.events.first(({ type }) => type === 'gathered');
      expect(callee.events.all[0]!.type).to.equal('answered');
    });

    it('are taken within the bound of the protocol, anew with each description', async () => {
      const both = pair();
      await together(both);
      const [connection] = connections as [RTCPeerConnection];
      let taken = 0;
      connection.addIceCandidate = async () => void taken++;
      const flood = Array.from({ length: MAX_CANDIDATES }, () => ({ candidate: 'candidate:1' }));
      for (let i = 0; i < 10; i++) both.caller.peer.addCandidates(flood);
      both.callee.peer.restartIce();
      await both.caller.events.first(({ type }) => type === 'described');
      expect(taken).to.be.greaterThan(0).and.not.greaterThan(MAX_CANDIDATES);
      taken = 0;
      for (let i = 0; i < 10; i++) both.caller.peer.addCandidates(flood);
      while (taken === 0) await turn();
      expect(taken).to.be.not.greaterThan(MAX_CANDIDATES);
    });

    it('that nobody understands are passed over', async () => {
      const rubbish: Candidate[] = [
        { candidate: 'candidate:rubbish', sdpMid: '0' },
        { candidate: 'x', sdpMid: 'nowhere' },
        { candidate: 'y' },
      ];
      const both = pair({
        change: (event) => ('candidates' in event ? { ...event, candidates: [...rubbish, ...event.candidates] } : event),
      });
      await together(both);
      expect([both.caller.count('broken'), both.callee.count('broken')]).to.deep.equal([0, 0]);
    });
  });

  describe('that is given rubbish', () => {
    it('is broken by an answer that is none', async () => {
      const caller = new Side(false);
      caller.peer.offer('video');
      await caller.events.first(({ type }) => type === 'offered');
      caller.peer.connect({ type: 'answer', sdp: 'v=0 rubbish' }, []);
      const broken = await caller.events.first(({ type }) => type === 'broken');
      expect(broken.type === 'broken' && broken.detail)
        .to.be.a('string')
        .that.is.not.equal('');
    });

    it('is broken by an offer that is none', async () => {
      const callee = new Side(true);
      callee.peer.answer({ type: 'offer', sdp: 'rubbish' }, []);
      await callee.events.first(({ type }) => type === 'broken');
      expect(callee.count('answered')).to.equal(0);
    });

    it('takes the four lanes in their order, and nothing that is offered beside them', async () => {
      const stranger = new Original();
      undo.push(() => stranger.close());
      for (const kind of ['audio', 'video', 'audio', 'audio', 'video', 'video', 'audio']) stranger.addTransceiver(kind);
      await stranger.setLocalDescription();
      const callee = new Side(true);
      undo.push(() => callee.peer.close());
      callee.peer.answer({ type: 'offer', sdp: stranger.localDescription!.sdp }, []);
      await callee.events.first(({ type }) => type === 'answered');
      const [connection] = connections;
      // The third should be a screen, and is none.
      const taken = connection!.getTransceivers().map(({ currentDirection }) => currentDirection !== 'inactive');
      expect(taken).to.deep.equal([true, true, false, true, false, false, false]);
      expect(callee.peer.remoteStream!.getTracks().map(({ kind }) => kind)).to.have.members(['audio', 'video']);
      expect(callee.peer.remoteScreen!.getTracks().map(({ kind }) => kind)).to.deep.equal(['audio']);
    });

    it('is broken where the browser will not make a connection of that kind', async () => {
      const caller = new Side(false, { iceServers: [{ urls: 'http://no.such.scheme' }] });
      caller.peer.offer('audio');
      await caller.events.first(({ type }) => type === 'broken');
    });

    it('is not broken by a description that is none once it is connected', async () => {
      const both = pair();
      await together(both);
      both.caller.peer.describe({ type: 'offer', sdp: 'rubbish' });
      both.caller.peer.describe({ type: 'answer', sdp: 'rubbish' });
      both.caller.peer.restartIce();
      await both.callee.events.first(({ type }) => type === 'described');
      await until(connections[0]!, 'signalingstatechange', () => connections[0]!.signalingState === 'stable');
      expect([both.caller.count('broken'), connections[0]!.connectionState]).to.deep.equal([0, 'connected']);
    });

    it('is broken by another side that describes itself without end', async () => {
      const both = pair();
      await together(both);
      for (let count = 0; count < MAX_WAITING; count++) both.caller.peer.describe({ type: 'offer', sdp: 'rubbish' });
      expect(both.caller.count('broken')).to.equal(0);
      both.caller.peer.addCandidates([]);
      expect(both.caller.count('broken')).to.equal(1);
    });
  });

  describe('that looks for a new path', () => {
    /** Waits until both ends agree on credentials that they did not have before. */
    async function agreedAnew(before: string[]): Promise<void> {
      const [a, b] = connections as [RTCPeerConnection, RTCPeerConnection];
      const agreed = (): boolean =>
        a.signalingState === 'stable' &&
        b.signalingState === 'stable' &&
        ufrag(a.localDescription) === ufrag(b.remoteDescription) &&
        ufrag(b.localDescription) === ufrag(a.remoteDescription) &&
        !before.includes(ufrag(a.localDescription)) &&
        !before.includes(ufrag(b.localDescription));
      while (!agreed()) await turn();
    }

    const names = (): string[] => connections.map(({ localDescription }) => ufrag(localDescription));

    it('finds it also where the browser will not take new servers', async () => {
      const both = pair();
      await together(both);
      const { setConfiguration } = RTCPeerConnection.prototype;
      RTCPeerConnection.prototype.setConfiguration = () => {
        throw new DOMException('Not these.', 'InvalidModificationError');
      };
      try {
        const before = names();
        both.caller.peer.restartIce();
        await agreedAnew(before);
      } finally {
        RTCPeerConnection.prototype.setConfiguration = setConfiguration;
      }
    });

    for (const who of ['caller', 'callee'] as const) {
      it(`finds it when the ${who} asks for it, and the call goes on`, async () => {
        const both = pair({ callerSends: await fakeDevices() });
        await both.callee.flowing('video');
        const before = names();
        both[who].peer.restartIce();
        await agreedAnew(before);
        expect(both.caller.peer.send('still here')).to.equal(true);
        await both.callee.texts.first(({ type }) => type === 'still here');
      });
    }

    it('is said to be lost meanwhile only where it stays so', async () => {
      const both = pair();
      await together(both);
      const before = names();
      both.caller.peer.restartIce();
      await agreedAnew(before);
      const [connection] = connections as [RTCPeerConnection];
      undo.push(() => Reflect.deleteProperty(connection, 'connectionState'));
      /** Lets the browser say this of the connection. */
      const become = (state: RTCPeerConnectionState): void => {
        Object.defineProperty(connection, 'connectionState', { value: state, configurable: true });
        connection.dispatchEvent(new Event('connectionstatechange'));
      };
      const said = (): number => both.caller.events.all.filter((event) => event.type === 'path' && event.state === 'disconnected').length;
      become('disconnected');
      become('connected');
      expect(said()).to.equal(0);
      become('disconnected');
      expect(said(), 'before its time').to.equal(0);
      await both.caller.path('disconnected');
    });

    it('finds it when both ask for it at the same moment', async () => {
      const both = pair({ callerSends: await fakeDevices() });
      await both.callee.flowing('video');
      for (let round = 0; round < 3; round++) {
        const before = names();
        both.caller.peer.restartIce();
        both.callee.peer.restartIce();
        await agreedAnew(before);
      }
      expect([both.caller.count('broken'), both.callee.count('broken')]).to.deep.equal([0, 0]);
      expect(both.callee.peer.send('still here')).to.equal(true);
      await both.caller.texts.first(({ type }) => type === 'still here');
    });
  });

  describe('that is watched', () => {
    it('says once when nothing arrives any more although the path stands, and when something does again', async () => {
      const both = pair({ media: 'audio', callerSends: await fakeDevices(), calleeSends: await fakeDevices() });
      await Promise.all([both.caller.flowing('audio'), both.callee.flowing('audio')]);
      const { audio } = await fakeDevices();
      both.caller.peer.setTracks(NONE);
      await both.callee.events.first(({ type }) => type === 'silent');
      expect([both.callee.count('silent'), connections[1]!.connectionState, both.caller.count('silent')]).to.deep.equal([
        1,
        'connected',
        0,
      ]);
      const flowed = both.callee.count('flowing');
      both.caller.peer.setTracks({ audio, video: null });
      while (both.callee.count('flowing') === flowed) await both.callee.events.next();
      expect(both.callee.count('silent')).to.equal(1);
    });

    it('is not called silent when nothing has ever been sent', async () => {
      const both = pair({ calleeSends: await fakeDevices() });
      await Promise.all([together(both), both.caller.flowing('video')]);
      const { callee } = both;
      both.callee.peer.setTracks(NONE);
      await both.caller.events.first(({ type }) => type === 'silent');
      expect(callee.count('silent')).to.equal(0);
    });

    describe('hears its own microphone, and', () => {
      /** A microphone that delivers what a test lets through. */
      function tone(): { readonly audio: MediaStreamTrack; readonly gain: AudioParam } {
        const context = new AudioContext();
        undo.push(() => void context.close());
        const source = new OscillatorNode(context);
        const volume = new GainNode(context, { gain: 0 });
        const out = context.createMediaStreamDestination();
        source.connect(volume).connect(out);
        source.start();
        return { audio: out.stream.getAudioTracks()[0]!, gain: volume.gain };
      }
      const said = (side: Side) => side.events.all.flatMap((event) => (event.type === 'microphone' ? [event.sounds] : []));

      it('says once that it is silent, and once that it is not', async () => {
        const { audio, gain } = tone();
        const both = pair({ media: 'audio', callerSends: { audio, video: null }, calleeSends: await fakeDevices() });
        await both.caller.events.first(({ type }) => type === 'microphone');
        expect([said(both.caller), said(both.callee)]).to.deep.equal([[false], [true]]);
        gain.value = 0.5;
        await both.caller.events.first((event) => event.type === 'microphone' && event.sounds);
        expect(said(both.caller)).to.deep.equal([false, true]);
      });

      it('says nothing of one that is muted, nor of a stand-in', async () => {
        const muted = await fakeDevices();
        muted.audio!.enabled = false;
        const both = pair({ media: 'audio', callerSends: { audio: tone().audio, video: null }, calleeSends: muted, voiceless: true });
        await both.caller.flowing('audio');
        const other = pair({ media: 'audio', callerSends: { audio: tone().audio, video: null } });
        await other.caller.events.first(({ type }) => type === 'microphone');
        expect([said(both.caller), said(both.callee)]).to.deep.equal([[], []]);
      });
    });

    it('says that the other side closed its end, and not that this one did', async () => {
      const both = pair();
      await together(both);
      while (!both.callee.peer.send('here')) await both.callee.changes.next();
      await both.caller.texts.first(({ type }) => type === 'here');
      both.caller.peer.close();
      await both.callee.events.first(({ type }) => type === 'parted');
      expect([both.callee.count('parted'), both.caller.count('parted'), both.callee.count('broken')]).to.deep.equal([1, 0, 0]);
    });
  });

  describe('that is closed', () => {
    it('lets everything go, says nothing more, and may be closed again', async () => {
      const both = pair({ calleeSends: await fakeDevices() });
      await both.caller.flowing('audio');
      both.caller.peer.close();
      both.caller.peer.close();
      const said = both.caller.events.all.length;
      both.caller.peer.setTracks(await fakeDevices());
      both.caller.peer.restartIce();
      both.caller.peer.addCandidates([{ candidate: 'candidate:1' }]);
      both.caller.peer.describe({ type: 'offer', sdp: 'late' });
      both.caller.peer.connect({ type: 'answer', sdp: 'late' }, []);
      await turn();
      expect([both.caller.peer.send('late'), both.caller.peer.remoteStream, both.caller.events.all.length]).to.deep.equal([
        false,
        null,
        said,
      ]);
      expect(connections[0]!.connectionState).to.equal('closed');
    });

    it('before its offer is made makes none, nor before its answer', async () => {
      const caller = new Side(false);
      caller.peer.offer('video');
      caller.peer.close();
      const callee = new Side(true);
      callee.peer.answer({ type: 'offer', sdp: '' }, []);
      callee.peer.close();
      await turn();
      expect([connections.length, caller.events.all, callee.events.all]).to.deep.equal([0, [], []]);
    });

    it('while its offer waits for candidates does not offer', async () => {
      const caller = new Side(false, { iceServers: DEAD_STUN });
      caller.peer.offer('video');
      while (connections.length === 0) await turn();
      caller.peer.close();
      const other = pair();
      await together(other);
      expect(caller.events.all).to.deep.equal([]);
    });
  });

  /** A caller's offer, with all of its candidates. */
  async function offered(caller: Side) {
    caller.peer.offer('video');
    return (await caller.events.first(({ type }) => type === 'offered')) as Extract<PeerEvent, { type: 'offered' }>;
  }

  it('that is made ready hears of no address and tells none before it answers, and then answers at once', async () => {
    const [caller, callee] = [new Side(false), new Side(true)];
    const { description, candidates } = await offered(caller);
    callee.peer.makeReady(description);
    await until(connections[0]!, 'icegatheringstatechange', () => connections[0]!.iceGatheringState === 'complete');
    const made = (): RTCPeerConnection => connections.at(-1)!;
    while (connections.length < 2) await turn();
    await until(made(), 'icegatheringstatechange', () => made().iceGatheringState === 'complete');
    expect(callee.events.all).to.deep.equal([]);
    expect([made().iceConnectionState, made().remoteDescription!.sdp.includes('a=candidate')]).to.deep.equal(['new', false]);
    callee.peer.answer(description, candidates);
    const answered = (await callee.events.first(({ type }) => type === 'answered')) as Extract<PeerEvent, { type: 'answered' }>;
    expect(connections.length).to.equal(2);
    caller.peer.connect(answered.description, answered.candidates);
    await together({ caller, callee });
  });

  it('is not made ready for an offer with addresses in it', async () => {
    const callee = new Side(true);
    callee.peer.makeReady({ type: 'offer', sdp: 'v=0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n' });
    await turn();
    await turn();
    expect([connections.length, callee.events.all.length]).to.deep.equal([0, 0]);
  });

  it('is not prepared where that is not wanted, nor where TURN gives no address', async () => {
    const caller = new Side(false);
    const { description, candidates } = await offered(caller);
    for (const early of [undefined, 'relay'] as const) {
      const callee = new Side(true, {}, { early });
      callee.peer.prepare(description, candidates);
      await callee.events.first(({ type }) => type === 'unprepared');
    }
  });

  it('is prepared without media, and sends from the moment at which both begin', async () => {
    const tracks = await fakeDevices();
    const [caller, callee] = [new Side(false), new Side(true, {}, { early: 'all' })];
    carry(caller, callee, (event) => (event.type === 'offered' ? { type: 'quiet' } : event));
    caller.peer.setTracks(tracks);
    callee.peer.setTracks(tracks);
    const { description, candidates } = await offered(caller);
    callee.peer.prepare(description, candidates);
    const prepared = (await callee.events.first(({ type }) => type === 'prepared')) as Extract<PeerEvent, { type: 'prepared' }>;
    expect(prepared.narrow).to.equal(false);
    expect(prepared.candidates).to.have.length.above(0);
    caller.peer.connect(prepared.description, prepared.candidates, true);
    await together({ caller, callee });
    for (const connection of connections) for (const sender of connection.getSenders()) expect(sender.track).to.equal(null);
    expect(caller.count('flowing') + callee.count('flowing')).to.equal(0);
    callee.peer.begin();
    caller.peer.begin();
    await Promise.all([caller.flowing('video'), callee.flowing('video'), caller.flowing('audio'), callee.flowing('audio')]);
  });
});
