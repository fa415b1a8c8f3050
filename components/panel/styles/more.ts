/** What More opens: it comes with the moving parts, since nobody presses that before they are there. */
import { css } from 'lit';

/** The controls behind More. */
export const moreStyles = css`
  /* Over the picture of oneself, wherever that was dragged to. */
  .stage > footer:has(.open) {
    z-index: 2;
  }
  /* A phone that is turned has room for them in the row. */
  @container row (inline-size < 660px) {
    .open > .extras {
      position: absolute;
      inset: auto 12px calc(100% - 8px);
      flex-wrap: wrap;
      align-items: start;
      justify-content: center;
      gap: 14px 4px;
      inline-size: fit-content;
      max-inline-size: 260px;
      margin-inline: auto;
      padding: 14px 8px;
      border: 1px solid transparent;
      border-radius: min(var(--video-call-radius, 24px), 24px);
      background: rgb(14 16 22 / 0.9);
      -webkit-backdrop-filter: blur(24px);
      backdrop-filter: blur(24px);
      animation: appear 0.15s;
    }
    /* Four stand two by two. */
    .open > .extras:has(> :nth-child(4):last-child) {
      max-inline-size: 180px;
    }
    .open > .extras .control {
      inline-size: 76px;
    }
    .open > .extras .word {
      position: static;
      inline-size: auto;
      block-size: auto;
      clip-path: none;
      color: #fff;
      font-size: 12px;
      line-height: 1.25;
    }
    .open > .more .disc {
      background: #fff;
      color: #171a21;
    }
    @container card (inline-size < 340px) {
      .open > .extras {
        gap: 8px 4px;
        padding-block: 10px;
      }
      .open > .extras .control {
        inline-size: 60px;
      }
      .open > .extras .word {
        font-size: 11px;
      }
    }
  }
`;
