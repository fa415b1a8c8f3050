import { expect, fixture, fixtureSync, html } from '@open-wc/testing';
import type { Entry } from '../../components/history/entry.js';
import { History, historyOf } from '../../components/history/history.js';
import { DATABASE, Shelf } from '../../components/history/shelf.js';
import type { VideoCallHistory } from '../../components/video-call-history.js';
import type { VideoCallPanel } from '../../components/video-call-panel.js';
import type { FakeSession, FakeSessions } from '../support/fake-session.js';
import { standIn } from '../support/stand-ins.js';
import { freshPage, heard, part, sessionOf } from '../support/panel-page.js';
import { waitUntil } from '../support/wait.js';

let sessions: FakeSessions;
let me = '';
let count = 0;
beforeEach(async () => {
  sessions = await freshPage();
  // A person of its own for each test: what is stored stays.
  me = `alice-${crypto.randomUUID()}`;
});
afterEach(() => turnPage('visible'));

const MINUTE = 60_000;
/** A call that was missed, or what is given. */
const call = (fields: Partial<Entry> = {}): Entry => {
  const at = fields.at ?? Date.now() - 10 * MINUTE + count++ * 1000;
  const until = at + 30_000;
  return {
    ...{ id: crypto.randomUUID(), peer: 'bob', name: 'Bob', media: 'video', direction: 'incoming', outcome: 'missed' },
    ...{ at, until, startedAt: null, open: false, seen: false },
    ...fields,
  } as Entry;
};
const talk = (fields: Partial<Entry> = {}): Entry => {
  const { at } = call(fields);
  return call({ outcome: 'answered', at, startedAt: at + 5_000, until: at + 190_000, ...fields });
};

/** Makes the page look as if it were in front, or not. */
function turnPage(state: 'visible' | 'hidden'): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

const rows = (list: VideoCallHistory) => [...list.shadowRoot!.querySelectorAll<HTMLElement>('[part~=entry]')];
const said = (element: Element | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const told = (list: VideoCallHistory) =>
  rows(list).map((row) => `${said(row.querySelector('[part~=name]'))}: ${said(row.querySelector('[part~=outcome]'))}`);
const named = (list: VideoCallHistory, name: string) =>
  [...list.shadowRoot!.querySelectorAll('button')].find((button) => button.getAttribute('aria-label') === name || said(button) === name)!;
const focused = (list: VideoCallHistory) => {
  const element = list.shadowRoot!.activeElement;
  return element?.getAttribute('aria-label') ?? said(element);
};
const strike = (list: VideoCallHistory, key: string) =>
  list.shadowRoot!.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

/** A history with these calls. */
async function open(calls: readonly Entry[], more: Partial<VideoCallHistory> = {}): Promise<[VideoCallHistory, FakeSession, History]> {
  const list = Object.assign(document.createElement('video-call-history'), { me, ...more });
  fixtureSync(html`<div style="width: 360px">${list}</div>`);
  const session = await sessionOf(sessions, me);
  session.show({ me });
  const history = historyOf(session.options.relay, me);
  for (const each of calls) await history.keep(each);
  await waitUntil(() => (calls.length > 0 ? rows(list).length > 0 : part(list, 'empty')));
  return [list, session, history];
}

describe('<video-call-history>', () => {
  it('lists the calls with person, direction, outcome, time and length, the newest first', async () => {
    const talked = talk({ peer: 'carol', name: 'Carol', at: Date.now() - 3 * MINUTE });
    const [list] = await open([
      call({ at: Date.now() - 40 * 3_600_000, peer: 'dave', name: 'dave', outcome: 'no-answer', direction: 'outgoing', media: 'audio' }),
      talked,
      call({ at: Date.now() - 5 * MINUTE }),
    ]);
    await waitUntil(() => rows(list).length === 3);
    expect(told(list)).to.deep.equal(['Carol: Incoming', 'Bob: Missed', 'dave: Outgoing · No answer']);
    const time = rows(list)[0]!.querySelector('time')!;
    expect(time.dateTime).to.equal(new Date(talked.at).toISOString());
    expect(said(time)).to.match(/\d:\d\d/);
    expect(said(part(list, 'length'))).to.equal('3m 5s');
    expect(rows(list)[1]!.className).to.equal('missed');
    await expect(list).to.be.accessible();
    list.lang = 'ar';
    await waitUntil(() => told(list)[1] === 'Bob: فائتة');
    expect(getComputedStyle(part(list, 'base')!).direction).to.equal('rtl');
    await expect(list).to.be.accessible();
  });

  it('knows of a call that is on for as long as that is noted', async () => {
    const after = setTimeout;
    let readAgain: (() => void) | undefined;
    const restore = [
      standIn(window, 'setTimeout', (run: () => void, pause = 0, ...more: unknown[]) => {
        if (pause === MINUTE / 2) readAgain = run;
        return after(run, pause, ...more);
      }),
    ];
    const entry = talk({ open: true, until: Date.now(), startedAt: Date.now() - 20_000 });
    const [list, , history] = await open([entry]);
    await waitUntil(() => told(list).join() === 'Bob: Incoming · In a call');
    await waitUntil(() => readAgain, 'it is read again');
    const later = Date.now() + 2 * MINUTE;
    await history.note(entry.id, later);
    restore.push(standIn(Date, 'now', () => later));
    readAgain!();
    list.requestUpdate();
    await list.updateComplete;
    await waitUntil(() => told(list).join() === 'Bob: Incoming · In a call', 'it is on');
    restore.push(standIn(Date, 'now', () => later + 2 * MINUTE));
    readAgain!();
    await waitUntil(() => said(rows(list)[0]!.querySelector('[part~=length]')) !== '', 'nobody has noted that it is');
    for (const undo of restore.reverse()) undo();
  });

  it('says of every outcome what it was', async () => {
    const incoming = ['missed', 'declined', 'elsewhere', 'declined-elsewhere', 'failed'] as const;
    const outgoing = ['no-answer', 'busy', 'unreachable', 'declined', 'cancelled', 'failed'] as const;
    const [list] = await open([
      ...incoming.map((outcome) => call({ outcome })),
      ...outgoing.map((outcome) => call({ outcome, direction: 'outgoing' })),
      talk({ open: true, until: Date.now(), startedAt: Date.now() - 20_000, at: Date.now() - 21_000 }),
    ]);
    await waitUntil(() => rows(list).length === 12);
    expect(told(list).map((line) => line.replace('Bob: ', ''))).to.deep.equal([
      'Incoming · In a call',
      'Outgoing · No connection could be made',
      'Outgoing · Cancelled',
      'Outgoing · Declined',
      'Outgoing · Offline',
      'Outgoing · In a call',
      'Outgoing · No answer',
      'Incoming · No connection could be made',
      'Incoming · You declined elsewhere',
      'Incoming · You answered elsewhere',
      'Incoming · Declined',
      'Missed',
    ]);
    expect(part(list, 'length'), 'of the call that is on').to.equal(null);
  });

  it('shows calls that were missed one after the other as one, and a guest as a guest', async () => {
    const [list] = await open([call(), call(), call(), talk({ peer: 'guest-1', name: 'guest-1', at: Date.now() - 5 })]);
    await waitUntil(() => rows(list).length === 2);
    expect(told(list)).to.deep.equal(['Guest: Incoming', 'Bob (3): Missed']);
    const buttons = rows(list).map((row) => [...row.querySelectorAll('button')].map((each) => each.getAttribute('aria-label')));
    expect(buttons, 'a guest cannot be called back').to.deep.equal([['Remove Guest'], ['Video call Bob', 'Remove Bob']]);
    named(list, 'Remove Bob').click();
    await waitUntil(() => rows(list).length === 1);
    expect(told(list)).to.deep.equal(['Guest: Incoming']);
  });

  it('calls back as the call was, in the panel of the page, and nobody while a call is on', async () => {
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me=${me} ringback="none"></video-call-panel>`);
    const list = await fixture<VideoCallHistory>(html`<video-call-history></video-call-history>`);
    const session = await sessionOf(sessions, me);
    session.show({ me });
    const history = historyOf(session.options.relay, me);
    await history.keep(call());
    await history.keep(call({ peer: 'carol', name: 'Carol', media: 'audio' }));
    await waitUntil(() => rows(list).length === 2);
    const request = heard('call-request');
    named(list, 'Voice call Carol').click();
    expect(await request).to.include({ peer: 'carol', media: 'audio', target: list });
    await waitUntil(() => session.asked('call').length);
    expect(session.asked('call')).to.deep.equal([['carol', { media: 'audio', ringTimeout: 60, name: 'Carol' }]]);
    await waitUntil(() => panel.state === 'calling' && named(list, 'Video call Bob').getAttribute('aria-disabled') === 'true');
    named(list, 'Video call Bob').click();
    session.end('hung-up');
    session.show({ state: 'idle', call: null });
    await waitUntil(() => !named(list, 'Video call Bob').hasAttribute('aria-disabled'));
    expect(session.asked('call')).to.have.length(1);
    list.addEventListener('call-request', (event) => event.preventDefault());
    named(list, 'Video call Bob').click();
    expect(session.asked('call'), 'a veto of the page').to.have.length(1);
  });

  it('counts the missed calls that nobody has seen, until somebody can see them', async () => {
    turnPage('hidden');
    const [list, , history] = await open([call(), talk()]);
    await waitUntil(() => rows(list).length === 2);
    const change = heard('history-change');
    await history.keep(call({ peer: 'carol', name: 'Carol' }));
    expect(await change).to.include({ count: 3, missed: 2, target: list });
    await list.updateComplete;
    expect(list.getAttribute('missed')).to.equal('2');
    expect(said(part(list, 'badge'))).to.equal('2');
    expect(said(list.shadowRoot!.querySelector('[role=status]'))).to.equal('Missed calls: 2');
    turnPage('visible');
    await waitUntil(() => list.missed === 0);
    expect(part(list, 'badge')).to.equal(null);
    expect(list.shadowRoot!.querySelectorAll('.fresh'), 'they stay marked while one looks').to.have.length(2);
    turnPage('hidden');
    await history.keep(call({ peer: 'dave', name: 'Dave' }));
    await waitUntil(() => list.missed === 1);
    expect(list.shadowRoot!.querySelectorAll('.fresh')).to.have.length(0);
    list.remove();
    turnPage('visible');
    expect(
      (await history.entries()).filter(({ seen }) => !seen && seen !== undefined).length,
      'nobody has seen the last',
    ).to.be.greaterThan(0);
  });

  it('says of no call that it is missed as long as it rings here, whatever a page that went has written', async () => {
    turnPage('hidden');
    const rings = call({ peer: 'carol', name: 'Carol' });
    const [list, session] = await open([call(), rings]);
    await waitUntil(() => list.missed === 2);
    const { id, peer, name, media, direction } = rings;
    session.show({ state: 'incoming', call: { id, peer, name, media, direction, startedAt: null } });
    await waitUntil(() => list.missed === 1);
    expect(told(list)).to.deep.equal(['Bob: Missed']);
    session.show({ state: 'connecting' });
    await list.updateComplete;
    expect(told(list)).to.deep.equal(['Bob: Missed']);
    turnPage('visible');
    await waitUntil(() => list.missed === 0);
    turnPage('hidden');
    session.end('cancelled');
    await waitUntil(() => list.missed === 1, 'nobody has seen the other one');
    expect(told(list)).to.deep.equal(['Bob: Missed', 'Carol: Missed']);
  });

  it('says nothing of a missed call where one that rang on is declined', async () => {
    turnPage('hidden');
    const rings = call({ vague: true });
    const [list, session, history] = await open([rings]);
    const { id, peer, name, media, direction } = rings;
    session.show({ state: 'incoming', call: { id, peer, name, media, direction, startedAt: null } });
    await waitUntil(() => rows(list).length === 0);
    const counts: number[] = [];
    list.addEventListener('history-change', ({ missed }) => counts.push(missed));
    // As the session does that is told of the end: it writes it down.
    session.end('declined');
    void history.keep({ ...rings, vague: undefined, outcome: 'declined' });
    await waitUntil(() => rows(list).length === 1);
    expect(rows(list)[0]!.className).to.equal('');
    expect(new Set(counts)).to.deep.equal(new Set([0]));
  });

  it('does not take calls for seen that are out of the window', async () => {
    const far = fixtureSync<HTMLElement>(html`<div style="position: fixed; inset-inline-start: -5000px; width: 300px"></div>`);
    const list = Object.assign(document.createElement('video-call-history'), { me });
    far.append(list);
    const session = await sessionOf(sessions, me);
    session.show({ me });
    await historyOf(session.options.relay, me).keep(call());
    await waitUntil(() => list.missed === 1);
    // Twice the time in which the browser tells what is in sight.
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
    expect(list.missed).to.equal(1);
    far.style.insetInlineStart = '0';
    await waitUntil(() => list.missed === 0);
  });

  it('asks before it clears everything, with the focus where it belongs', async () => {
    const [list, , history] = await open([call(), talk()]);
    await waitUntil(() => rows(list).length === 2);
    const clear = named(list, 'Clear history');
    clear.focus();
    clear.click();
    await waitUntil(() => focused(list) === 'Cancel');
    expect(said(part(list, 'question'))).to.contain('Remove all calls from this device?');
    await expect(list).to.be.accessible();
    let around = 0;
    list.parentElement!.addEventListener('keydown', () => around++);
    expect(strike(list, 'Escape'), 'a dialog of the page around it stays open').to.equal(false);
    expect(around, 'and hears nothing of it').to.equal(0);
    await waitUntil(() => focused(list) === 'Clear history' && !part(list, 'question'));
    expect(await history.entries()).to.have.length(2);
    named(list, 'Clear history').click();
    await waitUntil(() => focused(list) === 'Cancel');
    part(list, 'confirm-button')!.click();
    await waitUntil(() => said(part(list, 'empty')) === 'No calls yet');
    expect(await history.entries()).to.deep.equal([]);
    expect(list.shadowRoot!.activeElement, 'the focus stays in the list').to.equal(part(list, 'base'));
    await expect(list).to.be.accessible();
  });

  it('clears by its method, also in the other tabs', async () => {
    const [list, session, history] = await open([call(), talk()]);
    const otherTab = new History(`${session.options.relay} ${me}`);
    let changes = 0;
    const stop = otherTab.subscribe(() => changes++);
    expect(await otherTab.entries()).to.have.length(2);
    await list.clear();
    await waitUntil(() => changes > 0);
    expect(await otherTab.entries()).to.deep.equal([]);
    await otherTab.keep(call({ peer: 'zoe', name: 'Zoe' }));
    await waitUntil(() => told(list).join() === 'Zoe: Missed', 'and hears of what they write');
    stop();
    expect(await history.entries()).to.have.length(1);
  });

  it('clears by its method after signing out, and fails where nobody knows whose calls are meant', async () => {
    const [list, , history] = await open([call()]);
    const stranger = await fixture<VideoCallHistory>(html`<video-call-history></video-call-history>`);
    (await sessionOf(sessions)).show({ me: 'guest-1' });
    await waitUntil(() => part(stranger, 'empty'));
    list.removeAttribute('me');
    list.me = undefined;
    await waitUntil(() => rows(list).length === 0, 'nothing of hers is shown any more');
    await list.clear();
    expect(await history.entries()).to.deep.equal([]);
    stranger.remove();
    const another = await fixture<VideoCallHistory>(html`<video-call-history></video-call-history>`);
    const failure = await another.clear().catch((cause: Error) => cause.message);
    expect(failure).to.contain('set `me`');
  });

  it('has one stop for Tab, arrows between rows and buttons, and Delete', async () => {
    const [list] = await open([
      call({ peer: 'dave', name: 'Dave' }),
      call({ peer: 'carol', name: 'Carol' }),
      call({ peer: 'bob', name: 'Bob', media: 'audio' }),
    ]);
    await waitUntil(() => rows(list).length === 3);
    const stops = [...list.shadowRoot!.querySelectorAll<HTMLElement>('li button')].filter(({ tabIndex }) => tabIndex === 0);
    expect(stops).to.deep.equal([named(list, 'Voice call Bob')]);
    stops[0]!.focus();
    strike(list, 'ArrowDown');
    expect(focused(list)).to.equal('Video call Carol');
    strike(list, 'ArrowRight');
    expect(focused(list)).to.equal('Remove Carol');
    strike(list, 'Delete');
    await waitUntil(() => rows(list).length === 2 && focused(list) === 'Remove Dave', 'the next one has the focus');
    strike(list, 'Home');
    expect(focused(list)).to.equal('Remove Bob');
    strike(list, 'Delete');
    await waitUntil(() => focused(list) === 'Remove Dave');
    strike(list, 'Delete');
    await waitUntil(() => rows(list).length === 0);
    expect(list.shadowRoot!.activeElement).to.equal(part(list, 'base'));
  });

  it('keeps the focus on its row when a call comes in above it', async () => {
    const [list, , history] = await open([call()]);
    await waitUntil(() => rows(list).length === 1);
    named(list, 'Video call Bob').focus();
    await history.keep(talk({ peer: 'carol', name: 'Carol', at: Date.now() - 200_000 }));
    await waitUntil(() => rows(list).length === 2);
    expect(told(list)[0]).to.contain('Carol');
    expect(focused(list)).to.equal('Video call Bob');
  });

  it('shows nothing of anybody else, and nothing to guests', async () => {
    const [, session] = await open([call()]);
    const other = await fixture<VideoCallHistory>(html`<video-call-history me="${me}x"></video-call-history>`);
    await waitUntil(() => said(part(other, 'empty')) === 'No calls yet');
    await historyOf(session.options.relay, 'guest-1').keep(call());
    const guest = await fixture<VideoCallHistory>(html`<video-call-history></video-call-history>`);
    (await sessionOf(sessions)).show({ me: 'guest-1' });
    await waitUntil(() => said(part(guest, 'empty')) === 'No calls yet');
    expect(rows(guest)).to.have.length(0);
  });

  it('draws five hundred calls little by little', async () => {
    const [list, , history] = await open([]);
    const many = Array.from({ length: 500 }, (_, at) =>
      talk({ peer: `p${at}`, name: `Person ${at}`, at: Date.now() - (1 + at) * 3_600_000 }),
    );
    await new Shelf(`${(await sessionOf(sessions, me)).options.relay} ${me}`, Date.now).edit(() => ({ put: many }));
    await history.keep(call());
    await waitUntil(() => rows(list).length > 0);
    expect(rows(list).length, 'the first frame').to.be.lessThan(200);
    await waitUntil(() => rows(list).length === 500, 'all that is kept');
    expect(await history.entries()).to.have.length(500);
  });
});

describe('What the history is kept in', () => {
  const raw = (act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(DATABASE, 1);
      opening.onsuccess = () => {
        const request = act(opening.result.transaction('calls', 'readwrite').objectStore('calls'));
        request.onsuccess = () => (opening.result.close(), resolve(request.result));
        request.onerror = () => reject(request.error!);
      };
    });

  it('is looked at closely: what others have written there is left out and swept away', async () => {
    const [list, session, history] = await open([call()]);
    const owner = `${session.options.relay} ${me}`;
    for (const [at, value] of [5, null, 'x', { id: 1 }, { ...call(), name: 7 }, { ...call(), at: Infinity }, call()].entries())
      await raw((store) => store.put(value, [owner, `strange ${at}`]));
    await raw((store) => store.put(call(), [owner, 'a', 'b']));
    await history.keep(talk({ peer: 'carol', name: '<img src=x onerror=alert(1)>', at: Date.now() - 200_000 }));
    await waitUntil(() => rows(list).length === 2);
    expect(told(list)).to.deep.equal(['<img src=x onerror=alert(1)>: Incoming', 'Bob: Missed']);
    expect(list.shadowRoot!.querySelector('img')).to.equal(null);
    expect(await raw((store) => store.count(IDBKeyRange.bound([owner], [owner, []])))).to.equal(2);
  });

  it('is empty once it has been cleared', async () => {
    const [list, session] = await open([call(), talk()]);
    const owner = `${session.options.relay} ${me}`;
    const stored = () => raw((store) => store.count(IDBKeyRange.bound([owner], [owner, []])));
    expect(await stored()).to.equal(2);
    await list.clear();
    expect(await stored()).to.equal(0);
  });

  it('makes one entry of what two tabs write of one call at once, and notes only calls that are there', async () => {
    const owner = `two tabs ${me}`;
    const [one, other] = [new History(owner), new History(owner)];
    const id = crypto.randomUUID();
    const taken = talk({ id, open: true });
    await Promise.all([one.keep(taken), other.keep(call({ id, outcome: 'elsewhere', at: taken.at + 400 }))]);
    expect(await other.entries()).to.deep.equal([taken]);
    await one.note(id, taken.until + 5000);
    expect((await other.entries())[0]!.until).to.equal(taken.until + 5000);
    await other.clear();
    await one.note(id, taken.until + 9000);
    expect(await one.entries(), 'cleared is cleared').to.deep.equal([]);
    one.noteLast(taken, true);
    expect(await one.entries(), 'also when the page goes').to.deep.equal([]);
    one.noteLast(taken, false);
    await waitUntil(async () => (await other.entries()).length === 1);
  });

  it('may be closed when the page goes, and nothing fails for it', async () => {
    const history = new History(`closed ${me}`);
    await history.keep(call());
    const failures: unknown[] = [];
    const fail = (event: PromiseRejectionEvent): void => (event.preventDefault(), void failures.push(event.reason));
    addEventListener('unhandledrejection', fail);
    const broken = standIn(IDBDatabase.prototype, 'transaction', () => {
      throw new DOMException('Closed.', 'InvalidStateError');
    });
    history.noteLast(talk(), false);
    // The browser tells of promises that nobody has looked after before the next task but one.
    for (let task = 0; task < 2; task++) await new Promise((resolve) => setTimeout(resolve));
    broken();
    removeEventListener('unhandledrejection', fail);
    expect(failures).to.deep.equal([]);
  });

  it('is this page’s memory where storage is blocked, and nobody is told', async () => {
    const real = Object.getOwnPropertyDescriptor(window, 'indexedDB');
    const warn = console.warn;
    const warned: unknown[] = [];
    console.warn = (...words: unknown[]) => warned.push(words);
    const refuse = () => {
      throw new DOMException('Not here.', 'SecurityError');
    };
    Object.defineProperty(window, 'indexedDB', { get: refuse, configurable: true });
    try {
      const [list, , history] = await open([call(), talk()]);
      await waitUntil(() => rows(list).length === 2);
      await history.remove([(await history.entries())[0]!.id]);
      await waitUntil(() => rows(list).length === 1);
      await list.clear();
      expect(await history.entries()).to.deep.equal([]);
      expect(warned).to.deep.equal([]);
    } finally {
      console.warn = warn;
      if (real) Object.defineProperty(window, 'indexedDB', real);
      else Reflect.deleteProperty(window, 'indexedDB');
    }
  });

  it('goes on in memory with what it had where the disk is full', async () => {
    const history = new History(`full ${me}`);
    await history.keep(call());
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Full.', 'QuotaExceededError');
    };
    const later = talk();
    try {
      await history.keep(talk());
      expect(await history.entries()).to.have.length(2);
      await history.clear();
      expect(await new History(`full ${me}`).entries(), 'what is cleared is cleared there as well').to.deep.equal([]);
      await history.keep(later);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    expect(await history.entries()).to.deep.equal([later]);
    expect(await new History(`full ${me}`).entries(), 'and is written as soon as that goes').to.deep.equal([later]);
  });

  it('is cleared as soon as it can be reached again', async () => {
    const history = new History(`away ${me}`);
    await history.keep(call());
    const broken = standIn(IDBDatabase.prototype, 'transaction', () => {
      throw new DOMException('Not now.', 'UnknownError');
    });
    await history.clear();
    const since = talk({ at: Date.now() + 1 });
    await history.keep(since);
    broken();
    expect(await history.entries()).to.deep.equal([since]);
    expect(await new History(`away ${me}`).entries()).to.deep.equal([since]);
  });

  it('lets others delete it, and begins anew', async () => {
    const history = new History(`deleted ${me}`);
    await history.keep(call());
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(DATABASE);
      request.onsuccess = resolve;
      request.onblocked = () => reject(new Error('This page keeps it open.'));
    });
    expect(await history.entries()).to.deep.equal([]);
    await history.keep(call());
    expect(await history.entries()).to.have.length(1);
  });
});
