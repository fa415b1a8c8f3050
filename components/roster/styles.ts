/** How the list of people looks: the cards of the panel, as a list. Sizes are pixels, because the root font size is the page's. */
import { css } from 'lit';

/** The style sheet of the list. */
export const rosterStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  .base {
    all: initial;
    color-scheme: inherit;
    visibility: inherit;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    max-block-size: var(--video-call-roster-height, 480px);
    overflow: hidden;
    border: 1px solid light-dark(rgb(20 24 36 / 0.08), rgb(255 255 255 / 0.1));
    border-radius: var(--video-call-radius, 20px);
    background: var(--video-call-surface, light-dark(#fff, #1c1f27));
    color: var(--video-call-text, light-dark(#171a21, #f3f5f9));
    font: 400 15px/1.4 var(--video-call-font-family, system-ui, sans-serif);
    -webkit-tap-highlight-color: transparent;
    container: roster / inline-size;
  }
  .search {
    flex: none;
    display: block;
    position: relative;
    padding: 12px 12px 8px;
  }
  .search svg {
    position: absolute;
    inset-block-start: 23px;
    inset-inline-start: 26px;
    color: var(--soft);
    pointer-events: none;
  }
  .base {
    --soft: light-dark(#5a6272, #aab2c2);
    --fill: light-dark(#eef1f6, #2a2f3a);
    --ring: var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
  }
  input {
    inline-size: 100%;
    min-block-size: 44px;
    margin: 0;
    padding: 0 14px 0 42px;
    padding-inline: 42px 14px;
    border: 1px solid transparent;
    border-radius: 999px;
    background: var(--fill);
    color: inherit;
    font: inherit;
    font-size: 16px;
    appearance: none;
  }
  input::placeholder {
    color: var(--soft);
    opacity: 1;
  }
  input:focus-visible,
  button:focus-visible {
    outline: 3px solid var(--ring);
    outline-offset: 1px;
  }
  .note {
    flex: none;
    padding: 10px 20px;
    background: var(--fill);
    color: var(--soft);
    font-size: 14px;
    text-align: center;
  }
  ul {
    flex: 1;
    min-block-size: 0;
    margin: 0;
    padding: 6px;
    overflow: auto;
    overscroll-behavior: contain;
    overflow-anchor: none;
    list-style: none;
    scroll-padding-block: 6px;
    outline: none;
  }
  li {
    display: flex;
    align-items: center;
    gap: 12px;
    block-size: 64px;
    padding: 0 10px;
    border-radius: 14px;
    content-visibility: auto;
    contain-intrinsic-size: auto 64px;
  }
  li:hover,
  li:focus-within {
    background: var(--fill);
  }
  .face {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border: 1px solid transparent;
    border-radius: 50%;
    background: linear-gradient(160deg, hsl(var(--hue) 48% 48%), hsl(var(--hue) 52% 32%));
    color: #fff;
    font-size: 16px;
    font-weight: 600;
  }
  .who {
    flex: 1;
    display: grid;
    min-inline-size: 0;
  }
  .name,
  .there {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .name {
    display: flex;
    font-weight: 600;
  }
  /* A name from left to right is cut at its end in a list from right to left too. */
  .name bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .there {
    color: var(--soft);
    font-size: 13px;
  }
  .dot {
    display: inline-block;
    inline-size: 9px;
    block-size: 9px;
    margin-inline: 1px 6px;
    border: 2px solid;
    border-radius: 50%;
  }
  .dot.online {
    border-color: transparent;
    background: light-dark(#12934f, #2fd673);
  }
  .dot.busy {
    border-color: transparent;
    border-radius: 3px;
    background: light-dark(#c96a00, #ff9d2b);
  }
  .away {
    opacity: 0.6;
  }
  .on .there {
    color: light-dark(#0a7d42, #2fd673);
    font-weight: 600;
  }
  button {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    margin: 0;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 50%;
    background: none;
    color: var(--video-call-accent, light-dark(#1a5fd8, #8ab4ff));
    font: inherit;
    cursor: pointer;
    transition: background 0.15s;
  }
  button + button {
    margin-inline-start: -8px;
  }
  button:hover {
    background: light-dark(rgb(20 24 36 / 0.07), rgb(255 255 255 / 0.1));
  }
  [aria-disabled] {
    background: none !important;
    color: inherit;
    opacity: 0.4;
    cursor: default;
  }
  svg {
    display: block;
    inline-size: 22px;
    block-size: 22px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .phone {
    fill: currentColor;
    stroke: none;
    rotate: -135deg;
  }
  .nobody {
    flex: 1;
    display: grid;
    align-content: safe center;
    justify-items: center;
    gap: 14px;
    min-block-size: 220px;
    padding: 32px 24px;
    color: var(--soft);
    text-align: center;
    text-wrap: balance;
  }
  .nobody > i {
    display: grid;
    place-items: center;
    inline-size: 72px;
    block-size: 72px;
    border-radius: 50%;
    background: var(--fill);
  }
  .nobody svg {
    inline-size: 30px;
    block-size: 30px;
  }
  .spoken {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @container roster (inline-size < 260px) {
    li {
      gap: 8px;
      padding: 0 4px;
    }
    .face {
      display: none;
    }
  }
  @media (prefers-reduced-motion) {
    * {
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .dot.online,
    .dot.busy {
      forced-color-adjust: none;
    }
    input,
    button {
      border-color: ButtonText;
    }
    [aria-disabled] {
      border-color: GrayText;
      color: GrayText;
      opacity: 1;
    }
    li:hover,
    li:focus-within {
      outline: 1px solid Highlight;
      outline-offset: -1px;
    }
  }
`;
