/** Everything that can be pressed. */
import { css } from 'lit';

/** Buttons. */
export const buttons = css`
  button {
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
    -webkit-user-select: none;
    user-select: none;
  }
  button:focus-visible {
    outline: none;
  }
  .pill:focus-visible,
  .control:focus-visible .disc,
  .card:focus-visible {
    outline: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    outline-offset: 3px;
  }
  .card:focus-visible {
    outline-offset: -3px;
  }
  /* The pictures lie over the outline. */
  .stage:focus-visible::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 9;
    border: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    border-radius: inherit;
    pointer-events: none;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    justify-content: center;
    gap: 12px;
  }
  .control {
    display: grid;
    justify-items: center;
    gap: 8px;
    inline-size: 52px;
    text-align: center;
  }
  .disc {
    display: grid;
    place-items: center;
    inline-size: 52px;
    block-size: 52px;
    border: 1px solid transparent;
    border-radius: var(--video-call-control-radius, 50%);
    background: var(--video-call-control, rgb(62 68 82 / 0.86));
    color: var(--video-call-control-text, inherit);
    transition: scale 0.15s;
  }
  .control:active .disc,
  .pill:active {
    scale: 0.94;
  }
  .off .disc {
    background: #fff;
    color: #171a21;
  }
  .end .disc {
    background: var(--video-call-hangup, #d92d2d);
    color: #fff;
  }
  .go .disc,
  .pill.go {
    background: var(--video-call-accept, #0a7d42);
    color: #fff;
  }
  .quiet .disc,
  .pill.quiet {
    background: light-dark(#e9ecf2, #323743);
    color: inherit;
  }
  .control:hover .disc,
  .pill:hover {
    background-image: linear-gradient(color-mix(in srgb, currentColor 13%, transparent) 0 0);
  }
  .answers {
    justify-content: space-evenly;
    gap: 8px;
    inline-size: min(100cqi, 330px);
    font-size: 13px;
    line-height: 1.25;
  }
  .answers .control {
    inline-size: 92px;
  }
  .answers .disc {
    inline-size: 60px;
    block-size: 60px;
  }
  .answers svg {
    inline-size: 28px;
    block-size: 28px;
  }
  .stage .controls {
    align-items: center;
  }
  .gone {
    visibility: hidden;
  }
  .hush {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-end: 12px;
    inline-size: 44px;
    z-index: 1;
  }
  .hush .disc {
    inline-size: 44px;
    block-size: 44px;
  }
  .hush .word,
  .stage .word {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .pill {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    min-block-size: 48px;
    padding: 0 22px;
    border: 1px solid transparent;
    border-radius: var(--video-call-pill-radius, 999px);
    background: #fff;
    color: #171a21;
    font-weight: 600;
    transition: scale 0.15s;
  }
  .base > .pill {
    box-shadow: 0 8px 28px rgb(10 14 24 / 0.28);
  }
  svg {
    display: block;
    inline-size: 24px;
    block-size: 24px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .phone {
    fill: currentColor;
    stroke: none;
  }
  .go .phone {
    rotate: -135deg;
  }
  .pill svg {
    inline-size: 20px;
    block-size: 20px;
  }
`;
