/** The event of what goes wrong, apart from the others because it is told where nothing else could be loaded. */
import type { CallErrorCode } from './call/errors.js';

/** `call-error`: something went wrong. Nothing is ever thrown into the page. */
export class CallErrorEvent extends Event {
  constructor(
    /** What is wrong, for programs. */
    readonly code: CallErrorCode,
    /** A sentence for the person, in the language of the element. */
    readonly message: string,
    /** What caused it, for developers: an error, or an English sentence. */
    readonly cause: unknown,
  ) {
    super('call-error', { bubbles: true, composed: true });
  }
}
