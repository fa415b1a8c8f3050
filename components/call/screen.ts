/** Opens a screen, a window or a tab of the person's choice, for sharing (W3C Screen Capture). */

/** Options that the DOM library does not know yet; a browser that does not either passes over them. */
interface ScreenOptions extends DisplayMediaStreamOptions {
  readonly systemAudio: 'include';
  readonly surfaceSwitching: 'include';
  readonly selfBrowserSurface: 'exclude';
}

/** Asks the person. The picture is for reading: its letters matter more than its motion. */
export async function openScreen(): Promise<MediaStream> {
  const options: ScreenOptions = {
    video: { frameRate: { max: 30 } },
    // What the call itself sounds like is not sent back to the one who said it.
    audio: { suppressLocalAudioPlayback: false, echoCancellation: true } as MediaTrackConstraints,
    systemAudio: 'include',
    surfaceSwitching: 'include',
    selfBrowserSurface: 'exclude',
  };
  const stream = await navigator.mediaDevices.getDisplayMedia(options);
  for (const track of stream.getVideoTracks()) track.contentHint = 'detail';
  for (const track of stream.getAudioTracks()) track.contentHint = 'music';
  return stream;
}
