/** How the history looks, over what it has in common with the list of people. */
import { css } from 'lit';

/** The style sheet of the history. */
export const historyStyles = css`
  .base {
    --missed: light-dark(#b3261e, #ff9a8f);
    max-block-size: var(--video-call-history-height, 480px);
    outline: none;
  }
  .header {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 56px;
    padding-block: 6px;
    padding-inline: 20px 10px;
  }
  .title {
    min-inline-size: 0;
    font-size: 16px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .badge {
    flex: none;
    min-inline-size: 22px;
    padding: 0 7px;
    border: 1px solid transparent;
    border-radius: 999px;
    background: light-dark(#c62828, #ff9a8f);
    color: light-dark(#fff, #3a0a06);
    font-size: 13px;
    font-weight: 600;
    line-height: 20px;
    text-align: center;
  }
  [part~='clear-button'] {
    margin-inline-start: auto;
  }
  [hidden] {
    display: none;
  }
  .quiet {
    color: var(--soft);
  }
  .question {
    flex-direction: column;
    align-items: stretch;
    gap: 10px;
    padding-block: 14px;
    padding-inline: 20px;
    background: var(--fill);
  }
  .question > span {
    text-wrap: balance;
  }
  .there [part] {
    text-wrap: balance;
  }
  .there [part~='length'] {
    white-space: nowrap;
  }
  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .pill {
    flex: 1 1 auto;
    inline-size: auto;
    min-block-size: 44px;
    block-size: auto;
    padding: 6px 16px;
    border-radius: var(--video-call-pill-radius, 999px);
    background: light-dark(#fff, #3a4150);
    color: inherit;
    font-weight: 600;
  }
  .pill + .pill {
    margin: 0;
  }
  .grave,
  .grave:hover {
    background: light-dark(#c62828, #ff9a8f);
    color: light-dark(#fff, #3a0a06);
  }
  ul {
    padding-block-start: 0;
  }
  li {
    block-size: auto;
    min-block-size: 64px;
    padding-block: 8px;
  }
  .name {
    align-items: center;
    gap: 6px;
  }
  .times {
    flex: none;
    font-weight: 400;
  }
  .fresh {
    flex: none;
    inline-size: 8px;
    block-size: 8px;
    border: 4px solid var(--missed);
    border-radius: 50%;
  }
  .there {
    display: flex;
    flex-wrap: wrap;
    column-gap: 10px;
    white-space: normal;
  }
  .there svg {
    display: inline-block;
    inline-size: 15px;
    block-size: 15px;
    margin-inline-end: 4px;
    vertical-align: -2.5px;
    stroke-width: 2;
  }
  .there svg:dir(rtl) {
    scale: -1 1;
  }
  .missed .outcome {
    color: var(--missed);
    font-weight: 600;
  }
  li:not(.missed) .outcome svg {
    color: light-dark(#0a7d42, #2fd673);
  }
  @media (forced-colors: active) {
    .badge,
    .fresh {
      border-color: currentColor;
    }
  }
`;
