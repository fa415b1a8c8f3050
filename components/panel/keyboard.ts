/** Keeps a call that fills the screen above the keyboard of a phone, which covers a page and does not make it smaller. */
import { css } from 'lit';
import { isTalking } from '../call/phases.js';
import type { Companion, CompanionHost } from './companions.js';
import type { PanelView } from './view.js';
import { wear } from './wear.js';

/** The part of the page that can be seen, as far as it is used. */
export type Seen = Pick<VisualViewport, 'offsetTop' | 'height' | 'scale' | 'addEventListener' | 'removeEventListener'>;

const keyboardStyles = css`
  .fullscreen:has(> .stage) {
    inset-block: var(--seen-top, 0) auto;
  }
  .fullscreen > .stage {
    block-size: min(100dvh, var(--seen-height, 100dvh));
  }
  @media (max-width: 520px), (max-height: 480px) {
    .floating:not([data-mini]):has(> .stage) {
      inset-block: var(--seen-top, 0) auto;
    }
    .floating:not([data-mini]) > .stage {
      block-size: min(100dvh, var(--seen-height, 100dvh)) !important;
    }
  }
`;

/**
 * The companion of calls whose chat is open: nothing else in a call is written in.
 *
 * @param seen what is looked at; the window's own where none is handed in
 */
export function keyboard(_host: CompanionHost, seen: Seen | null = window.visualViewport): Companion {
  let base: HTMLElement | undefined;

  const set = (name: string, pixels: number | undefined) =>
    pixels === undefined ? base?.style.removeProperty(name) : base?.style.setProperty(name, `${pixels}px`);

  const measure = () => {
    // Whoever magnifies the page wants to see a part of the call, and not all of it in a part of the page.
    const magnified = !seen || seen.scale > 1.01;
    const log = base?.querySelector('.log');
    const atEnd = log && log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    set('--seen-top', magnified ? undefined : seen.offsetTop);
    set('--seen-height', magnified ? undefined : seen.height);
    // What was said last stays in sight.
    if (atEnd) log.scrollTop = log.scrollHeight;
  };

  const stop = () => {
    for (const type of ['resize', 'scroll'] as const) seen?.removeEventListener(type, measure);
    set('--seen-top', undefined);
    set('--seen-height', undefined);
    base = undefined;
  };

  return {
    follow({ chat, layout, root, snapshot, windowed }: PanelView) {
      const writes = chat.open && isTalking(snapshot.state) && layout !== 'inline' && !windowed;
      const next = (writes && root.querySelector<HTMLElement>('.base')) || undefined;
      if (next === base) return;
      stop();
      base = next;
      if (!base) return;
      wear(root, keyboardStyles);
      for (const type of ['resize', 'scroll'] as const) seen?.addEventListener(type, measure);
      measure();
    },
    stop,
  };
}
