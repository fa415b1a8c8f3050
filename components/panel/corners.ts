/** Where something that was dragged comes to rest. Pure arithmetic in CSS pixels, from the top left. */

/** A point, or a distance. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A width and a height. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One of the four corners: 0 is left or top, 1 is right or bottom. */
export interface Corner {
  readonly x: 0 | 1;
  readonly y: 0 | 1;
}

/** A distance from the closest corner, which is kept when the box around changes. */
export interface Place {
  readonly corner: Corner;
  readonly from: Point;
}

/** How long a thing that is let go keeps its speed, in milliseconds. */
const COAST = 120;

/** Where a thing ends that is let go at a speed, in pixels per millisecond. */
export const coast = (at: Point, speed: Point): Point => ({ x: at.x + speed.x * COAST, y: at.y + speed.y * COAST });

/** The corner of a box that is closest to a point in it. */
export const cornerOf = ({ x, y }: Point, { width, height }: Size): Corner => ({ x: x > width / 2 ? 1 : 0, y: y > height / 2 ? 1 : 0 });

/** The corner that an arrow key leads to, or undefined for another key. */
export function cornerBy(key: string, { x, y }: Corner): Corner | undefined {
  const to: Record<string, Corner> = {
    ArrowLeft: { x: 0, y },
    ArrowRight: { x: 1, y },
    ArrowUp: { x, y: 0 },
    ArrowDown: { x, y: 1 },
  };
  return to[key];
}

/** The place of a thing whose top left is at a point of a box. */
export function placeOf(at: Point, size: Size, box: Size): Place {
  const corner = cornerOf({ x: at.x + size.width / 2, y: at.y + size.height / 2 }, box);
  return {
    corner,
    from: { x: corner.x ? box.width - size.width - at.x : at.x, y: corner.y ? box.height - size.height - at.y : at.y },
  };
}

/** The top left of a thing at its place, moved as little as needed to stay inside the box with a margin. */
export function pointOf({ corner, from }: Place, size: Size, box: Size, margin: number): Point {
  const inside = (wanted: number, room: number) => Math.max(margin, Math.min(wanted, room - margin));
  const room = { x: box.width - size.width, y: box.height - size.height };
  return {
    x: inside(corner.x ? room.x - from.x : from.x, room.x),
    y: inside(corner.y ? room.y - from.y : from.y, room.y),
  };
}
