/** Two chats at work, over lanes that break; and one whose other side means harm. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  BLOCK_BYTES,
  CHARACTERS_PER_SECOND,
  CHUNK_BYTES,
  MAX_BUFFERED_BYTES,
  MAX_CHARACTERS_AT_ONCE,
  MAX_ENTRIES,
  MAX_FAULTS,
  MAX_OFFERS_SHOWN,
  TEXTS_PER_SECOND,
  WINDOW_BYTES,
} from '../../../components/chat/bounds.js';
import type { FileEntry } from '../../../components/chat/entries.js';
import { LOST_AFTER } from '../../../components/chat/room.js';
import { frame } from '../../../components/chat/wire.js';
import { ChatDesk, connected, cut, lanes } from '../../support/chat.js';

/** Milliseconds between two drawings of what the other side brings about. */
const MOMENT = 200;

const fileOf = (desk: ChatDesk) => desk.room.snapshot.entries.find((entry): entry is FileEntry => entry.kind === 'file')!;
const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('Two people who write to each other', () => {
  test('read the same in the order in which it was said, and know that it has arrived', async () => {
    const { one, two } = connected();
    one.room.send('Hello');
    await two.until(({ lines }) => lines.length === 1);
    two.room.send('Hello yourself');
    await one.until(({ lines }) => lines.length === 2);
    assert.deepEqual(one.lines, ['I: Hello', 'they: Hello yourself']);
    assert.deepEqual(two.lines, ['they: Hello', 'I: Hello yourself']);
    for (const desk of [one, two])
      await desk.until(({ room }) => room.snapshot.entries.every((entry) => entry.kind === 'text' && entry.arrived));
    assert.deepEqual([one.room.snapshot.unread, two.room.snapshot.unread], [1, 1]);
    two.room.read();
    assert.equal(two.room.snapshot.unread, 0);
    assert.deepEqual(
      two.room.takeNews().map((entry) => entry.kind === 'text' && entry.text),
      ['Hello'],
    );
    assert.deepEqual(two.room.takeNews(), []);
  });

  test('lose and double nothing when the connection is replaced in the middle', async () => {
    const { one, two, ends } = connected();
    for (let at = 1; at <= 10; at++) one.room.send(`message ${at}`);
    await two.until(({ lines }) => lines.length >= 4);
    cut(...ends);
    one.room.send('said while there was none');
    assert.ok(!one.room.snapshot.online);
    connected(one, two);
    await two.until(({ lines }) => lines.length === 11);
    assert.deepEqual(two.lines, [...Array.from({ length: 10 }, (_, at) => `they: message ${at + 1}`), 'they: said while there was none']);
    await one.until(({ room }) => room.snapshot.entries.every((entry) => entry.kind === 'text' && entry.arrived));
  });

  test('find it all again after either page was loaded anew', async () => {
    const { one, two, ends } = connected();
    one.room.send('before');
    await two.until(({ lines }) => lines.length === 1);
    two.room.send('and back');
    await one.until(({ lines }) => lines.length === 2);
    cut(...ends);
    one.room.send('not said yet');
    const again = connected(new ChatDesk(one.kept), new ChatDesk(two.kept));
    await again.two.until(({ lines }) => lines.length === 3);
    assert.deepEqual(again.one.lines, ['I: before', 'they: and back', 'I: not said yet']);
    assert.deepEqual(again.two.lines, ['they: before', 'I: and back', 'they: not said yet']);
    assert.deepEqual(again.two.room.takeNews().length, 1, 'what was there already is no news');
  });

  test('can each be listened to by several on a page: each hears all of it once', async () => {
    const { one, two } = connected(new ChatDesk(), new ChatDesk());
    one.room.send('first');
    await two.until(({ lines }) => lines.length === 1);
    const another = {};
    const texts = (reader?: object): number[] => two.room.takeNews(reader).map(({ id }) => id);
    assert.deepEqual([texts(), texts(another), texts(), texts(another)], [[1], [1], [], []]);
    one.room.send('second');
    await two.until(({ lines }) => lines.length === 2);
    assert.deepEqual([texts(another), texts()], [[2], [2]]);
  });

  test('go on after a reload of a page that had no room to write down what was said', async () => {
    const { one, two, ends } = connected();
    one.room.send('before');
    await two.until(() => two.lines.length === 1);
    one.space = one.kept!.length;
    for (const text of ['these', 'are', 'not', 'kept']) one.room.send(text);
    await one.until(() => one.room.snapshot.entries.every((entry) => entry.kind === 'text' && entry.arrived));
    cut(...ends);
    const { one: next } = connected(new ChatDesk(one.kept), two);
    next.room.send('after');
    await two.until(() => two.lines.length === 6);
    assert.deepEqual([two.lines.at(-1), next.lines], ['they: after', ['I: after']]);
  });

  test('say at most twenty things a second, and all of them arrive', async () => {
    const { one, two, ends } = connected();
    const from = one.time.now();
    for (let at = 1; at <= 50; at++) one.room.send(`${at}`);
    assert.equal(ends[0].chat.words.filter(({ type }) => type === 'text').length, 20);
    await two.until(({ lines }) => lines.length === 50);
    assert.ok(one.time.now() - from >= 1500, `it took ${one.time.now() - from} ms`);
    assert.equal(two.room.faults, 0);
  });

  test('say at most 32 Ki characters a second, and all of them arrive', async () => {
    const { one, two } = connected();
    const from = one.time.now();
    const long = 'x'.repeat(16_000);
    for (let at = 0; at < 20; at++) assert.ok(one.room.send(long));
    await two.until(({ lines }) => lines.length === 20);
    const seconds = (one.time.now() - from) / 1000;
    assert.ok(seconds >= (20 * long.length - MAX_CHARACTERS_AT_ONCE) / CHARACTERS_PER_SECOND, `it took ${seconds} s`);
    assert.equal(two.room.faults, 0);
  });

  test('learn also when the call has just ended that what was said last has arrived, and hear what was said before', async () => {
    const { one, two, ends } = connected();
    ends[1].chat.slow = true;
    for (const text of ['this', 'and this']) one.room.send(text);
    await two.until(({ lines }) => lines.length === 2);
    two.room.send('and that');
    one.room.end();
    assert.deepEqual([one.room.snapshot.online, one.room.isBusy], [false, true]);
    for (const data of ends[1].chat.sent) ends[0].chat.arrive(data);
    one.time.run(MOMENT);
    assert.deepEqual(one.lines, ['I: this', 'I: and this', 'they: and that']);
    assert.ok(one.room.snapshot.entries.every((entry) => entry.kind === 'text' && entry.arrived));
    assert.deepEqual([one.room.isBusy, one.room.takeNews().length, one.kept], [false, 1, undefined]);
    await two.until(() => !two.room.isBusy);
    two.room.offer(new File(['x'], 'late.txt'));
    assert.ok(!two.room.isBusy, 'nobody waits for a file that cannot be taken any more');
    ends[0].chat.arrive(JSON.stringify({ type: 'file', id: 2, at: 1, name: 'late.pdf', size: 1 }));
    one.room.close();
    ends[0].chat.arrive(JSON.stringify({ type: 'text', id: 3, at: 1, text: 'too late' }));
    one.time.run(MOMENT);
    assert.equal(one.lines.length, 3);
  });

  test('say what is still to be said as the call ends, as long as there is a way', async () => {
    const { one, two, ends } = connected();
    for (let at = 1; at <= 50; at++) one.room.send(`${at}`);
    one.room.end();
    await two.until(({ lines }) => lines.length === 50);
    await one.until(() => !one.room.isBusy);
    cut(...ends);
    two.room.send('nobody hears this');
    assert.ok(!two.room.isBusy);
  });

  test('are told what has not arrived as soon as there is no way any more, also where nothing tells of that', () => {
    const away = connected();
    cut(...away.ends);
    away.one.room.send('said to nobody');
    assert.equal(away.one.room.snapshot.closed, false, 'there may be another lane, as long as the call is on');
    away.one.room.end();
    assert.equal(away.one.room.snapshot.closed, true);

    const { one, ends } = connected();
    ends[0].chat.slow = true;
    one.room.send('too late');
    one.room.end();
    assert.equal(one.room.snapshot.closed, false, 'it may still arrive');
    Object.assign(ends[0].chat, { readyState: 'closed' });
    one.time.run(LOST_AFTER);
    const [entry] = one.room.snapshot.entries;
    assert.deepEqual([one.room.snapshot.closed, entry?.kind === 'text' && entry.arrived], [true, false]);
  });

  test('can read on when the call is over, and say no more; nothing is kept', async () => {
    const { one, two } = connected();
    const { waiting } = one.time;
    one.room.send('the last word');
    await two.until(({ lines }) => lines.length === 1);
    assert.ok(two.kept);
    two.room.end();
    assert.equal(two.kept, undefined);
    assert.ok(!two.room.send('too late'));
    assert.deepEqual(two.lines, ['they: the last word']);
    assert.ok(two.room.snapshot.over);
    two.room.close();
    two.room.close();
    one.room.close();
    assert.ok(one.time.waiting <= waiting);
  });
});

describe('A file', () => {
  const content = randomBytes(2 * BLOCK_BYTES + 12_345);
  const offered = async (bytes = content) => {
    const scene = connected();
    assert.equal(scene.one.room.offer(new File([bytes], 'data.bin')), undefined);
    await scene.two.until(({ lines }) => lines.length === 1);
    return scene;
  };

  test('comes only when it is asked for, whole, and both know it', async () => {
    const { one, two, ends } = await offered();
    assert.equal(ends[0].files.sent.length, 0);
    two.room.receive(1);
    await two.until((desk) => fileOf(desk).state === 'done');
    const { url, picture, bytes } = fileOf(two);
    assert.equal(sha256(await bytesAt(url!)), sha256(content));
    assert.deepEqual([picture, bytes], [false, content.length]);
    await one.until((desk) => fileOf(desk).state === 'done');
    assert.ok(ends[0].files.sent.every((data) => (data as ArrayBuffer).byteLength <= CHUNK_BYTES + 8));
  });

  test('is taken up where it broke off when the connection is replaced', async () => {
    const { one, two, ends } = await offered();
    two.room.receive(1);
    await two.until((desk) => fileOf(desk).bytes >= BLOCK_BYTES);
    cut(...ends);
    const [first, second] = lanes();
    one.room.connect(first);
    two.room.connect(second);
    await two.until((desk) => fileOf(desk).state === 'done');
    assert.equal(sha256(await bytesAt(fileOf(two).url!)), sha256(content));
    const again = first.files.sent.reduce((sum, data) => sum + (data as ArrayBuffer).byteLength - 8, 0);
    assert.ok(again <= content.length - BLOCK_BYTES, `${again} bytes were sent again`);
  });

  test('goes no faster than the path and the receiver take it', async () => {
    const { one, two, ends } = connected();
    one.room.offer(new File([randomBytes(2 * WINDOW_BYTES)], 'large.bin'));
    await two.until(({ lines }) => lines.length === 1);
    ends[0].files.slow = true;
    two.room.receive(1);
    await one.until(() => ends[0].files.bufferedAmount >= MAX_BUFFERED_BYTES);
    assert.ok(ends[0].files.bufferedAmount <= MAX_BUFFERED_BYTES + CHUNK_BYTES + 8);
    // A receiver that never says that it has stored anything gets no more than the window.
    const sent = () => ends[0].files.sent.reduce((sum, data) => sum + (data as ArrayBuffer).byteLength - 8, 0);
    const drain = () => void ends[0].files.drain();
    await one.until(() => (drain(), sent() >= WINDOW_BYTES));
    for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(() => resolve(drain())));
    assert.equal(sent(), WINDOW_BYTES);
  });

  test('can be refused, and taken back, before it comes and in the middle', async () => {
    const refused = await offered();
    refused.two.room.stop(false, 1);
    await refused.one.until((desk) => fileOf(desk).state === 'refused');
    const back = await offered();
    back.one.room.stop(true, 1);
    await back.two.until((desk) => fileOf(desk).state === 'withdrawn');
    back.two.room.receive(1);
    assert.equal(fileOf(back.two).state, 'withdrawn');
    for (const who of ['one', 'two'] as const) {
      const scene = await offered(randomBytes(3 * WINDOW_BYTES));
      scene.two.room.receive(1);
      await scene.two.until((desk) => fileOf(desk).bytes > 0);
      scene[who].room.stop(who === 'one', 1);
      await scene.one.until((desk) => fileOf(desk).state === (who === 'one' ? 'withdrawn' : 'refused'));
      await scene.two.until((desk) => fileOf(desk).state === (who === 'one' ? 'withdrawn' : 'refused'));
      assert.deepEqual([scene.one.room.faults, scene.two.room.faults], [0, 0]);
    }
  });

  test('that is not what was sent is not given out, and can be fetched again', async () => {
    const { two, ends } = await offered();
    ends[0].chat.other = undefined;
    two.room.receive(1);
    await two.until((desk) => fileOf(desk).bytes === content.length);
    ends[1].chat.arrive(JSON.stringify({ type: 'end', id: 1, digest: '00'.repeat(32) }));
    await two.until((desk) => fileOf(desk).state === 'failed');
    assert.equal(fileOf(two).url, undefined);
    ends[0].chat.other = ends[1].chat;
    two.room.receive(1);
    await two.until((desk) => fileOf(desk).state === 'done');
    assert.equal(sha256(await bytesAt(fileOf(two).url!)), sha256(content));
  });

  test('can be fetched again by a page that was loaded anew; that of a sender who was is gone', async () => {
    const { one, two, ends } = await offered();
    two.room.receive(1);
    await two.until((desk) => fileOf(desk).state === 'done');
    cut(...ends);
    const later = connected(one, new ChatDesk(two.kept));
    assert.equal(fileOf(later.two).state, 'offered');
    later.two.room.receive(1);
    await later.two.until((desk) => fileOf(desk).state === 'done');
    const [third, fourth] = [await offered(), await offered()];
    for (const { one: sender, two: receiver, ends: old } of [third, fourth]) {
      cut(...old);
      const { two: still } = connected(new ChatDesk(sender.kept), receiver);
      await still.until((desk) => fileOf(desk).state === 'withdrawn');
    }
  });

  test('that is here has arrived, also for a sender who was loaded anew before he heard of it', async () => {
    const { one, two, ends } = await offered();
    const { kept } = one;
    two.room.receive(1);
    await two.until((desk) => fileOf(desk).state === 'done');
    cut(...ends);
    const { one: next } = connected(new ChatDesk(kept), two);
    assert.equal(fileOf(next).state, 'failed');
    await next.until((desk) => fileOf(desk).state === 'done');
    assert.equal(fileOf(two).state, 'done');
  });

  test('is a picture by its bytes, and only ever a download by its name', async () => {
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40', 'latin1'), randomBytes(100)]);
    for (const [name, bytes, type] of [
      ['cat.svg', png, 'image/png'],
      ['cat.png', Buffer.from('<svg onload="alert(1)">'), 'application/octet-stream'],
    ] as const) {
      const { one, two } = connected();
      one.room.offer(new File([bytes], name, { type: 'image/svg+xml' }));
      await two.until(({ lines }) => lines.length === 1);
      two.room.receive(1);
      await two.until((desk) => fileOf(desk).state === 'done');
      assert.equal((await (await fetch(fileOf(two).url!)).blob()).type, type);
      assert.equal(fileOf(two).picture, type === 'image/png');
    }
  });

  test('of which the call ends in the middle does not come, and what has come can still be saved', async () => {
    const { one, two } = await offered();
    two.room.receive(1);
    await two.until((desk) => fileOf(desk).state === 'done');
    one.room.offer(new File([content], 'second.bin'));
    await two.until(({ lines }) => lines.length === 2);
    two.room.receive(2);
    two.room.end();
    assert.deepEqual(two.lines, ['they: data.bin done', 'they: second.bin withdrawn']);
    assert.equal(sha256(await bytesAt(fileOf(two).url!)), sha256(content));
    const { url } = fileOf(two);
    two.room.close();
    await assert.rejects(fetch(url!));
  });
});

describe('A stranger on the lanes of the chat', () => {
  const word = (fields: object) => JSON.stringify({ at: 1, ...fields });

  test('who says nonsense is counted and not heard, and the chat goes on', async () => {
    const { one, two, ends } = connected();
    const nonsense = [
      '',
      'x',
      '{}',
      '[]',
      'null',
      new ArrayBuffer(99),
      word({ type: 'text', id: 1, text: 'x'.repeat(20_000) }),
      word({ type: 'take', id: 9, from: 0 }),
      word({ type: 'end', id: 9, digest: '0' }),
    ];
    for (const data of nonsense) ends[1].chat.arrive(data);
    for (const data of ['text', new ArrayBuffer(3), frame(9, 0, new Uint8Array(5))]) ends[1].files.arrive(data);
    assert.equal(two.room.faults, nonsense.length + 3);
    assert.deepEqual(two.lines, []);
    one.room.send('and now something else');
    await two.until(({ lines }) => lines.length === 1);
  });

  test('who writes all that is allowed has each piece kept and then acknowledged at once, and all of it drawn five times a second', () => {
    const { two, ends } = connected();
    const { chat } = ends[1];
    const send = chat.send.bind(chat);
    chat.send = (data) => {
      assert.ok((JSON.parse(two.kept!) as { heard: number }).heard >= (JSON.parse(data as string) as { id: number }).id, 'kept first');
      send(data);
    };
    let drawn = 0;
    two.changed = () => drawn++;
    const SECONDS = 20;
    for (let id = 1; id <= SECONDS * TEXTS_PER_SECOND; id++) {
      two.time.run(1000 / TEXTS_PER_SECOND);
      chat.arrive(word(id === 1 ? { type: 'file', id, name: 'a', size: 1 } : { type: 'text', id, text: 'flood' }));
      assert.deepEqual(chat.words.at(-1), { type: 'ack', id });
      for (let again = 0; again < 5; again++) chat.arrive(word({ type: 'withdraw', id: 1 }));
    }
    two.time.run(MOMENT);
    assert.ok(drawn > 4 * SECONDS && drawn <= 5 * SECONDS + 1, `${drawn} drawings in ${SECONDS} s`);
    assert.equal(two.lines.length, SECONDS * TEXTS_PER_SECOND);
  });

  test('who writes much is heard up to 256 Ki characters at once, and 32 Ki a second', () => {
    const { two, ends } = connected();
    const long = 'x'.repeat(16 * 1024);
    let id = 0;
    const flood = () => {
      for (let at = 0; at < 40; at++) ends[1].chat.arrive(word({ type: 'text', id: ++id, text: long }));
    };
    flood();
    two.time.run(1000);
    assert.equal(two.lines.length, (2 * MAX_CHARACTERS_AT_ONCE) / long.length);
    flood();
    two.time.run(1000);
    assert.equal(two.lines.length, (2 * MAX_CHARACTERS_AT_ONCE + CHARACTERS_PER_SECOND) / long.length);
  });

  test('is news to nobody before it is shown', () => {
    const { two, ends } = connected();
    for (const id of [1, 2, 3]) ends[1].chat.arrive(word({ type: 'text', id, text: 'and this' }));
    assert.deepEqual([two.room.takeNews().length, two.lines.length, two.room.snapshot.unread], [1, 1, 1]);
    two.time.run(MOMENT);
    assert.deepEqual([two.room.takeNews().length, two.lines.length, two.room.snapshot.unread], [2, 3, 3]);
    ends[1].chat.arrive(word({ type: 'text', id: 4, text: 'and this' }));
    two.room.end();
    assert.deepEqual([two.room.takeNews().length, two.lines.length, two.kept], [1, 4, undefined]);
    two.time.run(MOMENT);
    assert.equal(two.kept, undefined);
  });

  test('who writes where no panel is fills no memory with news', () => {
    const { two, ends } = connected();
    for (let id = 1; id <= MAX_ENTRIES + 100; id++) {
      two.time.run(1000 / TEXTS_PER_SECOND);
      ends[1].chat.arrive(word({ type: 'text', id, text: 'news' }));
    }
    two.time.run(MOMENT);
    assert.equal(two.room.snapshot.unread, MAX_ENTRIES + 100);
    const news = two.room.takeNews();
    assert.deepEqual([news.length, news.at(-1)!.id], [MAX_ENTRIES, MAX_ENTRIES + 100]);
  });

  test('who floods is heard no more than is allowed, and in the end not at all, while everything else goes on', () => {
    const { two, ends } = connected();
    for (let id = 1; id <= 3000; id++) ends[1].chat.arrive(word({ type: 'text', id, text: 'flood' }));
    assert.equal(two.lines.length, 64);
    assert.equal(two.room.faults, MAX_FAULTS + 1);
    assert.deepEqual([ends[1].chat.readyState, ends[1].files.readyState], ['closed', 'closed']);
    const [, another] = lanes();
    two.room.connect(another);
    another.chat.arrive(word({ type: 'text', id: 5000, text: 'again' }));
    assert.equal(two.lines.length, 64, 'a new connection brings him no second hearing');
    assert.ok(two.room.send('one may still write'));
  });

  test('who offers a thousand files is heard of 64, and can fill no memory with pieces of them', async () => {
    const { two, ends } = connected();
    for (let id = 1; id <= 1000; id++) {
      ends[1].chat.arrive(word({ type: 'file', id, name: '../<b>.exe', size: 1e9 }));
      two.time.run(50);
    }
    assert.equal(two.lines.length, MAX_OFFERS_SHOWN);
    assert.equal(two.lines[0], 'they: _b_.exe offered');
    for (let at = 0; at < 20; at++) ends[1].files.arrive(frame(1, at * CHUNK_BYTES, new Uint8Array(CHUNK_BYTES)));
    assert.equal(fileOf(two).bytes, 0);
    assert.equal(fileOf(two).state, 'offered');
  });

  test('who sends more than he said, or out of order, is refused that file', async () => {
    for (const [offset, length] of [
      [0, 11],
      [5, 5],
    ] as const) {
      const { two, ends } = connected();
      ends[1].chat.arrive(word({ type: 'file', id: 1, name: 'a', size: 10 }));
      two.room.receive(1);
      ends[1].files.arrive(frame(1, offset, new Uint8Array(length)));
      two.time.run(MOMENT);
      assert.deepEqual(two.lines, ['they: a refused']);
      assert.equal(two.room.faults, 1);
      assert.deepEqual(ends[1].chat.words.at(-1), { type: 'refuse', id: 1 });
    }
  });

  test('who asks again and again for a file that he is being sent gets it once', async () => {
    const { one, ends } = connected();
    one.room.offer(new File([randomBytes(10 * CHUNK_BYTES)], 'a'));
    for (let at = 0; at < 100; at++) ends[0].chat.arrive(word({ type: 'take', id: 1, from: 0 }));
    await one.until(() => ends[0].chat.words.some(({ type }) => type === 'end'));
    assert.equal(ends[0].files.sent.length, 10);
    ends[0].chat.arrive(word({ type: 'take', id: 7, from: 0 }));
    assert.equal(one.room.faults, 1);
  });
});
