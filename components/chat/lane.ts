/** A data channel beside the call's own, as far as the chat uses it. */
export interface Lane {
  readonly readyState: string;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  onopen: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onmessage: ((event: MessageEvent<unknown>) => unknown) | null;
  onbufferedamountlow: ((event: never) => unknown) | null;
  send(data: string): void;
  send(data: ArrayBuffer): void;
  close(): void;
}

/** The lanes of one peer connection. */
export interface Lanes {
  /** Words. */
  readonly chat: Lane;
  /** Pieces of files, which thus never stand in the way of words. */
  readonly files: Lane;
}
