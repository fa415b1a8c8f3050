/** The stage: pictures, and what lies over them. */
import { css } from 'lit';

/** The stage. */
export const scene = css`
  .stage {
    display: grid;
    grid-template: minmax(0, 1fr) auto auto auto / minmax(0, 1fr);
    inline-size: min(var(--video-call-stage-width, 400px), 100vw - 32px);
    block-size: min(var(--video-call-stage-height, 580px), 100dvh - 32px);
    border: var(--video-call-border, 0);
    container: card / size;
    background: var(
      --video-call-stage,
      radial-gradient(120% 80% at 50% 12%, hsl(var(--hue) 26% 25%), hsl(var(--hue) 22% 13%) 62%, hsl(var(--hue) 18% 8%))
    );
    color: var(--video-call-stage-text, #fff);
    color-scheme: dark;
  }
  /* A dark stage has an edge on a dark page too. */
  .floating > .stage {
    box-shadow:
      0 0 0 1px rgb(255 255 255 / 0.12),
      var(--shade);
  }
  .inline > .stage {
    box-shadow: 0 0 0 1px rgb(255 255 255 / 0.12);
  }
  .floating > .audio {
    block-size: min(var(--video-call-stage-height, 440px), 100dvh - 32px);
  }
  .inline > .stage {
    block-size: auto;
    contain-intrinsic-block-size: 320px;
  }
  .stage :is(.title, .title bdi, .line) {
    color: inherit;
  }
  .stage > .who {
    grid-area: 1 / 1;
    place-self: center;
    padding: 24px;
    transition: translate 0.45s cubic-bezier(0.3, 0.9, 0.3, 1);
  }
  .self > .who {
    translate: 0 -5cqb;
  }
  .stage.alone > .who {
    translate: none;
    place-self: start stretch;
    padding-block: 6cqb 140px;
    background: linear-gradient(rgb(0 0 0 / 0.6), rgb(0 0 0 / 0.46) calc(100% - 136px), rgb(0 0 0 / 0.14) calc(100% - 56px), transparent);
  }
  .stage.alone .face {
    --size: 80px;
  }
  .stage .face {
    --size: clamp(72px, min(34cqi, 26cqb), 144px);
    margin-block-end: calc(var(--size) * 0.14 + 4px);
  }
  .picture,
  video {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  video {
    object-fit: cover;
    opacity: 0;
  }
  .shared .screen {
    object-fit: contain;
    opacity: 1;
  }
  .filmed .remote,
  .self .local {
    opacity: 1;
  }
  /* A camera that is open has no picture yet for a moment. */
  .self .local {
    animation: appear 0.15s 0.1s backwards;
  }
  /* What is longer than a word or two has a line of its own. */
  .stage:not(.seen) .slow {
    flex-basis: 100%;
    text-align: center;
    text-wrap: balance;
  }
  .stage:not(.seen) .line > span + .slow::before {
    content: none;
  }
  /* One's own picture goes nowhere for the moment. */
  .held .local {
    filter: grayscale(1) brightness(0.5);
  }
  .mirrored {
    scale: -1 1;
  }
  /* The corner of the small picture: 0 is left or top, 1 is right or bottom. It gets there by translation alone. */
  .picture {
    --x: 1;
    --y: 1;
    --edge: 14px;
    --start: max(var(--edge), env(safe-area-inset-left));
    --end: max(var(--edge), env(safe-area-inset-right));
    --top: calc(56px + max(12px, env(safe-area-inset-top)));
    --bottom: calc(100px + env(safe-area-inset-bottom));
    --small: var(--video-call-self-width, clamp(76px, 28cqw, 132px));
    --ratio: 4 / 3;
    --spring: cubic-bezier(0.25, 1.2, 0.4, 1);
  }
  .picture:dir(rtl) {
    --x: 0;
  }
  .local,
  .handle,
  :is(.swapped, .shared) .remote {
    --tall: calc(var(--small) * var(--ratio));
    position: absolute;
    inset: 0 auto auto 0;
    inline-size: var(--small);
    block-size: var(--tall);
    border-radius: min(var(--video-call-radius, 16px), 16px);
    translate: calc(var(--start) + (100cqw - var(--small) - var(--start) - var(--end)) * var(--at, var(--x)) + var(--away, 0px))
      calc(var(--top) + (100cqh - var(--tall) - var(--top) - var(--bottom)) * var(--y));
  }
  .local,
  :is(.swapped, .shared) .remote {
    outline: 1px solid rgb(255 255 255 / 0.3);
    outline-offset: -1px;
    box-shadow: 0 4px 20px rgb(0 0 0 / 0.45);
  }
  /* Looks the same, and is drawn by itself first: for what is rounded within what is rounded, Chromium draws the whole stage twice. */
  :where(:not(.swapped)) > .local,
  :is(.swapped, .shared) .remote {
    filter: brightness(1);
  }
  /* Where the other side is a face with words below it, one's own picture keeps clear of both. */
  .stage:not(.seen) > .picture {
    --y: 0;
    --small: clamp(56px, 20cqw, 120px);
  }
  .alone .local,
  .swapped .local {
    inline-size: 100%;
    block-size: 100%;
    border-radius: 0;
    translate: 0 0;
    outline: 0;
    box-shadow: none;
  }
  .alone.self > .picture {
    background: #000;
    animation: appear 0.15s 0.1s backwards;
  }
  .alone.self .local {
    opacity: 0.7;
    filter: none;
  }
  .seen > .who {
    color: #fff;
    translate: none;
    place-self: start stretch;
    justify-items: start;
    gap: 0;
    padding: max(16px, env(safe-area-inset-top)) max(20px, env(safe-area-inset-right)) 68px max(20px, env(safe-area-inset-left));
    /* Dark enough for white words on a white picture, down to the last line of them. */
    background: linear-gradient(
      rgb(0 0 0 / 0.6),
      rgb(0 0 0 / 0.56) calc(100% - 68px),
      rgb(0 0 0 / 0.42) calc(100% - 52px),
      rgb(0 0 0 / 0.2) calc(100% - 31px),
      rgb(0 0 0 / 0.06) calc(100% - 13px),
      transparent
    );
    text-align: start;
    text-shadow: 0 1px 3px rgb(0 0 0 / 0.5);
  }
  .seen .face {
    display: none;
  }
  .seen .title bdi {
    -webkit-line-clamp: 2;
    font-size: 17px;
  }
  .seen .line {
    justify-content: start;
    font-size: 14px;
  }
  .why {
    display: none;
  }
  .reconnecting :is(.remote, .screen) {
    filter: brightness(0.45) saturate(0.5);
  }
  .body {
    grid-area: 2 / 1;
    place-self: end center;
    position: relative;
    display: grid;
    justify-items: center;
    gap: 10px;
    padding: 0 20px 8px;
  }
  .seen > .body {
    grid-area: 1 / 1;
    place-self: center;
  }
  .notices {
    grid-area: 3 / 1;
    place-self: end center;
    position: relative;
    display: grid;
    justify-items: center;
    gap: 8px;
    max-inline-size: 600px;
    padding: 0 20px 8px;
    font-size: 14px;
  }
  /* Above the picture of oneself, and below the other side's name. */
  .seen > .notices {
    grid-area: 1 / 1;
    place-self: start center;
    padding-block-start: calc(60px + max(16px, env(safe-area-inset-top)));
  }
  .note {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 10px 16px;
    border-radius: 20px;
    background: rgb(12 14 20 / 0.82);
    color: #fff;
    text-align: start;
    text-wrap: pretty;
  }
  .stage:not(.seen) .note {
    background: rgb(255 255 255 / 0.12);
  }
  .spinner {
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    border: 2.5px solid rgb(255 255 255 / 0.3);
    border-block-start-color: var(--video-call-accent, #fff);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  .stage > footer {
    grid-area: 4 / 1;
    container: row / inline-size;
    position: relative;
    padding: 20px 12px calc(24px + env(safe-area-inset-bottom));
  }
  .seen > footer {
    background: linear-gradient(transparent, rgb(0 0 0 / 0.5));
  }
`;
