import { expect } from '@open-wc/testing';
import type { Alert } from '../../../relay/protocol/index.js';
import { RingOnce } from '../../../components/panel/ring-once.js';
import { standIn } from '../../support/stand-ins.js';
import { waitUntil } from '../../support/wait.js';

/** A tab of this browser that rings; the locks and channels are the browser's own. */
class Tab {
  heard = true;
  seen = true;
  rings = false;
  /** Whether the browser lets it sound when it tries. */
  answers: Alert = 'sound';
  readonly once: RingOnce;

  constructor(call: string, { heard = true, seen = true, answers = 'sound' as Alert } = {}) {
    Object.assign(this, { heard, seen, answers });
    this.once = new RingOnce(call, {
      mayBeHeard: () => this.heard,
      isSeen: () => this.seen,
      start: async () => ((this.rings = true), this.answers),
      stop: () => void (this.rings = false),
      changed: () => {},
    });
    tabs.push(this);
  }
}

let tabs: Tab[] = [];
let call = '';
beforeEach(() => {
  tabs = [];
  call = crypto.randomUUID();
});
afterEach(() => tabs.forEach(({ once }) => once.close()));

/** Waits until exactly this tab sounds, and all know how. */
const onlyRings = (tab: Tab, alert: Alert = 'sound') =>
  waitUntil(() => tabs.every((one) => one.rings === (one === tab) && one.once.leads === (one === tab) && one.once.alert === alert));

describe('Of all tabs that ring for one call', () => {
  it('one sounds, and the others know that it does', async () => {
    const first = new Tab(call);
    new Tab(call);
    new Tab(call);
    await onlyRings(first);
  });

  it('the one that is seen sounds, even if another was earlier', async () => {
    const [hidden] = [new Tab(call, { seen: false }), new Tab(call, { seen: false })];
    await onlyRings(hidden);
    await onlyRings(new Tab(call));
  });

  it('the one whose turn is taken away knows how the other rings, also where it learns of that late', async () => {
    const { request } = LockManager.prototype;
    const restore = standIn(navigator.locks, 'request', function (...args: Parameters<typeof request>) {
      // Whoever holds the lock is told that it was taken away only when the other one rings.
      return request.apply(navigator.locks, args).catch(async (cause: unknown) => {
        await waitUntil(() => tabs.at(-1)!.once.alert);
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw cause;
      });
    });
    try {
      await onlyRings(new Tab(call, { seen: false }));
      await onlyRings(new Tab(call));
    } finally {
      restore();
    }
  });

  it('one that can be heard sounds before one that is only seen', async () => {
    const silent = new Tab(call, { heard: false, answers: 'visual' });
    await onlyRings(silent, 'visual');
    await onlyRings(new Tab(call, { seen: false }));
  });

  it('the next one sounds when the first is closed', async () => {
    const [first, second] = [new Tab(call), new Tab(call)];
    await onlyRings(first);
    first.once.close();
    tabs = [second];
    await onlyRings(second);
  });

  it('the one that comes to the front takes over', async () => {
    const [front, back] = [new Tab(call), new Tab(call, { seen: false })];
    await onlyRings(front);
    [front.seen, back.seen] = [false, true];
    front.once.reconsider();
    back.once.reconsider();
    await onlyRings(back);
  });

  it('one that was taken for audible and is not gives way to one that may be', async () => {
    const [wrong] = [new Tab(call, { answers: 'visual' })];
    await onlyRings(wrong, 'visual');
    await onlyRings(new Tab(call, { seen: false }));
  });

  it('one that was kept silent sounds when it is touched', async () => {
    const silent = new Tab(call, { heard: false, answers: 'visual' });
    await onlyRings(silent, 'visual');
    [silent.heard, silent.answers] = [true, 'sound'];
    silent.once.reconsider(true);
    await onlyRings(silent, 'sound');
  });

  it('none sounds once one was silenced, not even when that one is closed', async () => {
    const [first, second] = [new Tab(call), new Tab(call)];
    await onlyRings(first);
    second.once.silence();
    await waitUntil(() => first.once.silenced && !first.rings);
    first.once.close();
    await waitUntil(() => second.once.leads);
    expect([second.rings, second.once.silenced]).to.deep.equal([false, true]);
  });
});

describe('Tabs', () => {
  it('that ring for different calls all sound', async () => {
    const [one, other] = [new Tab(call), new Tab(crypto.randomUUID())];
    await waitUntil(() => one.rings && other.rings);
  });

  it('sound each by itself where the browser has no locks', async () => {
    const locks = Object.getOwnPropertyDescriptor(Navigator.prototype, 'locks')!;
    Object.defineProperty(Navigator.prototype, 'locks', { ...locks, get: () => undefined });
    try {
      const [one, other] = [new Tab(call), new Tab(call)];
      await waitUntil(() => one.rings && other.rings);
    } finally {
      Object.defineProperty(Navigator.prototype, 'locks', locks);
    }
  });

  it('sound each by itself where the page may not use locks', async () => {
    const { request } = LockManager.prototype;
    LockManager.prototype.request = () => Promise.reject(new DOMException('no storage, on purpose', 'SecurityError'));
    try {
      const tab = new Tab(call);
      await waitUntil(() => tab.rings && tab.once.leads);
    } finally {
      LockManager.prototype.request = request;
    }
  });

  it('leave nothing behind when they are closed', async () => {
    const tab = new Tab(call);
    await onlyRings(tab);
    tab.once.close();
    tab.once.close();
    await waitUntil(async () => !JSON.stringify(await navigator.locks.query()).includes(call));
  });
});
