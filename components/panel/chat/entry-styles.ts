/** How the messages and files of the chat look. */
import { css } from 'lit';

/** What was written, and the files. */
export const entryStyles = css`
  .entry {
    display: flex;
    flex: none;
    flex-direction: column;
    align-items: start;
    align-self: start;
    gap: 3px;
    max-inline-size: 86%;
  }
  .entry.own {
    align-items: end;
    align-self: end;
  }
  .entry.followed {
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
    overflow: clip;
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
  .followed .when {
    display: none;
  }
  .lost {
    padding-inline: 4px;
    color: light-dark(#b3261e, #ffb4ab);
    font-size: 12px;
  }
  .tick {
    display: flex;
  }
  .tick svg {
    inline-size: 15px;
    block-size: 15px;
    stroke-width: 2.2;
  }
  .entry:has(> .file) {
    inline-size: min(250px, 86%);
  }
  .file {
    display: grid;
    gap: 9px;
    inline-size: 100%;
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
    display: flex;
    font-weight: 600;
    white-space: pre;
  }
  .file-name > :first-child {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* Whatever a file is called, its ending says what it does when it is opened. */
  .file-name > :last-child {
    flex: none;
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
    flex-wrap: wrap;
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
    white-space: nowrap;
    cursor: pointer;
  }
  .act.main {
    background: var(--own);
    color: #fff;
  }
  .act:hover {
    filter: brightness(1.12);
  }
`;
