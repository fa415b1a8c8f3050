import { expect, fixture, fixtureSync, html } from '@open-wc/testing';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSession, FakeSessions } from '../../support/fake-session.js';
import { controls, freshPage, part, press, sessionOf } from '../../support/panel-page.js';
import { pressKey, standIn, turnTab } from '../../support/stand-ins.js';
import { waitUntil } from '../../support/wait.js';

let sessions: FakeSessions;
let panel: VideoCallPanel;
let session: FakeSession;
let restore: (() => void)[] = [];

beforeEach(async () => {
  restore = [];
  sessions = await freshPage();
  panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice"></video-call-panel>`);
  session = await sessionOf(sessions, 'alice');
});
afterEach(() => {
  if (session.snapshot.state === 'incoming') session.end('cancelled');
  turnTab('visible');
  restore.forEach((undo) => undo());
});

/** Bob calls, and it rings. */
async function rings(): Promise<void> {
  session.bringIn();
  await waitUntil(() => session.asked('rings').length && controls(panel).includes('Silence ringtone'));
  // What calls for attention is loaded by now, and follows with the next drawing.
  await import('../../../components/panel/incoming-call.js');
  await new Promise((resolve) => setTimeout(resolve));
  await panel.updateComplete;
}

const icons = () => [...document.head.querySelectorAll<HTMLLinkElement>('link[rel~="icon"]')];
const calls = '📞 Bob is calling';

describe('A tab in the background, while somebody calls,', () => {
  let page: Node[] = [];
  beforeEach(() => {
    page = [...document.head.querySelectorAll('title, link[rel~="icon"]')];
    page.forEach((node) => (node as Element).remove());
  });
  afterEach(() => {
    document.head.querySelectorAll('title, link').forEach((node) => node.remove());
    document.head.append(...page);
  });

  it('says so in its title, in turns with its own, and is as it was afterwards', async () => {
    document.head.append(Object.assign(document.createElement('title'), { textContent: '  Tea \n' }));
    turnTab('hidden');
    await rings();
    await waitUntil(() => document.title === calls);
    await waitUntil(() => document.title === 'Tea', 'its own');
    await waitUntil(() => document.title === calls, 'the call');
    session.end('cancelled');
    await panel.updateComplete;
    expect(document.querySelector('title')!.textContent).to.equal('  Tea \n');
  });

  it('keeps a title that the page sets meanwhile, even one that is made from what stood there', async () => {
    document.title = 'Tea';
    turnTab('hidden');
    await rings();
    await waitUntil(() => document.title === calls);
    document.title = `(1) ${document.title}`;
    session.end('cancelled');
    await panel.updateComplete;
    expect(document.title).to.equal('(1) Tea');
  });

  it('has neither title nor icon afterwards where it had none before', async () => {
    turnTab('hidden');
    await rings();
    await waitUntil(() => icons().length === 1);
    session.end('cancelled');
    await panel.updateComplete;
    expect(document.head.querySelector('title')).to.equal(null);
    expect(icons()).to.deep.equal([]);
  });

  it('marks its icon, and has the page’s own ones again afterwards, new ones too', async () => {
    const green =
      'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" width="32" height="32"%3E%3Crect width="32" height="32" fill="%230f0"/%3E%3C/svg%3E';
    const link = (rel: string, href: string) => Object.assign(document.createElement('link'), { rel, href });
    const own = [link('shortcut icon', 'data:,'), link('icon', green)];
    const untouched = link('apple-touch-icon', 'data:,');
    document.head.append(...own, untouched);
    turnTab('hidden');
    await rings();
    await waitUntil(() => icons().length === 1 && icons()[0]!.href.startsWith('data:image/png'));
    const picture = await drawn(icons()[0]!.href);
    expect([...picture(4, 28)]).to.deep.equal([0, 255, 0, 255]);
    expect([...picture(23, 9)]).to.deep.equal([217, 45, 45, 255]);
    const late = link('icon', 'data:,late');
    document.head.append(late);
    await waitUntil(() => icons().length === 1);
    session.end('cancelled');
    await panel.updateComplete;
    expect(icons()).to.deep.equal([...own, late]);
    expect([...own, late, untouched].map(({ rel }) => rel)).to.deep.equal(['shortcut icon', 'icon', 'icon', 'apple-touch-icon']);
  });

  it('is as it was as soon as somebody looks at it, or the panel leaves', async () => {
    document.title = 'Tea';
    turnTab('hidden');
    await rings();
    await waitUntil(() => document.title === calls);
    turnTab('visible');
    expect(document.title).to.equal('Tea');
    turnTab('hidden');
    turnTab('visible');
    turnTab('hidden');
    const marks = () => document.head.querySelectorAll('link[rel=icon][href^="data:"]').length;
    await waitUntil(() => document.title === calls && marks() > 0);
    panel.remove();
    await waitUntil(() => document.title === 'Tea');
    expect(marks(), 'nothing is marked twice').to.equal(0);
  });
});

/** The colours of a picture. */
async function drawn(source: string): Promise<(x: number, y: number) => Uint8ClampedArray> {
  const image = Object.assign(new Image(), { src: source });
  await new Promise((resolve) => (image.onload = resolve));
  const pen = Object.assign(document.createElement('canvas'), { width: 32, height: 32 }).getContext('2d')!;
  pen.drawImage(image, 0, 0);
  return (x, y) => pen.getImageData(x, y, 1, 1).data;
}

describe('A notification', () => {
  const shown: { title: string; closed: boolean; onclick?: () => void }[] = [];
  class Noted {
    static permission = 'granted';
    static requestPermission = () => expect.fail('nobody is asked');
    closed = false;
    constructor(readonly title: string) {
      shown.push(this);
    }
    close() {
      this.closed = true;
    }
  }
  beforeEach(() => {
    shown.length = 0;
    Noted.permission = 'granted';
    restore.push(
      standIn(window, 'Notification', Noted),
      standIn(document, 'hasFocus', () => false),
    );
  });

  it('tells of the call where the person has allowed notifications, once, and goes when the call does', async () => {
    await rings();
    await waitUntil(() => shown.length);
    expect(shown.map(({ title }) => title)).to.deep.equal(['Bob is calling']);
    session.end('cancelled');
    await panel.updateComplete;
    expect(shown.map(({ closed }) => closed)).to.deep.equal([true]);
  });

  it('goes when it is clicked, and does not come back', async () => {
    await rings();
    await waitUntil(() => shown.length);
    shown[0]!.onclick!();
    panel.requestUpdate();
    await panel.updateComplete;
    expect(shown.map(({ closed }) => closed)).to.deep.equal([true]);
  });

  it('is not shown, nor asked for, where the person has not allowed any', async () => {
    Noted.permission = 'default';
    await rings();
    expect(shown).to.deep.equal([]);
  });
});

describe('A phone', () => {
  it('that was touched vibrates until the call is silenced', async () => {
    const pulses: unknown[] = [];
    restore.push(standIn(navigator, 'vibrate', (pulse: unknown) => pulses.push(pulse)));
    restore.push(standIn(navigator, 'userActivation', { hasBeenActive: true }));
    await rings();
    await waitUntil(() => pulses.length === 1);
    press(panel, 'Silence ringtone');
    await waitUntil(() => pulses.length === 2);
    expect(pulses[1]).to.equal(0);
  });
});

describe('The incoming dialog', () => {
  it('does not take the focus from where the person types', async () => {
    const input = fixtureSync<HTMLInputElement>(html`<input />`);
    input.focus();
    await rings();
    expect(document.activeElement).to.equal(input);
  });

  it('is reached by F8, and left by it', async () => {
    const input = fixtureSync<HTMLInputElement>(html`<input />`);
    input.focus();
    await rings();
    pressKey('F8', input);
    expect(panel.shadowRoot!.activeElement).to.equal(part(panel, 'dialog'));
    expect(part(panel, 'dialog')!.getAttribute('aria-keyshortcuts')).to.equal('F8');
    pressKey('F8', part(panel, 'dialog')!);
    expect(document.activeElement).to.equal(input);
  });

  it('leaves F8 to the page where it shall', async () => {
    panel.controlslist = 'noshortcuts';
    await rings();
    expect(pressKey('F8').defaultPrevented).to.equal(false);
    expect(panel.shadowRoot!.activeElement).to.equal(null);
    expect(part(panel, 'dialog')!.hasAttribute('aria-keyshortcuts')).to.equal(false);
  });

  it('is silenced by its control, and stays', async () => {
    await rings();
    press(panel, 'Silence ringtone');
    await waitUntil(() => !controls(panel).includes('Silence ringtone'));
    expect(controls(panel)).to.deep.equal(['Decline', 'Accept without camera', 'Accept']);
    expect(session.asked('decline')).to.deep.equal([]);
  });

  it('is silenced by Escape where nothing has the focus, or itself', async () => {
    await rings();
    pressKey('Escape');
    await waitUntil(() => !controls(panel).includes('Silence ringtone'));
    expect(session.asked('decline')).to.deep.equal([]);
  });

  it('rings on when Escape was meant for something else', async () => {
    const input = fixtureSync<HTMLInputElement>(html`<input />`);
    const dialog = fixtureSync<HTMLDialogElement>(html`<dialog>A question of the page</dialog>`);
    await rings();
    input.focus();
    pressKey('Escape', input);
    input.blur();
    dialog.showModal();
    dialog.blur();
    pressKey('Escape');
    await new Promise((resolve) => setTimeout(resolve));
    await panel.updateComplete;
    expect(controls(panel)).to.include('Silence ringtone');
    dialog.close();
  });

  it('listens to no key any more when the call is over', async () => {
    await rings();
    session.end('cancelled');
    await panel.updateComplete;
    expect(pressKey('F8').defaultPrevented).to.equal(false);
  });
});
