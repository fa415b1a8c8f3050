/** What is told in a call, names and faces leave room for each other. */
import { css } from 'lit';

/** Room for notices. */
export const noticesStyles = css`
  @container card (inline-size < 340px) {
    .notices {
      padding-inline: 10px;
      font-size: 13px;
    }
    .notices .note {
      padding: 6px 12px;
    }
    .stage:not(.seen):has(> .notices) .face {
      --size: 56px;
    }
  }
  @container card (inline-size >= 760px) {
    .seen > .notices {
      padding-block-start: calc(16px + env(safe-area-inset-top));
      max-inline-size: min(600px, 100cqi - 400px);
    }
    .stage.seen:not(.shared):has(> .notices) > .who {
      padding-inline-end: calc(50cqi + min(300px, 50cqi - 200px));
    }
  }
  @container card (block-size < 600px) {
    .stage:not(.seen):has(> .notices) > .who {
      place-self: start center;
      translate: none;
    }
  }
  @container card (block-size < 400px) or ((inline-size < 340px) and (block-size < 500px)) {
    .stage:not(.seen) > .notices {
      place-self: start center;
      padding-block-start: max(12px, env(safe-area-inset-top));
    }
    /* Beside the button that minimises. */
    .floating > .stage:not(.seen) > .notices {
      padding-inline: clamp(10px, 100cqi - 310px, 64px) 64px;
    }
    /* Below the notices. */
    .stage:not(.seen):has(> .notices) > .who {
      place-self: end center;
      padding-block-end: 8px;
    }
  }
  @container card (block-size < 400px) {
    .stage > .notices {
      grid-area: 1 / 1;
    }
  }
  @container card (block-size < 330px) {
    .stage:not(.seen):has(> .notices) .face {
      display: none;
    }
  }
`;
