/** The pieces of a file are put together in order, and nothing else passes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BLOCK_BYTES, CHUNK_BYTES, WINDOW_BYTES } from '../../../components/chat/bounds.js';
import { Intake } from '../../../components/chat/intake.js';
import { Pace } from '../../../components/call/pace.js';

const piece = (offset: number, length: number) => ({ id: 1, offset, bytes: new Uint8Array(length).fill(offset / CHUNK_BYTES) });

/** Fills the next block. */
function fill(intake: Intake, from: number, to: number) {
  let block;
  for (let at = from; at < to; at += CHUNK_BYTES) block = intake.take(piece(at, Math.min(CHUNK_BYTES, to - at)));
  return block;
}

describe('The pieces of a file', () => {
  test('make blocks, the last one shorter', () => {
    const intake = new Intake(BLOCK_BYTES + 5);
    const first = fill(intake, 0, BLOCK_BYTES);
    assert.ok(first);
    assert.equal(first.length, BLOCK_BYTES);
    assert.deepEqual([first[0], first[CHUNK_BYTES], first.at(-1)], [0, 1, 63]);
    assert.equal(intake.store(first), BLOCK_BYTES);
    assert.ok(!intake.isWhole);
    const last = intake.take(piece(BLOCK_BYTES, 5));
    assert.ok(last);
    assert.equal(intake.store(last), BLOCK_BYTES + 5);
    assert.ok(intake.isWhole);
  });

  test('are refused where one is missing, comes twice, or goes beyond the end or its block', () => {
    const take = (...pieces: (readonly [number, number])[]) => {
      const intake = new Intake(BLOCK_BYTES + 5);
      return pieces.map(([offset, length]) => intake.take(piece(offset, length)));
    };
    assert.deepEqual(take([0, CHUNK_BYTES], [2 * CHUNK_BYTES, CHUNK_BYTES]), [null, false]);
    assert.deepEqual(take([0, CHUNK_BYTES], [0, CHUNK_BYTES]), [null, false]);
    const intake = new Intake(BLOCK_BYTES + 5);
    fill(intake, 0, BLOCK_BYTES - CHUNK_BYTES);
    assert.equal(intake.take(piece(BLOCK_BYTES - CHUNK_BYTES, CHUNK_BYTES + 1)), false);
    fill(intake, BLOCK_BYTES - CHUNK_BYTES, BLOCK_BYTES);
    assert.equal(intake.take(piece(BLOCK_BYTES, 6)), false);
  });

  test('are refused beyond the window while nothing is stored', () => {
    const intake = new Intake(2 * WINDOW_BYTES);
    fill(intake, 0, WINDOW_BYTES);
    assert.equal(intake.take(piece(WINDOW_BYTES, CHUNK_BYTES)), false);
    intake.store(new Uint8Array(BLOCK_BYTES));
    assert.equal(intake.take(piece(WINDOW_BYTES, CHUNK_BYTES)), null);
  });

  test('are wanted from the start of the block that was broken off', () => {
    const intake = new Intake(3 * BLOCK_BYTES + 5);
    assert.equal(intake.resume(), 0);
    fill(intake, 0, BLOCK_BYTES + CHUNK_BYTES);
    assert.equal(intake.resume(), BLOCK_BYTES);
    assert.ok(fill(intake, BLOCK_BYTES, 2 * BLOCK_BYTES));
    fill(intake, 2 * BLOCK_BYTES, 3 * BLOCK_BYTES);
    assert.ok(intake.take(piece(3 * BLOCK_BYTES, 5)));
    assert.equal(intake.resume(), 3 * BLOCK_BYTES + 5);
  });
});

test('A pace lets so many through at once, and then so many a second', () => {
  const pace = new Pace(20, 5);
  const through = (now: number) => Array.from({ length: 100 }, () => pace.take(now)).filter(Boolean).length;
  assert.deepEqual([through(0), through(49), through(50), through(150), through(60_000)], [5, 0, 1, 2, 5]);
  assert.deepEqual([pace.take(60_100, 3), pace.take(60_100, 2), pace.take(60_150, 3)], [false, true, false]);
});
