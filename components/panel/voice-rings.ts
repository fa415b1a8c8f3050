/** Rings that follow the voices of a call without a picture: around the other side's face, and around one's own microphone. */
import { css } from 'lit';
import type { Companion, CompanionHost } from './companions.js';
import { levelOf } from './loudness.js';
import { remoteSeen } from './stage.js';
import type { PanelView } from './view.js';
import { wear } from './wear.js';

/** The time between two looks at a voice, in milliseconds. */
const EVERY = 70;

const styles = css`
  .connected .face::before,
  .connected .face::after {
    content: '';
    opacity: calc(var(--level, 0) * 0.55);
    scale: calc(1 + var(--level, 0) * 0.16);
  }
  .connected .face::before {
    opacity: calc(var(--level, 0) * 0.28);
    scale: calc(1 + var(--level, 0) * 0.36);
  }
  [part~='microphone-button'] .disc {
    box-shadow: 0 0 0 calc(var(--level, 0) * 7px) color-mix(in srgb, var(--video-call-accent, #5ed896) 55%, transparent);
  }
`;

/** One voice, and what shows it. */
interface Voice {
  readonly track: MediaStreamTrack;
  readonly source: MediaStreamAudioSourceNode;
  readonly analyser: AnalyserNode;
  readonly samples: Float32Array<ArrayBuffer>;
  level: number;
}

/** Makes the panel show voices. */
export function voiceRings(host: CompanionHost): Companion {
  let root = host.shadowRoot!;
  const still = matchMedia('(prefers-reduced-motion)');
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  const voices = new Map<'theirs' | 'own', Voice>();

  function stop(): void {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    timer = undefined;
    for (const which of [...voices.keys()]) forget(which);
    void context?.close().catch(() => {});
    context = undefined;
  }

  function forget(which: 'theirs' | 'own'): void {
    voices.get(which)?.source.disconnect();
    voices.delete(which);
    show(which, 0);
  }

  function listen(which: 'theirs' | 'own', stream: MediaStream | null): void {
    const track = stream?.getAudioTracks()[0];
    if (voices.get(which)?.track === track) return;
    forget(which);
    if (!track || !context) return;
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    source.connect(analyser);
    voices.set(which, { track, source, analyser, samples: new Float32Array(analyser.fftSize), level: 0 });
  }

  function show(which: 'theirs' | 'own', level: number): void {
    const element = root.querySelector<HTMLElement>(which === 'theirs' ? '.stage .face' : '[part~=microphone-button]');
    if (level > 0) element?.style.setProperty('--level', String(level));
    else element?.style.removeProperty('--level');
  }

  function look(): void {
    for (const [which, voice] of voices) {
      voice.analyser.getFloatTimeDomainData(voice.samples);
      const level = voice.track.enabled ? levelOf(voice.samples, voice.level) : 0;
      if (level !== voice.level) show(which, level);
      voice.level = level;
    }
    next();
  }

  // A page that nobody looks at draws no frames, and so listens to nothing.
  const next = () => (timer = setTimeout(() => (frame = requestAnimationFrame(look)), EVERY));

  return {
    stop,
    follow: ({ elsewhere, snapshot, root: present }: PanelView) => {
      root = present;
      wear(root, styles);
      const shown = !elsewhere && !!root.querySelector('.stage');
      const wanted = shown && snapshot.state === 'connected' && !remoteSeen(snapshot) && !still.matches;
      // Before the first gesture a browser would only complain.
      if (!wanted || navigator.userActivation?.hasBeenActive === false) return void (context && stop());
      context ??= new AudioContext({ latencyHint: 'playback', sinkId: { type: 'none' } } as AudioContextOptions);
      listen('theirs', snapshot.remote.microphone ? snapshot.remoteStream : null);
      listen('own', snapshot.local.microphone ? snapshot.localStream : null);
      if (!timer) next();
    },
  };
}
