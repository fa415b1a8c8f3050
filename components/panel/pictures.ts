/** Plays the streams of a call in the panel's elements for picture and sound. */
import { noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import type { PropertyPart } from 'lit/directive.js';

/** Gives an element another stream than it has, for `.srcObject=`: one that is set once more, even the same, would start anew. */
export const playing = directive(
  class extends Directive {
    render(given: MediaStream | null): unknown {
      return given;
    }

    override update({ element }: PropertyPart, [given]: [MediaStream | null]): unknown {
      return (element as HTMLMediaElement).srcObject === given ? noChange : given;
    }
  },
);

/** The elements of a panel that play a stream. */
export class Players {
  #players = new Set<HTMLMediaElement>();

  /**
   * Plays what is paused: a new stream, or one that was interrupted because its element moved in the page. An element
   * that is gone lets its stream go, since the browser may otherwise keep it, and all of its call, for good.
   *
   * @param refused called when the browser will not sound before a gesture; it plays on, silently
   */
  follow(roots: readonly ParentNode[], refused: () => void): void {
    const players = new Set(roots.flatMap((root) => [...root.querySelectorAll<HTMLMediaElement>('video, audio')]));
    for (const gone of this.#players) if (!players.has(gone)) gone.srcObject = null;
    this.#players = players;
    for (const player of players) {
      if (player.error) restart(player);
      if (player.srcObject && player.paused) play(player, refused);
    }
  }
}

const pictures = new WeakMap<MediaStream, MediaStream>();

/**
 * The picture of a stream without its sound, always the same one for the same stream. A video element that has both
 * stands still when the loudspeaker goes away, even if it is muted.
 */
export function pictureOf(stream: MediaStream | null): MediaStream | null {
  if (!stream) return null;
  const picture = pictures.get(stream) ?? new MediaStream();
  pictures.set(stream, picture);
  const tracks = stream.getVideoTracks();
  for (const gone of picture.getTracks()) if (!tracks.includes(gone)) picture.removeTrack(gone);
  for (const track of tracks) picture.addTrack(track);
  return picture;
}

/** What failed in the middle, for want of a loudspeaker perhaps, begins anew. */
function restart(player: HTMLMediaElement): void {
  const { srcObject } = player;
  player.srcObject = null;
  player.srcObject = srcObject;
}

function play(player: HTMLMediaElement, refused: () => void): void {
  player.play().catch((cause: unknown) => {
    if ((cause as Error).name !== 'NotAllowedError' || player.muted) return;
    player.muted = true;
    void player.play().catch(() => {});
    refused();
  });
}
