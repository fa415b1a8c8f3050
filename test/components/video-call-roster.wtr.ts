import { expect, fixture, fixtureSync, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../components/video-call-panel.js';
import type { VideoCallRoster } from '../../components/video-call-roster.js';
import type { Person } from '../../relay/protocol/index.js';
import { callWith } from '../support/fake-session.js';
import type { FakeSession, FakeSessions } from '../support/fake-session.js';
import { controls, freshPage, heard, part, sessionOf } from '../support/panel-page.js';
import { waitUntil } from '../support/wait.js';

let sessions: FakeSessions;
beforeEach(async () => (sessions = await freshPage()));

const people = (...names: string[]): Person[] => names.map((name) => ({ peer: name.toLowerCase(), name, presence: 'online' }));
const crowd = (count: number): Person[] =>
  Array.from({ length: count }, (_, at) => ({ peer: `p${at}`, name: `Person ${String(at).padStart(4, '0')}`, presence: 'online' }));
const rows = (roster: VideoCallRoster) => [...roster.shadowRoot!.querySelectorAll<HTMLElement>('[part~=person]')];
const names = (roster: VideoCallRoster) => rows(roster).map((row) => row.querySelector('[part~=name]')!.textContent);
// What is out of sight, as everything is in a page in the background, has no `innerText`.
const shown = (roster: VideoCallRoster) => (part(roster, 'base')?.textContent ?? '').replace(/\s+/g, ' ').trim();
const callers = (roster: VideoCallRoster) => [...roster.shadowRoot!.querySelectorAll<HTMLElement>('[part~=call-button]')];
const named = (roster: VideoCallRoster, name: string) => callers(roster).find((button) => button.getAttribute('aria-label') === name)!;
const focused = (roster: VideoCallRoster) => roster.shadowRoot!.activeElement?.getAttribute('aria-label');
const strike = (roster: VideoCallRoster, key: string) =>
  roster.shadowRoot!.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

/** A list, with these people on its relay. */
async function list(there: readonly Person[] | null, more: Partial<VideoCallRoster> = {}): Promise<[VideoCallRoster, FakeSession]> {
  const roster = Object.assign(document.createElement('video-call-roster'), { me: 'alice', ...more });
  fixtureSync(html`<div style="width: 360px">${roster}</div>`);
  const session = await sessionOf(sessions, 'alice');
  session.people = there;
  await again(session);
  return [roster, session];
}

/** Lets the list ask once more, as it does when the relay is back. */
async function again(session: FakeSession): Promise<void> {
  session.show({ relayStatus: 'offline' });
  await new Promise((resolve) => setTimeout(resolve));
  session.show({ relayStatus: 'online' });
  await new Promise((resolve) => setTimeout(resolve));
}

describe('<video-call-roster>', () => {
  it('lists everybody but oneself by name, and whether they are in a call', async () => {
    const [roster] = await list([...people('Carol', 'Alice', 'Bob'), { peer: 'dave', presence: 'busy' }]);
    await waitUntil(() => rows(roster).length === 3);
    expect(names(roster)).to.deep.equal(['Bob', 'Carol', 'dave']);
    expect(shown(roster)).to.contain('Bob online').and.contain('dave in a call');
    expect(part(roster, 'search'), 'nothing to look for among three').to.equal(null);
    await expect(roster).to.be.accessible();
  });

  it('calls whom one presses, by voice or video, in the panel of the page', async () => {
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" ringback="none"></video-call-panel>`);
    const roster = await fixture<VideoCallRoster>(html`<video-call-roster></video-call-roster>`);
    const session = await sessionOf(sessions, 'alice');
    session.people = people('Bob', 'Carol');
    await again(session);
    await waitUntil(() => rows(roster).length === 2);
    expect(named(roster, 'Voice call Bob').hasAttribute('aria-disabled')).to.equal(false);
    const request = heard('call-request');
    named(roster, 'Voice call Bob').click();
    expect(await request).to.include({ peer: 'bob', media: 'audio', target: roster });
    await waitUntil(() => session.asked('call').length);
    expect(session.asked('call')).to.deep.equal([['bob', { media: 'audio', ringTimeout: 60, name: 'Bob' }]]);
    await waitUntil(() => controls(panel).includes('Cancel'));
    await roster.updateComplete;
    expect(shown(roster)).to.contain('Bob Calling…');
    named(roster, 'Video call Carol').click();
    expect(named(roster, 'Video call Carol').getAttribute('aria-disabled')).to.equal('true');
    expect(session.asked('call'), 'while a call is on').to.have.length(1);
  });

  it('makes a panel where the page has none', async () => {
    const [roster, session] = await list(people('Bob'));
    await waitUntil(() => rows(roster).length === 1);
    named(roster, 'Video call Bob').click();
    await waitUntil(() => session.asked('call').length);
    const panel = document.querySelector<VideoCallPanel>('body > video-call-panel')!;
    await waitUntil(() => controls(panel).includes('Cancel'));
  });

  it('offers one kind of call where the page wants one, and none that the page vetoes', async () => {
    const [roster, session] = await list(people('Bob'), { media: 'audio' });
    await waitUntil(() => rows(roster).length === 1);
    expect(callers(roster).map((button) => button.getAttribute('aria-label'))).to.deep.equal(['Voice call Bob']);
    roster.addEventListener('call-request', (event) => event.preventDefault());
    expect(await roster.call('bob', { media: 'audio' })).to.equal(false);
    expect(session.asked('call')).to.deep.equal([]);
  });

  it('says why it is empty', async () => {
    const [roster, session] = await list([]);
    await waitUntil(() => shown(roster) === 'Nobody else is here yet');
    session.people = null;
    await again(session);
    await waitUntil(() => shown(roster) === 'This site does not show who is here');
    await expect(roster).to.be.accessible();
    session.show({ relayStatus: 'offline' });
    await waitUntil(() => shown(roster).includes('Offline. Trying again…'));
  });

  it('keeps its people in sight while the relay is away, and lets nobody be called', async () => {
    const [roster, session] = await list(people('Bob'));
    await waitUntil(() => rows(roster).length === 1);
    session.show({ relayStatus: 'offline' });
    await waitUntil(() => shown(roster).includes('Offline. Trying again…'));
    expect(names(roster)).to.deep.equal(['Bob']);
    named(roster, 'Video call Bob').click();
    expect(session.asked('call')).to.deep.equal([]);
  });

  it('shows at once who of those in sight comes into a call, goes, or is back', async () => {
    const [roster, session] = await list(people('Bob', 'Carol'));
    await waitUntil(() => rows(roster).length === 2);
    const sight = (row: HTMLElement, skipped: boolean) =>
      row.dispatchEvent(new ContentVisibilityAutoStateChangeEvent('contentvisibilityautostatechange', { skipped, bubbles: true }));
    // What the browser has to say depends on whether this page is in front.
    roster.shadowRoot!.addEventListener(
      'contentvisibilityautostatechange',
      (event) => event.isTrusted && event.stopImmediatePropagation(),
      true,
    );
    for (const row of rows(roster)) sight(row, true);
    for (const row of rows(roster)) sight(row, false);
    expect(session.isWatched('bob') && session.isWatched('carol')).to.equal(true);
    sight(rows(roster)[1]!, true);
    expect(session.isWatched('carol'), 'out of sight').to.equal(false);
    session.setPresence('bob', 'busy');
    await waitUntil(() => shown(roster).includes('Bob in a call'));
    session.setPresence('bob', 'offline');
    await waitUntil(() => shown(roster).includes('Bob offline'));
    roster.remove();
    await waitUntil(() => !session.isWatched('bob'));
  });

  it('finds people by their names where there are many', async () => {
    const [roster] = await list([...crowd(20), { peer: 'e', name: 'Éva Nagy', presence: 'online' }]);
    await waitUntil(() => rows(roster).length === 21);
    const search = part<HTMLInputElement>(roster, 'search')!;
    const look = async (text: string) => {
      search.value = text;
      search.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await roster.updateComplete;
    };
    await look('eva');
    expect(names(roster)).to.deep.equal(['Éva Nagy']);
    expect(part(roster, 'status')!.textContent).to.equal('1 person found');
    await look('person');
    expect(part(roster, 'status')!.textContent).to.equal('20 people found');
    await look('nobody');
    expect(shown(roster)).to.contain('Nobody of that name is here');
    await look('');
    expect(rows(roster)).to.have.length(21);
    await expect(roster).to.be.accessible();
  });

  it('has one stop for Tab, and arrows go from person to person and from button to button', async () => {
    const [roster] = await list(people('Bob', 'Carol', 'Dave'));
    await waitUntil(() => rows(roster).length === 3);
    expect(callers(roster).filter((button) => button.tabIndex === 0)).to.deep.equal([named(roster, 'Voice call Bob')]);
    named(roster, 'Voice call Bob').focus();
    strike(roster, 'ArrowDown');
    expect(focused(roster)).to.equal('Voice call Carol');
    strike(roster, 'ArrowRight');
    expect(focused(roster)).to.equal('Video call Carol');
    strike(roster, 'End');
    expect(focused(roster)).to.equal('Video call Dave');
    strike(roster, 'ArrowDown');
    expect(focused(roster)).to.equal('Video call Dave');
    strike(roster, 'ArrowLeft');
    strike(roster, 'Home');
    expect(focused(roster)).to.equal('Voice call Bob');
    roster.lang = 'he';
    await waitUntil(() => named(roster, 'שיחה קולית עם Bob'));
    strike(roster, 'ArrowLeft');
    expect(focused(roster), 'from right to left').to.equal('שיחת וידאו עם Bob');
  });

  it('keeps focus and scroll where they are when people come and go', async () => {
    const [roster, session] = await list(crowd(100));
    await waitUntil(() => rows(roster).length === 100);
    const scroller = part(roster, 'list')!;
    named(roster, 'Video call Person 0050').focus();
    await waitUntil(() => scroller.scrollTop > 0);
    const place = () => named(roster, 'Video call Person 0050').getBoundingClientRect().top;
    const before = place();
    session.people = [{ peer: 'aaron', name: 'Aaron', presence: 'online' }, ...crowd(100).slice(3)];
    await again(session);
    await waitUntil(() => names(roster)[0] === 'Aaron');
    expect(focused(roster)).to.equal('Video call Person 0050');
    await waitUntil(() => Math.abs(place() - before) < 2, 'it stands where it stood');
    session.people = session.people.filter(({ peer }) => peer !== 'p50');
    await again(session);
    await waitUntil(() => focused(roster) === 'Video call Person 0051', 'the next one has the focus');
  });

  it('draws a thousand people little by little, and only anew what has changed', async () => {
    const [roster, session] = await list(crowd(1000));
    await waitUntil(() => rows(roster).length > 0);
    expect(rows(roster).length, 'the first frame').to.be.lessThan(200);
    await waitUntil(() => rows(roster).length === 1000, 'all of them');
    const last = rows(roster)[999]!;
    session.people = crowd(1000).map((person, at) => (at === 10 ? { ...person, name: 'Person 0010b' } : person));
    await again(session);
    await waitUntil(() => names(roster)[10] === 'Person 0010b');
    expect(rows(roster)[999]).to.equal(last);
    const changes = new MutationObserver(() => {});
    changes.observe(roster.shadowRoot!, { subtree: true, childList: true, attributes: true, characterData: true });
    roster.requestUpdate();
    await roster.updateComplete;
    expect(changes.takeRecords(), 'where nothing has changed').to.deep.equal([]);
    changes.disconnect();
  });

  it('shows the call with somebody of the list', async () => {
    const [roster, session] = await list(people('Bob'));
    await waitUntil(() => rows(roster).length === 1);
    session.show({ state: 'connected', call: callWith({ peer: 'bob', startedAt: Date.now() }) });
    await waitUntil(() => shown(roster).includes('Bob In a call'));
  });
});
