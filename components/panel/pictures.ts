/** Plays the streams of a call in the panel's elements for picture and sound, and shows them elsewhere on the screen. */

/**
 * Plays what is paused: a new stream, or one that was interrupted because its element moved in the page.
 *
 * @param refused called when the browser will not sound before a gesture; it plays on, silently
 */
export function playAll(root: ParentNode, refused: () => void): void {
  for (const player of root.querySelectorAll<HTMLMediaElement>('video, audio')) {
    if (!player.srcObject || !player.paused) continue;
    player.play().catch((cause: unknown) => {
      if ((cause as Error).name !== 'NotAllowedError' || player.muted) return;
      player.muted = true;
      void player.play().catch(() => {});
      refused();
    });
  }
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
