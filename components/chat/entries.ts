/** What stands in a chat. Pure. */

/** Where a file stands: offered; wanted, and waiting for its first bytes; on its way; and how that ended. */
export type FileState = 'offered' | 'waiting' | 'moving' | 'done' | 'refused' | 'withdrawn' | 'failed';

/** Why a file cannot be offered. */
export type FileTrouble = 'empty' | 'too-large' | 'too-many';

/** A message. */
export interface TextEntry {
  readonly kind: 'text';
  readonly own: boolean;
  /** Its number among those of its sender. */
  readonly id: number;
  /** Milliseconds since the epoch, by this page's clock. */
  readonly at: number;
  readonly text: string;
  /** Whether the other side's page has it. */
  readonly arrived: boolean;
}

/** A file that is offered. */
export interface FileEntry {
  readonly kind: 'file';
  readonly own: boolean;
  readonly id: number;
  readonly at: number;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly state: FileState;
  /** How many bytes have arrived. */
  readonly bytes: number;
  /** Where its bytes are, for `save` and for showing it; of one's own files only for pictures. */
  readonly url?: string;
  /** Whether it is a picture that may be shown. */
  readonly picture?: boolean;
}

/** Something in the chat. */
export type ChatEntry = TextEntry | FileEntry;
