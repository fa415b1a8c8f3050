/** What comes with a shared screen: it is large and whole, and the faces stand beside it. */
import { css } from 'lit';

/** Shared screens. */
export const sharingStyles = css`
  .shared > .picture {
    --small: var(--video-call-self-width, clamp(88px, 17cqw, 200px));
    --opposite: calc(1 - var(--x));
  }
  .shared:not(.self) > .picture {
    --opposite: var(--x);
  }
  .shared .remote {
    --at: var(--opposite);
    --away: 0px;
  }
  /* Whoever shares a screen is somebody, also without a camera. */
  .unseen {
    display: grid;
    place-items: center;
    background: #2a2f3a;
  }
  .seen .unseen > .face {
    --size: calc(var(--small) * 0.42);
    display: grid;
    margin: 0;
  }
  [data-mini] .unseen {
    display: none;
  }
  .screen {
    animation: appear 0.4s;
  }
  .stage.shared {
    background: var(--video-call-stage, #14161c);
  }
  /* To read what is on it takes more room than to see a face. */
  .floating:not([data-mini]) > .shared:not(:fullscreen) {
    inline-size: min(var(--video-call-stage-width, 860px), 100vw - 32px);
    block-size: min(var(--video-call-stage-height, 560px), 100dvh - 32px);
  }
  .shared.seen > .notices {
    padding-block-start: calc(60px + max(16px, env(safe-area-inset-top)));
  }
  .note.sharing {
    padding: 6px;
    padding-inline-start: 14px;
    border-radius: 26px;
  }
  .note.sharing svg {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
  }
  .note .pill {
    flex: none;
    position: relative;
    min-block-size: 36px;
    padding: 0 14px;
    font-size: 14px;
  }
  @media (pointer: coarse) {
    .note .pill {
      min-block-size: 44px;
    }
  }
  @container card (inline-size < 460px) {
    .note.sharing svg {
      display: none;
    }
  }
  /* One more control would stand below the others; the button in the note says it all. */
  @container card (inline-size < 380px) {
    .control.sharing {
      display: none;
    }
  }
  @container card (aspect-ratio < 1) {
    .screen {
      inset-block: calc(52px + max(16px, env(safe-area-inset-top))) auto;
      block-size: calc(100% - 152px - max(16px, env(safe-area-inset-top)) - env(safe-area-inset-bottom));
      object-position: 50% 25%;
    }
  }
  @container card (inline-size < 340px) {
    .shared > .picture {
      --small: 64px;
    }
    .screen {
      inset-block-start: 104px;
      object-position: 50% 0;
    }
    .shared.seen > .notices {
      padding-block-start: calc(100px + env(safe-area-inset-top));
    }
    .note.sharing {
      padding: 0;
    }
    .note.sharing span {
      display: none;
    }
  }
  [data-mini] .remote,
  [data-mini] .screen {
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    border-radius: 0;
    outline: 0;
    box-shadow: none;
    object-fit: cover;
    translate: none;
  }
  [data-mini] > .filmed .screen {
    display: none;
  }
  @media (max-width: 520px), (max-height: 480px) {
    .floating:not([data-mini]) > .shared:not(:fullscreen) {
      inline-size: 100vw;
      block-size: 100dvh;
    }
  }
`;
