/** How the panel fits small boxes, small windows, and the wishes of a person; its motion. */
import { css } from 'lit';

/** Fitting. */
export const fitting = css`
  .fullscreen:has(> .card) {
    inset: 0;
  }
  .floating > .sheet {
    max-block-size: calc(100dvh - 32px);
    overflow-y: auto;
  }
  .fullscreen > .card,
  .card:fullscreen {
    inline-size: 100vw;
    block-size: 100dvh;
    max-block-size: none;
    border: 0;
    border-radius: 0;
  }
  @container card (inline-size >= 520px) {
    .picture {
      --small: var(--video-call-self-width, clamp(132px, 22cqw, 240px));
      --ratio: 3 / 4;
    }
  }
  .rest,
  .extras {
    display: contents;
  }
  .rest > .more {
    display: none;
  }
  @container row (inline-size < 660px) {
    .rest > .more {
      display: grid;
    }
    .extras {
      display: none;
    }
    .open > .extras {
      display: flex;
    }
  }
  @container card (inline-size < 460px) {
    .stage .controls {
      gap: 8px;
    }
  }
  @container card (inline-size < 340px) {
    .stage .controls {
      gap: 4px;
    }
    .talking:not(.seen) > .who {
      padding: 12px;
    }
    .controls > .control,
    .rest > .more,
    .disc {
      inline-size: 44px;
      block-size: 44px;
    }
    .line {
      font-size: 14px;
    }
    .line > span::before {
      content: none !important;
    }
  }
  @container card (inline-size < 280px) {
    .stage .controls {
      gap: 2px;
    }
    .stage > footer {
      padding-inline: 2px;
    }
    /* The finger has 44 pixels, the eye a little air between. */
    .stage .disc {
      border-width: 2px;
      background-clip: padding-box;
    }
  }
  @container sheet (inline-size < 280px) {
    .face {
      --size: 72px;
    }
    .controls {
      gap: 8px;
    }
    .answers {
      gap: 4px;
    }
    .answers .control {
      inline-size: 60px;
    }
    .answers .disc {
      inline-size: 52px;
      block-size: 52px;
    }
    .pill {
      padding: 0 16px;
    }
  }
  @container card (inline-size >= 760px) {
    .picture {
      --edge: 20px;
    }
  }
  /* Nine controls in a row leave room for the picture at their side. */
  @container card (inline-size >= 1120px) {
    .picture {
      --bottom: max(20px, env(safe-area-inset-bottom));
    }
  }
  @container card (block-size < 400px) {
    .stage .face,
    .face {
      --size: 64px;
      margin-block-end: 4px;
    }
    footer {
      padding-block: 8px max(16px, env(safe-area-inset-bottom)) !important;
    }
    .picture {
      --top: calc(52px + max(12px, env(safe-area-inset-top)));
      --bottom: calc(68px + max(16px, env(safe-area-inset-bottom)));
      --small: 96px;
      --ratio: 3 / 4;
    }
  }
  @media (max-width: 520px), (max-height: 480px) {
    .floating:has(> .stage) {
      inset: 0;
    }
    .floating > .stage {
      inline-size: 100vw;
      block-size: 100dvh;
      border-radius: 0;
      animation-name: appear;
    }
  }
  @media (max-width: 520px) {
    .floating:has(> .sheet) {
      inset-inline: 12px;
    }
    .floating > .sheet {
      inline-size: auto;
    }
  }
  @media (max-height: 480px) {
    .floating > .sheet {
      gap: 14px;
      padding: 18px 20px 16px;
    }
    .sheet .face {
      --size: 64px;
    }
  }
  @media (max-height: 300px) {
    .sheet .face,
    .preview,
    .past {
      display: none;
    }
    .calls .who {
      padding-inline: 28px;
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes ripple {
    from {
      opacity: 0.5;
    }
    to {
      opacity: 0;
      transform: scale(1.4);
    }
  }
  @keyframes gather {
    from {
      transform: scale(1.4);
    }
    to {
      opacity: 0.5;
    }
  }
  @keyframes breathe {
    50% {
      opacity: 0.72;
    }
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
    :is(.calls, .ringing) .face {
      outline: 4px solid hsl(var(--hue) 55% 55% / 0.5);
      outline-offset: 4px;
    }
  }
  @media (forced-colors: active) {
    .dot.online,
    .dot.busy {
      forced-color-adjust: none;
    }
    .card,
    .note {
      border: 1px solid;
    }
    .stage,
    .note {
      background: Canvas;
    }
    .disc {
      background: ButtonFace;
    }
  }
`;
