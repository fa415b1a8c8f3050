/** Plays the streams of a call in the panel's elements for picture and sound, and shows them elsewhere on the screen. */

/** The elements of a panel that play a stream. */
export class Players {
  #players = new Set<HTMLMediaElement>();

  /**
   * Plays what is paused: a new stream, or one that was interrupted because its element moved in the page. An element
   * that is gone lets its stream go, since the browser may otherwise keep it, and all of its call, for good.
   *
   * @param refused called when the browser will not sound before a gesture; it plays on, silently
   */
  follow(root: ParentNode, refused: () => void): void {
    const players = new Set(root.querySelectorAll<HTMLMediaElement>('video, audio'));
    for (const gone of this.#players) if (!players.has(gone)) gone.srcObject = null;
    this.#players = players;
    for (const player of players) if (player.srcObject && player.paused) play(player, refused);
  }
}

function play(player: HTMLMediaElement, refused: () => void): void {
  player.play().catch((cause: unknown) => {
    if ((cause as Error).name !== 'NotAllowedError' || player.muted) return;
    player.muted = true;
    void player.play().catch(() => {});
    refused();
  });
}

/** Whether this browser can lift a playing video out of the page. */
export const canPip = (): boolean => document.pictureInPictureEnabled && 'requestPictureInPicture' in HTMLVideoElement.prototype;

/** Lifts the remote picture out of the page, or puts it back. */
export async function togglePip(root: ShadowRoot): Promise<void> {
  const video = root.querySelector<HTMLVideoElement>('.remote');
  if (!video) return;
  if (root.pictureInPictureElement) await document.exitPictureInPicture();
  else await video.requestPictureInPicture();
}

/** Fills the screen with the panel, or gives it back. */
export async function toggleFullscreen(root: ShadowRoot): Promise<void> {
  if (root.fullscreenElement) await document.exitFullscreen();
  else await root.querySelector('.card')?.requestFullscreen();
}
