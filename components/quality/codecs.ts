/** Which codec this device encodes with the least power (W3C Media Capabilities). */

/** Codecs of pictures, the best for the same bits first. */
const CODECS = ['video/AV1', 'video/H264', 'video/VP9'] as const;

/** The picture that is asked about: what a call sends by itself. */
const PICTURE = { width: 1280, height: 720, bitrate: 1_500_000, framerate: 30 } as const;

/**
 * The MIME type of the codec that the device has hardware for, as in `video/H264`; undefined where it has none, and the
 * browser's own order is best. Never fails.
 */
export async function efficientCodec(abilities: Pick<MediaCapabilities, 'encodingInfo'> | undefined): Promise<string | undefined> {
  const isEfficient = async (contentType: string): Promise<boolean> => {
    const found = await abilities?.encodingInfo({ type: 'webrtc', video: { contentType, ...PICTURE } });
    return !!found?.supported && found.smooth && found.powerEfficient;
  };
  // A browser that does not know the question has no answer either.
  const able = await Promise.all(CODECS.map((codec) => isEfficient(codec).catch(() => false)));
  return CODECS[able.indexOf(true)];
}
