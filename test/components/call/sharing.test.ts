import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenTroubleOf, Sharing } from '../../../components/call/sharing.js';

/** A track that can be stopped, by the page and by the browser's own bar. */
class Track extends EventTarget {
  live = true;
  stop(): void {
    this.live = false;
  }
  end(): void {
    this.live = false;
    this.dispatchEvent(new Event('ended'));
  }
}

/** A screen with a picture and a sound. */
function makeScreen(): { readonly picture: Track; readonly sound: Track; readonly stream: MediaStream } {
  const [picture, sound] = [new Track(), new Track()];
  const stream = { getVideoTracks: () => [picture], getAudioTracks: () => [sound], getTracks: () => [picture, sound] };
  return { picture, sound, stream: stream as unknown as MediaStream };
}

/** Somebody who is asked for a screen, and answers when the test says so. */
function somebody() {
  const asked: { readonly give: (stream: MediaStream) => void; readonly refuse: (cause: unknown) => void }[] = [];
  const told: string[] = [];
  const clock = { now: 0 };
  const sharing = new Sharing(
    () => new Promise<MediaStream>((give, refuse) => asked.push({ give, refuse })),
    (trouble) => told.push(trouble ?? (sharing.stream ? 'shared' : 'not shared')),
    () => clock.now,
  );
  return { sharing, asked, told, clock };
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Sharing the screen', () => {
  it('begins once the person has chosen, with what the screen sounds like', async () => {
    const { sharing, asked, told } = somebody();
    const { picture, sound, stream } = makeScreen();
    sharing.set(true);
    assert.deepEqual([sharing.stream, told], [null, []]);
    asked[0]!.give(stream);
    await settle();
    assert.deepEqual(told, ['shared']);
    assert.deepEqual(sharing.tracks, { screen: picture, sound });
  });

  it('asks once, however often it is wanted', async () => {
    const { sharing, asked } = somebody();
    sharing.set(true);
    sharing.set(true);
    asked[0]!.give(makeScreen().stream);
    await settle();
    sharing.set(true);
    assert.equal(asked.length, 1);
  });

  it('ends by the page, and lets everything go', async () => {
    const { sharing, asked, told } = somebody();
    const { picture, sound, stream } = makeScreen();
    sharing.set(true);
    asked[0]!.give(stream);
    await settle();
    sharing.set(false);
    assert.deepEqual([picture.live, sound.live, sharing.stream, told], [false, false, null, ['shared', 'not shared']]);
    assert.deepEqual(sharing.tracks, { screen: null, sound: null });
  });

  it('ends by the bar of the browser, and lets its sound go, too', async () => {
    const { sharing, asked, told } = somebody();
    const { picture, sound, stream } = makeScreen();
    sharing.set(true);
    asked[0]!.give(stream);
    await settle();
    picture.end();
    assert.deepEqual([sound.live, sharing.stream, told], [false, null, ['shared', 'not shared']]);
  });

  it('that nobody wants any more when the person chooses is let go at once', async () => {
    const { sharing, asked, told } = somebody();
    const { picture, stream } = makeScreen();
    sharing.set(true);
    sharing.release();
    asked[0]!.give(stream);
    await settle();
    assert.deepEqual([picture.live, sharing.stream, told], [false, null, []]);
  });

  it('that the person refuses is no trouble, and can be asked for again', async () => {
    const { sharing, asked, told, clock } = somebody();
    sharing.set(true);
    clock.now += 900;
    asked[0]!.refuse(new DOMException('Permission denied by user', 'NotAllowedError'));
    await settle();
    sharing.set(true);
    assert.deepEqual([told, asked.length], [['not shared'], 2]);
  });

  it('that cannot be had is told of, and can be asked for again', async () => {
    const { sharing, asked, told } = somebody();
    sharing.set(true);
    asked[0]!.refuse(new DOMException('Could not start video source', 'NotReadableError'));
    await settle();
    sharing.set(true);
    assert.deepEqual([told, asked.length], [['failed'], 2]);
  });
});

describe('What a browser says in place of a screen', () => {
  for (const [name, message, took, means] of [
    ['NotAllowedError', 'Permission denied by user', 300, undefined],
    ['NotAllowedError', 'The request is not allowed by the user agent or the platform in the current context.', 4000, undefined],
    ['NotAllowedError', 'Permission denied by system', 4000, 'denied'],
    ['NotAllowedError', 'Access to the feature "display-capture" is disallowed by permissions policy.', 1, 'denied'],
    ['NotAllowedError', 'Permission denied', 30, 'denied'],
    ['SecurityError', '', 900, 'denied'],
    ['NotFoundError', '', 900, 'failed'],
    ['NotReadableError', '', 900, 'failed'],
    ['AbortError', '', 900, 'failed'],
    ['InvalidStateError', 'It must be called from a user gesture', 1, 'failed'],
  ] as const) {
    it(`${name} “${message}” after ${took} ms means ${means ?? 'the person’s own no'}`, () => {
      assert.equal(screenTroubleOf(new DOMException(message, name), took), means);
    });
  }

  it('may be anything', () => {
    for (const cause of [undefined, null, 'no', new TypeError('getDisplayMedia is not a function')])
      assert.equal(screenTroubleOf(cause, 900), 'failed');
  });
});
