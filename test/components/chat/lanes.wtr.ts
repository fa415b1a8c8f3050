import { expect } from '@open-wc/testing';
import { pageClock as clock } from '../../../components/call/clock.js';
import { ChatLanes } from '../../../components/chat/lanes.js';

const CALL = '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19';
const OTHER = '0b9f3c1e-2a4d-4e6f-8a1b-3c5d7e9f1a2b';
const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
  sessionStorage.clear();
});

/** The chats of one page, which tells of every change. */
class Side {
  readonly chats: ChatLanes;
  #heard: (() => void)[] = [];

  constructor(name: string, keeps = true) {
    const changed = () => this.#heard.splice(0).forEach((hear) => hear());
    this.chats = new ChatLanes(name, { clock, changed, keeps: () => keeps });
    undo.push(() => this.chats.close());
  }

  async until(ready: () => unknown): Promise<void> {
    while (!ready()) await new Promise<void>((resolve) => this.#heard.push(resolve));
  }

  get texts(): string[] {
    return this.chats.room?.snapshot.entries.map((entry) => (entry.kind === 'text' ? entry.text : entry.name)) ?? [];
  }
}

/** Connects two sides, as a call does; without the second, its page knows nothing of a chat. */
async function connect(one: Side, two: Side | undefined, call = CALL): Promise<RTCPeerConnection> {
  const [caller, callee] = [new RTCPeerConnection(), new RTCPeerConnection()];
  undo.push(
    () => caller.close(),
    () => callee.close(),
  );
  caller.onicecandidate = ({ candidate }) => candidate && void callee.addIceCandidate(candidate);
  callee.onicecandidate = ({ candidate }) => candidate && void caller.addIceCandidate(candidate);
  const own = caller.createDataChannel('video-call', { negotiated: true, id: 0 });
  callee.createDataChannel('video-call', { negotiated: true, id: 0 });
  const open = new Promise((resolve) => (own.onopen = resolve));
  one.chats.connect(call, caller);
  two?.chats.connect(call, callee);
  await caller.setLocalDescription();
  await callee.setRemoteDescription(caller.localDescription!);
  await callee.setLocalDescription();
  await caller.setRemoteDescription(callee.localDescription!);
  await open;
  return caller;
}

describe('The lanes of the chat', () => {
  it('cost a call nothing more until something is said, and lose nothing of what is said first', async () => {
    const [one, two] = [new Side('one'), new Side('two')];
    await connect(one, two);
    expect([one.chats.room, two.chats.room]).to.deep.equal([undefined, undefined]);
    const room = (await one.chats.open(CALL))!;
    expect(two.chats.room).to.equal(undefined);
    for (let at = 1; at <= 20; at++) expect(room.send(`message ${at}`)).to.equal(true);
    await two.until(() => two.texts.length === 20);
    await one.until(() => room.snapshot.entries.every((entry) => entry.kind === 'text' && entry.arrived));
  });

  it('are given to the chat that there is when the call has a new connection', async () => {
    const [one, two] = [new Side('one'), new Side('two')];
    (await connect(one, two)).close();
    const room = (await one.chats.open(CALL))!;
    room.send('while there was none');
    await connect(one, two);
    await two.until(() => two.texts.length === 1);
    expect(one.chats.room).to.equal(room);
  });

  it('bring the chat of the last page back by themselves, of the same call only', async () => {
    const [one, two] = [new Side('one'), new Side('two')];
    await connect(one, two);
    (await one.chats.open(CALL))!.send('before the reload');
    await two.until(() => two.texts.length === 1);
    const next = new Side('two');
    await connect(one, next);
    await next.until(() => next.texts.length === 1);
    const another = new Side('two');
    await connect(new Side('three'), another, OTHER);
    expect((await another.chats.open(OTHER))!.snapshot.entries).to.deep.equal([]);
  });

  it('keep nothing for the next page where that is not wanted, or the call is over', async () => {
    const [one, two] = [new Side('one', false), new Side('two')];
    await connect(one, two);
    (await one.chats.open(CALL))!.send('a secret');
    await two.until(() => two.texts.length === 1);
    expect(Object.keys(sessionStorage)).to.deep.equal(['video-call-chat two']);
    two.chats.follow(CALL, false);
    expect(Object.keys(sessionStorage)).to.deep.equal([]);
    expect(two.texts).to.deep.equal(['a secret']);
    two.chats.follow(OTHER, true);
    expect(two.chats.room).to.equal(undefined);
  });

  it('bring what was said first and last alike, though the call was over before the chat was there', async () => {
    const [one, two] = [new Side('one'), new Side('two')];
    await connect(one, two);
    const opening = one.chats.open(CALL).then((room) => room!.send('goodbye'));
    expect(one.chats.isBusy).to.equal(true);
    for (const side of [one, two]) side.chats.follow(CALL, false);
    expect(await opening).to.equal(true);
    await two.until(() => two.texts.length === 1);
    await one.until(() => !one.chats.isBusy);
    for (const side of [one, two]) {
      await side.until(() => side.chats.room!.snapshot.over);
      expect(side.texts).to.deep.equal(['goodbye']);
      expect(side.chats.room!.send('too late')).to.equal(false);
    }
    expect(Object.keys(sessionStorage)).to.deep.equal([]);
  });

  it('take what is said before there are any, which is on its way while they open', async () => {
    const [one, two] = [new Side('one'), new Side('two')];
    one.chats.follow(CALL, true);
    const room = (await one.chats.open(CALL))!;
    expect(room.send('before')).to.equal(true);
    await one.until(() => !one.chats.isBusy);
    one.chats.connect(CALL, new RTCPeerConnection());
    expect(one.chats.isBusy).to.equal(true);
    await connect(one, two);
    await two.until(() => two.texts.length === 1);
    expect(one.chats.room).to.equal(room);
  });

  it('bring the chat of the last page back though the call ends while it is loaded', async () => {
    const [one, two] = [new Side('one'), new Side('two')];
    await connect(one, two);
    (await one.chats.open(CALL))!.send('before the reload');
    await two.until(() => two.texts.length === 1);
    const next = new Side('two');
    next.chats.connect(CALL, new RTCPeerConnection());
    next.chats.follow(CALL, false);
    await next.until(() => next.chats.room?.snapshot.over);
    expect(next.texts).to.deep.equal(['before the reload']);
    expect(sessionStorage.getItem('video-call-chat two')).to.equal(null);
  });

  it('do no harm to a page that does not know them', async () => {
    const one = new Side('one');
    const connection = await connect(one, undefined);
    const room = (await one.chats.open(CALL))!;
    await one.until(() => room.snapshot.online);
    expect(room.send('Is anybody there?')).to.equal(true);
    room.snapshot.entries.forEach((entry) => expect(entry).to.include({ arrived: false }));
    expect(connection.connectionState).to.equal('connected');
  });

  it('are of no use before there is a call, nor for another one', async () => {
    const one = new Side('one');
    expect(await one.chats.open(CALL)).to.equal(undefined);
    await connect(one, undefined);
    expect(await one.chats.open(OTHER)).to.equal(undefined);
  });
});
