import { expect, fixture, html } from '@open-wc/testing';
import type { CallMessageEvent } from '../../../../components/message-event.js';
import type { VideoCallPanel } from '../../../../components/video-call-panel.js';
import { offered, written } from '../../../support/fake-chat.js';
import type { FakeSession, FakeSessions } from '../../../support/fake-session.js';
import { turnTab } from '../../../support/stand-ins.js';
import { controls, freshPage, heard, part, press, sessionOf } from '../../../support/panel-page.js';
import { waitUntil } from '../../../support/wait.js';

let sessions: FakeSessions;
beforeEach(async () => (sessions = await freshPage()));

/** A panel in a call. */
async function inCall(
  template = html`<video-call-panel me="alice" layout="inline"></video-call-panel>`,
  fields = {},
): Promise<[VideoCallPanel, FakeSession]> {
  const drawn = await fixture<HTMLElement>(template);
  const panel = drawn.closest('video-call-panel') ?? drawn.querySelector('video-call-panel')!;
  const session = await sessionOf(sessions, 'alice');
  session.connect(fields);
  await panel.updateComplete;
  return [panel, session];
}

const find = <E extends HTMLElement>(panel: VideoCallPanel, selector: string) => panel.shadowRoot!.querySelector<E>(selector);

/** Opens the chat as a person does. */
async function opened(panel: VideoCallPanel): Promise<HTMLTextAreaElement> {
  press(panel, 'Chat');
  await waitUntil(() => find(panel, 'textarea'), 'the chat is open');
  return find<HTMLTextAreaElement>(panel, 'textarea')!;
}

const key = (field: HTMLElement, init: KeyboardEventInit) => {
  const event = new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...init });
  field.dispatchEvent(event);
  return event;
};

const texts = (panel: VideoCallPanel) => [...panel.shadowRoot!.querySelectorAll('.words')].map((words) => words.textContent);

function dropping(type: string, ...files: File[]): DragEvent {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  return new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer });
}

describe('The chat of a panel', () => {
  it('has a control in video and voice calls, and none where the page wants none', async () => {
    const [panel] = await inCall(undefined, { media: 'audio' });
    expect(controls(panel)).to.include('Chat');
    await freshPage().then((fresh) => (sessions = fresh));
    const [without] = await inCall(html`<video-call-panel me="alice" layout="inline" controlslist="nochat"></video-call-panel>`);
    expect(controls(without)).not.to.include('Chat');
  });

  it('opens with the field focused, sends with Enter, and not with Shift or in the middle of a composition', async () => {
    const [panel, session] = await inCall();
    const field = await opened(panel);
    await waitUntil(() => panel.shadowRoot!.activeElement === field);
    field.value = 'Hello';
    expect(key(field, { key: 'Enter', shiftKey: true }).defaultPrevented).to.equal(false);
    expect(key(field, { key: 'Enter', isComposing: true }).defaultPrevented).to.equal(false);
    expect(session.chat!.requests).to.deep.equal([]);
    expect(key(field, { key: 'Enter' }).defaultPrevented).to.equal(true);
    expect(session.chat!.requests).to.deep.equal([['send', 'Hello']]);
    expect(field.value).to.equal('');
    await waitUntil(() => texts(panel).length === 1);
    expect(find(panel, '.tick')!.title).to.equal('Sent');
  });

  it('says after the call what did not get through, and only that', async () => {
    const [panel, session] = await inCall();
    await opened(panel);
    const mine = (id: number, fields = {}) => written({ own: true, id, text: `${id}`, ...fields });
    session.chat!.show({ entries: [mine(1), mine(2, { arrived: false }), mine(3, { arrived: false })] });
    await waitUntil(() => texts(panel).length === 3);
    expect(find(panel, '.lost')).to.equal(null);
    session.chat!.show({ over: true, online: false });
    await panel.updateComplete;
    expect(find(panel, '.lost'), 'it may still arrive').to.equal(null);
    session.chat!.show({ closed: true });
    await waitUntil(() => find(panel, '.lost'));
    const marks = [...panel.shadowRoot!.querySelectorAll('.entry')].map((entry) => entry.querySelector('.lost')?.textContent);
    expect(marks).to.deep.equal([undefined, 'Did not get through', 'Did not get through']);
    const ticks = [...panel.shadowRoot!.querySelectorAll<HTMLElement>('.tick')];
    expect(ticks.map(({ title }) => title)).to.deep.equal(['Delivered']);
    expect(ticks[0]!.getClientRects(), 'which is seen, though the next follows at once').to.have.length(1);
  });

  it('keeps what was too long in the field, and says so', async () => {
    const [panel, session] = await inCall();
    const field = await opened(panel);
    session.chat!.takes = false;
    field.value = 'much too long';
    key(field, { key: 'Enter' });
    await waitUntil(() => find(panel, '.talk-note'));
    expect(find(panel, '.talk-note')!.textContent).to.contain('too long');
    expect(field.value).to.equal('much too long');
  });

  it('closes with Escape, which gives the focus back to its control', async () => {
    const [panel] = await inCall();
    key(await opened(panel), { key: 'Escape' });
    await waitUntil(() => !find(panel, 'textarea'));
    expect(panel.shadowRoot!.activeElement).to.equal(part(panel, 'chat-button'));
  });

  it('keeps what is typed from the keys of the host page', async () => {
    const [panel] = await inCall();
    const field = await opened(panel);
    const seen: string[] = [];
    const see = (event: Event) => seen.push(event.type);
    document.addEventListener('keydown', see);
    key(field, { key: 'm' });
    document.removeEventListener('keydown', see);
    expect(seen).to.deep.equal([]);
  });

  it('shows what is written as text, with safe links', async () => {
    const [panel, session] = await inCall();
    session.startChat().hear(written({ text: '<img src=x onerror=alert(1)> https://example.com/x javascript:alert(1)' }));
    await opened(panel);
    await waitUntil(() => texts(panel).length === 1);
    expect(texts(panel)).to.deep.equal(['<img src=x onerror=alert(1)> https://example.com/x javascript:alert(1)']);
    const links = [...panel.shadowRoot!.querySelectorAll<HTMLAnchorElement>('.words a')];
    expect(links.map(({ href, rel, target }) => ({ href, rel, target }))).to.deep.equal([
      { href: 'https://example.com/x', rel: 'noopener noreferrer nofollow', target: '_blank' },
    ]);
    expect(find(panel, '.words img')).to.equal(null);
  });

  it('says what has come while it is closed, counts it on its control, and forgets that when it is opened', async () => {
    const [panel, session] = await inCall();
    turnTab('hidden');
    session.startChat().hear(written({ text: 'Look here' }));
    await waitUntil(() => find(panel, '.toast'));
    expect(find(panel, '[role=status] .toast')!.textContent).to.contain('Look here');
    expect(find(panel, '.badge')!.textContent).to.equal('1');
    expect(part(panel, 'chat-button')!.getAttribute('aria-description')).to.equal('1 new');
    find(panel, '.toast')!.click();
    await waitUntil(() => find(panel, 'textarea'));
    await waitUntil(() => !find(panel, '.badge') && !find(panel, '.toast'));
    expect(session.chat!.snapshot.unread, 'read by nobody while another tab is in front').to.equal(1);
    turnTab('visible');
    await panel.updateComplete;
    expect(session.chat!.snapshot.unread).to.equal(0);
    expect(find(panel, '[role=log]')!.getAttribute('aria-label')).to.equal('Chat');
  });

  it('tells the page of each message once, also where the page draws the chat by itself', async () => {
    const [panel, session] = await inCall(html`<video-call-panel me="alice" layout="inline" controlslist="nochat"></video-call-panel>`);
    const told: string[] = [];
    panel.addEventListener('call-message', ({ text, from }) => told.push(`${from}: ${text}`));
    const first = heard('call-message');
    const at = Date.now() - 5;
    session.startChat().hear(written({ text: 'one', at }));
    const { text, from, at: when } = (await first) as CallMessageEvent;
    expect({ text, from, when }).to.deep.equal({ text: 'one', from: 'bob', when: at });
    session.chat!.hear(written({ id: 2, text: 'two' }), offered({ id: 3 }));
    await panel.updateComplete;
    expect(told).to.deep.equal(['bob: one', 'bob: two']);
    expect(find(panel, '.toast')).to.equal(null);
  });

  it('takes messages by its method, in a call only, and texts only', async () => {
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
    const session = await sessionOf(sessions, 'alice');
    expect(await panel.sendMessage('too soon')).to.equal(false);
    session.connect();
    expect(await panel.sendMessage('Hello')).to.equal(true);
    expect(await panel.sendMessage(7 as unknown as string)).to.equal(false);
    expect(session.chat!.requests).to.deep.equal([['send', 'Hello']]);
  });

  it('fetches, refuses and stops files as the person says, and shows how far they are', async () => {
    const [panel, session] = await inCall();
    const field = await opened(panel);
    session.chat!.show({
      entries: [offered(), offered({ own: true, id: 2, name: 'notes.txt', size: 1000, bytes: 250, state: 'moving' })],
    });
    await waitUntil(() => find(panel, 'progress'));
    expect(find<HTMLProgressElement>(panel, 'progress')!.position).to.equal(0.25);
    for (const name of ['Receive', 'Decline', 'Cancel']) press(panel, name);
    expect(session.chat!.requests).to.deep.equal([
      ['receive', 1],
      ['stop', false, 1],
      ['stop', true, 2],
    ]);
    const url = URL.createObjectURL(new Blob(['x']));
    session.chat!.show({ entries: [offered({ state: 'done', url, name: 'a.html' })] });
    await waitUntil(() => find(panel, 'a.act'));
    const save = find<HTMLAnchorElement>(panel, 'a.act')!;
    expect([save.href, save.download, save.getAttribute('aria-label')]).to.deep.equal([url, 'a.html', 'Save a.html']);
    expect(field.isConnected).to.equal(true);
    URL.revokeObjectURL(url);
  });

  it('offers files that are dropped onto the call or pasted, and says why one cannot be sent', async () => {
    const [panel, session] = await inCall();
    const stage = part(panel, 'dialog')!;
    expect(stage.dispatchEvent(dropping('dragover', new File(['x'], 'a.txt'))), 'the browser does not leave the page').to.equal(false);
    await waitUntil(() => session.chat);
    await waitUntil(() => {
      stage.dispatchEvent(dropping('dragover', new File(['x'], 'a.txt')));
      return find(panel, '.dropping');
    });
    expect(stage.dispatchEvent(dropping('drop', new File(['x'], 'a.txt'), new File(['y'], 'b.txt')))).to.equal(false);
    expect(session.chat!.requests).to.deep.equal([
      ['offer', 'a.txt'],
      ['offer', 'b.txt'],
    ]);
    await waitUntil(() => !find(panel, '.dropping'));
    session.chat!.trouble = 'too-large';
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['x'], 'huge.png'));
    find(panel, 'textarea')!.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, composed: true, cancelable: true, clipboardData }));
    await waitUntil(() => find(panel, '.talk-note'));
    expect(find(panel, '.talk-note')!.textContent).to.equal('huge.png is larger than 2 GB.');
  });

  it('leaves a text that is pasted together with its picture to the field', async () => {
    const [panel, session] = await inCall();
    const field = await opened(panel);
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
    clipboardData.setData('text/plain', 'a word');
    clipboardData.setData('text/html', '<p>a word</p>');
    const paste = new ClipboardEvent('paste', { bubbles: true, composed: true, cancelable: true, clipboardData });
    expect(field.dispatchEvent(paste)).to.equal(true);
    expect(session.chat!.requests).to.deep.equal([]);
  });

  it('shows the ending of a name, however long that is, and whichever way it is written', async () => {
    const [panel, session] = await inCall();
    await opened(panel);
    const name = `${'invoice '.repeat(14)}.exe`;
    for (const [long, ending] of [
      [name, '.exe'],
      [`${'חשבונית '.repeat(14)}.exe`, '.exe'],
      ['a.exe', '.exe'],
      ['Rechnung Dezember 2026 zur Ansicht.pdf.application', '.application'],
      ['Rechnung Dezember 2026 zur Ansicht.settingcontent-ms', '.settingcontent-ms'],
      [`${'invoice '.repeat(14)}final1`, 'e final1'],
    ] as const) {
      session.chat!.show({ entries: [offered({ name: long })] });
      await waitUntil(() => find(panel, '.file-name')?.title === long);
      const [start, end] = find(panel, '.file-name')!.children as unknown as [HTMLElement, HTMLElement];
      expect(find(panel, '.file-name')!.textContent).to.equal(long);
      expect(end.textContent).to.equal(ending);
      const [around, box] = [find(panel, '.bubble')!, end].map((element) => element.getBoundingClientRect());
      expect(box!.left).to.be.at.least(around!.left);
      expect(box!.right).to.be.at.most(around!.right);
      expect(start.scrollWidth > start.clientWidth).to.equal(long.length > 20);
    }
  });

  it('is read aloud as it is written, and not with every piece of a file', async () => {
    const [panel, session] = await inCall();
    await opened(panel);
    session.chat!.show({ entries: [written({ own: true }), offered({ state: 'moving', bytes: 10 })] });
    await waitUntil(() => find(panel, '.file'));
    const quiet = (element: Element | null | undefined) => element?.closest('[aria-live]')?.getAttribute('aria-live');
    expect(find(panel, '.log')!.getAttribute('role')).to.equal('log');
    expect([quiet(find(panel, '.words')), quiet(find(panel, '.file-name'))]).to.deep.equal([undefined, undefined]);
    expect([quiet(find(panel, '.tick')), quiet(find(panel, '.file-size')!.firstElementChild)]).to.deep.equal(['off', 'off']);
  });

  for (const [width, height] of [
    [240, 560],
    [400, 560],
    [640, 400],
  ] as const)
    it(`lets nothing be reached that it covers on a stage of ${width} × ${height}, and everything when it is closed`, async () => {
      const [panel, session] = await inCall(html`
        <div style="inline-size: ${width}px">
          <video-call-panel me="alice" layout="inline" style="block-size: ${height}px"></video-call-panel>
        </div>
      `);
      expect(find(panel, '.stage')!.getBoundingClientRect().height).to.equal(height);
      session.show({ notices: [{ device: 'screen', what: 'failed' }] });
      const chat = session.startChat();
      chat.show({ entries: [offered(), offered({ own: true, id: 2, state: 'moving', bytes: 9 }), written({ own: true, id: 3 })] });
      await panel.updateComplete;
      const reachable = () =>
        [...panel.shadowRoot!.querySelectorAll<HTMLElement>('.stage button, .stage [tabindex="0"]')].filter((element) =>
          element.checkVisibility({ visibilityProperty: true }),
        );
      const before = reachable();
      expect(before.map((element) => element.getAttribute('part'))).to.include('control hangup-button');
      await opened(panel);
      const sheet = find(panel, '.talk')!;
      for (const bubble of sheet.querySelectorAll('.file'))
        expect(bubble.getBoundingClientRect().width).to.be.closeTo(Math.min(250, 0.86 * (width - 28)), 2);
      const boxes = [...sheet.querySelectorAll('.entry')].map((entry) => entry.getBoundingClientRect());
      boxes.slice(1).forEach((box, at) => expect(box.top, 'nothing is written over another').to.be.at.least(boxes[at]!.bottom));
      for (const entry of sheet.querySelectorAll('.entry')) expect(entry.scrollHeight).to.be.at.most(entry.clientHeight);
      const rest = reachable().filter((element) => !sheet.contains(element));
      const top = sheet.getBoundingClientRect().top;
      for (const element of rest) expect(element.getBoundingClientRect().bottom, element.outerHTML).to.be.at.most(top);
      find(panel, '.talk-top > button')!.click();
      await waitUntil(() => !find(panel, '.talk'));
      expect(reachable()).to.deep.equal(before);
      await waitUntil(() => panel.shadowRoot!.activeElement?.matches('[part~="chat-button"]'));
      chat.show({ over: true });
      session.end('hung-up', 5);
      await waitUntil(() => part(panel, 'close-button') && find(panel, '.log'));
      const [log, close] = [find(panel, '.log')!, part(panel, 'close-button')!].map((element) => element.getBoundingClientRect());
      expect(log!.height).to.be.at.least(80);
      expect(close!.top).to.be.at.least(log!.bottom);
    });

  it('keeps what cannot wait in reach while it covers the controls: the microphone, hanging up, and a screen that is shared', async () => {
    const [panel, session] = await inCall(html`
      <div style="inline-size: 400px"><video-call-panel me="alice" layout="inline" style="block-size: 560px"></video-call-panel></div>
    `);
    const audio = { microphone: true, camera: false, screen: true };
    session.show({ local: audio });
    session.startChat();
    await opened(panel);
    const named = (label: string) => find(panel, `.talk-top [aria-label="${label}"]`);
    for (const label of ['Stop sharing', 'Mute microphone', 'Hang up']) {
      const box = named(label)!.getBoundingClientRect();
      const hit = panel.shadowRoot!.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      expect(named(label)!.contains(hit), label).to.equal(true);
    }
    named('Mute microphone')!.click();
    session.show({ local: { ...audio, microphone: false, screen: false } });
    await waitUntil(() => named('Unmute microphone') && !named('Stop sharing'));
    named('Hang up')!.click();
    expect(session.requests).to.deep.include.members([['setMicrophone', false], ['hangUp']]);
  });

  it('takes no room of the pill, whether it is open or was', async () => {
    const [panel, session] = await inCall(html`<video-call-panel me="alice"></video-call-panel>`);
    session.startChat();
    // The style sheet of what moves comes first, as it does for people.
    await waitUntil(() => controls(panel).includes('Minimise'));
    const gaps: number[] = [];
    for (const once of ['open', 'closed']) {
      await opened(panel);
      if (once === 'closed') find(panel, '.talk-top > button')!.click();
      press(panel, 'Minimise');
      await waitUntil(() => controls(panel).includes('Expand'));
      expect(find(panel, '.who')!.getBoundingClientRect().width, once).to.be.above(30);
      const [end, expand] = ['hangup', 'expand'].map((name) => find(panel, `[part~="${name}-button"]`)!.getBoundingClientRect());
      gaps.push(Math.round(expand!.left - end!.right));
      press(panel, 'Expand');
      await waitUntil(() => controls(panel).includes('Minimise'));
      if (once === 'open') find(panel, '.talk-top > button')!.click();
      await waitUntil(() => !find(panel, '.talk'));
    }
    gaps.forEach((gap) => expect(gap, gaps.join()).to.be.within(0, 30));
  });

  it('covers nothing of a wide stage', async () => {
    const [panel] = await inCall(html`
      <div style="inline-size: 780px; block-size: 560px"><video-call-panel me="alice" layout="inline"></video-call-panel></div>
    `);
    await opened(panel);
    expect(part(panel, 'hangup-button')!.checkVisibility({ visibilityProperty: true })).to.equal(true);
  });

  it('can be read after the call until it is put away, and then it is forgotten', async () => {
    const [panel, session] = await inCall();
    session.startChat().hear(written({ text: 'the last word' }));
    await panel.updateComplete;
    session.chat!.show({ over: true });
    session.end('hung-up', 5);
    await waitUntil(() => texts(panel).includes('the last word'));
    session.show({ state: 'idle', call: null, reason: null });
    await panel.updateComplete;
    expect(texts(panel)).to.deep.equal(['the last word']);
    expect(panel.hasAttribute('open')).to.equal(true);
    expect(find(panel, 'textarea')).to.equal(null);
    press(panel, 'Close');
    await panel.updateComplete;
    expect(session.asked('closeChat')).to.have.length(1);
    expect(texts(panel)).to.deep.equal([]);
    expect(panel.hasAttribute('open')).to.equal(false);
  });

  it('leaves no listener behind when the panel goes', async () => {
    const [panel, session] = await inCall();
    await opened(panel);
    const stage = part(panel, 'dialog')!;
    panel.remove();
    await new Promise((resolve) => setTimeout(resolve));
    stage.dispatchEvent(dropping('drop', new File(['x'], 'a.txt')));
    expect(session.chat!.requests).to.deep.equal([]);
  });
});
