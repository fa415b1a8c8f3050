/** How the chat looks, as a style sheet that the panel takes in when the chat is loaded. */
import { css } from 'lit';

/** The chat: a column beside the pictures where there is room, else a sheet over them. */
export const chatStyles = css`
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
  .stage > .chat {
    display: contents;
  }
  .talk {
    position: absolute;
    z-index: 3;
    inset: 84px 0 0;
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
  .entry {
    display: grid;
    grid-template-columns: minmax(0, auto);
    justify-items: start;
    gap: 3px;
    max-inline-size: 86%;
  }
  .entry.own {
    align-self: end;
    justify-items: end;
  }
  .entry.more {
    margin-block-end: -7px;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .bubble {
    margin: 0;
    padding: 8px 13px;
    border: 1px solid transparent;
    border-radius: 18px;
    border-end-start-radius: 6px;
    background: var(--bubble);
    line-height: 1.38;
    overflow-wrap: anywhere;
  }
  .words {
    white-space: pre-wrap;
  }
  .own .bubble {
    border-end-start-radius: 18px;
    border-end-end-radius: 6px;
    background: var(--own);
    color: #fff;
  }
  .bubble a:not(.act) {
    color: light-dark(#1a56c4, #a9ccff);
  }
  .own .bubble a:not(.act) {
    color: #fff;
  }
  .when {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 3px;
    padding-inline: 4px;
    color: var(--soft);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .more .when {
    display: none;
  }
  .tick {
    display: flex;
  }
  .tick svg {
    inline-size: 15px;
    block-size: 15px;
    stroke-width: 2.2;
  }
  .file {
    display: grid;
    gap: 9px;
    inline-size: 250px;
    max-inline-size: 100%;
  }
  .file img {
    inline-size: calc(100% + 18px);
    /* Known before the picture is, so that the end of the list stays in sight. */
    block-size: 180px;
    margin: -2px -9px 0;
    border-radius: 12px;
    object-fit: cover;
  }
  .file-what {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    column-gap: 10px;
    align-items: center;
  }
  .file-what svg {
    grid-row: span 2;
    inline-size: 26px;
    block-size: 26px;
  }
  .file-name {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .file-size {
    font-size: 13px;
    font-variant-numeric: tabular-nums;
    opacity: 0.8;
  }
  .file progress {
    inline-size: 100%;
    block-size: 5px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    appearance: none;
    background: rgb(128 134 148 / 0.35);
  }
  .file progress::-webkit-progress-bar {
    background: none;
  }
  .file progress::-webkit-progress-value {
    background: light-dark(#1f5fd0, #8ab8ff);
  }
  .file progress::-moz-progress-bar {
    background: light-dark(#1f5fd0, #8ab8ff);
  }
  .own .file progress::-webkit-progress-value {
    background: #fff;
  }
  .own .file progress::-moz-progress-bar {
    background: #fff;
  }
  .acts {
    display: flex;
    gap: 8px;
  }
  .act {
    flex: 1;
    padding: 7px 12px;
    border: 1px solid transparent;
    border-radius: 999px;
    background: rgb(128 134 148 / 0.22);
    color: inherit;
    font-size: 14px;
    font-weight: 600;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }
  .act.main {
    background: var(--own);
    color: #fff;
  }
  .act:hover {
    filter: brightness(1.12);
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
  .over > .chat {
    inline-size: 100%;
    min-block-size: 0;
    text-align: start;
  }
  .over .log {
    max-block-size: min(300px, 38dvh);
    padding: 10px 4px;
    border-block: 1px solid light-dark(rgb(20 24 36 / 0.1), rgb(255 255 255 / 0.12));
  }
  @container card (inline-size >= 720px) {
    .talk {
      inset: 0 0 0 auto;
      inline-size: 340px;
      border-radius: 0;
      box-shadow: none;
      border-inline-start: 1px solid rgb(255 255 255 / 0.1);
      animation-name: talk-beside;
    }
    .card:has(> .chat.open) > :not(.chat) {
      margin-inline-end: 340px;
    }
    .card:has(> .chat.open) > .picture {
      inline-size: calc(100% - 340px);
    }
    .toasts {
      place-self: end start;
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

/** The same, as browsers share it between panels. */
