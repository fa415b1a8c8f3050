/** Two ends of the chat's lanes without a browser, which can be cut; and two chats at them. */
import { ChatRoom } from '../../components/chat/room.js';
import type { Lane, Lanes } from '../../components/chat/lane.js';
import { VirtualTime } from './model/time.js';

/** The ID of the call that is talked in. */
export const CALL = '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19';

/** One end of a lane: what is sent arrives at the other end with the next turn, in order, as long as both are open. */
export class FakeLane implements Lane {
  readyState = 'open';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen: Lane['onopen'] = null;
  onclose: Lane['onclose'] = null;
  onmessage: Lane['onmessage'] = null;
  onbufferedamountlow: Lane['onbufferedamountlow'] = null;
  /** Everything that was sent here. */
  readonly sent: (string | ArrayBuffer)[] = [];
  other: FakeLane | undefined;
  /** Holds up what is sent until it is let go, as a slow path does. */
  slow = false;

  send(data: string | ArrayBuffer): void {
    if (this.readyState !== 'open') throw new DOMException('The lane is closed.', 'InvalidStateError');
    this.sent.push(data);
    if (this.slow) this.bufferedAmount += typeof data === 'string' ? data.length : data.byteLength;
    else setImmediate(() => this.other?.arrive(data));
  }

  /** What was held up goes out. */
  drain(): void {
    this.bufferedAmount = 0;
    this.onbufferedamountlow?.(undefined as never);
  }

  arrive(data: unknown): void {
    if (this.readyState === 'open') this.onmessage?.({ data } as MessageEvent<unknown>);
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.onclose?.(undefined as never);
  }

  /** The words that were sent here. */
  get words(): Record<string, unknown>[] {
    return this.sent.filter((data) => typeof data === 'string').map((data) => JSON.parse(data) as Record<string, unknown>);
  }
}

/** One end of the lanes of a connection. */
export interface FakeLanes extends Lanes {
  readonly chat: FakeLane;
  readonly files: FakeLane;
}

/** Both ends of the lanes of a new connection. */
export function lanes(): [FakeLanes, FakeLanes] {
  const pair = () => {
    const [one, two] = [new FakeLane(), new FakeLane()];
    [one.other, two.other] = [two, one];
    return [one, two] as const;
  };
  const [chats, files] = [pair(), pair()];
  return [
    { chat: chats[0], files: files[0] },
    { chat: chats[1], files: files[1] },
  ];
}

/** The clock of all pages. */
const time = new VirtualTime();

/** One page with its chat. */
export class ChatDesk {
  readonly time = time;
  /** What is written down for the next page. */
  kept: string | undefined;
  /** Most characters that can be written down. */
  space = Infinity;
  room: ChatRoom;
  /** Told of every change. */
  changed = (): void => {};
  #heard: (() => void)[] = [];

  constructor(kept?: string) {
    this.kept = kept;
    this.room = new ChatRoom(CALL, {
      clock: this.time,
      changed: () => {
        this.changed();
        for (const hear of this.#heard.splice(0)) hear();
      },
      kept,
      keep: (text) => {
        if ((text?.length ?? 0) > this.space) return false;
        this.kept = text;
        return true;
      },
    });
  }

  /** Waits until something is so; each turn of the event loop is 50 ms for the chat. */
  async until(ready: (desk: this) => unknown): Promise<void> {
    for (const deadline = Date.now() + 5000; !ready(this);) {
      if (Date.now() > deadline) throw new Error(`It never came to be. What can be read: ${this.lines.join(', ')}`);
      await new Promise<void>((resolve) => {
        this.#heard.push(resolve);
        setImmediate(resolve);
      });
      this.time.run(50);
    }
  }

  /** What can be read, each line with who wrote it. */
  get lines(): string[] {
    return this.room.snapshot.entries.map((entry) => {
      const what = entry.kind === 'text' ? entry.text : `${entry.name} ${entry.state}`;
      return `${entry.own ? 'I' : 'they'}: ${what}`;
    });
  }
}

/** Two pages whose chats are connected. */
export function connected(one = new ChatDesk(), two = new ChatDesk()): { one: ChatDesk; two: ChatDesk; ends: [FakeLanes, FakeLanes] } {
  const ends = lanes();
  one.room.connect(ends[0]);
  two.room.connect(ends[1]);
  return { one, two, ends };
}

/** Cuts a connection: what is on its way is lost. */
export function cut(...ends: FakeLanes[]): void {
  for (const { chat, files } of ends) for (const lane of [chat, files]) lane.close();
}
