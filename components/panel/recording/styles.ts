/** How recordings are offered. */
import { css } from 'lit';

/** What was recorded. */
export const keptStyles = css`
  .kept {
    display: grid;
    gap: 20px;
    inline-size: 100%;
  }
  .recorded {
    display: grid;
    justify-items: center;
    gap: 12px;
    padding: 16px;
    border: 1px solid light-dark(rgb(20 24 36 / 0.12), rgb(255 255 255 / 0.16));
    border-radius: min(var(--video-call-radius, 20px), 20px);
    text-align: center;
    text-wrap: balance;
  }
  .recorded > .line {
    margin-block-start: -8px;
    font-size: 14px;
  }
  .recorded > .controls {
    flex-wrap: wrap;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .recorded > .controls:disabled {
    opacity: 0.5;
  }
  .recorded .spinner {
    display: inline-block;
    margin-inline-end: 8px;
    border-color: light-dark(rgb(20 24 36 / 0.2), rgb(255 255 255 / 0.3));
    border-block-start-color: currentColor;
    vertical-align: -3px;
  }
  .recorded .pill {
    min-block-size: 44px;
    padding: 0 18px;
  }
  .recorded .pill:not(.quiet) {
    border-color: light-dark(rgb(20 24 36 / 0.2), transparent);
  }
  .recorded .pill.end {
    border-color: transparent;
    background: var(--video-call-hangup, #d92d2d);
    color: #fff;
  }
  .offer .recorded {
    padding: 0;
    border: 0;
  }
  /* A phone on its side. */
  @media (max-height: 480px) {
    .recorded {
      padding: 0;
      border: 0;
    }
    .recorded > .controls {
      gap: 8px;
    }
    .recorded .pill {
      gap: 6px;
      padding: 0 10px;
      font-size: 14px;
    }
  }
`;
