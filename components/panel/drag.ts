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
  /** It is over, before it is dropped, or because there is nothing to drag any more. */
  end(): void;
  /** It is let go, after this way and at this speed (in pixels per millisecond). */
  drop(way: Point, speed: Point): void;
}

/** A way that is still a press with an unsteady finger, in pixels. */
const UNSTEADY = 5;
/** How far back the speed is taken from, in milliseconds. */
const RECENT = 90;

interface Press {
  readonly id: number;
  readonly from: Point;
  /** Ends what is listened to while the pointer is down. */
  readonly over: AbortController;
  trail: readonly { readonly at: Point; readonly time: number }[];
  moves: boolean;
}

/** Starts listening. Returns the function that stops it. */
export function draggable(target: HTMLElement, dragging: Dragging): () => void {
  let press: Press | undefined;
  const wayOf = ({ clientX, clientY }: PointerEvent, { from }: Press): Point => ({ x: clientX - from.x, y: clientY - from.y });

  const onDown = (event: PointerEvent) => {
    if (press || event.button !== 0 || !event.isPrimary || !dragging.permits(event)) return;
    const over = new AbortController();
    press = { id: event.pointerId, from: { x: event.clientX, y: event.clientY }, over, trail: [], moves: false };
    // A quick pointer has left before its first move is told of; it must not be captured sooner, or no button would be pressed by it.
    const around = target.ownerDocument.defaultView!;
    const options = { capture: true, signal: over.signal };
    around.addEventListener('pointermove', onMove, options);
    for (const type of ['pointerup', 'pointercancel'] as const) around.addEventListener(type, onUp, options);
  };
  const onMove = (event: PointerEvent) => {
    if (!press || event.pointerId !== press.id) return;
    // It was let go where nobody could see it.
    if (event.buttons === 0) return onUp(event);
    const way = wayOf(event, press);
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
    if (!press || event.pointerId !== press.id) return;
    const { moves, trail } = press;
    // Where a pointer is that is taken away, not every browser says.
    const way = event.type === 'pointercancel' ? (trail.at(-1)?.at ?? { x: 0, y: 0 }) : wayOf(event, press);
    end();
    if (!moves) return;
    const [first] = trail.filter(({ time }) => event.timeStamp - time < RECENT);
    const time = first ? event.timeStamp - first.time : 0;
    dragging.drop(way, time > 0 ? { x: (way.x - first!.at.x) / time, y: (way.y - first!.at.y) / time } : { x: 0, y: 0 });
    // The click that ends a drag presses nothing.
    target.addEventListener('click', swallow, { capture: true });
    setTimeout(() => target.removeEventListener('click', swallow, { capture: true }));
  };

  const end = () => {
    press?.over.abort();
    if (press?.moves) dragging.end();
    press = undefined;
  };

  target.addEventListener('pointerdown', onDown);
  return () => {
    target.removeEventListener('pointerdown', onDown);
    end();
  };
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}
