import { expect } from '@open-wc/testing';
import { devicesOf, isGranted, permission, watchDevices } from '../../../components/call/devices.js';
import { turn } from '../../support/call/happenings.js';

/** Everything that listens to a target from now on. */
function listenersOf(target: EventTarget): Set<unknown> {
  const listening = new Set<unknown>();
  const { addEventListener, removeEventListener } = target;
  target.addEventListener = (...args: Parameters<EventTarget['addEventListener']>) => {
    listening.add(args[1]);
    addEventListener.apply(target, args);
  };
  target.removeEventListener = (...args: Parameters<EventTarget['removeEventListener']>) => {
    listening.delete(args[1]);
    removeEventListener.apply(target, args);
  };
  return listening;
}

describe('The devices of the page', () => {
  const { permissions, mediaDevices } = navigator;
  const put = (name: string, value: unknown): void => void Object.defineProperty(navigator, name, { value, configurable: true });
  afterEach(() => {
    Reflect.deleteProperty(mediaDevices, 'addEventListener');
    Reflect.deleteProperty(mediaDevices, 'removeEventListener');
    put('permissions', permissions);
    put('mediaDevices', mediaDevices);
  });

  it('are watched until they are not, and nothing listens on', async () => {
    const listening = listenersOf(mediaDevices);
    const status = Object.assign(new EventTarget(), { state: 'prompt', onchange: null as (() => void) | null });
    put('permissions', { query: async ({ name }: { name: string }) => (name === 'camera' ? status : Promise.reject(new TypeError(name))) });
    const told: string[] = [];
    const stop = watchDevices({ changed: () => told.push('changed'), permitted: (kind, state) => told.push(`${kind} ${state}`) });
    expect(listening.size).to.equal(1);
    await turn();
    mediaDevices.dispatchEvent(new Event('devicechange'));
    status.state = 'granted';
    status.onchange!();
    stop();
    mediaDevices.dispatchEvent(new Event('devicechange'));
    expect([told, listening.size, status.onchange]).to.deep.equal([['video prompt', 'changed', 'video granted'], 0, null]);
  });

  it('are not watched any more when the browser takes its time to tell', async () => {
    const told: unknown[] = [];
    watchDevices({ changed: () => told.push('changed'), permitted: (kind) => told.push(kind) })();
    await turn();
    await turn();
    expect(told).to.deep.equal([]);
  });

  it('are none on a page that has none to ask', async () => {
    put('mediaDevices', undefined);
    put('permissions', undefined);
    watchDevices({ changed: () => {}, permitted: () => {} })();
    expect([await devicesOf('audio'), await permission('audio'), await isGranted('video')]).to.deep.equal([[], undefined, false]);
  });

  it('are told apart by what they capture', async () => {
    const kinds = (await devicesOf('video')).map(({ kind }) => kind);
    expect(new Set(kinds)).to.deep.equal(new Set(['videoinput']));
  });
});
