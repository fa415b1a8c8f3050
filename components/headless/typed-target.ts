/** An `EventTarget` that knows the events of a headless client by their types. */
import type { CallEventMap } from '../events.js';

/** The events of a client, by name: those of the elements that need no element. */
export type CallClientEventMap = Pick<
  CallEventMap,
  | 'call-request'
  | 'call-incoming'
  | 'call-state'
  | 'call-connected'
  | 'call-ended'
  | 'call-error'
  | 'call-message'
  | 'relay-status'
  | 'presence-change'
>;

/** See the top of this file. */
export class TypedTarget extends EventTarget {
  /** Listens to an event of the client. */
  override addEventListener<Type extends keyof CallClientEventMap>(
    type: Type,
    listener: ((event: CallClientEventMap[Type]) => void) | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(type: string, listener: unknown, options?: AddEventListenerOptions | boolean): void {
    super.addEventListener(type, listener as EventListener | null, options);
  }

  /** Listens no more. */
  override removeEventListener<Type extends keyof CallClientEventMap>(
    type: Type,
    listener: ((event: CallClientEventMap[Type]) => void) | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(type: string, listener: unknown, options?: EventListenerOptions | boolean): void {
    super.removeEventListener(type, listener as EventListener | null, options);
  }
}
