import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIZE, contain, crop, layOut } from '../../../components/recording/layout.js';

const subjects = (their: boolean, my: boolean) => layOut({ their, my }).map(({ subject }) => subject);

test('The other side is large and oneself is small, unless somebody shares a screen', () => {
  assert.deepEqual(subjects(false, false), ['them', 'me']);
  assert.deepEqual(subjects(true, false), ['their-screen', 'me', 'them']);
  assert.deepEqual(subjects(false, true), ['my-screen', 'me', 'them']);
  assert.deepEqual(subjects(true, true), ['their-screen', 'me', 'them']);
});

test('The large tile is all of the picture; small ones are inside of it and do not touch each other', () => {
  for (const screen of [false, true]) {
    const [large, ...small] = layOut({ their: screen, my: false });
    assert.deepEqual(large!.box, { x: 0, y: 0, ...SIZE });
    assert.ok(large!.large && small.every((tile) => !tile.large));
    for (const { box } of small) {
      assert.ok(box.x > 0 && box.y > 0 && box.x + box.width < SIZE.width && box.y + box.height < SIZE.height);
    }
    const ys = small.map(({ box }) => box.y);
    for (let at = 1; at < ys.length; at++) assert.ok(ys[at]! + small[at]!.box.height < ys[at - 1]!);
  }
});

test('A picture that is contained is whole and in the middle, with bars at the sides or above and below', () => {
  const box = { x: 0, y: 0, width: 1280, height: 720 };
  assert.deepEqual(contain({ width: 640, height: 360 }, box), box);
  assert.deepEqual(contain({ width: 640, height: 480 }, box), { x: 160, y: 0, width: 960, height: 720 });
  assert.deepEqual(contain({ width: 360, height: 640 }, box), { x: 438, y: 0, width: 405, height: 720 });
  assert.deepEqual(contain({ width: 2560, height: 1080 }, { ...box, x: 10, y: 20 }), { x: 10, y: 110, width: 1280, height: 540 });
});

test('A picture that fills its box loses as much on either side, and is not stretched', () => {
  const box = { x: 5, y: 5, width: 288, height: 162 };
  assert.deepEqual(crop({ width: 1280, height: 720 }, box), { x: 0, y: 0, width: 1280, height: 720 });
  assert.deepEqual(crop({ width: 640, height: 480 }, box), { x: 0, y: 60, width: 640, height: 360 });
  const tall = crop({ width: 360, height: 640 }, box);
  assert.ok(Math.abs(tall.width / tall.height - 288 / 162) < 1e-9);
  assert.equal(tall.x, 0);
});
