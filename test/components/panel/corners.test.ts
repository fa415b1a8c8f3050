import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coast, cornerBy, cornerOf, placeOf, pointOf } from '../../../components/panel/corners.js';

const BOX = { width: 1000, height: 600 };
const SIZE = { width: 200, height: 100 };

test('The closest corner is that of the quarter in which a point lies', () => {
  assert.deepEqual(cornerOf({ x: 10, y: 10 }, BOX), { x: 0, y: 0 });
  assert.deepEqual(cornerOf({ x: 501, y: 299 }, BOX), { x: 1, y: 0 });
  assert.deepEqual(cornerOf({ x: 2000, y: 900 }, BOX), { x: 1, y: 1 });
});

test('What is let go in flight ends farther on, and what is let go at rest ends where it is', () => {
  assert.deepEqual(coast({ x: 5, y: 5 }, { x: 0, y: 0 }), { x: 5, y: 5 });
  const { x, y } = coast({ x: 5, y: 5 }, { x: 2, y: -1 });
  assert.ok(x > 100 && y < 0);
});

test('Arrow keys lead to the corner in their direction, and other keys nowhere', () => {
  assert.deepEqual(cornerBy('ArrowLeft', { x: 1, y: 1 }), { x: 0, y: 1 });
  assert.deepEqual(cornerBy('ArrowUp', { x: 1, y: 1 }), { x: 1, y: 0 });
  assert.deepEqual(cornerBy('ArrowUp', { x: 1, y: 0 }), { x: 1, y: 0 });
  assert.equal(cornerBy('Enter', { x: 1, y: 1 }), undefined);
});

test('A place keeps its distance from its corner when the box or the thing itself changes its size', () => {
  const place = placeOf({ x: 780, y: 20 }, SIZE, BOX);
  assert.deepEqual(place, { corner: { x: 1, y: 0 }, from: { x: 20, y: 20 } });
  assert.deepEqual(pointOf(place, SIZE, { width: 500, height: 600 }, 8), { x: 280, y: 20 });
  assert.deepEqual(pointOf(place, { width: 60, height: 40 }, BOX, 8), { x: 920, y: 20 });
});

test('Nothing comes to rest outside the box, and what is larger than the box begins at its margin', () => {
  assert.deepEqual(pointOf(placeOf({ x: -300, y: 900 }, SIZE, BOX), SIZE, BOX, 8), { x: 8, y: 492 });
  assert.deepEqual(pointOf(placeOf({ x: 0, y: 0 }, SIZE, BOX), SIZE, { width: 150, height: 90 }, 8), { x: 8, y: 8 });
});
