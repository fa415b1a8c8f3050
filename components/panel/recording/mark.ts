/** What comes with a call that is recorded, on both sides: a mark that nothing covers, and for a while a sentence that says who records. */
import { css } from 'lit';
import type { Companion, CompanionHost } from '../companions.js';
import { tell } from '../hints.js';
import { fill } from '../../locales/index.js';
import type { PanelView } from '../view.js';
import { wear } from '../wear.js';

/** Milliseconds for which the sentence stands over the picture; the mark stays. */
const TOLD_FOR = 8000;

const markStyles = css`
  .line > .rec {
    display: inline-flex !important;
    align-items: center;
    font-weight: 600;
  }
  .rec > i {
    flex: none;
    inline-size: 10px;
    block-size: 10px;
    margin-inline-end: 6px;
    border-radius: 50%;
    background: #ff3b30;
    forced-color-adjust: none;
  }
  /* One control more in the row. */
  @container card (340px <= inline-size < 440px) {
    .controls:has(> [part~='record-button']) {
      gap: 4px !important;
    }
    .controls:has(> [part~='record-button']) :is(.disc, .more),
    .controls:has(> [part~='record-button']) > .control {
      inline-size: 48px;
      block-size: 48px;
    }
  }
  /* Around everything: also around what is open over the call. */
  .stage:has(.rec)::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 9;
    border: 2px solid #ff3b30;
    border-radius: inherit;
    pointer-events: none;
    forced-color-adjust: none;
  }
`;

/** The companion of calls that are recorded. */
export const recordingMark = (host: CompanionHost): Companion => {
  let heeded = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hush = () => {
    clearTimeout(timer);
    tell(host, 'recording');
  };
  return {
    follow({ root, snapshot: { remote, call } }: PanelView) {
      wear(root, markStyles);
      const theirs = remote.recording && call ? call.id : '';
      if (theirs === heeded) return;
      heeded = theirs;
      hush();
      if (!theirs) return;
      const { name } = call!;
      tell(host, 'recording', ({ recording }) => fill(recording.they, { name }));
      timer = setTimeout(hush, TOLD_FOR);
    },
    stop: hush,
  };
};
