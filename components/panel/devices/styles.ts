/** How the view of the devices looks; it comes with the view, and is worn by the panel from then on. */
import { css } from 'lit';

/** The style sheet of the view. */
export const sheetStyles = css`
  .cover {
    position: absolute;
    inset: 0;
    z-index: 2;
    display: grid;
    overflow: auto;
    overscroll-behavior: contain;
    background: rgb(20 22 30 / 0.88);
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
    padding: max(16px, env(safe-area-inset-top)) max(20px, env(safe-area-inset-right)) max(20px, env(safe-area-inset-bottom))
      max(20px, env(safe-area-inset-left));
    outline: none;
    animation: rise 0.28s cubic-bezier(0.2, 0.9, 0.3, 1);
  }
  .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  .bar h2 {
    margin: 0;
    font-size: 20px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  /* What scrolls is the view and not the card, whose corners Chromium would leave out around a video. */
  .sheet:has(> * > .devices) {
    grid-auto-rows: minmax(0, auto);
    overflow: hidden;
  }
  .sheet > :has(> .devices) {
    overflow: auto;
  }
  .shut {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    margin-inline-end: -6px;
    border: 1px solid transparent;
    border-radius: 50%;
    background: light-dark(#eef1f6, rgb(255 255 255 / 0.12));
  }
  .shut:hover {
    background: light-dark(#e1e5ed, rgb(255 255 255 / 0.2));
  }
  .shut svg {
    inline-size: 20px;
    block-size: 20px;
  }
  .devices .word {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .shut:focus-visible,
  .test:focus-visible,
  .devices select:focus-visible {
    outline: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    outline-offset: 2px;
  }
  .devices:focus-visible {
    outline: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    outline-offset: -3px;
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
  .field {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
  }
  .row:has(.test) {
    flex-wrap: wrap;
  }
  .row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    min-block-size: 24px;
    color: light-dark(#5a6272, #b9c0ce);
    font-size: 14px;
    font-weight: 500;
  }
  .row label {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .row svg {
    inline-size: 18px;
    block-size: 18px;
  }
  .devices select {
    appearance: none;
    inline-size: 100%;
    min-inline-size: 0;
    block-size: 48px;
    margin: 0;
    padding-block: 0;
    padding-inline: 16px 44px;
    border: 1px solid light-dark(#cfd5e0, rgb(255 255 255 / 0.16));
    border-radius: 14px;
    background-color: light-dark(#f7f8fb, rgb(255 255 255 / 0.09));
    background-image:
      linear-gradient(45deg, transparent 50%, currentColor 50% 64%, transparent 64%),
      linear-gradient(-45deg, transparent 50%, currentColor 50% 64%, transparent 64%);
    background-position:
      right 24px center,
      right 17px center;
    background-repeat: no-repeat;
    background-size: 8px 8px;
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  /* Most names of devices are Latin: they begin at the right all the same, and are cut at their end. */
  .devices select:dir(rtl) {
    direction: ltr;
    unicode-bidi: plaintext;
    padding: 0 16px 0 44px;
    text-align: right;
    background-position:
      left 17px center,
      left 24px center;
  }
  .devices select:hover {
    background-color: light-dark(#eef1f6, rgb(255 255 255 / 0.14));
  }
  .devices option {
    background: light-dark(#fff, #23272f);
    color: light-dark(#171a21, #f3f5f9);
  }
  .level {
    --unit: 8px;
    position: relative;
    flex: 0 1 158px;
    min-inline-size: 0;
    block-size: 8px;
    overflow: hidden;
    background: light-dark(#dfe3eb, rgb(255 255 255 / 0.18));
    mask: repeating-linear-gradient(to right, #000 0 5px, transparent 5px var(--unit));
  }
  .level::after {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: calc(var(--level, 0) * 100%);
    background: light-dark(#12934f, #2fd673);
  }
  .test {
    display: flex;
    align-items: center;
    gap: 6px;
    min-block-size: 44px;
    margin-block: -10px;
    margin-inline-end: -8px;
    padding-inline: 8px;
    border: 1px solid transparent;
    border-radius: 10px;
    color: light-dark(#1a56c4, #a8c9ff);
  }
  @media (pointer: coarse) {
    .test {
      margin-block-end: -4px;
    }
  }
  .test:hover {
    background: light-dark(#eef1f6, rgb(255 255 255 / 0.1));
  }
  .playing svg {
    animation: breathe 0.9s ease-in-out infinite;
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
  @container devices (inline-size < 260px) {
    .row {
      column-gap: 8px;
    }
    .test svg {
      display: none;
    }
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
    .cover {
      background: Canvas;
    }
    .level {
      border: 1px solid;
      mask: none;
    }
    .level::after {
      background: Highlight;
      forced-color-adjust: none;
    }
    .devices select {
      appearance: auto;
    }
    .test {
      margin: 0;
    }
  }
`;
