/** The face of the chat towards the elements: requests go in, frozen snapshots come out. */
import type { ChatEntry, FileTrouble } from './entries.js';

/** All that the chat of a call shows; a new frozen object at every change. */
export interface ChatSnapshot {
  readonly entries: readonly ChatEntry[];
  /** How many things of the other side nobody has looked at. */
  readonly unread: number;
  /** Whether words go out now; what is written meanwhile goes out later. */
  readonly online: boolean;
  /** Whether the call is over: there is only reading left. */
  readonly over: boolean;
  /** Whether the way to the other side is closed for good: what has not arrived by then never does. */
  readonly closed: boolean;
}

/** The chat of one call. Requests never throw. */
export interface Chat {
  /** The ID of the call. */
  readonly call: string;
  readonly snapshot: ChatSnapshot;
  /** Sends a message, at once or as soon as it can. Returns false for one that cannot be: empty, over 16 KiB, after the call. */
  send(text: string): boolean;
  /** Offers a file. Returns why it cannot be offered. */
  offer(file: File): FileTrouble | undefined;
  /** Fetches a file that the other side offers. */
  receive(id: number): void;
  /** Stops a file: takes the own offer back, or refuses the other side's. */
  stop(own: boolean, id: number): void;
  /** The person has seen everything. */
  read(): void;
}

/** The chat of one call as the elements and the headless client have it, who make events of what is said. */
export interface ChatWithNews extends Chat {
  /** What the other side has said since this reader asked last, for whoever makes events of it; all who name none are one reader. */
  takeNews(reader?: object): ChatEntry[];
}
