/** How what is chosen in the view of the devices looks: lists, the level of the microphone, the test sound. */
import { css } from 'lit';

/** The style sheet of the fields. */
export const fieldStyles = css`
  .field {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
  }
  .row:has(.test) {
    flex-wrap: wrap;
  }
  .row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    min-block-size: 24px;
    color: light-dark(#5a6272, #b9c0ce);
    font-size: 14px;
    font-weight: 500;
  }
  .row label {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .row svg {
    inline-size: 18px;
    block-size: 18px;
  }
  .devices select {
    appearance: none;
    inline-size: 100%;
    min-inline-size: 0;
    block-size: 48px;
    margin: 0;
    padding-block: 0;
    padding-inline: 16px 44px;
    border: 1px solid light-dark(#cfd5e0, rgb(255 255 255 / 0.16));
    border-radius: 14px;
    background-color: light-dark(#f7f8fb, rgb(255 255 255 / 0.09));
    background-image:
      linear-gradient(45deg, transparent 50%, currentColor 50% 64%, transparent 64%),
      linear-gradient(-45deg, transparent 50%, currentColor 50% 64%, transparent 64%);
    background-position:
      right 24px center,
      right 17px center;
    background-repeat: no-repeat;
    background-size: 8px 8px;
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  /* Most names of devices are Latin: they begin at the right all the same, and are cut at their end. */
  .devices select:dir(rtl) {
    direction: ltr;
    unicode-bidi: plaintext;
    padding: 0 16px 0 44px;
    text-align: right;
    background-position:
      left 17px center,
      left 24px center;
  }
  .devices select:hover {
    background-color: light-dark(#eef1f6, rgb(255 255 255 / 0.14));
  }
  .devices option {
    background: light-dark(#fff, #23272f);
    color: light-dark(#171a21, #f3f5f9);
  }
  .level {
    --unit: 8px;
    position: relative;
    flex: 0 1 158px;
    min-inline-size: 0;
    block-size: 8px;
    overflow: hidden;
    background: light-dark(#dfe3eb, rgb(255 255 255 / 0.18));
    mask: repeating-linear-gradient(to right, #000 0 5px, transparent 5px var(--unit));
  }
  .level::after {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: calc(var(--level, 0) * 100%);
    background: light-dark(#12934f, #2fd673);
  }
  .test {
    display: flex;
    align-items: center;
    gap: 6px;
    min-block-size: 44px;
    margin: -10px -8px;
    padding-inline: 8px;
    border: 1px solid transparent;
    border-radius: 10px;
    color: light-dark(#1a56c4, #a8c9ff);
  }
  @media (pointer: coarse) {
    .test {
      margin-block-end: -4px;
    }
  }
  .test:hover {
    background: light-dark(#eef1f6, rgb(255 255 255 / 0.1));
  }
  .playing svg {
    animation: breathe 0.9s ease-in-out infinite;
  }
  @container devices (inline-size < 260px) {
    .row {
      column-gap: 8px;
    }
    .test svg {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .level {
      border: 1px solid;
      mask: none;
    }
    .level::after {
      background: Highlight;
      forced-color-adjust: none;
    }
    .devices select {
      appearance: auto;
    }
    .test {
      margin: 0;
    }
  }
`;
