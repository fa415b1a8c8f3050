/** The event of the history, apart from the others because it is loaded with the list. */

/** `history-change`: a call was written into the history of this device, removed from it, or seen. */
export class HistoryChangeEvent extends Event {
  constructor(
    /** How many calls are kept. */
    readonly count: number,
    /** How many of them were missed, and not seen in the list yet. */
    readonly missed: number,
  ) {
    super('history-change', { bubbles: true, composed: true });
  }
}
