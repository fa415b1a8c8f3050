import { expect } from '@open-wc/testing';
import { Identity } from '../../../components/link/identity.js';

const NAME = 'wss://relay.test/ws alice';
const KEY = `video-call ${NAME}`;
const WELCOME = { peer: 'alice', device: 'd1', resume: 'secret' };

const undo: (() => void)[] = [];

/** Puts something in the place of a property until the test is over. */
function replace(object: object, name: string, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true });
  undo.push(() => (own ? Object.defineProperty(object, name, own) : delete (object as Record<string, unknown>)[name]));
}

/** A page that knows who it is. */
async function page(name = NAME): Promise<Identity> {
  const identity = new Identity(name);
  undo.push(() => identity.close());
  await identity.recover();
  return identity;
}

/** The page is unloaded: its locks go, what it stored stays. */
function unload(identity: Identity): void {
  const stored = sessionStorage.getItem(KEY);
  identity.close();
  if (stored !== null) sessionStorage.setItem(KEY, stored);
}

/** Resolves once nobody holds the lock of a device. */
const isFree = (device: string): Promise<unknown> => navigator.locks.request(`video-call ${device}`, () => {});

/** Whether somebody holds the lock of a device. */
const isHeld = async (device: string): Promise<boolean> =>
  (await navigator.locks.query()).held!.some(({ name }) => name === `video-call ${device}`);

describe('Who a page is', () => {
  afterEach(() => {
    for (const back of undo.splice(0).reverse()) back();
    sessionStorage.clear();
  });

  it('is made up by itself when it is new: another device each time, and no secret', async () => {
    const first = await page('one');
    const second = await page('two');
    expect(first.device).to.match(/^[\da-f]{32}$/);
    expect(second.device).to.not.equal(first.device);
    expect([first.resume, first.call, first.isKept]).to.deep.equal([undefined, null, true]);
  });

  it('is the same after a reload, with the secret of the relay and the call that it was in', async () => {
    const first = await page();
    first.keepWelcome({ ...WELCOME, device: first.device });
    first.keepCall('the call');
    unload(first);
    const second = await page();
    expect([second.device, second.resume, second.call]).to.deep.equal([first.device, { peer: 'alice', resume: 'secret' }, 'the call']);
  });

  it('knows what another page, shown since it was left, has made of its call', async () => {
    const first = await page();
    first.keepCall('the call');
    unload(first);
    const second = await page();
    second.keepCall('the call, later');
    second.spent.keep('the call, later', 7);
    first.keepWelcome({ ...WELCOME, device: first.device });
    first.spent.keep('another call', 1);
    expect([first.call, first.spent.of('the call, later')]).to.deep.equal(['the call, later', 7]);
    second.keepCall(undefined);
    expect(first.call).to.equal(null);
  });

  it('knows after a reload what numbers it has spent on the calls that rang last', async () => {
    const first = await page();
    for (const call of ['one', 'two', 'three', 'two', 'four', 'five']) first.spent.keep(call, call.length);
    first.spent.keep('two', 9);
    unload(first);
    const { spent } = await page();
    expect(['one', 'two', 'three', 'four', 'five'].map(spent.of)).to.deep.equal([0, 9, 5, 4, 4]);
  });

  it('is the same where the last page lets go only while the next one begins', async () => {
    const first = await page();
    const second = new Identity(NAME);
    undo.push(() => second.close());
    const recovered = second.recover();
    unload(first);
    await recovered;
    expect(second.device).to.equal(first.device);
  });

  it('is another one in a duplicated tab, which has neither the secret nor the call', async () => {
    const first = await page();
    first.keepWelcome({ ...WELCOME, device: first.device });
    first.keepCall('the call');
    const copy = await page();
    expect(copy.device).to.not.equal(first.device);
    expect([copy.resume, copy.call, copy.isKept]).to.deep.equal([undefined, null, true]);
  });

  it('is guarded also where the relay gave it another device', async () => {
    const first = await page();
    first.keepWelcome(WELCOME);
    while (!(await isHeld('d1')));
    const copy = await page();
    expect([first.device, copy.device === 'd1']).to.deep.equal(['d1', false]);
  });

  it('is nobody else’s under another relay or another peer ID', async () => {
    const first = await page('one');
    unload(first);
    expect((await page('two')).device).to.not.equal(first.device);
  });

  it('is forgotten with its call, and all of it when it is closed', async () => {
    const first = await page();
    first.keepCall('the call');
    first.keepCall(undefined);
    expect([first.call, sessionStorage.getItem(KEY)!.includes('the call')]).to.deep.equal([null, false]);
    first.close();
    first.close();
    first.keepCall('late');
    await isFree(first.device);
    expect(sessionStorage.getItem(KEY)).to.equal(null);
  });

  it('that is closed before it is known keeps nothing and holds nothing', async () => {
    const identity = new Identity(NAME);
    const recovered = identity.recover();
    identity.close();
    await recovered;
    await isFree(identity.device);
    expect(sessionStorage.getItem(KEY)).to.equal(null);
  });

  it('is made up anew where something else is stored in its place', async () => {
    for (const text of ['', '{', 'null', '7', '[]', '{}', '{"device":7}', '{"device":"a b"}', `{"device":"${'x'.repeat(65)}"}`]) {
      sessionStorage.setItem(KEY, text);
      expect((await page()).device, text).to.match(/^[\da-f]{32}$/);
    }
    sessionStorage.setItem(KEY, '{"device":"d5","peer":7,"resume":{},"call":[]}');
    const identity = await page();
    expect([identity.device, identity.resume, identity.call]).to.deep.equal(['d5', undefined, null]);
    unload(identity);
    for (const [spent, n] of Object.entries({ 7: 0, null: 0, '[]': 0, '{"c":"d"}': 0, '{"c":{"valueOf":1}}': 0, '{"c":1e9}': 64 })) {
      sessionStorage.setItem(KEY, `{"device":"d6","spent":${spent}}`);
      const other = await page();
      expect(other.spent.of('c'), spent).to.equal(n);
      unload(other);
    }
  });

  it('is a new one at each load where nothing may be stored, and that is known', async () => {
    const blocked = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    for (const method of ['getItem', 'setItem', 'removeItem']) replace(Storage.prototype, method, blocked);
    const first = await page();
    first.keepWelcome({ ...WELCOME, device: first.device });
    first.keepCall('the call');
    expect([first.isKept, first.call]).to.deep.equal([false, 'the call']);
    expect((await page()).device).to.not.equal(first.device);
  });

  it('is a new one at each load where there are no locks to tell two tabs apart', async () => {
    replace(navigator, 'locks', undefined);
    const first = await page();
    unload(first);
    expect((await page()).device).to.not.equal(first.device);
  });
});
