import { expect } from '@open-wc/testing';
import { Capture } from '../../../components/call/capture.js';
import { codeOf, openDevices } from '../../../components/call/devices.js';
import type { OpenDevices } from '../../../components/call/devices.js';
import type { MediaEvent } from '../../../components/call/events.js';
import { Happenings, turn } from '../../support/call/happenings.js';

/** `open`, the name of the error that it fails with, or what it waits for before it opens. */
type Answer = string | Promise<void>;

/** Puts something in the place of a property until the test is over. */
const undo: (() => void)[] = [];
function replace(object: object, name: string, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true });
  undo.push(() => (own ? Object.defineProperty(object, name, own) : delete (object as Record<string, unknown>)[name]));
}

/** What was asked for, in words. */
function wordsOf({ audio, video }: MediaStreamConstraints): string {
  const named = (wanted: boolean | MediaTrackConstraints | undefined, word: string): string => {
    const asked = typeof wanted === 'object' && (wanted.deviceId ?? wanted.facingMode);
    const { exact, ideal } = (asked || {}) as { exact?: string; ideal?: string };
    return word + (exact ? ` ${exact}` : '') + (ideal ? `, best ${ideal}` : '');
  };
  return [audio && named(audio, 'microphone'), video && named(video, 'camera')].filter(Boolean).join('+');
}

/** A capture whose devices open (for real, they are the browser's stand-ins) or fail as the test says, one answer after the other. */
function captureWith(answer: (asked: string, time: number) => Answer = () => 'open') {
  const asked: string[] = [];
  const opened: MediaStreamTrack[] = [];
  const events = new Happenings<MediaEvent>();
  const open: OpenDevices = async (constraints) => {
    asked.push(wordsOf(constraints));
    const said = answer(asked.at(-1)!, asked.length);
    if (said instanceof Promise) await said;
    else if (said !== 'open') throw new DOMException('no', said);
    const { audio, video } = constraints;
    const plain = { ...(audio && { audio: true }), ...(video && { video: true }) };
    const stream = await navigator.mediaDevices.getUserMedia(plain);
    opened.push(...stream.getTracks());
    return stream;
  };
  const capture = new Capture(events.add, open, noScreen);
  undo.push(() => capture.release());
  return { capture, events, asked, opened };
}

const noScreen = async (): Promise<MediaStream> => {
  throw new DOMException('no', 'NotAllowedError');
};

const both = { microphone: true, camera: true };
const permission = (state: PermissionState): void => replace(navigator.permissions, 'query', async () => ({ state }));
const at = (name: string) => ({ label: name, getSettings: () => ({ deviceId: name }) });
/** Gives a track the name of another device. */
const label = (track: MediaStreamTrack | null, name: string): void => {
  for (const [key, value] of Object.entries(at(name))) replace(track!, key, value);
};
/** The device of a track is pulled out. */
const pull = (track: MediaStreamTrack | null): void => void track!.dispatchEvent(new Event('ended'));
/** The machine keeps a track still, or lets it go on. */
function still(track: MediaStreamTrack | null, muted: boolean): void {
  replace(track!, 'muted', muted);
  track!.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
}

describe('Capture', () => {
  afterEach(() => {
    for (const back of undo.splice(0).reverse()) back();
  });

  it('gives a camera that is open another number of lines at once, and tells of it once it has them', async () => {
    const { capture, events } = captureWith();
    capture.configure({ maxLines: 720 });
    capture.capture(both);
    await events.next();
    const { video } = capture.tracks;
    capture.configure({ maxLines: 360 });
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect(video!.getSettings().height, 'whoever sends it scales what there is').to.equal(360);
    expect(capture.tracks.video).to.equal(video);
  });

  it('opens microphone and camera together, once', async () => {
    const { capture, events, asked } = captureWith();
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect(capture.stream!.getTracks()).to.have.members([capture.tracks.audio, capture.tracks.video]);
    capture.capture(both);
    expect(events.all.slice(1)).to.deep.equal([{ type: 'captured', microphone: true, camera: true }]);
    expect(asked).to.deep.equal(['microphone+camera']);
  });

  it('opens only what is asked for and not open yet', async () => {
    const { capture, events, asked } = captureWith();
    capture.capture({ microphone: true, camera: false });
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    capture.capture(both);
    await events.next();
    expect(asked).to.deep.equal(['microphone', 'camera']);
  });

  it('lets go what a call that took over another one does not want', async () => {
    const { capture, events } = captureWith();
    capture.capture(both);
    await events.next();
    const camera = capture.tracks.video!;
    capture.capture({ microphone: true, camera: false });
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    expect([camera.readyState, capture.tracks.video]).to.deep.equal(['ended', null]);
  });

  it('tells of a camera that is turned off while a microphone is asked for that was not there', async () => {
    let come = (): void => {};
    const late = new Promise<void>((resolve) => (come = resolve));
    const { capture, events } = captureWith((asked, time) => (time === 2 ? late : 'open'));
    capture.capture({ microphone: false, camera: true });
    await events.next();
    const { video } = capture.tracks;
    capture.setMicrophone(true);
    await turn();
    capture.setCamera(false);
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: false, camera: false });
    expect(video!.readyState).to.equal('ended');
    come();
    while (!capture.tracks.audio) await turn();
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: false });
  });

  it('puts no second question where the camera is turned off and on again while both open', async () => {
    let come = (): void => {};
    const late = new Promise<void>((resolve) => (come = resolve));
    const { capture, events, asked } = captureWith(() => late);
    capture.capture(both);
    await turn();
    capture.setCamera(false);
    capture.setCamera(true);
    come();
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect(asked).to.deep.equal(['microphone+camera']);
  });

  it('asks for what is wanted beside it once the first question is answered, and for nothing anew that was refused', async () => {
    let come = (): void => {};
    const late = new Promise<void>((resolve) => (come = resolve));
    const { capture, events, asked } = captureWith((_, time) => (time === 1 ? late : 'NotFoundError'));
    capture.capture({ microphone: true, camera: false });
    await turn();
    capture.setCamera(true);
    expect(asked).to.deep.equal(['microphone']);
    come();
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    expect(await events.next()).to.deep.equal({ type: 'capture-failed', code: 'media-unavailable' });
    expect(asked).to.deep.equal(['microphone', 'camera']);
  });

  it('answers whoever hears what came and asks for the same with just that', async () => {
    const heard: MediaEvent[] = [];
    const asked: string[] = [];
    const capture: Capture = new Capture(
      (event) => {
        heard.push(event);
        if (heard.length < 3) capture.capture(both);
      },
      async (constraints) => {
        asked.push(wordsOf(constraints));
        if (constraints.video) throw new DOMException('no', 'NotFoundError');
        return navigator.mediaDevices.getUserMedia({ audio: true });
      },
      noScreen,
    );
    undo.push(() => capture.release());
    capture.capture(both);
    while (heard.length === 0) await turn();
    await turn();
    expect(heard).to.deep.equal([{ type: 'captured', microphone: true, camera: false, missing: 'media-unavailable' }]);
    expect(asked).to.deep.equal(['microphone+camera', 'microphone', 'camera']);
  });

  it('asks once where the same is wanted again while it opens, and once more for what is wanted beside it', async () => {
    const { capture, events, asked } = captureWith();
    capture.capture({ microphone: true, camera: false });
    capture.capture({ microphone: true, camera: false });
    await events.next();
    await turn();
    expect([asked, events.all.length]).to.deep.equal([['microphone'], 1]);
    capture.setCamera(true);
    capture.setCamera(true);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect(asked).to.deep.equal(['microphone', 'camera']);
  });

  it('does not open what is wanted no longer while it is being opened', async () => {
    let come = (): void => {};
    const late = new Promise<void>((resolve) => (come = resolve));
    const { capture, events, asked, opened } = captureWith((_, time) => (time === 1 ? late : 'open'));
    capture.capture({ microphone: false, camera: true });
    await turn();
    capture.capture({ microphone: true, camera: false });
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    come();
    while (opened.length < 2) await turn();
    while (opened.some(({ kind, readyState }) => kind === 'video' && readyState === 'live')) await turn();
    expect([asked, capture.tracks.video, events.all.length]).to.deep.equal([['camera', 'microphone'], null, 1]);
  });

  it('goes on with sound alone where there is no camera, and says what is missing', async () => {
    const { capture, events, asked } = captureWith((what) => (what.includes('camera') ? 'NotFoundError' : 'open'));
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false, missing: 'media-unavailable' });
    expect(asked).to.deep.equal(['microphone+camera', 'microphone', 'camera']);
    expect(capture.stream!.getTracks()).to.have.length(1);
  });

  it('fails where there is nothing at all', async () => {
    const { capture, events } = captureWith(() => 'NotFoundError');
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'capture-failed', code: 'media-unavailable' });
    expect(capture.stream).to.equal(null);
  });

  it('does not ask a person a second time who has just said no', async () => {
    permission('denied');
    const { capture, events, asked } = captureWith(() => 'NotAllowedError');
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'capture-failed', code: 'media-denied' });
    expect(asked).to.deep.equal(['microphone+camera']);
  });

  it('takes the microphone where it is allowed and only the camera is not', async () => {
    permission('granted');
    const { capture, events } = captureWith((what) => (what.includes('camera') ? 'NotAllowedError' : 'open'));
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false, missing: 'media-denied' });
  });

  it('takes a browser that cannot say what is allowed for one that has not allowed it', async () => {
    replace(navigator.permissions, 'query', async () => Promise.reject(new TypeError('microphone?')));
    const { capture, events, asked } = captureWith(() => 'NotAllowedError');
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'capture-failed', code: 'media-denied' });
    expect(asked).to.have.length(1);
  });

  it('asks once more for a device that another program holds', async () => {
    const { capture, events, asked } = captureWith((_, time) => (time === 1 ? 'NotReadableError' : 'open'));
    capture.capture({ microphone: false, camera: true });
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: false, camera: true });
    expect(asked).to.deep.equal(['camera', 'camera']);
  });

  it('asks for each by itself where one of two is held by another program, and once more for that one only', async () => {
    const { capture, events, asked } = captureWith((what, time) => (what !== 'microphone' && time < 4 ? 'NotReadableError' : 'open'));
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect(asked).to.deep.equal(['microphone+camera', 'microphone', 'camera', 'camera']);
  });

  it('says that a device is busy when it stays so, and there is no other', async () => {
    replace(navigator.mediaDevices, 'enumerateDevices', async () => [{ kind: 'videoinput', deviceId: '' }]);
    const { capture, events, asked } = captureWith(() => 'NotReadableError');
    capture.capture({ microphone: false, camera: true });
    expect(await events.next()).to.deep.equal({ type: 'capture-failed', code: 'media-busy' });
    expect(asked).to.have.length(2);
  });

  it('lets go at once what comes after it was released, and says nothing', async () => {
    let allow!: () => void;
    const allowed = new Promise<void>((resolve) => (allow = resolve));
    const { capture, events, opened } = captureWith((_, time) => (time === 1 ? allowed : 'open'));
    capture.capture(both);
    capture.release();
    allow();
    capture.capture({ microphone: true, camera: false });
    await events.next();
    const late = opened.filter((track) => track !== capture.tracks.audio);
    while (late.length < 2 || late.some(({ readyState }) => readyState === 'live')) {
      await turn();
      late.splice(0, late.length, ...opened.filter((track) => track !== capture.tracks.audio));
    }
    expect(events.all).to.deep.equal([{ type: 'captured', microphone: true, camera: false }]);
  });

  it('asks no more for a busy device when it was released meanwhile', async () => {
    const { capture, events, asked } = captureWith((_, time) => (time === 1 ? 'NotReadableError' : 'open'));
    capture.capture({ microphone: false, camera: true });
    capture.release();
    capture.capture({ microphone: true, camera: false });
    await events.next();
    expect(asked).to.deep.equal(['camera', 'microphone']);
    expect(capture.tracks.video).to.equal(null);
  });

  it('releases everything, twice as well', async () => {
    const { capture, events, opened } = captureWith();
    capture.capture(both);
    await events.next();
    capture.release();
    capture.release();
    expect(opened.map(({ readyState }) => readyState)).to.deep.equal(['ended', 'ended']);
    expect([capture.tracks, capture.stream]).to.deep.equal([{ audio: null, video: null, screen: null, sound: null }, null]);
    expect(events.all).to.have.length(1);
  });

  it('mutes without letting the microphone go', async () => {
    const { capture, events, asked } = captureWith();
    capture.capture(both);
    await events.next();
    capture.setMicrophone(false);
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: false, camera: true });
    expect([capture.tracks.audio!.enabled, capture.tracks.audio!.readyState]).to.deep.equal([false, 'live']);
    capture.setMicrophone(true);
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect(asked).to.have.length(1);
  });

  it('opens a microphone without sound where it is to be muted, until it is turned on', async () => {
    const { capture, events, asked } = captureWith();
    capture.capture({ ...both, muted: true });
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: false, camera: true });
    expect([capture.tracks.audio!.enabled, capture.tracks.audio!.readyState]).to.deep.equal([false, 'live']);
    capture.setMicrophone(true);
    expect([events.all.at(-1), capture.tracks.audio!.enabled]).to.deep.equal([{ type: 'captured', microphone: true, camera: true }, true]);
    expect(asked).to.have.length(1);
  });

  it('hears what the person wants while it opens both: one question, no picture and no sound, and nothing told before that', async () => {
    let come = (): void => {};
    const late = new Promise<void>((resolve) => (come = resolve));
    const { capture, events, asked, opened } = captureWith(() => late);
    capture.capture(both);
    await turn();
    capture.setMicrophone(false);
    capture.setCamera(false);
    expect(events.all).to.deep.equal([]);
    come();
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: false, camera: false });
    expect(opened.map(({ kind, readyState, enabled }) => [kind, readyState, enabled])).to.deep.equal([
      ['audio', 'live', false],
      ['video', 'ended', true],
    ]);
    expect([asked, capture.tracks.video, capture.stream!.getTracks().length]).to.deep.equal([['microphone+camera'], null, 1]);
    capture.setMicrophone(true);
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: false });
  });

  it('opens a microphone that is turned on and was not there, and none that is turned off', async () => {
    const { capture, events, asked } = captureWith();
    capture.setMicrophone(false);
    expect(events.all).to.deep.equal([{ type: 'captured', microphone: false, camera: false }]);
    capture.setMicrophone(true);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    expect(asked).to.deep.equal(['microphone']);
  });

  it('lets the camera go when it is turned off, and opens it again when it is turned on', async () => {
    const { capture, events, asked, opened } = captureWith();
    capture.capture(both);
    await events.next();
    const { video } = capture.tracks;
    capture.setCamera(false);
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    expect([video!.readyState, capture.stream!.getVideoTracks()]).to.deep.equal(['ended', []]);
    capture.setCamera(true);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect([asked, opened.length]).to.deep.equal([['microphone+camera', 'camera'], 3]);
  });

  it('asks for the lines that it is told to, from the next capture on', async () => {
    const constraints: MediaStreamConstraints[] = [];
    const events = new Happenings<MediaEvent>();
    const capture = new Capture(
      events.add,
      async (wanted) => {
        constraints.push(wanted);
        throw new DOMException('no', 'NotFoundError');
      },
      noScreen,
    );
    capture.capture({ microphone: false, camera: true });
    await events.next();
    capture.configure({ maxLines: 360 });
    capture.capture({ microphone: false, camera: true });
    await events.next();
    const sizes = constraints.map(({ video }) => {
      const { width, height } = video as { width: { ideal: number }; height: { ideal: number } };
      return `${width.ideal}x${height.ideal}`;
    });
    expect(sizes).to.deep.equal(['1280x720', '640x360']);
  });

  describe('switching cameras', () => {
    const camera = (deviceId: string) => ({ kind: 'videoinput', deviceId });
    const cameras = (...names: string[]): void =>
      replace(navigator.mediaDevices, 'enumerateDevices', async () => [{ kind: 'audioinput', deviceId: 'mic' }, ...names.map(camera)]);

    /** A capture that has its camera, which is the one that it says. */
    async function filming(name: string, answer?: Parameters<typeof captureWith>[0]) {
      const made = captureWith(answer);
      made.capture.capture(both);
      await made.events.next();
      replace(made.capture.tracks.video!, 'getSettings', () => ({ deviceId: name }));
      return made;
    }

    it('takes the next one, after the one in use was let go', async () => {
      cameras('front', 'back', 'desk');
      const { capture, events, asked } = await filming('back');
      const before = capture.tracks.video!;
      capture.switchCamera();
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect([asked.at(-1), before.readyState, capture.tracks.video!.readyState]).to.deep.equal(['camera desk', 'ended', 'live']);
    });

    it('is asked for once when the person presses again while it opens', async () => {
      cameras('front', 'back', 'desk');
      const { capture, events, asked } = await filming('back');
      capture.switchCamera();
      await turn();
      capture.switchCamera();
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect([asked.at(-1), capture.tracks.video!.readyState]).to.deep.equal(['camera desk', 'live']);
    });

    it('begins anew after the last one', async () => {
      cameras('front', 'back');
      const { capture, events, asked } = await filming('back');
      capture.switchCamera();
      await events.next();
      expect(asked.at(-1)).to.equal('camera front');
    });

    it('takes the other side of a phone, or where the browser finds none the next one', async () => {
      cameras('front', 'back');
      const { capture, events, asked } = await filming('front', (what) =>
        what === 'camera environment' ? 'OverconstrainedError' : 'open',
      );
      replace(capture.tracks.video!, 'getSettings', () => ({ deviceId: 'front', facingMode: 'user' }));
      capture.switchCamera();
      await events.next();
      expect(asked.slice(1)).to.deep.equal(['camera environment', 'camera back']);
    });

    it('goes back to any camera when the next one cannot be had', async () => {
      cameras('front', 'back');
      const { capture, events, asked } = await filming('front', (what) => (what === 'camera back' ? 'OverconstrainedError' : 'open'));
      capture.switchCamera();
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect(asked).to.deep.equal(['microphone+camera', 'camera back', 'camera']);
    });

    it('does nothing where there is one camera, where none is on, and where a page has none to name', async () => {
      cameras('front');
      const { capture, events, asked } = await filming('front');
      capture.switchCamera();
      capture.setCamera(false);
      cameras('front', 'back');
      capture.switchCamera();
      const unhandled: unknown[] = [];
      const note = (event: PromiseRejectionEvent): void => void unhandled.push(event.preventDefault());
      addEventListener('unhandledrejection', note);
      undo.push(() => removeEventListener('unhandledrejection', note));
      replace(navigator, 'mediaDevices', undefined);
      capture.switchCamera();
      await turn();
      await turn();
      expect([asked, events.all.length, unhandled]).to.deep.equal([['microphone+camera'], 2, []]);
    });
  });

  describe('of a device that the person has chosen', () => {
    const named = (kind: string, name: string) => ({ kind, deviceId: name, label: name });
    const desk = (...names: string[]): void =>
      replace(navigator.mediaDevices, 'enumerateDevices', async () =>
        names.map((name) => named(name.includes('mic') ? 'audioinput' : 'videoinput', name)),
      );
    const chosen = (label: string) => ({ deviceId: 'as it was last time', label });

    it('takes it where it is there, and whichever there is where it is not', async () => {
      desk('desk mic', 'webcam');
      const { capture, events, asked } = captureWith();
      capture.configure({ microphone: chosen('desk mic'), camera: chosen('old webcam') });
      capture.capture(both);
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect(asked).to.deep.equal(['microphone desk mic+camera']);
    });

    /** A page whose devices have names once one has been opened, and what is permitted then. */
    async function nameless(state: PermissionState) {
      let hasOpened = false;
      replace(navigator.mediaDevices, 'enumerateDevices', async () =>
        ['desk mic', 'other mic'].map((name) => (hasOpened ? named('audioinput', name) : { kind: 'audioinput', deviceId: '', label: '' })),
      );
      permission(state);
      const made = captureWith(() => ((hasOpened = true), 'open'));
      made.capture.configure({ microphone: chosen('other mic') });
      made.capture.capture({ microphone: true, camera: false });
      await made.events.next();
      return made;
    }

    it('is found once devices have names, where the browser tells them only then', async () => {
      const { events, asked } = await nameless('granted');
      await events.next();
      expect(asked).to.deep.equal(['microphone', 'microphone other mic']);
    });

    it('is left where opening it would put another question to the person', async () => {
      const { asked } = await nameless('prompt');
      for (let turns = 0; turns < 5; turns++) await turn();
      expect(asked).to.deep.equal(['microphone']);
    });

    it('takes another where it cannot be opened, and keeps to the rest of the choice', async () => {
      desk('desk mic', 'webcam');
      const { capture, events, asked } = captureWith((what) => (what.includes('camera webcam') ? 'OverconstrainedError' : 'open'));
      capture.configure({ microphone: chosen('desk mic'), camera: chosen('webcam') });
      capture.capture(both);
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect(asked).to.deep.equal(['microphone desk mic+camera webcam', 'microphone, best desk mic+camera, best webcam']);
    });

    it('does not ask a person a second time who has just said no to it', async () => {
      desk('desk mic');
      permission('prompt');
      const { capture, events, asked } = captureWith(() => 'NotAllowedError');
      capture.configure({ microphone: chosen('desk mic') });
      capture.capture(both);
      expect(await events.next()).to.deep.equal({ type: 'capture-failed', code: 'media-denied' });
      expect(asked).to.have.length(1);
    });

    it('opens nothing that was let go while it was looked for', async () => {
      desk('desk mic');
      const { capture, asked } = captureWith();
      capture.configure({ microphone: chosen('desk mic') });
      capture.capture(both);
      capture.release();
      await turn();
      await turn();
      expect(asked).to.deep.equal([]);
    });

    it('puts it in the place of the one in use, as loud or silent, and leaves the other device alone', async () => {
      const { capture, events, asked, opened } = captureWith();
      capture.capture({ ...both, muted: true });
      await events.next();
      const { audio, video } = capture.tracks;
      capture.choose('audio', 'headset mic');
      expect(audio!.readyState, 'until the next one is there').to.equal('live');
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: false, camera: true });
      expect([asked.at(-1), audio!.readyState, capture.tracks.audio!.enabled]).to.deep.equal(['microphone headset mic', 'ended', false]);
      expect([capture.tracks.audio, capture.tracks.video, capture.stream!.getTracks().length]).to.deep.equal([opened.at(-1), video, 2]);
    });

    it('stays with the one in use where it cannot be had', async () => {
      const { capture, events } = captureWith((what) => (what.endsWith('broken mic') ? 'NotReadableError' : 'open'));
      capture.capture(both);
      await events.next();
      const { audio } = capture.tracks;
      capture.choose('audio', 'broken mic');
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect([capture.tracks.audio, audio!.readyState]).to.deep.equal([audio, 'live']);
    });

    it('takes the last of several, whichever opens first', async () => {
      let allow!: () => void;
      const slow = new Promise<void>((resolve) => (allow = resolve));
      const { capture, events, opened } = captureWith((what) => (what.endsWith('slow mic') ? slow : 'open'));
      capture.capture(both);
      await events.next();
      capture.choose('audio', 'slow mic');
      capture.choose('audio', 'quick mic');
      await events.next();
      const quick = capture.tracks.audio;
      allow();
      while (opened.length < 4) await turn();
      while (opened[3]!.readyState === 'live') await turn();
      expect([capture.tracks.audio, quick!.readyState]).to.deep.equal([quick, 'live']);
    });

    it('lets it go where the call has ended before it was open', async () => {
      let allow!: () => void;
      const slow = new Promise<void>((resolve) => (allow = resolve));
      const { capture, events, opened } = captureWith((what) => (what.endsWith('slow mic') ? slow : 'open'));
      capture.capture(both);
      await events.next();
      capture.choose('audio', 'slow mic');
      capture.release();
      allow();
      while (opened.length < 3) await turn();
      while (opened.some(({ readyState }) => readyState === 'live')) await turn();
      expect(events.all).to.have.length(1);
    });

    it('closes one camera of a phone before it opens the other', async () => {
      const { capture, events, asked } = captureWith();
      capture.capture(both);
      await events.next();
      const front = capture.tracks.video!;
      replace(front, 'getSettings', () => ({ deviceId: 'front', facingMode: 'user' }));
      capture.choose('video', 'back');
      expect(front.readyState).to.equal('ended');
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect([asked.at(-1), capture.tracks.video!.readyState]).to.deep.equal(['camera back', 'live']);
    });

    it('does nothing where none is open, and where it is the one in use', async () => {
      const { capture, events, asked } = captureWith();
      capture.choose('video', 'webcam');
      capture.capture({ microphone: true, camera: false });
      await events.next();
      label(capture.tracks.audio, 'desk mic');
      capture.choose('audio', 'desk mic');
      capture.choose('video', 'webcam');
      await turn();
      expect(asked).to.deep.equal(['microphone']);
    });

    it('comes back with it where the last one was lost for want of another', async () => {
      let there = true;
      const { capture, events, asked } = captureWith(() => (there ? 'open' : 'NotFoundError'));
      permission('granted');
      capture.capture(both);
      await events.next();
      there = false;
      pull(capture.tracks.audio);
      await events.first((event) => event.type === 'captured' && !event.microphone);
      events.all.splice(0);
      there = true;
      desk('spare mic');
      capture.configure({ microphone: chosen('spare mic') });
      capture.choose('audio', 'spare mic');
      await events.first((event) => event.type === 'captured' && event.microphone);
      expect(asked.at(-1)).to.equal('microphone spare mic');
    });
  });

  it('tells apart what was refused, what is held by others, and what is not there', () => {
    const codes = [
      'NotAllowedError',
      'SecurityError',
      'NotReadableError',
      'AbortError',
      'NotFoundError',
      'OverconstrainedError',
      'TypeError',
    ];
    expect(codes.map((name) => codeOf(new DOMException('', name)))).to.deep.equal([
      'media-denied',
      'media-denied',
      'media-busy',
      'media-busy',
      'media-unavailable',
      'media-unavailable',
      'media-unavailable',
    ]);
    expect(codeOf(Object.assign(new Error(), { name: 'NotAllowedError' }))).to.equal('media-denied');
    expect(codeOf('no')).to.equal('media-unavailable');
  });

  it('opens real devices, and finds none on a page that has none to ask', async () => {
    const stream = await openDevices({ audio: true });
    expect(stream.getAudioTracks()).to.have.length(1);
    for (const track of stream.getTracks()) track.stop();
    replace(navigator, 'mediaDevices', undefined);
    const failure = await openDevices({ audio: true }).catch((cause: DOMException) => cause.name);
    expect(failure).to.equal('NotFoundError');
  });

  it('tries the next device where the first stays with another program', async () => {
    replace(navigator.mediaDevices, 'enumerateDevices', async () =>
      ['default', 'a', 'b', 'c'].map((deviceId) => ({ kind: 'audioinput', deviceId })),
    );
    const { capture, events, asked } = captureWith((what) => (what === 'microphone b' ? 'open' : 'NotReadableError'));
    capture.capture({ microphone: true, camera: false });
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    expect(asked).to.deep.equal(['microphone', 'microphone', 'microphone a', 'microphone b']);
  });

  it('asks for no further device when it was released meanwhile', async () => {
    replace(navigator.mediaDevices, 'enumerateDevices', async () => {
      capture.release();
      return ['a', 'b'].map((deviceId) => ({ kind: 'videoinput', deviceId }));
    });
    const { capture, asked } = captureWith(() => 'NotReadableError');
    capture.capture({ microphone: false, camera: true });
    while (asked.length < 2) await turn();
    await turn();
    await turn();
    expect(asked).to.deep.equal(['camera', 'camera']);
  });

  describe('when a device is pulled out', () => {
    /** A capture whose devices are open, under these names; what opens next has the names of `next`. */
    async function capturing(answer?: Parameters<typeof captureWith>[0]) {
      permission('granted');
      const made = captureWith(answer);
      made.capture.capture(both);
      await made.events.next();
      label(made.capture.tracks.audio, 'headset');
      label(made.capture.tracks.video, 'webcam');
      made.events.all.splice(0);
      made.asked.splice(0);
      return made;
    }
    /** Nothing can be had until `there` is set. */
    async function losing() {
      const plugged = { there: true };
      const made = await capturing(() => (plugged.there ? 'open' : 'NotFoundError'));
      plugged.there = false;
      return { ...made, plugged };
    }
    const news = (device: string, what: string, name?: string) => ({ device, what, ...(name && { name }) });
    const nameOf = (track: MediaStreamTrack | null) => track!.label;

    it('takes another microphone, as loud or silent as the last, and says which', async () => {
      const { capture, events, asked } = await capturing();
      capture.setMicrophone(false);
      const { audio } = capture.tracks;
      pull(audio);
      expect(await events.next()).to.deep.equal({
        type: 'captured',
        microphone: false,
        camera: true,
        notices: [news('microphone', 'changed', nameOf(capture.tracks.audio))],
      });
      expect([capture.tracks.audio!.enabled, audio!.readyState, asked]).to.deep.equal([false, 'ended', ['microphone']]);
      expect(capture.stream!.getAudioTracks()).to.deep.equal([capture.tracks.audio]);
      pull(audio);
      await turn();
      expect(asked, 'what is no longer used may end').to.have.length(1);
    });

    it('takes another camera, the same if it is still there, and says nothing where it is', async () => {
      const { capture, events, asked } = await capturing();
      const same = capture.tracks.video!;
      replace(same, 'label', Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'label')!.get!.call(same));
      pull(same);
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect(asked).to.deep.equal(['camera, best webcam']);
    });

    it('takes both again where one plug had both', async () => {
      const { capture, events } = await capturing();
      pull(capture.tracks.audio);
      pull(capture.tracks.video);
      const { notices } = (await events.next()) as Extract<MediaEvent, { type: 'captured' }>;
      expect(notices!.map(({ device, what }) => `${device} ${what}`)).to.deep.equal(['microphone changed', 'camera changed']);
      expect([capture.tracks.audio!.readyState, capture.tracks.video!.readyState]).to.deep.equal(['live', 'live']);
    });

    it('says that nothing is left, for the microphone again and again, and comes back by itself', async () => {
      const { capture, events, plugged, asked } = await losing();
      const gone = { type: 'captured', microphone: false, camera: true, notices: [news('microphone', 'gone')] };
      pull(capture.tracks.audio);
      expect(await events.next()).to.deep.equal(gone);
      pull(capture.tracks.video);
      const dark = { ...gone, camera: false };
      expect(await events.next()).to.deep.equal({ ...dark, notices: [...gone.notices, news('camera', 'gone')] });
      capture.changed();
      expect(await events.next(), 'the camera is told of once').to.deep.equal(dark);
      expect(asked.at(-1)).to.equal('camera, best webcam');
      plugged.there = true;
      capture.changed();
      const back = (await events.next()) as Extract<MediaEvent, { type: 'captured' }>;
      expect([back.microphone, back.camera, back.notices!.map(({ what }) => what)]).to.deep.equal([true, true, ['changed', 'changed']]);
    });

    it('looks once more where devices came while it looked', async () => {
      let stir = (): Answer => 'open';
      const { capture, events, asked } = await capturing(() => stir());
      stir = () => {
        stir = () => 'open';
        capture.changed();
        return 'NotFoundError';
      };
      pull(capture.tracks.audio);
      expect(((await events.next()) as { microphone: boolean }).microphone).to.equal(false);
      expect(((await events.next()) as { microphone: boolean }).microphone).to.equal(true);
      expect(asked).to.deep.equal(['microphone', 'microphone']);
    });

    it('answers a person who turns it on and there still is none', async () => {
      const { capture, events } = await losing();
      pull(capture.tracks.video);
      await events.next();
      capture.setCamera(true);
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: false, notices: [news('camera', 'gone')] });
    });

    it('leaves a camera alone that the person has turned off meanwhile', async () => {
      const { capture, events, plugged, asked } = await losing();
      pull(capture.tracks.video);
      await events.next();
      capture.setCamera(false);
      const times = asked.length;
      plugged.there = true;
      capture.changed();
      await turn();
      expect([asked.length, capture.tracks.video]).to.deep.equal([times, null]);
      expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: false });
    });

    it('opens what else is being opened when the camera is turned off', async () => {
      const { capture, events } = await capturing();
      pull(capture.tracks.audio);
      await turn();
      capture.setCamera(false);
      expect(events.all.some((event) => event.type === 'captured' && !event.camera)).to.equal(true);
      await events.first((event) => event.type === 'captured' && event.microphone);
      expect([capture.tracks.audio!.readyState, capture.tracks.video]).to.deep.equal(['live', null]);
    });

    it('tells the other side soon where the next device takes its time', async () => {
      let allow!: () => void;
      const allowed = new Promise<void>((resolve) => (allow = resolve));
      const { capture, events } = await capturing((what) => (what === 'microphone' ? allowed : 'open'));
      pull(capture.tracks.audio);
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: false, camera: true });
      allow();
      expect(((await events.next()) as { microphone: boolean }).microphone).to.equal(true);
    });

    it('forgets it with the call', async () => {
      const { capture, events, plugged, asked } = await losing();
      pull(capture.tracks.audio);
      await events.next();
      capture.release();
      plugged.there = true;
      const times = asked.length;
      capture.changed();
      capture.wake();
      await turn();
      expect([asked.length, capture.stream]).to.deep.equal([times, null]);
    });

    it('lets nothing be asked twice where the permission was taken back, and comes back with it', async () => {
      for (const [first, now] of [
        ['granted', 'denied'],
        ['granted', 'prompt'],
      ] as const) {
        const { capture, events, asked } = await capturing();
        capture.permitted('video', first);
        permission(now);
        pull(capture.tracks.video);
        const denied = { type: 'captured', microphone: true, camera: false, notices: [news('camera', 'denied')] };
        expect(await events.next()).to.deep.equal(denied);
        capture.changed();
        capture.permitted('video', now);
        capture.wake();
        await turn();
        expect(asked).to.deep.equal([]);
        permission('granted');
        capture.permitted('video', 'granted');
        await events.first((event) => event.type === 'captured' && event.camera);
        capture.release();
      }
    });

    it('lets a device go whose permission is taken back while it is open', async () => {
      const { capture, events, asked } = await capturing();
      capture.permitted('audio', 'prompt');
      capture.permitted('audio', 'granted');
      const { audio } = capture.tracks;
      capture.permitted('audio', 'denied');
      expect(events.all).to.deep.equal([{ type: 'captured', microphone: false, camera: true, notices: [news('microphone', 'denied')] }]);
      expect([audio!.readyState, asked]).to.deep.equal(['ended', []]);
    });

    it('asks once where the browser has never told what is permitted, and takes no for an answer', async () => {
      const { capture, events, asked } = await capturing((what) => (what === 'microphone' ? 'NotAllowedError' : 'open'));
      permission('prompt');
      capture.permitted('audio', 'prompt');
      pull(capture.tracks.audio);
      expect(await events.next()).to.deep.equal({
        type: 'captured',
        microphone: false,
        camera: true,
        notices: [news('microphone', 'denied')],
      });
      capture.changed();
      await turn();
      expect(asked).to.deep.equal(['microphone']);
    });

    it('is listened to anew when devices came or went', async () => {
      const { capture, events } = await capturing();
      capture.changed();
      expect(events.all).to.deep.equal([{ type: 'captured', microphone: true, camera: true }]);
    });
  });

  describe('when the machine keeps a device still', () => {
    async function kept(kind: 'audio' | 'video') {
      permission('granted');
      const made = captureWith();
      made.capture.capture(both);
      await made.events.next();
      const track = made.capture.tracks[kind]!;
      made.events.all.splice(0);
      still(track, true);
      return { ...made, track };
    }

    it('says so when it goes on, and when it is over', async () => {
      const { capture, events, track } = await kept('audio');
      const muted = { device: 'microphone', what: 'muted' };
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: false, camera: true, notices: [muted] });
      still(track, false);
      expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect(capture.tracks.audio).to.equal(track);
    });

    it('says nothing of a moment', async () => {
      const { capture, events, track } = await kept('video');
      still(track, false);
      still(capture.tracks.audio, true);
      const camera = (await events.next()) as { camera: boolean };
      expect([camera.camera, events.all.length]).to.deep.equal([true, 1]);
    });

    it('opens it anew when the page is in front again, where it has not come back by then', async () => {
      const { capture, events, track, asked } = await kept('video');
      const dark = { type: 'captured', microphone: true, camera: false, notices: [{ device: 'camera', what: 'muted' }] };
      expect(await events.next()).to.deep.equal(dark);
      capture.wake();
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect([track.readyState, asked.length, capture.tracks.video!.readyState]).to.deep.equal(['ended', 2, 'live']);
    });

    it('opens it anew when the person turns it on', async () => {
      const { capture, events, track, asked } = await kept('audio');
      await events.next();
      capture.setMicrophone(true);
      expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
      expect([track.readyState, asked.at(-1)]).to.deep.equal(['ended', 'microphone']);
    });
  });
});
