/** The boxes: where the panel stands, and its cards. */
import { css } from 'lit';

/** Boxes. */
export const frame = css`
  :host {
    display: contents;
  }
  :host([layout='inline']) {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
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
    --shade: var(--video-call-shadow, 0 2px 6px rgb(10 14 24 / 0.08), 0 18px 56px rgb(10 14 24 / 0.24));
    color-scheme: inherit;
    display: block;
    position: fixed;
    inset-block: auto max(16px, env(safe-area-inset-bottom));
    inset-inline: auto max(16px, env(safe-area-inset-right));
    z-index: 2147483647;
    color: var(--video-call-text, light-dark(#171a21, #f3f5f9));
    font: 400 15px/1.4 var(--video-call-font-family, system-ui, sans-serif);
    -webkit-tap-highlight-color: transparent;
  }
  .inline {
    visibility: inherit;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    position: relative;
    inset: auto;
    z-index: auto;
    block-size: 100%;
  }
  .card {
    position: relative;
    inline-size: min(var(--video-call-width, 360px), 100vw - 32px);
    overflow: hidden;
    border: var(--video-call-border, 1px solid light-dark(rgb(20 24 36 / 0.08), rgb(255 255 255 / 0.1)));
    border-radius: var(--video-call-radius, 28px);
    background: var(--video-call-surface, light-dark(#fff, #1c1f27));
    box-shadow: var(--shade);
    outline: none;
    transition: transform 0.32s cubic-bezier(0.2, 0.9, 0.3, 1);
  }
  /* It is to be seen from the first frame on: somebody calls. A stage does not come in again that takes the place of the dialog, or rang on the last page. */
  @starting-style {
    .card:not(.stage),
    .calling {
      transform: translateY(16px) scale(0.98);
    }
  }
  .inline > .card {
    inline-size: auto;
    border-radius: var(--video-call-radius, 20px);
    box-shadow: none;
    transition: none;
  }
  .sheet {
    display: grid;
    align-content: safe center;
    justify-items: center;
    grid-auto-rows: minmax(min-content, auto);
    gap: 20px;
    padding: 32px 20px 24px;
    overflow: hidden auto;
    container: sheet / inline-size;
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
  /* A call that stands above the page is also told where its place in the page is hidden. */
  :host(:not([layout='inline'])) .live-region {
    visibility: visible;
  }
`;
