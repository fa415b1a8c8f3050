/** The event of the chat, apart from the others because it is loaded with the chat. */

/** `call-message`: the other side has written something in the call. */
export class CallMessageEvent extends Event {
  constructor(
    /** What was written: a text of a stranger, which a page must not take for markup. */
    readonly text: string,
    /** The peer ID of whoever wrote it. */
    readonly from: string,
    /** When it was written, in milliseconds since the epoch. */
    readonly at: number,
  ) {
    super('call-message', { bubbles: true, composed: true });
  }
}
