/** Who it is: face, name, status. */
import { css } from 'lit';

/** People. */
export const people = css`
  .who {
    position: relative;
    display: grid;
    justify-items: center;
    gap: 6px;
    min-inline-size: 0;
    text-align: center;
  }
  .face {
    --size: 88px;
    position: relative;
    display: grid;
    place-items: center;
    inline-size: var(--size);
    block-size: var(--size);
    margin-block-end: 10px;
    border: 1px solid transparent;
    border-radius: var(--video-call-face-radius, 50%);
    background: var(--video-call-face, linear-gradient(160deg, hsl(var(--hue) 48% 48%), hsl(var(--hue) 52% 32%)));
    color: #fff;
    font-size: calc(var(--size) * 0.36);
    font-weight: 600;
    letter-spacing: 0.01em;
  }
  .title {
    max-inline-size: 100%;
    color: var(--video-call-text-quiet, light-dark(#5a6272, #aab2c2));
    text-wrap: balance;
  }
  /* Sentences without spaces break where a reader pauses, and elsewhere only what is longer than a line. */
  .title,
  .line,
  .note,
  .devices {
    word-break: keep-all;
    overflow-wrap: anywhere;
  }
  .title bdi {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
    text-align: -webkit-match-parent;
    text-align: match-parent;
    color: var(--video-call-text, light-dark(#171a21, #f3f5f9));
    font-size: 22px;
    font-weight: 600;
    line-height: 1.25;
    letter-spacing: -0.01em;
  }
  .title.small,
  .small bdi {
    display: inline;
    color: var(--video-call-text, light-dark(#171a21, #f3f5f9));
    font-size: 18px;
    font-weight: 600;
    line-height: 1.35;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 2px 8px;
    max-inline-size: 100%;
    color: var(--video-call-text-quiet, light-dark(#5a6272, #aab2c2));
    font-variant-numeric: tabular-nums;
    text-wrap: balance;
  }
  .line > span + span:not(.dot)::before {
    content: '·';
    margin-inline-end: 8px;
  }
  .line svg {
    display: inline-block;
    inline-size: 16px;
    block-size: 16px;
    margin-inline-end: 4px;
    vertical-align: -3px;
  }
  .line:has(> .dot) {
    flex-wrap: nowrap;
  }
  .dot {
    flex: none;
    inline-size: 9px;
    block-size: 9px;
    border: 2px solid;
    border-radius: 50%;
  }
  .dot.online {
    border-color: transparent;
    background: light-dark(#12934f, #2fd673);
  }
  .dot.busy {
    border-color: transparent;
    border-radius: 3px;
    background: light-dark(#c96a00, #ff9d2b);
  }
  .ready {
    display: grid;
    place-items: center;
    inline-size: 72px;
    block-size: 72px;
    border-radius: 50%;
    background: light-dark(#eef1f6, #2a2f3a);
    color: var(--video-call-text-quiet, light-dark(#5a6272, #aab2c2));
  }
  .ready .phone {
    rotate: -135deg;
  }
  slot > .face {
    margin: 0;
  }
  slot > .title + .line {
    margin-block-start: -14px;
  }
  /* What comes does not come. */
  .instead {
    animation: appear 0.2s 2s backwards;
  }
  :not(:empty) + .instead {
    display: none;
  }
  /* For the few who need it. */
  slot > .pill.quiet {
    background: none;
    font-size: 14px;
  }
  .over .face {
    --size: 64px;
  }
  .over .face,
  .reconnecting .face {
    filter: saturate(0.35);
  }
  .over > .chat:empty {
    display: none;
  }
  .past {
    position: relative;
  }
  .mark {
    position: absolute;
    inset: auto -6px 4px auto;
    display: grid;
    place-items: center;
    inline-size: 30px;
    block-size: 30px;
    border: 3px solid var(--video-call-surface, light-dark(#fff, #1c1f27));
    border-radius: 50%;
    background: var(--video-call-hangup, #d92d2d);
    color: #fff;
  }
  .mark svg {
    inline-size: 16px;
  }
  .calls .face,
  .preview {
    margin-block-end: 16px;
  }
  .preview {
    position: static;
    inline-size: min(100% - 72px, 256px);
    block-size: auto;
    max-block-size: 30vh;
    aspect-ratio: 16 / 9;
    border-radius: 16px;
    background: #000;
    opacity: 1;
  }
  .calls .who,
  .stage > .who {
    z-index: 0;
  }
  .face::before,
  .face::after {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: var(--video-call-accent, hsl(var(--hue) 55% 55%));
    opacity: 0;
    z-index: -1;
  }
  /* Ringing goes out to the other side; connecting comes in; calling looks around. */
  :is(.calls, .ringing, .connecting) .face::before,
  :is(.calls, .ringing, .connecting) .face::after,
  .calling .face::after {
    content: '';
  }
  :is(.calls, .ringing) .face::before {
    animation: ripple 2.6s cubic-bezier(0.2, 0.6, 0.4, 1) infinite;
  }
  :is(.calls, .ringing) .face::after {
    animation: ripple 2.6s cubic-bezier(0.2, 0.6, 0.4, 1) 1.3s infinite;
  }
  /* After a while: what connects at once does without. */
  .connecting .face::before {
    animation: gather 1.7s ease-in 0.6s infinite;
  }
  .connecting .face::after {
    animation: gather 1.7s ease-in 1.45s infinite;
  }
  .calling .face::after {
    inset: -9px;
    border: 2px solid rgb(255 255 255 / 0.16);
    border-block-start-color: #fff;
    background: none;
    opacity: 1;
    animation: turn 1.2s linear infinite;
  }
  .reconnecting .face {
    animation: breathe 2.2s ease-in-out infinite;
  }
`;
