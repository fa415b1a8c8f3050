import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Sharing } from '../../../components/call/sharing.js';

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
  const told: unknown[] = [];
  const sharing = new Sharing(
    () => new Promise<MediaStream>((give, refuse) => asked.push({ give, refuse })),
    (cause) => told.push(cause ?? (sharing.stream ? 'shared' : 'no more')),
  );
  return { sharing, asked, told };
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
    assert.deepEqual([picture.live, sound.live, sharing.stream, told], [false, false, null, ['shared', 'no more']]);
    assert.deepEqual(sharing.tracks, { screen: null, sound: null });
  });

  it('ends by the bar of the browser, and lets its sound go, too', async () => {
    const { sharing, asked, told } = somebody();
    const { picture, sound, stream } = makeScreen();
    sharing.set(true);
    asked[0]!.give(stream);
    await settle();
    picture.end();
    assert.deepEqual([sound.live, sharing.stream, told], [false, null, ['shared', 'no more']]);
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

  it('that the person refuses is told with its cause, and can be asked for again', async () => {
    const { sharing, asked, told } = somebody();
    sharing.set(true);
    asked[0]!.refuse('no');
    await settle();
    sharing.set(true);
    assert.deepEqual([told, asked.length], [['no'], 2]);
  });
});
