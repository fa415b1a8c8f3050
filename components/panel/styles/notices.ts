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
    .talking:not(.seen):has(> .notices) .face {
      --size: 56px;
    }
    .inline > .self:not(.seen):has(> .notices) > .picture {
      --top: 12px;
    }
  }
  /* So much is said at once that the face gives its place to it. */
  @container card (block-size < 660px) {
    .talking:not(.seen):has(> .notices > :nth-child(3)) .face {
      --size: 116px;
    }
  }
  @container card (block-size < 560px) {
    .talking:not(.seen):has(> .notices > :nth-child(3)) .face {
      display: none;
    }
  }
  /* Clear of the picture of oneself. */
  @container card (block-size < 560px) and (inline-size >= 520px) {
    .self:not(.seen):has(> .notices > :nth-child(3)) > .who {
      max-inline-size: calc(100cqi - 2 * clamp(56px, 20cqw, 120px) - 64px);
      padding-block-start: 12px;
    }
  }
  /* The line below the name has two rows or three. */
  @container card (inline-size < 460px) {
    .seen:has(> .who .line > :nth-child(4)) > .notices {
      padding-block-start: calc(104px + max(16px, env(safe-area-inset-top)));
    }
    .seen > .who .line:has(> :nth-child(4)) > span::before {
      content: none !important;
    }
  }
  @container card (inline-size < 280px) {
    .seen:has(> .who .line > :nth-child(4)) > .notices {
      padding-block-start: 130px;
    }
    .stage:has(> .notices > :nth-child(3)) > footer {
      padding-block: 4px 12px !important;
    }
    .stage:has(> .notices > :nth-child(3)) > .picture > .local {
      opacity: 0;
    }
    .notices:has(> :nth-child(3)) {
      gap: 4px;
    }
    .notices:has(> :nth-child(3)) .note {
      padding-block: 4px;
      font-size: 12px;
      line-height: 1.25;
    }
    .talking:not(.seen):has(> .notices > :nth-child(3)) > .who {
      padding: 4px;
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
    .talking:not(.seen):has(> .notices) > .who {
      place-self: start center;
      translate: none;
    }
  }
  @container card (block-size < 400px) or ((inline-size < 340px) and (block-size < 500px)) {
    .talking:not(.seen) > .notices {
      place-self: start center;
      padding-block-start: max(12px, env(safe-area-inset-top));
    }
    /* Beside the button that minimises. */
    .floating > .talking:not(.seen) > .notices {
      padding-inline: clamp(10px, 100cqi - 310px, 64px) 64px;
    }
    /* Below the notices. */
    .talking:not(.seen):has(> .notices) > .who {
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
    .talking:not(.seen):has(> .notices) .face {
      display: none;
    }
  }
`;
