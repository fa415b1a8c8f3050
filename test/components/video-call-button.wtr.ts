import { expect, fixture, fixtureSync, html } from '@open-wc/testing';
import type { CallErrorEvent } from '../../components/events.js';
import type { VideoCallButton } from '../../components/video-call-button.js';
import type { VideoCallPanel } from '../../components/video-call-panel.js';
import type { FakeSessions } from '../support/fake-session.js';
import { callWith } from '../support/fake-session.js';
import { controls, freshPage, heard, makeInsecure, part, press, sessionOf, textOf } from '../support/panel-page.js';
import { waitUntil } from '../support/wait.js';

let sessions: FakeSessions;
beforeEach(async () => (sessions = await freshPage()));

const inner = (button: VideoCallButton) => part<HTMLButtonElement>(button, 'button')!;
const description = (button: VideoCallButton) =>
  button.shadowRoot!.getElementById(inner(button).getAttribute('aria-describedby')!)!.textContent;
const madePanel = () => document.querySelector<VideoCallPanel>('body > video-call-panel');

describe('<video-call-button>', () => {
  it('is labelled Call, and says whom and whether they are there', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob"></video-call-button>`);
    const session = await sessionOf(sessions);
    await waitUntil(() => session.isWatched('bob'));
    expect(inner(button).innerText.trim()).to.equal('Call');
    expect(button.getAttribute('presence')).to.equal('unknown');
    const change = heard('presence-change');
    session.setPresence('bob', 'online', 'Bob Marlowe');
    expect(await change).to.include({ peer: 'bob', presence: 'online', target: button });
    expect(button.getAttribute('presence')).to.equal('online');
    expect(description(button)).to.equal('Bob Marlowe, online');
    await expect(button).to.be.accessible();
  });

  it('is as wide while it is not known whether somebody is there, which moves nothing on the page', async () => {
    const box = await fixture(html`
      <div>
        <video-call-button peer="bob"></video-call-button>
        <video-call-button lazy="false"></video-call-button>
        <video-call-button lazy></video-call-button>
        <video-call-button .lazy=${true}></video-call-button>
      </div>
    `);
    const [button, eager, ...lazy] = [...box.children] as unknown as [VideoCallButton, VideoCallButton, ...VideoCallButton[]];
    const session = await sessionOf(sessions);
    await waitUntil(() => session.isWatched('bob'));
    const dot = part(button, 'presence')!;
    const look = () => [button.offsetWidth, +getComputedStyle(dot).opacity];
    const before = button.offsetWidth;
    const looks = [];
    for (const presence of ['unknown', 'offline', 'online', 'busy'] as const) {
      session.setPresence('bob', presence);
      await button.updateComplete;
      looks.push(look());
    }
    expect(looks).to.deep.equal([
      [before, 0],
      [before, 0.75],
      [before, 1],
      [before, 1],
    ]);
    expect(eager.offsetWidth).to.equal(before);
    for (const each of lazy) expect(each.offsetWidth, 'one that does not ask before a press has no room for an answer').to.be.below(before);
  });

  it('stands on the baseline of the text around it, as a button of the page does, whatever its font', async () => {
    for (const font of ['', '600 12px/1.25 serif', '400 28px/1.6 monospace']) {
      const mark = html`<i style="display: inline-block"></i>`;
      const text = await fixture(
        html`<p style="--video-call-font: ${font}">Questions?${mark} <video-call-button peer="bob">Call us${mark}</video-call-button></p>`,
      );
      await text.querySelector<VideoCallButton>('video-call-button')!.updateComplete;
      const [line, label] = [...text.querySelectorAll('i')].map((each) => each.getBoundingClientRect().bottom);
      expect(label).to.be.closeTo(line!, 0.6, font);
    }
  });

  it('forgets the name of an earlier page of its peer as soon as another page is there', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob"></video-call-button>`);
    const session = await sessionOf(sessions);
    await waitUntil(() => session.isWatched('bob'));
    const said: string[] = [];
    for (const [presence, name] of [['online', 'Bob'], ['offline'], ['online'], ['online', 'Robert'], ['busy']] as const) {
      session.setPresence('bob', presence, name);
      await button.updateComplete;
      said.push(description(button));
    }
    expect(said).to.deep.equal(['Bob, online', 'Bob, offline', 'bob, online', 'Robert, online', 'bob, in a call']);
  });

  it('belongs to the first panel of the page, and shares its session', async () => {
    const box = fixtureSync(html`
      <div>
        <video-call-button peer="bob">Call Bob</video-call-button>
        <video-call-panel me="alice" ring-timeout="30"></video-call-panel>
        <video-call-panel me="anna"></video-call-panel>
      </div>
    `);
    const button = box.querySelector('video-call-button')!;
    const session = await sessionOf(sessions, 'alice');
    await waitUntil(() => session.isWatched('bob'));
    expect(sessions.of(), 'a guest').to.equal(undefined);
    const request = heard('call-request');
    inner(button).click();
    expect((await request).target).to.equal(button);
    await waitUntil(() => session.asked('call').length);
    expect(session.asked('call')).to.deep.equal([['bob', { media: 'video', ringTimeout: 30 }]]);
    await button.updateComplete;
    expect(button.getAttribute('state')).to.equal('calling');
    expect(inner(button).innerText.trim()).to.equal('Calling…');
    expect(controls(box.querySelector('video-call-panel')!)).to.deep.equal(['Cancel']);
    inner(button).click();
    expect(session.asked('call'), 'a second press').to.have.length(1);
  });

  it('is not drawn anew for every other button that comes to the page, or goes', async () => {
    const box = await fixture<HTMLElement>(html`<div><video-call-button peer="bob"></video-call-button></div>`);
    const [first] = box.children as unknown as [VideoCallButton];
    const session = await sessionOf(sessions);
    await waitUntil(() => session.isWatched('bob'));
    await first.updateComplete;
    let drawn = 0;
    const { requestUpdate } = first;
    first.requestUpdate = (...change) => (drawn++, requestUpdate.apply(first, change));
    for (let i = 0; i < 10; i++) {
      const other = document.createElement('video-call-button');
      other.peer = `p${i}`;
      box.append(other);
    }
    await waitUntil(() => session.users === 11);
    for (const other of [...box.children].slice(1)) other.remove();
    await waitUntil(() => session.users === 1);
    expect(drawn).to.equal(0);
  });

  it('belongs to the panel that it names', async () => {
    fixtureSync(html`
      <div>
        <video-call-panel me="alice"></video-call-panel>
        <video-call-panel me="anna" id="hers"></video-call-panel>
        <video-call-button peer="bob" panel="hers" media="audio"></video-call-button>
      </div>
    `);
    const session = await sessionOf(sessions, 'anna');
    await waitUntil(() => session.isWatched('bob'));
    inner(document.querySelector('video-call-button')!).click();
    await waitUntil(() => session.asked('call').length);
    expect(session.asked('call')[0]).to.deep.equal(['bob', { media: 'audio', ringTimeout: 60 }]);
  });

  it('joins a panel that is added later', async () => {
    await fixture(html`<video-call-button peer="bob"></video-call-button>`);
    const guest = await sessionOf(sessions);
    await fixture(html`<video-call-panel me="alice"></video-call-panel>`);
    const session = await sessionOf(sessions, 'alice');
    await waitUntil(() => session.isWatched('bob') && guest.users === 0);
  });

  it('makes a floating panel of its own where the page has none, and takes it away when it goes', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob" me="visitor" lang="en"></video-call-button>`);
    const session = await sessionOf(sessions, 'visitor');
    expect(madePanel()).to.equal(null);
    inner(button).click();
    await waitUntil(() => session.asked('call').length);
    const panel = madePanel()!;
    expect(panel.me).to.equal('visitor');
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Cancel']);
    button.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(panel.isConnected, 'while the call is on').to.equal(true);
    session.end('no-answer');
    session.show({ state: 'idle', call: null });
    await waitUntil(() => !panel.isConnected && session.users === 0);
  });

  it('gives that panel its language, and the direction that the page says beside it', async () => {
    fixtureSync(html`<div lang="ar" dir="ltr"><video-call-button peer="bob" me="visitor">نداء</video-call-button></div>`);
    const session = await sessionOf(sessions, 'visitor');
    document.querySelector('video-call-button')!.shadowRoot!.querySelector('button')!.click();
    await waitUntil(() => session.asked('call').length);
    const panel = madePanel()!;
    await waitUntil(() => controls(panel).includes('إلغاء'), 'it speaks Arabic');
    expect(getComputedStyle(part(panel, 'base')!).direction).to.equal('ltr');
  });

  it('does not give its own panel to another person’s button', async () => {
    const first = await fixture<VideoCallButton>(html`<video-call-button peer="bob" me="visitor"></video-call-button>`);
    await first.call();
    await fixture(html`<video-call-button peer="carol"></video-call-button>`);
    const guest = await sessionOf(sessions);
    await waitUntil(() => guest.isWatched('carol'));
  });

  it('shows a call that comes in where there is no panel yet', async () => {
    await fixture(html`<video-call-button peer="bob" me="visitor"></video-call-button>`);
    const session = await sessionOf(sessions, 'visitor');
    const incoming = heard('call-incoming');
    session.bringIn({ peer: 'bob' });
    expect((await incoming).target).to.equal(madePanel());
    await waitUntil(() => controls(madePanel()!).includes('Accept'));
    await waitUntil(() => session.asked('rings').length);
  });

  it('shows a call that its page takes up again where there is no panel yet, so that it can be ended', async () => {
    await fixture(html`<video-call-button peer="bob" me="visitor"></video-call-button>`);
    const session = await sessionOf(sessions, 'visitor');
    session.show({ state: 'reconnecting', call: callWith({ startedAt: Date.now() }) });
    await waitUntil(madePanel, 'a panel is made');
    await waitUntil(() => controls(madePanel()!).includes('Hang up'), 'the call can be ended');
  });

  it('opens no connection before it is pressed when it is lazy', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob" lazy></video-call-button>`);
    await new Promise((resolve) => setTimeout(resolve));
    expect(sessions.all).to.deep.equal([]);
    inner(button).click();
    const session = await sessionOf(sessions);
    await waitUntil(() => session.asked('call').length);
  });

  it('connects before it is pressed, lazy as it is, where a call may go on from the last page', async () => {
    const relay = 'wss://relay.test/ws';
    const kept = JSON.stringify({ device: 'd', call: '{}' });
    sessionStorage.setItem(`video-call ${relay} alice`, kept);
    const lazy = (me: string) => html`<video-call-button peer="bob" relay=${relay} me=${me} lazy></video-call-button>`;
    const box = await fixture(html`<div>${lazy('carol')}${lazy('dave')}</div>`);
    await new Promise((resolve) => setTimeout(resolve));
    // Who this is may be said later.
    (box.lastElementChild as VideoCallButton).me = 'alice';
    const { options } = await sessionOf(sessions, 'alice');
    await new Promise((resolve) => setTimeout(resolve));
    sessionStorage.removeItem(`video-call ${relay} alice`);
    expect([options.relay, options.me, sessions.all.length]).to.deep.equal([relay, 'alice', 1]);
  });

  it('opens no connection of its own as it leaves the page behind its panel', async () => {
    const box = await fixture(
      html`<div><video-call-panel me="alice"></video-call-panel><video-call-button peer="bob"></video-call-button></div>`,
    );
    const session = await sessionOf(sessions, 'alice');
    await waitUntil(() => session.users === 2, 'both are on one line');
    box.replaceChildren();
    await waitUntil(() => session.users === 0, 'both are gone');
    await new Promise((resolve) => setTimeout(resolve));
    expect(sessions.all).to.deep.equal([session]);
  });

  it('says its own words in the page’s language before it is pressed, wherever the page gave it no label, or takes it back', async () => {
    const bare = await fixture<VideoCallButton>(html`<video-call-button peer="bob" lazy lang="de"></video-call-button>`);
    const labelled = await fixture<VideoCallButton>(html`<video-call-button peer="bob" lazy lang="de">Hallo</video-call-button>`);
    const blank = await fixture<VideoCallButton>(
      html`<video-call-button peer="bob" lazy lang="de"> <i slot="icon">*</i> </video-call-button>`,
    );
    const reworded = await fixture<VideoCallButton>(html`<video-call-button peer="bob" lazy words='{"call": "Los"}'></video-call-button>`);
    const says = (of: VideoCallButton): string => part(of, 'label')!.innerText.trim();
    await waitUntil(() => says(bare) === 'Anrufen' && says(blank) === 'Anrufen');
    await waitUntil(() => says(reworded) === 'Los');
    expect(says(labelled)).to.equal('');
    // As some frameworks do it: the label comes into the text that stood there.
    (blank.firstChild as Text).data = 'Hilfe';
    await waitUntil(() => says(blank) === '');
    labelled.replaceChildren();
    await waitUntil(() => says(labelled) === 'Anrufen');
    expect(sessions.all, 'nothing is connected').to.deep.equal([]);
  });

  it('runs as its own words do, and as the page does where it has a label of the page', async () => {
    const box = fixtureSync<HTMLElement>(
      html`<div lang="ar">
        <video-call-button peer="bob" lazy></video-call-button><video-call-button peer="bob" lazy>نداء</video-call-button>
      </div>`,
    );
    const [own, labelled] = [...box.querySelectorAll('video-call-button')] as [VideoCallButton, VideoCallButton];
    const direction = (button: VideoCallButton) => getComputedStyle(inner(button)).direction;
    await waitUntil(() => inner(own) && direction(own) === 'rtl');
    expect(direction(labelled)).to.equal('ltr');
    inner(labelled).dispatchEvent(new PointerEvent('pointerenter'));
    await waitUntil(() => description(labelled), 'its code and its words are there');
    expect(direction(labelled), 'under the pointer').to.equal('ltr');
  });

  it('says that it must be in the page where it is to call from elsewhere', async () => {
    const button = document.createElement('video-call-button');
    button.peer = 'bob';
    const told = new Promise<CallErrorEvent>((resolve) => button.addEventListener('call-error', resolve, { once: true }));
    expect(await button.call()).to.equal(false);
    expect((await told).message).to.include('append it first');
  });

  it('takes presses that come before it has called for one, and shows that it was pressed', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob">Call</video-call-button>`);
    const session = await sessionOf(sessions);
    let asked = 0;
    button.addEventListener('call-request', () => asked++);
    const calls = [button.call(), button.call()];
    await button.updateComplete;
    expect(inner(button).getAttribute('aria-busy')).to.equal('true');
    inner(button).click();
    expect(await Promise.all(calls)).to.deep.equal([true, true]);
    await button.updateComplete;
    expect(inner(button).hasAttribute('aria-busy')).to.equal(false);
    expect([asked, session.asked('call').length]).to.deep.equal([1, 1]);
  });

  it('gives way to what stands beside it no further than to its longest word, and fills what it is given', async () => {
    const box = await fixture(html`
      <div>
        <div style="display: flex; inline-size: 300px">
          <p>Somebody who knows about it is here for you from nine to five, and gladly calls you back</p>
          <video-call-button lazy>Call us now</video-call-button>
        </div>
        <video-call-button lazy style="display: block; inline-size: 300px">Call</video-call-button>
      </div>
    `);
    const [beside, wide] = [...box.querySelectorAll<VideoCallButton>('video-call-button')] as [VideoCallButton, VideoCallButton];
    await beside.updateComplete;
    const label = part(beside, 'label')!;
    expect(label.clientWidth).to.be.at.least(30);
    expect(label.scrollWidth).to.be.at.most(label.clientWidth);
    expect(inner(wide).offsetWidth).to.equal(300);
  });

  it('shows after a press that it cannot call, and why', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob smith">Call</video-call-button>`);
    await sessionOf(sessions);
    const told: string[] = [];
    button.addEventListener('call-error', ({ message }) => told.push(message));
    const width = inner(button).offsetWidth;
    expect(await button.call()).to.equal(false);
    await button.updateComplete;
    expect(inner(button).offsetWidth, 'nothing beside it moves').to.equal(width);
    expect(told).to.have.length(1);
    expect(told[0]).to.match(/^Calls are not set up correctly.*"peer" must be a peer ID/);
    expect([inner(button).title, inner(button).innerText.trim()]).to.deep.equal([
      'Calls are not set up correctly on this page. Tell the owner of this site.',
      '⚠\ufe0e',
    ]);
    expect(part(button, 'button')!.nextElementSibling!.nextElementSibling!.textContent, 'what is read aloud').to.equal(inner(button).title);
    button.addEventListener('call-request', (event) => event.preventDefault(), { once: true });
    button.peer = 'bob';
    expect(await button.call(), 'the page does not want it').to.equal(false);
    await button.updateComplete;
    expect(inner(button).title).to.equal('');
    expect(await button.call()).to.equal(true);
    await button.updateComplete;
    expect(inner(button).title).to.equal('');
  });

  it('does not call when it is disabled or vetoed', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob" disabled></video-call-button>`);
    const session = await sessionOf(sessions);
    inner(button).click();
    button.disabled = false;
    button.addEventListener('call-request', (event) => event.preventDefault());
    expect(await button.call()).to.equal(false);
    expect(session.requests.filter(([name]) => name === 'call')).to.deep.equal([]);
  });

  it('shows the call with its peer, and no other', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob"></video-call-button>`);
    const session = await sessionOf(sessions);
    await waitUntil(() => session.isWatched('bob'));
    session.show({ state: 'calling', call: callWith({ peer: 'carol' }) });
    await button.updateComplete;
    expect(button.state).to.equal('idle');
    session.show({ state: 'connected', call: callWith({ peer: 'bob' }) });
    await button.updateComplete;
    expect(inner(button).innerText.trim()).to.equal('In a call');
    expect(inner(button).getAttribute('aria-disabled')).to.equal('true');
    session.end('hung-up');
    await button.updateComplete;
    expect(inner(button).innerText.trim()).to.equal('Call');
  });

  it('says that it cannot be pressed, and why, while a call with somebody else is on', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob"></video-call-button>`);
    const session = await sessionOf(sessions);
    await waitUntil(() => session.isWatched('bob'));
    session.setPresence('bob', 'online', 'Bob');
    session.show({ state: 'connected', call: callWith({ peer: 'carol' }) });
    await button.updateComplete;
    let asked = 0;
    button.addEventListener('call-request', () => asked++);
    inner(button).click();
    expect([inner(button).getAttribute('aria-disabled'), asked]).to.deep.equal(['true', 0]);
    expect(description(button)).to.equal('Bob, online, You are in another call');
    expect(getComputedStyle(inner(button)).opacity).to.equal('0.55');
    await expect(button).to.be.accessible();
    expect(inner(button).title).to.equal('You are in another call');
    session.show({ state: 'incoming' });
    await button.updateComplete;
    expect(description(button)).to.equal('Bob, online, Incoming call');
    session.end('hung-up');
    await button.updateComplete;
    expect(inner(button).hasAttribute('aria-disabled')).to.equal(false);
    expect(description(button)).to.equal('Bob, online');
  });

  it('keeps its session when it is moved, and gives it back when it is removed', async () => {
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob"></video-call-button>`);
    const session = await sessionOf(sessions);
    document.body.append(button);
    await new Promise((resolve) => setTimeout(resolve));
    expect(session.users).to.equal(1);
    button.remove();
    await waitUntil(() => session.users === 0);
    expect(session.isWatched('bob')).to.equal(false);
  });

  it('says what is wrong with its peer', async () => {
    const error = heard('call-error');
    const button = await fixture<VideoCallButton>(html`<video-call-button peer="not one"></video-call-button>`);
    expect((await error).message).to.contain('"peer" must be a peer ID');
    expect(await button.call()).to.equal(false);
  });

  it('tells the person why nothing happens when its page is insecure', async () => {
    const restore = makeInsecure();
    try {
      const button = await fixture<VideoCallButton>(html`<video-call-button peer="bob"></video-call-button>`);
      expect(await button.call()).to.equal(false);
      await waitUntil(() => madePanel() && textOf(madePanel()!).includes('https'));
      press(madePanel()!, 'Close');
    } finally {
      restore();
    }
  });

  it('reads what frameworks write as attributes before the element is defined', async () => {
    const button = await fixture<VideoCallButton>(
      html`<video-call-button peer="bob" displayname="Alice" disabled="false" lazy="false" noresume="true"></video-call-button>`,
    );
    const { displayName, disabled, lazy, noResume } = button;
    expect({ displayName, disabled, lazy, noResume }).to.deep.equal({ displayName: 'Alice', disabled: false, lazy: false, noResume: true });
  });
});
