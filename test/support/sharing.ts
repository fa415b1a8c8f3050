/** What is seen of screens that are shared. */
import assert from 'node:assert/strict';
import { PATIENCE } from './person.js';
import type { Person } from './person.js';

/** Waits until the panel's video of this name is to be seen, and shows so many new frames. */
export async function sees(person: Person, part: 'remote-screen' | 'remote-video', frames = 5): Promise<void> {
  const selector = `[part~=${part}]`;
  await until(person, selector);
  const shown = await person.panel(
    (panel, [wanted, enough, patience]) =>
      new Promise<number>((resolve) => {
        const video = panel.shadowRoot!.querySelector<HTMLVideoElement>(wanted)!;
        let count = 0;
        const next = () => {
          if (getComputedStyle(video).opacity === '1') count++;
          if (count < enough) video.requestVideoFrameCallback(next);
          else resolve(count);
        };
        video.requestVideoFrameCallback(next);
        setTimeout(() => resolve(count), patience);
      }),
    [selector, frames, PATIENCE] as const,
  );
  assert.equal(shown, frames, `${person.name} sees so many new frames in ${part}`);
}

/** Waits until something of the panel's shadow root is there, or no longer. */
export const until = (person: Person, selector: string, there = true): Promise<unknown> =>
  person.page.waitForFunction(
    (wanted, expected) => !!document.querySelector('video-call-panel')!.shadowRoot!.querySelector(wanted) === expected,
    { timeout: PATIENCE, polling: 'raf' },
    selector,
    there,
  );
