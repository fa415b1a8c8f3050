import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDuration } from '../../../components/recording/webm.js';

const bytes = (hex: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const hex = (all: Uint8Array): string => Buffer.from(all).toString('hex');

/** As Chromium begins a file: EBML, a segment of unknown size, information about it, tracks. */
const EBML = '1a45dfa3 9f 4286810142f7810142f2810442f381084282847765626d4287810442858102';
const SEGMENT = '18538067 01ffffffffffffff';
const TIME_SCALE = '2ad7b183 0f4240';
const APP = '4d808643 68726f6d65';
const INFO = `1549a966 90 ${TIME_SCALE} ${APP}`;
const TRACKS = '1654ae6b 83 ae8180';
const CLUSTER = '1f43b675 01ffffffffffffff e78100';

const durationIn = (all: Uint8Array): number => {
  const at = hex(all).indexOf('448988') / 2;
  return at < 0 ? NaN : new DataView(all.buffer, all.byteOffset).getFloat64(at + 3);
};

test('The duration stands at the end of what is said of the segment, and nothing else changes', () => {
  const head = bytes(EBML + SEGMENT + INFO + TRACKS + CLUSTER);
  const told = withDuration(head, 305_250.5);
  assert.equal(durationIn(told), 305_250.5);
  // The information is eleven bytes longer, and says so in eight bytes.
  const size = '010000000000001b';
  const [before, after] = [bytes(`${EBML}${SEGMENT}1549a966`), bytes(TRACKS + CLUSTER)];
  assert.ok(hex(told).startsWith(hex(before) + size));
  assert.ok(hex(told).endsWith(hex(after)));
  assert.equal(told.length, head.length + 11 + 7);
});

test('It is counted in the unit that the file names', () => {
  const seconds = `1549a966 88 2ad7b184 3b9aca00`;
  assert.equal(durationIn(withDuration(bytes(EBML + SEGMENT + seconds + TRACKS), 12_000)), 12);
});

test('A file whose segment knows its size, or that begins with blanks, is told as well', () => {
  assert.equal(durationIn(withDuration(bytes(`${EBML}18538067 a8 ec820000 ${INFO}${TRACKS}`), 7)), 7);
});

test('What is no WebM, is told already or is torn stays as it is', () => {
  const mp4 = bytes('00000024 66747970 69736f6d 00000200');
  const torn = bytes(EBML + SEGMENT + INFO.slice(0, 20));
  const known = bytes(`${EBML}${SEGMENT}1549a966 92 ${TIME_SCALE} 4489 88 4059000000000000`);
  const endless = bytes(`${EBML}${SEGMENT}1549a966 ff ${TIME_SCALE}`);
  for (const head of [mp4, torn, known, endless, bytes(''), bytes('00'), bytes('1a45dfa3'), bytes(EBML)])
    assert.equal(withDuration(head, 1000), head);
});

test('No beginning of a file, however it is damaged, makes it fail', () => {
  const whole = bytes(EBML + SEGMENT + INFO + TRACKS + CLUSTER);
  for (let at = 0; at < whole.length; at++) {
    withDuration(whole.slice(0, at), 1000);
    for (const value of [0x00, 0x01, 0x40, 0x7f, 0xff]) withDuration(Object.assign(whole.slice(), { [at]: value }), 1000);
  }
});
