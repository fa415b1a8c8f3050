/** How the diagnosis looks; it comes with it, and is worn by the panel from then on. */
import { css } from 'lit';

/** The style sheet of the diagnosis. */
export const diagnosisStyles = css`
  .checkup {
    align-content: safe start;
    justify-items: stretch;
    gap: 16px;
    inline-size: min(var(--video-call-stage-width, 400px), 100vw - 32px);
    max-block-size: calc(100dvh - 32px);
    padding: 24px 20px;
    overscroll-behavior: contain;
    text-align: start;
  }
  @media (max-height: 480px) {
    /* The picture stands beside the voice, and leaves room for what was found. */
    .checkup {
      inline-size: min(640px, 100vw - 32px);
    }
    .trial > video {
      block-size: 36dvh;
      aspect-ratio: auto;
    }
  }
  .inline > .checkup {
    inline-size: auto;
    max-block-size: none;
  }
  .checkup > * {
    inline-size: 100%;
    max-inline-size: 620px;
    margin-inline: auto;
  }
  .checkup:has(.gist) > .line {
    display: none;
  }
  .checkup > .line {
    justify-content: center;
  }
  [part~='diagnosis'] {
    display: grid;
    gap: 16px;
  }
  .checkup h2 {
    margin: 0;
    font-size: 19px;
    font-weight: 650;
    line-height: 1.3;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }
  .gist {
    margin: 0;
    padding: 12px 16px;
    border: 1px solid transparent;
    border-radius: 14px;
    background: light-dark(#eef1f6, rgb(255 255 255 / 0.09));
    overflow-wrap: anywhere;
  }
  .gist.fine {
    background: light-dark(#e5f6ec, rgb(47 214 115 / 0.16));
    color: light-dark(#0c5a30, #b9f3d0);
  }
  .gist.bad {
    background: light-dark(#fdecec, rgb(255 92 92 / 0.18));
    color: light-dark(#8f1616, #ffcaca);
  }
  .findings {
    display: grid;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .finding {
    display: grid;
    grid-template-columns: 24px minmax(0, 1fr) auto;
    align-items: start;
    gap: 2px 12px;
    padding-block: 9px;
    border-block-end: 1px solid light-dark(#e7eaf0, rgb(255 255 255 / 0.1));
    line-height: 24px;
  }
  .finding:last-child {
    border-block-end: 0;
  }
  .finding b {
    font-weight: 500;
  }
  .finding p {
    grid-column: 2 / -1;
    margin: 0;
    color: var(--video-call-text-quiet, light-dark(#5a6272, #aab2c2));
    font-size: 14px;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }
  .finding.failed p {
    color: inherit;
  }
  .time {
    color: var(--video-call-text-quiet, light-dark(#5a6272, #aab2c2));
    font-size: 13px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .sign-of {
    display: grid;
    place-items: center;
    inline-size: 24px;
    block-size: 24px;
    border-radius: 50%;
    background: light-dark(#e7eaf0, rgb(255 255 255 / 0.14));
    color: light-dark(#5a6272, #c6ccd8);
  }
  .sign-of svg {
    inline-size: 16px;
    block-size: 16px;
    stroke-width: 2.75;
  }
  .ok > .sign-of {
    background: light-dark(#12803f, #2fbf6b);
    color: light-dark(#fff, #06210f);
  }
  .warning > .sign-of {
    background: light-dark(#f4b740, #ffc658);
    color: #3a2500;
  }
  .failed > .sign-of {
    background: light-dark(#d02626, #ff7b7b);
    color: light-dark(#fff, #2f0505);
  }
  .waiting {
    color: var(--video-call-text-quiet, light-dark(#5a6272, #aab2c2));
  }
  .waiting > .sign-of {
    border: 3px solid light-dark(#d5dae4, rgb(255 255 255 / 0.2));
    border-block-start-color: light-dark(#5a6272, #d3d8e3);
    background: none;
    scale: 0.75;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  .trial {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
    align-items: center;
    gap: 14px;
  }
  .trial > video {
    position: static;
    inline-size: 100%;
    block-size: auto;
    aspect-ratio: 16 / 9;
    border-radius: 14px;
    background: #0d0f15;
    object-fit: cover;
    opacity: 1;
  }
  .trial > .pill {
    text-wrap: balance;
    justify-self: center;
    grid-column: 1 / -1;
  }
  .trial > .hint {
    grid-column: 1 / -1;
  }
  .voice {
    display: grid;
    gap: 12px;
    min-inline-size: 0;
  }
  .voice .pill {
    justify-self: start;
  }
  .hint {
    margin: 0;
    font-size: 14px;
  }
  .loudness {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .loudness svg {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
  }
  .loudness .level {
    position: relative;
    flex: 1;
    block-size: 8px;
    overflow: hidden;
    border-radius: 4px;
    background: light-dark(#dfe3eb, rgb(255 255 255 / 0.18));
    mask: none;
  }
  .loudness .level::after {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: calc(var(--level, 0) * 100%);
    border-radius: inherit;
    background: light-dark(#12934f, #2fd673);
  }
  .report {
    inline-size: 100%;
    margin: 0;
    padding: 12px;
    border: 1px solid light-dark(#8a93a5, rgb(255 255 255 / 0.4));
    border-radius: 12px;
    background: light-dark(#f7f8fb, rgb(255 255 255 / 0.09));
    color: inherit;
    font:
      13px/1.45 ui-monospace,
      monospace;
    direction: ltr;
    resize: vertical;
  }
  .report:focus-visible {
    outline: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    outline-offset: 2px;
  }
  @media (prefers-reduced-motion: reduce) {
    .waiting > .sign-of {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    .sign-of,
    .gist,
    .loudness .level {
      border: 1px solid;
    }
    .loudness .level::after {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
