/** How the chat looks, as a style sheet that the panel takes in when the chat is loaded. */
import { css } from 'lit';
import { entryStyles } from './entry-styles.js';

/** The chat: a column beside the pictures where there is room, else a sheet over them. */
export const chatStyles = css`
  ${entryStyles}
  .badge {
    position: absolute;
    inset: -4px -4px auto auto;
    min-inline-size: 20px;
    padding: 0 5px;
    border: 2px solid #14171f;
    border-radius: 999px;
    background: var(--video-call-hangup, #d92d2d);
    color: #fff;
    font: 700 11px/16px var(--video-call-font-family, system-ui, sans-serif);
    text-align: center;
  }
  [part~='chat-button'] .disc {
    position: relative;
  }
  .chat {
    --bubble: light-dark(#eceff5, #2c313d);
    --own: #1f5fd0;
    --soft: light-dark(#5a6272, #a9b1c1);
  }
  /* The pill has no room for it. */
  :not([data-mini]) > .stage > .chat {
    display: contents;
  }
  .talk {
    position: absolute;
    z-index: 3;
    inset: calc(68px + max(16px, env(safe-area-inset-top))) 0 0;
    display: flex;
    flex-direction: column;
    overflow: hidden;
    border-radius: 20px 20px 0 0;
    background: #191c25;
    color: #f3f5f9;
    box-shadow: 0 -8px 40px rgb(0 0 0 / 0.45);
    font-size: 15px;
    text-align: start;
    animation: talk-in 0.26s cubic-bezier(0.2, 0.9, 0.3, 1);
  }
  @keyframes talk-in {
    from {
      opacity: 0;
      transform: translateY(24px);
    }
  }
  .talk-top {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block: 8px;
    padding-inline: 18px 8px;
  }
  .talk-top h2 {
    margin: 0;
    margin-inline-end: auto;
    font-size: 16px;
    font-weight: 600;
  }
  .plain {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    color: inherit;
  }
  .plain:hover {
    background: rgb(255 255 255 / 0.1);
  }
  .reach {
    display: flex;
    gap: 4px;
    margin-inline-end: 4px;
  }
  .reach .off {
    background: #fff;
    color: #171a21;
  }
  .reach .end {
    background: var(--video-call-hangup, #d92d2d);
    color: #fff;
  }
  .plain svg {
    inline-size: 22px;
    block-size: 22px;
  }
  :is(.plain, .act, .toast, .log, .bubble a):focus-visible {
    outline: 3px solid var(--video-call-focus, light-dark(#1a5fd8, #9cc4ff));
    outline-offset: -2px;
  }
  .log {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-block-size: 0;
    padding: 8px 14px;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  .log > :first-child {
    margin-block-start: auto;
  }
  .talk-empty {
    margin: auto;
    padding: 24px;
    color: var(--soft);
    font-size: 14px;
    text-align: center;
    text-wrap: balance;
  }
  .talk-note {
    margin: 0;
    padding: 6px 18px;
    color: light-dark(#7a4b00, #ffd08a);
    font-size: 13px;
  }
  .composer {
    display: flex;
    align-items: end;
    gap: 2px;
    margin: 6px 10px calc(10px + env(safe-area-inset-bottom));
    padding: 2px;
    border: 1px solid rgb(255 255 255 / 0.16);
    border-radius: 23px;
    background: rgb(255 255 255 / 0.06);
  }
  .composer:focus-within {
    border-color: var(--video-call-focus, #9cc4ff);
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    max-block-size: 120px;
    margin: 0;
    padding: 9px 4px;
    border: 0;
    outline: none;
    background: none;
    color: inherit;
    font: inherit;
    /* A smaller letter makes some phones zoom in. */
    font-size: 16px;
    line-height: 22px;
    resize: none;
    scrollbar-width: none;
  }
  textarea::placeholder {
    color: #a9b1c1;
    opacity: 1;
  }
  .send {
    background: var(--own);
    color: #fff;
  }
  .send:dir(rtl) svg {
    scale: -1 1;
  }
  .send:hover {
    background: var(--own);
    filter: brightness(1.15);
  }
  .drop {
    position: absolute;
    inset: 8px;
    display: grid;
    place-items: center;
    border: 2px dashed #9cc4ff;
    border-radius: 16px;
    background: rgb(16 24 40 / 0.92);
    font-weight: 600;
    visibility: hidden;
    pointer-events: none;
  }
  .dropping > .drop {
    visibility: visible;
  }
  .toasts {
    grid-area: 1 / 1;
    place-self: end center;
    position: relative;
    z-index: 2;
    inline-size: min(100%, 420px);
    padding: 0 16px 8px;
  }
  .toast {
    display: grid;
    gap: 2px;
    inline-size: 100%;
    padding: 10px 16px;
    border: 1px solid rgb(255 255 255 / 0.12);
    border-radius: 18px;
    background: rgb(20 23 31 / 0.94);
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.4);
    text-align: start;
    animation: talk-in 0.26s cubic-bezier(0.2, 0.9, 0.3, 1);
  }
  .toast b {
    font-size: 13px;
    font-weight: 600;
    color: #a9b1c1;
  }
  .toast span {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow-wrap: anywhere;
  }
  /* What was written gives way to what can be pressed. */
  .over:has(.log) {
    grid-template-rows: auto minmax(96px, auto) auto;
    overflow-y: auto;
  }
  .over > .chat {
    display: grid;
    grid-template-rows: minmax(0, auto);
    inline-size: 100%;
    min-block-size: 0;
    text-align: start;
  }
  .over .log {
    max-block-size: clamp(96px, 100dvh - 320px, 300px);
    padding: 10px 4px;
    border-block: 1px solid light-dark(rgb(20 24 36 / 0.1), rgb(255 255 255 / 0.12));
  }
  @media (max-height: 400px) {
    .over:has(.log) .past {
      display: none;
    }
  }
  @container card (inline-size >= 720px) {
    .talk {
      inset-block: 0;
      inset-inline: auto 0;
      inline-size: 340px;
      border-radius: 0;
      box-shadow: none;
      border-inline-start: 1px solid rgb(255 255 255 / 0.1);
      animation-name: talk-beside;
    }
    .reach {
      display: none;
    }
    .card:has(> .chat.open) > :not(.chat) {
      margin-inline-end: 340px;
    }
    .card:has(> .chat.open) > .picture {
      --end: calc(340px + var(--edge));
      inline-size: calc(100% - 340px);
    }
    .toasts {
      place-self: end start;
    }
  }
  /* What the sheet covers cannot be pressed, nor reached by keys or a screen reader. */
  @container card (inline-size < 720px) {
    .base:not([data-mini]) > .card:has(> .chat.open) > :is(.body, .notices, footer),
    .base:not([data-mini]) > .card:has(> .chat.open) .handle {
      visibility: hidden;
    }
  }
  @container card (inline-size < 720px) and (block-size < 420px) {
    .base:not([data-mini]) > .card:has(> .chat.open) > :is(.who, .tools) {
      visibility: hidden;
    }
  }
  @keyframes talk-beside {
    from {
      transform: translateX(40px);
      opacity: 0;
    }
  }
  @container card (block-size < 420px) {
    .talk {
      inset-block-start: 0;
      border-radius: 0;
    }
  }
  @media (pointer: coarse) {
    .plain,
    .act,
    .composer textarea {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
`;
