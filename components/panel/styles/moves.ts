/** What comes with the moving parts: tools on the pictures, controls that step back, the pill. */
import { css } from 'lit';

/** Moving parts. */
export const movesStyles = css`
  .tool {
    position: absolute;
    inset-block-start: 6px;
    inset-inline-start: 6px;
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    border: 1px solid transparent;
    border-radius: var(--video-call-control-radius, 50%);
    background: rgb(18 21 30 / 0.72);
    color: #fff;
    transition:
      opacity 0.2s,
      background 0.15s;
  }
  .tool:hover {
    background: rgb(62 68 82 / 0.95);
  }
  .tool svg {
    inline-size: 18px;
    block-size: 18px;
  }
  .tool:focus-visible,
  .grip:focus-visible {
    outline: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    outline-offset: 1px;
  }
  .tool.last {
    inset-inline: auto 6px;
  }
  .handle {
    z-index: 2;
    display: none;
    touch-action: none;
  }
  .self > .picture > .handle {
    display: block;
  }
  .grip {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    cursor: grab;
    outline: none;
  }
  .dragged .grip {
    cursor: grabbing;
  }
  .handle > .tool:not(.tab) {
    opacity: 0;
    pointer-events: none;
  }
  .handle:is(:hover, :focus-within) > .tool {
    opacity: 1;
    pointer-events: auto;
  }
  /* Where a call begins, the machine has better things to do than to lay out each picture of a movement. */
  .settled {
    --glide:
      translate 0.5s var(--spring), inline-size 0.45s cubic-bezier(0.3, 0.9, 0.3, 1), block-size 0.45s cubic-bezier(0.3, 0.9, 0.3, 1);
  }
  .settled > :is(.local, .handle) {
    transition: var(--glide);
  }
  .settled > .remote {
    transition:
      opacity 0.4s,
      var(--glide);
  }
  .swapped .remote {
    z-index: 1;
  }
  .dragged :is(video, .handle) {
    transition: none;
    will-change: translate;
  }
  .dragged .tool {
    opacity: 0 !important;
  }
  .tucked {
    --away: calc((var(--small) + var(--edge)) * (2 * var(--x) - 1));
  }
  .tucked .local {
    opacity: 0;
    transition-property: translate, opacity;
  }
  .tool.tab {
    inset: 0 100% 0 auto;
    translate: calc((1 - var(--x)) * (100% + var(--small)));
    margin-block: auto;
    inline-size: 30px;
    block-size: 64px;
    border-radius: calc(var(--x) * 14px) calc((1 - var(--x)) * 14px) calc((1 - var(--x)) * 14px) calc(var(--x) * 14px);
  }
  .tab svg {
    scale: calc(2 * var(--x) - 1) 1;
  }
  .stage > .tools > .tool {
    inset-block-start: max(12px, env(safe-area-inset-top));
    inset-inline: auto max(12px, env(safe-area-inset-right));
    inline-size: 40px;
    block-size: 40px;
  }
  .stage:not(.seen) > .tools > .tool {
    background: rgb(255 255 255 / 0.1);
  }
  .floating > .seen > .who {
    padding-inline-end: calc(52px + max(12px, env(safe-area-inset-right)));
  }
  .stage > .who {
    transition:
      translate 0.45s cubic-bezier(0.3, 0.9, 0.3, 1),
      opacity 0.3s;
  }
  .stage > footer {
    /* Above the small picture, which takes their place as they step back, and gives it up in no hurry. */
    z-index: 3;
    transition: opacity 0.3s;
  }
  [data-still] > .stage {
    cursor: none;
  }
  [data-still] > .stage > :is(.who:not(:has(.rec)), footer),
  [data-still] .tool:not(.tab) {
    opacity: 0;
  }
  [data-still] .tool.tab {
    opacity: 0.5;
  }
  [data-still='touch'] > .stage > :is(.who:not(:has(.rec)), footer),
  [data-still='touch'] .tool:not(.tab) {
    pointer-events: none;
  }
  .unheard {
    position: absolute;
    inset: auto 0 max(24px, env(safe-area-inset-bottom));
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    margin: auto;
    border: 1px solid transparent;
    border-radius: var(--video-call-control-radius, 50%);
    background: #fff;
    box-shadow: 0 4px 20px rgb(0 0 0 / 0.45);
    color: #171a21;
    pointer-events: none;
    transition: opacity 0.3s;
  }
  .base:not([data-still]) .unheard {
    opacity: 0;
  }
  [data-still] .picture {
    --top: max(var(--edge), env(safe-area-inset-top));
    --bottom: max(var(--edge), env(safe-area-inset-bottom));
  }
  [data-glides] {
    transition: translate 0.45s cubic-bezier(0.25, 1.1, 0.4, 1);
  }
  [data-dragged] {
    transition: none;
    will-change: translate;
  }
  .floating > .stage {
    touch-action: pinch-zoom;
    -webkit-user-select: none;
    user-select: none;
  }
  /* The pill. */
  .floating[data-mini]:has(> .stage) {
    inset: auto;
    inset-block-end: max(16px, env(safe-area-inset-bottom));
    inset-inline-end: max(16px, env(safe-area-inset-right));
  }
  [data-mini] > .stage {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: auto;
    max-inline-size: calc(100vw - 32px);
    block-size: auto;
    padding: 8px;
    border: var(--video-call-border, 1px solid rgb(255 255 255 / 0.16));
    border-radius: min(var(--video-call-radius, 36px), 36px);
    container: none;
    cursor: grab;
  }
  [data-mini] > .stage > :is(.picture, .who, footer) {
    container-type: normal;
    position: relative;
    padding: 0;
    background: none;
  }
  [data-mini] > .stage > .who {
    align-self: center;
    display: flex;
    flex-direction: column;
    align-items: start;
    gap: 0;
    inset: auto;
    translate: none;
    text-align: start;
    text-shadow: none;
  }
  [data-mini] .title bdi {
    max-inline-size: 22ch;
    overflow: hidden;
    font-size: 15px;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  [data-mini] .line {
    flex-wrap: nowrap;
    overflow: hidden;
    font-size: 13px;
    white-space: nowrap;
  }
  [data-mini] .line > span + span:not(.why, .rec),
  [data-mini] .reconnecting .line > :not(.why, .rec),
  [data-mini] :is(.body, .notices, .handle, .local, .chat),
  [data-mini] .control:not([part~='hangup-button'], [part~='microphone-button'], .sharing),
  [data-mini] slot:is([name='logo'], [name='controls-start'], [name='controls-end']),
  [data-mini] > .stage:not(.seen) > .picture {
    display: none;
  }
  [data-mini] .why {
    display: inline;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  [data-mini] .line > .why::before {
    content: none !important;
  }
  [data-mini] .picture {
    flex: none;
    inline-size: 52px;
    block-size: 52px;
    overflow: hidden;
    border-radius: 50%;
  }
  [data-mini] .stage .face {
    --size: 52px;
    position: absolute;
    inset-inline-start: 0;
    margin: 0;
  }
  [data-mini] > .stage:not(.seen) > .who {
    justify-content: center;
    min-block-size: 52px;
    padding-inline-start: 62px;
  }
  [data-mini] .controls {
    flex-wrap: nowrap;
    gap: 8px;
  }
  [data-mini] :is(.control, .disc) {
    inline-size: 44px;
    block-size: 44px;
  }
  [data-mini] > .stage > .tools > .tool {
    position: static;
    background: rgb(255 255 255 / 0.1);
    inline-size: 44px;
    block-size: 44px;
  }
  @media (pointer: coarse) {
    .tool,
    .stage > .tools > .tool {
      inline-size: 44px;
      block-size: 44px;
    }
    .tool.tab {
      inline-size: 44px;
    }
    /* Two of them have room beside each other on the smallest picture. */
    .handle > .tool:not(.tab) {
      inset-block-start: 2px;
      inset-inline: 2px auto;
    }
    .handle > .tool.last {
      inset-inline: auto 2px;
    }
    @container card (inline-size < 520px) {
      .picture {
        --small: var(--video-call-self-width, clamp(96px, 28cqw, 132px));
      }
    }
  }
  @media (forced-colors: active) {
    .tool {
      border-color: ButtonBorder;
      background: ButtonFace;
      color: ButtonText;
    }
  }
`;
