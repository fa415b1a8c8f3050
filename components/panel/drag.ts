/** Lets an element be dragged by mouse, pen or finger. What it does then is the business of whoever asks. */
import type { Point } from './corners.js';

/** What becomes of a drag. */
export interface Dragging {
  /** The pointer goes down here; false where that begins no drag. */
  permits(event: PointerEvent): boolean;
  /** The pointer has moved far enough to mean it. */
  begin(): void;
  /** The way since the beginning, in pixels. Called at most once for each move of the pointer. */
  move(way: Point): void;
  /** It is let go, after this way and at this speed (in pixels per millisecond). */
  drop(way: Point, speed: Point): void;
}

/** A way that is still a press with an unsteady finger, in pixels. */
const UNSTEADY = 5;
/** How far back the speed is taken from, in milliseconds. */
const RECENT = 90;

/** Starts listening. Returns the function that stops it. */
export function draggable(target: HTMLElement, dragging: Dragging): () => void {
  let press: { id: number; from: Point; trail: { at: Point; time: number }[]; moves: boolean } | undefined;
  const wayOf = ({ clientX, clientY }: PointerEvent): Point => ({ x: clientX - press!.from.x, y: clientY - press!.from.y });

  const onDown = (event: PointerEvent) => {
    if (press || event.button !== 0 || !event.isPrimary || !dragging.permits(event)) return;
    press = { id: event.pointerId, from: { x: event.clientX, y: event.clientY }, trail: [], moves: false };
  };
  const onMove = (event: PointerEvent) => {
    if (event.pointerId !== press?.id) return;
    const way = wayOf(event);
    if (!press.moves) {
      if (Math.hypot(way.x, way.y) < UNSTEADY) return;
      press.moves = true;
      target.setPointerCapture(event.pointerId);
      dragging.begin();
    }
    press.trail = [...press.trail.filter(({ time }) => event.timeStamp - time < RECENT), { at: way, time: event.timeStamp }];
    dragging.move(way);
  };
  const onUp = (event: PointerEvent) => {
    if (event.pointerId !== press?.id) return;
    const { moves, trail } = press;
    const way = wayOf(event);
    press = undefined;
    if (!moves) return;
    const [first] = trail.filter(({ time }) => event.timeStamp - time < RECENT);
    const time = first ? event.timeStamp - first.time : 0;
    dragging.drop(way, time > 0 ? { x: (way.x - first!.at.x) / time, y: (way.y - first!.at.y) / time } : { x: 0, y: 0 });
    // The click that ends a drag presses nothing.
    target.addEventListener('click', swallow, { capture: true });
    setTimeout(() => target.removeEventListener('click', swallow, { capture: true }));
  };

  const listeners = { pointerdown: onDown, pointermove: onMove, pointerup: onUp, pointercancel: onUp };
  for (const [type, listener] of Object.entries(listeners)) target.addEventListener(type, listener as EventListener);
  return () => {
    for (const [type, listener] of Object.entries(listeners)) target.removeEventListener(type, listener as EventListener);
  };
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}
