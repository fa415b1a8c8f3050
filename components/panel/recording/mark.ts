/**
 * What comes with a call that is recorded, on both sides: a mark in a row of its own, which nothing covers, and for a while a sentence
 * that says who records.
 */
import { css } from 'lit';
import type { Companion, CompanionHost } from '../companions.js';
import { tell } from '../hints.js';
import { isRecorded } from '../stage.js';
import { fill } from '../../locales/index.js';
import type { PanelView } from '../view.js';
import { wear } from '../wear.js';

/** Milliseconds for which the sentence stands over the picture; the mark stays. */
const TOLD_FOR = 8000;

const markStyles = css`
  .rec {
    display: inline-flex !important;
    align-items: center;
    font-weight: 600;
  }
  /* Where it has its own row, it needs no place in the line, which may be covered. */
  :not([data-mini]) > .stage:has(> .rec) .line > .rec,
  [data-mini] > .stage > .rec {
    display: none !important;
  }
  :not([data-mini]) > .stage:has(> .rec) {
    --row: calc(26px + env(safe-area-inset-top));
    padding-block-start: var(--row);
  }
  .stage > .rec {
    position: absolute;
    inset: 0 0 auto;
    z-index: 8;
    justify-content: center;
    block-size: var(--row);
    padding: env(safe-area-inset-top) 24px 0;
    overflow: hidden;
    background: #14161c;
    color: #fff;
    font-size: 13px;
    line-height: 26px;
    white-space: nowrap;
  }
  /* What stands over the stage by its edges begins below it. */
  :not([data-mini]) > .stage:has(> .rec) > :is(.picture, .cover),
  :not([data-mini]) > .stage:has(> .rec) .talk,
  :not([data-mini]) > .stage:has(> .rec) > .tools > .tool {
    margin-block-start: var(--row);
  }
  :not([data-mini]) > .stage:has(> .rec) > .picture {
    block-size: calc(100% - var(--row));
  }
  [data-mini] > .stage > .who:has(.rec) {
    z-index: 8;
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
  const row = Object.assign(document.createElement('div'), { className: 'rec' });
  row.setAttribute('part', 'status recording');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hush = () => {
    clearTimeout(timer);
    tell(host, 'recording');
  };
  return {
    follow({ root, words, snapshot }: PanelView) {
      const { remote, call } = snapshot;
      wear(root, markStyles);
      const stage = isRecorded(snapshot) && root.querySelector('.stage');
      if (!stage) row.remove();
      else if (row.parentElement !== stage) stage.append(row);
      if (row.textContent !== words.recording.mark) row.replaceChildren(document.createElement('i'), words.recording.mark);
      const theirs = remote.recording && call ? call.id : '';
      if (theirs === heeded) return;
      heeded = theirs;
      hush();
      if (!theirs) return;
      const { name } = call!;
      tell(host, 'recording', ({ recording }) => fill(recording.they, { name }));
      timer = setTimeout(hush, TOLD_FOR);
    },
    stop() {
      row.remove();
      hush();
    },
  };
};
