/** A chat that does what a test says. */
import type { ChatEntry, FileEntry, FileTrouble, TextEntry } from '../../components/chat/entries.js';
import type { ChatSnapshot, ChatWithNews } from '../../components/chat/face.js';

/** A message of the other side, or what is given. */
export const written = (fields: Partial<TextEntry> = {}): TextEntry => ({
  kind: 'text',
  own: false,
  id: 1,
  at: Date.now(),
  text: 'Hello',
  arrived: true,
  ...fields,
});

/** A file that the other side offers, or what is given. */
export const offered = (fields: Partial<FileEntry> = {}): FileEntry => ({
  kind: 'file',
  own: false,
  id: 1,
  at: Date.now(),
  name: 'report.pdf',
  size: 1_234_567,
  state: 'offered',
  bytes: 0,
  ...fields,
});

export class FakeChat implements ChatWithNews {
  snapshot: ChatSnapshot = { entries: [], unread: 0, online: true, over: false, closed: false };
  /** Everything that was asked, in order. */
  readonly requests: (readonly [name: string, ...args: unknown[]])[] = [];
  /** What the next offers are answered. */
  trouble: FileTrouble | undefined;
  /** Whether messages are taken. */
  takes = true;
  #news: ChatEntry[] = [];

  constructor(
    readonly call: string,
    readonly changed: () => void,
  ) {}

  show(fields: Partial<ChatSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...fields };
    this.changed();
  }

  /** The other side says something. */
  hear(...entries: ChatEntry[]): void {
    this.#news.push(...entries);
    this.show({ entries: [...this.snapshot.entries, ...entries], unread: this.snapshot.unread + entries.length });
  }

  send(text: string): boolean {
    this.requests.push(['send', text]);
    if (this.takes)
      this.show({ entries: [...this.snapshot.entries, written({ own: true, id: this.requests.length, text, arrived: false })] });
    return this.takes;
  }

  offer(file: File): FileTrouble | undefined {
    this.requests.push(['offer', file.name]);
    return this.trouble;
  }

  receive(id: number): void {
    this.requests.push(['receive', id]);
  }

  stop(own: boolean, id: number): void {
    this.requests.push(['stop', own, id]);
  }

  read(): void {
    if (this.snapshot.unread > 0) this.show({ unread: 0 });
  }

  takeNews(): ChatEntry[] {
    return this.#news.splice(0);
  }
}
