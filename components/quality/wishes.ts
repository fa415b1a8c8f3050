/** What is wished of the browser as the network is now: what a state of the adaptation comes to. Pure. */
import type { Adapting, Mode } from './adapting.js';
import { SAVING } from './signs.js';
import type { Limits } from './signs.js';

/** Of the pictures that are sent with less: lines, pictures per second, and kbit/s. */
const LOW = { lines: 360, fps: 15, kbits: 400, stretched: 1000 } as const;
const TINY = { lines: 180, fps: 8, kbits: 60, stretched: 600 } as const;
/** Of a tiny one that flows: no larger in all, for what moves little between two takes little. */
const FLOWING = { ...TINY, fps: 15 } as const;
/** A tiny one shows what the network carries only where it may have more. */
const TRIED = { ...TINY, kbits: 300 } as const;
/** Of the first pictures, until it is known what the network carries: of larger ones the browser leaves out four before it sends one that is as small. */
const FIRST = { lines: 180, fps: 10, kbits: undefined, stretched: undefined } as const;

/**
 * Kbit/s of a voice where there is hardly room for it, and what is lost of it is sent twice; and beside tiny pictures that flow. Chromium
 * takes off what packets need beside the sound, which is 11 to 22 by what it knows of the way: of 17 the least sound is left that Opus
 * has there, 6; of 26 that or up to 15; of 34 12 to 23.
 */
const VOICE: Readonly<Partial<Record<Mode, number>>> = { drain: 17, held: 17, trial: 17, tiny: 26 };
const FLOWING_VOICE = 34;

/** Whether the voice is sent with fewer bits, because there is hardly room for it. */
export const isWeak = (mode: Mode): boolean => VOICE[mode] !== undefined;

/** How one lane is sent. What is undefined is as the browser has it. */
export interface Sending {
  readonly degradationPreference?: 'balanced' | 'maintain-resolution' | undefined;
  readonly active: boolean;
  /** Most kbit/s. */
  readonly maxBitrate?: number | undefined;
  /** Most pictures per second. */
  readonly maxFramerate?: number | undefined;
  /** Most lines. */
  readonly lines?: number | undefined;
}

/** How voice, camera and screen are sent. */
export interface Wishes {
  /** Most kbit/s of the voice; undefined where it has all it wants. */
  readonly voice?: number | undefined;
  readonly camera: Sending;
  readonly screen: Sending;
}

const least = (...values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
};

const LESS: Partial<Record<Mode, typeof LOW | typeof TINY | typeof TRIED>> = { low: LOW, tiny: TINY, trial: TRIED };

/** With how much less a picture is sent; undefined where it is not. */
const lessOf = ({ mode, fresh, flows }: Adapting) => {
  if (mode === 'start') return fresh ? FIRST : undefined;
  return flows ? FLOWING : LESS[mode];
};

/** What a state comes to. The letters on a shared screen stay sharp; rather fewer pictures of it are sent. */
export function wishesOf(state: Adapting, { lines, maxBitrate, saving }: Limits): Wishes {
  const { mode, strained, stretched } = state;
  const saved = saving ? SAVING : undefined;
  const less = lessOf(state);
  const most = less && { ...less, kbits: stretched ? less.stretched : less.kbits };
  return {
    voice: state.flows ? FLOWING_VOICE : VOICE[mode],
    camera: {
      active: mode !== 'held' && mode !== 'drain',
      lines: least(lines, saved?.lines, most?.lines),
      maxBitrate: least(maxBitrate, saved?.kbits, most?.kbits),
      maxFramerate: least(saved?.fps, most?.fps),
      degradationPreference: mode === 'start' ? undefined : mode === 'full' && !strained ? 'maintain-resolution' : 'balanced',
    },
    screen: {
      active: true,
      maxBitrate: least(maxBitrate, mode === 'held' ? 100 : most?.kbits),
      maxFramerate: least(saved && 10, isWeak(mode) ? 3 : mode === 'low' ? 8 : undefined),
      degradationPreference: 'maintain-resolution',
    },
  };
}
