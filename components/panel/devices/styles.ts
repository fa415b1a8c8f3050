/** How the view of the devices looks; it comes with the view, and is worn by the panel from then on. */
import { css } from 'lit';
import { fieldStyles } from './field-styles.js';

/** The style sheet of the view. */
export const sheetStyles = css`
  ${fieldStyles}
  .cover {
    position: absolute;
    inset: 0;
    /* Above the controls, which are out of reach meanwhile. */
    z-index: 4;
    display: grid;
    overflow: auto;
    overscroll-behavior: contain;
    /* What gets the focus is not below the bar. */
    scroll-padding-block-start: 72px;
    background: rgb(20 22 30 / 0.94);
    -webkit-backdrop-filter: blur(28px) saturate(1.4);
    backdrop-filter: blur(28px) saturate(1.4);
    color: light-dark(#171a21, #f3f5f9);
    container: devices / size;
    text-align: start;
    animation: appear 0.2s;
  }
  .sheet > .cover {
    position: relative;
    inset: auto;
    align-self: stretch;
    overflow: visible;
    background: none;
    -webkit-backdrop-filter: none;
    backdrop-filter: none;
    container-type: inline-size;
  }
  .sheet:has(> .cover) {
    align-content: stretch;
    justify-items: stretch;
    padding: 0;
  }
  .sheet:has(> .cover) > :not(.cover) {
    display: none;
  }
  .devices {
    display: flex;
    flex-direction: column;
    gap: 14px;
    inline-size: 100%;
    max-inline-size: 440px;
    margin: 0 auto;
    padding: 0 max(20px, env(safe-area-inset-right)) max(20px, env(safe-area-inset-bottom)) max(20px, env(safe-area-inset-left));
    outline: none;
    animation: rise 0.28s cubic-bezier(0.2, 0.9, 0.3, 1);
  }
  @keyframes rise {
    from {
      transform: translateY(16px) scale(0.98);
    }
  }
  /* What a call must not wait for stays in sight while the view is scrolled. */
  .bar {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    margin-inline: -8px;
    padding: max(16px, env(safe-area-inset-top)) 8px 8px;
  }
  .stage .bar {
    --band: rgb(20 22 30 / 0.94);
    background: var(--band);
    box-shadow: 0 0 0 100vmax var(--band);
    clip-path: inset(0 -100vmax);
  }
  .bar h2 {
    margin: 0;
    border-radius: 4px;
    font-size: 20px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .bar .controls {
    flex-wrap: nowrap;
    gap: 8px;
    margin-inline: auto -6px;
  }
  .bar :is(.control, .disc) {
    inline-size: 44px;
    block-size: 44px;
  }
  .bar svg {
    inline-size: 20px;
    block-size: 20px;
  }
  /* What scrolls is the view and not the card, whose corners Chromium would leave out around a video. */
  .sheet:has(> * > .devices) {
    grid-auto-rows: minmax(0, auto);
    overflow: hidden;
  }
  .sheet > :has(> .devices) {
    overflow: auto;
  }
  .devices .word {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .test:focus-visible,
  .devices select:focus-visible,
  .devices:focus-visible h2 {
    outline: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    outline-offset: 2px;
  }
  .look,
  .fields {
    display: grid;
    gap: 14px;
    min-inline-size: 0;
  }
  .look {
    flex: 1;
    grid-template-rows: 1fr auto;
  }
  .preview {
    position: relative;
    display: grid;
    place-items: center;
    align-self: stretch;
    inline-size: 100%;
    aspect-ratio: 16 / 9;
    overflow: hidden;
    border-radius: 16px;
    background: #0d0f15;
    color: #d3d8e3;
  }
  .preview:not(.dark) {
    background: none;
  }
  .preview video {
    opacity: 1;
  }
  .preview.dark video {
    opacity: 0;
  }
  .preview span {
    position: relative;
    display: grid;
    justify-items: center;
    gap: 8px;
    font-size: 14px;
  }
  .advice {
    margin: 0;
    padding: 12px 16px;
    border-radius: 14px;
    background: light-dark(#fff4e0, rgb(255 176 32 / 0.16));
    color: light-dark(#5c3b00, #ffe2b0);
    font-size: 14px;
  }
  .bar + .advice:last-child {
    max-inline-size: 420px;
    margin: auto;
    text-align: center;
    text-wrap: balance;
  }
  .asks {
    display: grid;
    justify-items: center;
    gap: 16px;
    margin-block: auto;
    padding: 12px 8px 28px;
    text-align: center;
  }
  .asks p {
    max-inline-size: 34ch;
    margin: 0;
    text-wrap: balance;
  }
  .sign {
    display: flex;
    gap: 16px;
    padding: 18px 22px;
    border-radius: 999px;
    background: light-dark(#eef1f6, rgb(255 255 255 / 0.1));
    color: light-dark(#5a6272, #d3d8e3);
  }
  @container devices (inline-size >= 560px) {
    .devices {
      max-inline-size: 880px;
      padding-inline: max(28px, env(safe-area-inset-left)) max(28px, env(safe-area-inset-right));
    }
    .devices:has(.look) {
      display: grid;
      grid-template: auto auto 1fr / minmax(0, 1.15fr) minmax(0, 1fr);
      column-gap: 28px;
    }
    .devices:has(.look) > :is(.bar, .advice, .asks) {
      grid-column: 1 / -1;
    }
    .devices > :is(.look, .fields) {
      grid-row: 3;
    }
    .devices > .look {
      max-block-size: 560px;
    }
    .devices > .fields {
      align-self: start;
    }
    .devices > .fields:not(.look + .fields) {
      align-self: center;
      inline-size: min(100%, 440px);
    }
  }
  @container devices (block-size < 480px) {
    .devices > .look {
      align-self: stretch;
      min-block-size: 0;
    }
    .preview {
      aspect-ratio: auto;
      min-block-size: 130px;
    }
  }
  @media (forced-colors: active) {
    .cover,
    .stage .bar {
      --band: Canvas;
      background: Canvas;
    }
  }
`;
