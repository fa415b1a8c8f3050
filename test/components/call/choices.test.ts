import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextCameras } from '../../../components/call/cameras.js';
import { facingOf, findDevice } from '../../../components/call/choices.js';

const device = (deviceId: string, label: string) => ({ deviceId, label });

describe('The device that a person has chosen', () => {
  const desk = [device('1', 'Headset'), device('2', 'Webcam'), device('3', 'Webcam')];

  test('is found by its label, whatever its ID is now', () => {
    assert.equal(findDevice(desk, device('other', 'Headset')), desk[0]);
  });

  test('is the one with the same ID where several have its label, else the first of them', () => {
    assert.equal(findDevice(desk, device('3', 'Webcam')), desk[2]);
    assert.equal(findDevice(desk, device('other', 'Webcam')), desk[1]);
  });

  test('is not taken for another one that has its ID, nor for one without a label', () => {
    assert.equal(findDevice(desk, device('1', 'Speakerphone')), undefined);
    assert.equal(findDevice([device('', '')], device('', '')), undefined);
    assert.equal(findDevice(desk, undefined), undefined);
  });
});

describe('Where a camera faces', () => {
  test('is what it says of itself', () => {
    assert.equal(facingOf('Front Camera', 'environment'), 'environment');
    assert.equal(facingOf('', 'user'), 'user');
  });

  test('is else read from its label', () => {
    const labels = ['camera2 0, facing back', 'Surface Camera Rear', 'camera2 1, facing front', 'Front Camera', 'FaceTime HD Camera', ''];
    assert.deepEqual(
      labels.map((label) => facingOf(label, 'left')),
      ['environment', 'environment', 'user', 'user', undefined, undefined],
    );
  });
});

describe('The next camera', () => {
  test('is the other side of a phone, however many lenses it has', () => {
    const phone = [device('f', 'camera2 1, facing front'), device('b', 'camera2 0, facing back'), device('w', 'camera2 2, facing back')];
    assert.deepEqual(nextCameras(phone, phone[0]!), [{ deviceId: 'b' }, { deviceId: 'b' }]);
    assert.deepEqual(nextCameras(phone, phone[2]!)[0], { deviceId: 'f' });
  });

  test('is left to the browser where labels do not tell the side, and is then the next in turn', () => {
    const phone = [device('f', 'Frontkamera'), device('b', 'Rückkamera')];
    assert.deepEqual(nextCameras(phone, { ...phone[0]!, facingMode: 'user' }), [{ facingMode: 'environment' }, { deviceId: 'b' }]);
  });

  test('is the next in turn on a desk, and none where there is one', () => {
    const desk = [device('1', 'A'), device('2', 'B')];
    assert.deepEqual(nextCameras(desk, desk[1]!), [{ deviceId: '1' }]);
    assert.deepEqual(nextCameras(desk.slice(1), desk[1]!), []);
  });
});
