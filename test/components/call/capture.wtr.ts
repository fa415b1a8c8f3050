import { expect } from '@open-wc/testing';
import { Capture, codeOf, openDevices } from '../../../components/call/capture.js';
import type { OpenDevices } from '../../../components/call/capture.js';
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
  const device = typeof video === 'object' && video.deviceId ? ` ${(video.deviceId as { exact: string }).exact}` : '';
  return [audio && 'microphone', video && `camera${device}`].filter(Boolean).join('+');
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
  const capture = new Capture(events.add, open);
  undo.push(() => capture.release());
  return { capture, events, asked, opened };
}

const both = { microphone: true, camera: true };
const permission = (state: PermissionState): void => replace(navigator.permissions, 'query', async () => ({ state }));

describe('Capture', () => {
  afterEach(() => {
    for (const back of undo.splice(0).reverse()) back();
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
    capture.capture(both);
    expect(await events.next()).to.deep.equal({ type: 'captured', microphone: true, camera: true });
    expect(asked).to.deep.equal(['microphone+camera', 'microphone+camera']);
  });

  it('says that a device is busy when it stays so', async () => {
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
    expect([capture.tracks, capture.stream]).to.deep.equal([{ audio: null, video: null }, null]);
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

  it('says when a device is pulled out, and nothing when one ends that is no longer used', async () => {
    const { capture, events } = captureWith();
    capture.capture(both);
    await events.next();
    const { video } = capture.tracks;
    video!.dispatchEvent(new Event('ended'));
    expect(events.all.at(-1)).to.deep.equal({ type: 'captured', microphone: true, camera: false, missing: 'media-unavailable' });
    video!.dispatchEvent(new Event('ended'));
    expect(events.all).to.have.length(2);
  });

  it('asks for the lines that it is told to, from the next capture on', async () => {
    const constraints: MediaStreamConstraints[] = [];
    const events = new Happenings<MediaEvent>();
    const capture = new Capture(events.add, async (wanted) => {
      constraints.push(wanted);
      throw new DOMException('no', 'NotFoundError');
    });
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
});
