import { expect } from '@open-wc/testing';
import { chosenDevices, keepDevices } from '../../../components/panel/device-choices.js';
import { useOwnStorage } from '../../support/own-storage.js';

useOwnStorage();

const KEY = 'video-call-devices';
const headset = { deviceId: 'h', label: 'Headset' };
const webcam = { deviceId: 'w', label: 'Webcam' };

/** Does something while the page's storage refuses this. */
function without(name: 'getItem' | 'setItem', act: () => void): void {
  const original = Object.getOwnPropertyDescriptor(localStorage, name)!;
  const refuse = () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  };
  Object.defineProperty(localStorage, name, { ...original, value: refuse });
  try {
    act();
  } finally {
    Object.defineProperty(localStorage, name, original);
  }
}

describe('The devices that a person has chosen', () => {
  afterEach(() => {
    keepDevices({ microphone: null, camera: null, speaker: null });
    localStorage.removeItem(KEY);
  });

  it('are kept by kind, and what is not named stays', () => {
    keepDevices({ microphone: headset });
    keepDevices({ camera: webcam });
    expect(chosenDevices()).to.deep.equal({ microphone: headset, camera: webcam });
  });

  it('are forgotten where they are left to the browser, in either way of saying so', () => {
    keepDevices({ microphone: headset, camera: webcam, speaker: headset });
    keepDevices({ microphone: null, speaker: { deviceId: 'default', label: 'Default - Headset' } });
    expect(chosenDevices()).to.deep.equal({ camera: webcam });
  });

  it('are not kept without a label, by which alone they would be found again', () => {
    keepDevices({ microphone: { deviceId: 'h', label: '' } });
    expect(chosenDevices()).to.deep.equal({});
  });

  it('are known until the page goes where the storage is full, and none where it is closed', () => {
    without('setItem', () => keepDevices({ microphone: headset }));
    expect(chosenDevices()).to.deep.equal({ microphone: headset });
    keepDevices({ camera: webcam });
    without('getItem', () => expect(chosenDevices()).to.deep.equal({}));
    expect(chosenDevices()).to.deep.equal({ microphone: headset, camera: webcam });
  });

  it('are none where something else is in the storage', () => {
    for (const text of ['', 'x', 'null', '[]', '"x"', '{"microphone":7}', '{"microphone":{"deviceId":1,"label":"a"}}']) {
      localStorage.setItem(KEY, text);
      expect(chosenDevices(), text).to.deep.equal({});
    }
  });
});
