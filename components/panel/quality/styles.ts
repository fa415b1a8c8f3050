/** How the indicator of the connection looks. */
import { css } from 'lit';

/** The indicator. */
export const qualityStyles = css`
  .quality {
    display: flex;
  }
  .quality[hidden],
  [data-mini] .quality {
    display: none;
  }
  .goes {
    position: relative;
    display: flex;
    align-items: center;
    gap: 6px;
    min-block-size: 24px;
    padding-inline: 4px;
    margin-inline: -4px;
    border-radius: 6px;
    text-shadow: inherit;
  }
  /* As large as a finger. */
  .goes::after {
    content: '';
    position: absolute;
    inset: -10px -12px;
  }
  .goes:focus-visible {
    outline: 3px solid var(--video-call-focus, #9cc4ff);
    outline-offset: 1px;
  }
  .bars {
    display: flex;
    align-items: end;
    gap: 2px;
    block-size: 14px;
    filter: drop-shadow(0 1px 2px rgb(0 0 0 / 0.5));
  }
  .bars i {
    inline-size: 3px;
    block-size: 100%;
    border-radius: 1px;
    background: currentColor;
    opacity: 0.36;
  }
  .bars i:nth-child(1) {
    block-size: 5px;
  }
  .bars i:nth-child(2) {
    block-size: 8px;
  }
  .bars i:nth-child(3) {
    block-size: 11px;
  }
  .bars .on {
    opacity: 1;
  }
  /* The sentence says it. */
  .stage:has(> .notices) .said {
    display: none;
  }
  .goes:hover .bars i:not(.on) {
    opacity: 0.55;
  }
  .fair .on {
    background: #ffcf5c;
  }
  .poor .on {
    background: #ff8f80;
  }
  @media (forced-colors: active) {
    .bars i {
      forced-color-adjust: none;
      background: ButtonText !important;
    }
  }
`;
