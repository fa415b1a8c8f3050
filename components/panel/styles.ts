/** How the panel looks. Sizes are pixels, because the root font size belongs to the host page. */
import { css } from 'lit';

const frame = css`
  :host {
    display: contents;
  }
  :host([layout='inline']) {
    display: grid;
    min-block-size: 320px;
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
    display: block;
    position: fixed;
    inset: auto max(16px, env(safe-area-inset-right)) max(16px, env(safe-area-inset-bottom)) auto;
    z-index: 2147483647;
    color: var(--video-call-text, light-dark(#171a21, #f3f5f9));
    font: 400 15px/1.4 var(--video-call-font-family, system-ui, sans-serif);
    -webkit-tap-highlight-color: transparent;
  }
  .inline {
    display: grid;
    position: relative;
    inset: auto;
    z-index: auto;
  }
  .card {
    position: relative;
    inline-size: min(var(--video-call-width, 360px), 100vw - 32px);
    overflow: hidden;
    border: 1px solid light-dark(rgb(20 24 36 / 0.08), rgb(255 255 255 / 0.1));
    border-radius: var(--video-call-radius, 28px);
    background: var(--video-call-surface, light-dark(#fff, #1c1f27));
    box-shadow:
      0 2px 6px rgb(10 14 24 / 0.08),
      0 18px 56px rgb(10 14 24 / 0.24);
    outline: none;
    animation: rise 0.32s cubic-bezier(0.2, 0.9, 0.3, 1);
  }
  .inline > .card {
    inline-size: auto;
    border-radius: var(--video-call-radius, 20px);
    box-shadow: none;
    animation: none;
  }
  .sheet {
    display: grid;
    align-content: safe center;
    justify-items: center;
    gap: 20px;
    padding: 28px 20px 24px;
    container: card / inline-size;
    text-align: center;
  }
  .live-region {
    position: fixed;
    inset: 0 auto auto 0;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

const people = css`
  .who {
    position: relative;
    display: grid;
    justify-items: center;
    gap: 6px;
    min-inline-size: 0;
    text-align: center;
  }
  .face {
    --size: 88px;
    position: relative;
    display: grid;
    place-items: center;
    inline-size: var(--size);
    block-size: var(--size);
    margin-block-end: 10px;
    border: 1px solid transparent;
    border-radius: 50%;
    background: linear-gradient(160deg, hsl(var(--hue) 48% 48%), hsl(var(--hue) 52% 32%));
    color: #fff;
    font-size: calc(var(--size) * 0.36);
    font-weight: 600;
    letter-spacing: 0.01em;
  }
  .hue-0 {
    --hue: 222;
  }
  .hue-1 {
    --hue: 262;
  }
  .hue-2 {
    --hue: 188;
  }
  .hue-3 {
    --hue: 334;
  }
  .hue-4 {
    --hue: 158;
  }
  .hue-5 {
    --hue: 22;
  }
  .title {
    max-inline-size: 100%;
    color: light-dark(#5a6272, #aab2c2);
    overflow-wrap: anywhere;
    text-wrap: balance;
  }
  .title bdi {
    display: block;
    color: var(--video-call-text, light-dark(#171a21, #f3f5f9));
    font-size: 22px;
    font-weight: 600;
    line-height: 1.25;
    letter-spacing: -0.01em;
  }
  .title.small,
  .small bdi {
    display: inline;
    color: var(--video-call-text, light-dark(#171a21, #f3f5f9));
    font-size: 18px;
    font-weight: 600;
    line-height: 1.35;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 2px 8px;
    max-inline-size: 100%;
    color: light-dark(#5a6272, #aab2c2);
    font-variant-numeric: tabular-nums;
  }
  .line > span + span:not(.dot)::before {
    content: '·';
    margin-inline-end: 8px;
  }
  .dot {
    inline-size: 9px;
    block-size: 9px;
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
  .ready {
    display: grid;
    place-items: center;
    inline-size: 72px;
    block-size: 72px;
    border-radius: 50%;
    background: light-dark(#eef1f6, #2a2f3a);
    color: light-dark(#5a6272, #aab2c2);
  }
  .ready .phone {
    rotate: -135deg;
  }
  .over .face {
    --size: 64px;
    filter: saturate(0.35);
  }
  .face::before,
  .face::after {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: hsl(var(--hue) 55% 55%);
    opacity: 0;
    z-index: -1;
  }
  .calls .who,
  .ringing .who {
    z-index: 0;
  }
  .calls .face::before,
  .calls .face::after,
  .ringing .face::before,
  .ringing .face::after {
    content: '';
    animation: ripple 2.6s cubic-bezier(0.2, 0.6, 0.4, 1) infinite;
  }
  .calls .face::after,
  .ringing .face::after {
    animation-delay: 1.3s;
  }
  .calling .face,
  .connecting .face {
    animation: breathe 2.2s ease-in-out infinite;
  }
`;

const buttons = css`
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
    border-radius: 50%;
    background: rgb(62 68 82 / 0.86);
    transition:
      background 0.15s,
      scale 0.15s;
  }
  .control:hover .disc {
    background: rgb(84 91 108 / 0.92);
  }
  .control:active .disc,
  .pill:active {
    scale: 0.94;
  }
  .off .disc,
  .off:hover .disc {
    background: #fff;
    color: #171a21;
  }
  .end .disc {
    background: var(--video-call-hangup, #d92d2d);
    color: #fff;
  }
  .end:hover .disc {
    background: color-mix(in srgb, var(--video-call-hangup, #d92d2d), #000 12%);
  }
  .go .disc,
  .pill.go {
    background: var(--video-call-accept, #0a7d42);
    color: #fff;
  }
  .go:hover .disc,
  .pill.go:hover {
    background: color-mix(in srgb, var(--video-call-accept, #0a7d42), #000 12%);
  }
  .quiet .disc,
  .pill.quiet {
    background: light-dark(#e9ecf2, #323743);
    color: inherit;
  }
  .quiet:hover .disc,
  .pill.quiet:hover {
    background: light-dark(#dde1ea, #3d4351);
  }
  .answers {
    justify-content: space-evenly;
    gap: 8px;
    inline-size: min(100cqi - 40px, 340px);
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
    border-radius: 999px;
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

const scene = css`
  .stage {
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    inline-size: min(var(--video-call-stage-width, 400px), 100vw - 32px);
    block-size: min(var(--video-call-stage-height, 580px), 100dvh - 32px);
    border: 0;
    container: card / size;
    background: var(--video-call-stage, radial-gradient(120% 80% at 50% 12%, #2b3246, #171a23 62%, #101218));
    color: #fff;
    color-scheme: dark;
  }
  .inline > .stage {
    block-size: auto;
  }
  .stage .title bdi {
    color: #fff;
  }
  .stage .line {
    color: #d3d8e3;
  }
  .stage > .who {
    grid-area: 1 / 1;
    place-self: center;
    padding: 24px;
    transition: translate 0.45s cubic-bezier(0.3, 0.9, 0.3, 1);
  }
  .self > .who {
    translate: 0 -14cqb;
  }
  .self:is(.calling, .ringing) > .who {
    place-self: start center;
    translate: 0 6cqb;
  }
  .self:is(.calling, .ringing) .face {
    --size: 80px;
  }
  .stage .face {
    --size: clamp(72px, min(34cqi, 26cqb), 144px);
    margin-block-end: 14px;
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
  .remote {
    transition: opacity 0.4s;
  }
  .seen .remote,
  .self .local {
    opacity: 1;
  }
  .mirrored {
    scale: -1 1;
  }
  .local {
    --edge: 16px;
    --self: clamp(72px, 28cqi, 132px);
    inset: auto var(--edge) calc(100px + env(safe-area-inset-bottom)) auto;
    inline-size: var(--self);
    block-size: calc(var(--self) * 4 / 3);
    border-radius: 16px;
    box-shadow: 0 4px 20px rgb(0 0 0 / 0.45);
    transition:
      inset 0.45s cubic-bezier(0.3, 0.9, 0.3, 1),
      inline-size 0.45s cubic-bezier(0.3, 0.9, 0.3, 1),
      block-size 0.45s cubic-bezier(0.3, 0.9, 0.3, 1);
  }
  :is(.calling, .ringing) .local {
    inset: auto 0 0 auto;
    inline-size: 100%;
    block-size: 100%;
    border-radius: 0;
    filter: brightness(0.42) saturate(0.9);
  }
  .seen > .who {
    translate: none;
    place-self: start stretch;
    justify-items: start;
    gap: 0;
    padding: max(16px, env(safe-area-inset-top)) 20px 60px;
    background: linear-gradient(rgb(0 0 0 / 0.6), rgb(0 0 0 / 0.44) 36%, rgb(0 0 0 / 0.12) 76%, transparent);
    text-align: start;
    text-shadow: 0 1px 3px rgb(0 0 0 / 0.5);
  }
  .seen .face {
    display: none;
  }
  .seen .title bdi {
    font-size: 17px;
  }
  .seen .line {
    color: #fff;
    font-size: 14px;
  }
  .reconnecting .remote {
    filter: brightness(0.45) saturate(0.5);
  }
  .body {
    grid-area: 1 / 1;
    place-self: end center;
    position: relative;
    display: grid;
    justify-items: center;
    gap: 10px;
    padding: 0 20px 8px;
  }
  .seen > .body {
    place-self: center;
  }
  .note {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 10px 16px;
    border-radius: 20px;
    background: rgb(12 14 20 / 0.82);
    text-align: start;
  }
  .spinner {
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    border: 2.5px solid rgb(255 255 255 / 0.3);
    border-block-start-color: #fff;
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  .stage > footer {
    position: relative;
    padding: 20px 12px calc(24px + env(safe-area-inset-bottom));
  }
  .seen > footer {
    background: linear-gradient(transparent, rgb(0 0 0 / 0.5));
  }
`;

const fitting = css`
  .fullscreen {
    inset: 0;
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
    .local {
      --self: clamp(132px, 22cqi, 240px);
      block-size: calc(var(--self) * 3 / 4);
    }
  }
  @container card (inline-size >= 760px) {
    .local {
      --edge: 20px;
      inset-block-end: 20px;
    }
  }
  @container card (inline-size < 340px) {
    .extra {
      display: none;
    }
    .controls {
      gap: 8px;
    }
    .stage .control,
    .stage .disc {
      inline-size: 44px;
      block-size: 44px;
    }
    .answers .control {
      inline-size: 64px;
    }
    .answers .disc {
      inline-size: 52px;
      block-size: 52px;
    }
    .sheet {
      padding-inline: 12px;
    }
    .pill {
      padding: 0 16px;
    }
    .line {
      font-size: 14px;
    }
  }
  @container card (block-size < 400px) {
    .stage .face,
    .face {
      --size: 64px;
      margin-block-end: 4px;
    }
    footer {
      padding-block: 8px 16px !important;
    }
    .local {
      inset-block-end: 84px;
      --self: 96px;
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
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(16px) scale(0.98);
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes ripple {
    from {
      opacity: 0.42;
    }
    to {
      opacity: 0;
      transform: scale(1.75);
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
  }
`;

/** The style sheets of the panel. */
export const panelStyles = [frame, people, buttons, scene, fitting];
