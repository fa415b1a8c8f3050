/** What a call was like second by second: the browser's own statistics, and what people were shown. */
import { setTimeout } from 'node:timers/promises';
import { readingOf } from '../../../components/quality/reading.js';
import type { Look, Reading } from '../../../components/quality/reading.js';
import type { Person } from '../../support/person.js';

/** Milliseconds without a new frame after which a picture stands still. */
const STILL_AFTER = 500;
/** Milliseconds between two looks at the picture. */
const LOOK_EVERY = 50;

/** One second of a call on one side. */
export interface Second {
  readonly reading: Reading;
  /** Whether this side's own picture is shown as paused. */
  readonly paused: boolean;
  /** Whether this side is told that the other's picture is paused. */
  readonly told: boolean;
  /** For how many milliseconds the other's picture was shown and stood still. */
  readonly frozen: number;
}

declare global {
  /** For how many milliseconds a picture of the other side has been shown and stood still; see `watchPicture`. */
  var stoodStill: number | undefined;
}

/** Counts from now on for how long the other side's picture is shown and stands still. */
export async function watchPicture(person: Person): Promise<void> {
  await person.panel(
    (panel, [after, every]) => {
      let [video, at] = [undefined as HTMLVideoElement | undefined, 0];
      globalThis.stoodStill = 0;
      const next = (): void => {
        at = performance.now();
        video?.requestVideoFrameCallback(next);
      };
      setInterval(() => {
        const found = panel.shadowRoot!.querySelector<HTMLVideoElement>('.remote') ?? undefined;
        if (found !== video) {
          video = found;
          at = 0;
          video?.requestVideoFrameCallback(next);
        }
        const shown = !!panel.shadowRoot!.querySelector('.filmed');
        // A picture that has just come back has not stood still while it was away.
        if (!shown && at > 0) at = performance.now();
        else if (shown && at > 0 && performance.now() - at > after) globalThis.stoodStill! += every;
      }, every);
    },
    [STILL_AFTER, LOOK_EVERY] as const,
  );
}

/** For how many milliseconds the picture has stood still so far. */
export const freezesOf = (person: Person): Promise<number> => person.page.evaluate(() => globalThis.stoodStill ?? 0);

/** A look at the present connection of a page, with the media IDs of its lanes, and at what is shown; undefined where there is no connection. */
async function lookAt(person: Person) {
  const found = await person.page.evaluate(async () => {
    const connection = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections].at(-1);
    if (!connection) return undefined;
    const report = await connection.getStats();
    const root = document.querySelector('video-call-panel')?.shadowRoot;
    return {
      at: performance.now(),
      report: [...report.entries()],
      mids: connection.getTransceivers().map(({ mid }) => mid),
      paused: !!root?.querySelector('.held'),
      told: /too slow for the picture/.test(root?.querySelector('.line')?.textContent ?? ''),
      frozen: globalThis.stoodStill ?? 0,
    };
  });
  return found && { ...found, report: new Map(found.report) as Look['report'] };
}

/** Follows a call for so many seconds; each of them is told. */
export async function followSeconds(person: Person, seconds: number, tell: (second: Second) => void): Promise<void> {
  let before = await lookAt(person);
  const from = Date.now();
  for (let second = 1; second <= seconds; second++) {
    await setTimeout(Math.max(0, from + second * 1000 - Date.now()));
    const now = await lookAt(person);
    if (before && now)
      tell({ reading: readingOf(before, now, now.mids), paused: now.paused, told: now.told, frozen: now.frozen - before.frozen });
    before = now;
  }
}
