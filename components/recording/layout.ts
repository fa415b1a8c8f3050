/** Where everybody stands in the picture of a recording. Pure. */

/** Who or what is to be seen. */
export type Subject = 'them' | 'me' | 'their-screen' | 'my-screen';

/** A rectangle, in pixels of the recording from its top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One of those who are seen, and where. */
export interface Tile {
  readonly subject: Subject;
  readonly box: Box;
  /** Whether it is the large one, which is shown whole; a small one fills its box. */
  readonly large: boolean;
}

/** Size of every recording, in pixels. */
export const SIZE = { width: 1280, height: 720 } as const;

const SMALL = { width: 288, height: 162 } as const;
const EDGE = 24;

/**
 * The tiles of a picture, the large one first: a screen, where one is shared, else the other side; everybody else is small, at the right.
 *
 * @param screens whether either side shares a screen; where both do, the other side's is the large one and one's own is left out
 */
export function layOut(screens: { readonly their: boolean; readonly my: boolean }): readonly Tile[] {
  const main: Subject = screens.their ? 'their-screen' : screens.my ? 'my-screen' : 'them';
  const small: readonly Subject[] = main === 'them' ? ['me'] : ['me', 'them'];
  return [
    { subject: main, box: { x: 0, y: 0, ...SIZE }, large: true },
    ...small.map((subject, at) => ({ subject, box: smallBox(at), large: false })),
  ];
}

/** The boxes of the small ones, from the bottom right upwards. */
const smallBox = (at: number): Box => ({
  x: SIZE.width - EDGE - SMALL.width,
  y: SIZE.height - EDGE - SMALL.height - at * (SMALL.height + EDGE / 2),
  ...SMALL,
});

/** Where a whole picture of this size stands in a box, with bars beside it or above it. */
export function contain({ width, height }: Pick<Box, 'width' | 'height'>, box: Box): Box {
  const scale = Math.min(box.width / width, box.height / height);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  return { x: box.x + Math.round((box.width - w) / 2), y: box.y + Math.round((box.height - h) / 2), width: w, height: h };
}

/** Which piece of a picture of this size fills a box without being stretched. */
export function crop({ width, height }: Pick<Box, 'width' | 'height'>, box: Box): Box {
  const scale = Math.max(box.width / width, box.height / height);
  const [w, h] = [box.width / scale, box.height / scale];
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}
