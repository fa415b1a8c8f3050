/** Everything that sounds in a call, as one sound (W3C Web Audio). */

/** Milliseconds that a browser has to wake its sound. */
const WAKES_WITHIN = 2000;

/** Mixes the sounds of some streams, whatever tracks they have from moment to moment. A track that is muted is silent here, too. */
export class Mixer {
  readonly context = new AudioContext();
  readonly #output = new MediaStreamAudioDestinationNode(this.context);
  readonly #inputs = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();

  constructor() {
    // Without an input some browsers give no sound at all, which a recorder would wait for.
    const silence = new ConstantSourceNode(this.context, { offset: 0 });
    silence.connect(this.#output);
    silence.start();
  }

  /** The mix. */
  get track(): MediaStreamTrack {
    return this.#output.stream.getAudioTracks()[0]!;
  }

  /** Whether it sounds: on a machine without a loudspeaker some browsers never let it, and a recorder would wait for ever. */
  async runs(): Promise<boolean> {
    const late = new Promise((resolve) => setTimeout(resolve, WAKES_WITHIN));
    await Promise.race([this.context.resume().catch(() => {}), late]);
    return this.context.state === 'running';
  }

  /** Takes these streams from now on. */
  follow(streams: readonly (MediaStream | null)[]): void {
    const tracks = new Set(streams.flatMap((stream) => stream?.getAudioTracks() ?? []).filter(({ readyState }) => readyState === 'live'));
    for (const [track, input] of this.#inputs) {
      if (tracks.has(track)) continue;
      input.disconnect();
      this.#inputs.delete(track);
    }
    for (const track of tracks) {
      if (this.#inputs.has(track)) continue;
      const input = new MediaStreamAudioSourceNode(this.context, { mediaStream: new MediaStream([track]) });
      input.connect(this.#output);
      this.#inputs.set(track, input);
    }
  }

  /** Lets everything go. */
  close(): void {
    this.follow([]);
    this.track.stop();
    void this.context.close().catch(() => {});
  }
}
