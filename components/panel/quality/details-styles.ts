/** How the view with the figures of the connection looks. */
import { css } from 'lit';

/** The view: over all rows of the stage but the last, that of the controls. */
export const detailsStyles = css`
  .figures {
    grid-area: 1 / 1 / 4 / 1;
    position: relative;
    z-index: 2;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    background: rgb(20 22 30 / 0.9);
    -webkit-backdrop-filter: blur(28px) saturate(1.4);
    backdrop-filter: blur(28px) saturate(1.4);
    color: #f3f5f9;
    container: figures / size;
    text-align: start;
    animation: appear 0.2s;
  }
  .card:has(> .figures) > footer {
    background: rgb(20 22 30 / 0.9);
  }
  .inside {
    display: grid;
    gap: 14px;
    max-inline-size: 460px;
    margin: 0 auto;
    padding: max(14px, env(safe-area-inset-top)) max(20px, env(safe-area-inset-right)) 20px max(20px, env(safe-area-inset-left));
    outline: none;
    font-size: 14px;
    font-variant-numeric: tabular-nums;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }
  .top h2 {
    margin: 0;
    font-size: 18px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .away {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    margin-inline-end: -8px;
    border: 1px solid transparent;
    border-radius: 50%;
    background: rgb(255 255 255 / 0.12);
  }
  .away:hover {
    background: rgb(255 255 255 / 0.2);
  }
  .away svg {
    inline-size: 20px;
    block-size: 20px;
  }
  .away:focus-visible,
  .figures:has(> .inside:focus-visible) {
    outline: 3px solid var(--video-call-focus, #9cc4ff);
    outline-offset: 2px;
  }
  .figures:has(> .inside:focus-visible) {
    outline-offset: -3px;
  }
  .why-so {
    margin: -6px 0 0;
    color: #c3cad8;
    text-wrap: pretty;
  }
  .inside dl {
    display: grid;
    gap: 4px;
    margin: 0;
  }
  .inside dl > div {
    display: flex;
    justify-content: space-between;
    gap: 16px;
  }
  .inside dt,
  .inside tbody th[scope='row'] {
    color: #c3cad8;
    font-weight: 400;
  }
  .inside dd {
    margin: 0;
    text-align: end;
  }
  .inside table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .inside :is(th, td) {
    padding: 2px 0;
    padding-inline-start: 10px;
    vertical-align: baseline;
    text-align: end;
    font-weight: 400;
  }
  .inside :is(th, td):first-child {
    padding-inline-start: 0;
    text-align: start;
  }
  .inside thead th {
    color: #c3cad8;
  }
  .inside small {
    display: block;
    color: #f3f5f9;
    font-size: 13px;
    font-weight: 600;
  }
  .inside th[scope='rowgroup'] {
    padding-block: 12px 4px;
    border-block-end: 1px solid rgb(255 255 255 / 0.14);
    font-weight: 600;
  }
  .inside tr:nth-child(2) > * {
    padding-block-start: 6px;
  }
  .inside bdi {
    white-space: nowrap;
  }
  @container figures (inline-size < 340px) {
    .inside {
      gap: 10px;
      padding-inline: 12px;
      font-size: 12.5px;
    }
    .top h2 {
      font-size: 16px;
    }
    .inside :is(th, td) {
      padding-inline-start: 6px;
    }
    .inside th[scope='row'] {
      overflow-wrap: anywhere;
      hyphens: auto;
    }
  }
  @container card (inline-size < 260px) {
    .inside bdi {
      white-space: normal;
    }
  }
  @media (forced-colors: active) {
    .figures {
      background: Canvas;
      color: CanvasText;
    }
  }
`;
