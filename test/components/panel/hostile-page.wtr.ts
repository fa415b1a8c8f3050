import { expect, fixtureSync, html } from '@open-wc/testing';
import type { CallSnapshot } from '../../../components/call/session.js';
import type { FakeSession, FakeSessions } from '../../support/fake-session.js';
import { callWith } from '../../support/fake-session.js';
import { freshPage, part, sessionOf } from '../../support/panel-page.js';
import { waitUntil } from '../../support/wait.js';

let sessions: FakeSessions;
beforeEach(async () => (sessions = await freshPage()));

const on = { microphone: true, camera: true, screen: false };
const STATES: Record<string, () => Partial<CallSnapshot>> = {
  incoming: () => ({ state: 'incoming', call: callWith({ name: 'Bob Marlowe', direction: 'incoming' }) }),
  ringing: () => ({ state: 'ringing', alert: 'sound', call: callWith({ name: 'Bob Marlowe' }), local: on }),
  connected: () => ({ state: 'connected', call: callWith({ name: 'Bob Marlowe', startedAt: Date.now() }), local: on, remote: on }),
  ended: () => ({ state: 'ended', reason: 'no-answer', call: callWith({ name: 'Bob Marlowe' }) }),
};

/** What pages do to everything in them. */
const INHERITED = `
  font: italic bold 60px/3 cursive; letter-spacing: 9px; word-spacing: 30px; text-transform: uppercase; text-align: end; text-indent: 40px;
  text-shadow: 0 0 9px red; white-space: pre; word-break: break-all; overflow-wrap: anywhere; hyphens: auto; color: red; cursor: crosshair;
  -webkit-text-fill-color: red; -webkit-text-stroke: 3px blue; user-select: none; pointer-events: none; list-style: square inside;
  font-variant: small-caps; font-stretch: expanded; font-feature-settings: 'smcp'; tab-size: 1; text-wrap: balance; quotes: none;
  text-decoration: underline wavy red; text-emphasis: dot; text-underline-offset: 9px; border-collapse: collapse; visibility: visible`;
const HOSTILE: Record<string, { readonly page: string; readonly around?: string }> = {
  'that styles everything for everybody': {
    page: `html { font-size: 40px } body, body * { ${INHERITED.replaceAll(';', ' !important;')} !important }`,
  },
  'that takes all styles back': { page: 'body * { all: revert !important }' },
  'that turns, cuts, blurs and covers what is in it': {
    page: `body::after { content: ''; position: fixed; inset: 0; z-index: 2147483647; background: rgb(255 0 0 / 0.5); transform: translateZ(0) }
      button, section, header, footer, video, [role=dialog], .base, .card { display: none !important }`,
    around:
      'transform: rotate(3deg) scale(0.7); filter: blur(1px); perspective: 100px; contain: layout paint; overflow: hidden; opacity: 0.2; z-index: -1; will-change: transform; backdrop-filter: blur(3px); clip-path: inset(40%)',
  },
};

/** Where everything in an element stands, from its outermost box, and how its words look. */
function looksOf(element: Element): string[] {
  const root = element.shadowRoot!;
  const origin = (root.querySelector('.base') ?? root.querySelector('button'))!.getBoundingClientRect();
  return [...root.querySelectorAll('*')].flatMap((each) => {
    if (each.closest('.live-region') || !each.checkVisibility()) return [];
    const { x, y, width, height } = each.getBoundingClientRect();
    const { color, fontFamily, fontWeight, fontStyle, textTransform, cursor, textDecorationLine } = getComputedStyle(each);
    const words = [color, fontFamily, fontWeight, fontStyle, textTransform, cursor, textDecorationLine];
    return `${each.localName}.${each.getAttribute('class') ?? ''}: ${[x - origin.x, y - origin.y, width, height].map((side) => Math.round(side)).join(' ')} | ${words.join(' ')}`;
  });
}

/** The buttons that can be seen. */
const controlsOf = ({ shadowRoot }: Element) =>
  [...shadowRoot!.querySelectorAll('button')].filter((button) => button.checkVisibility({ visibilityProperty: true }));

/** Lets a page be as hostile as it likes until the function that is returned is called. */
function enrage({ page, around = '' }: { readonly page: string; readonly around?: string }, box: HTMLElement): () => void {
  const sheet = document.head.appendChild(Object.assign(document.createElement('style'), { textContent: page }));
  const before = box.style.cssText;
  box.style.cssText += around;
  return () => {
    sheet.remove();
    box.style.cssText = before;
  };
}

/** An element in a box, in this state of its session. */
async function inBox(
  markup: unknown,
  fields: Partial<CallSnapshot>,
): Promise<[box: HTMLElement, element: HTMLElement, session: FakeSession]> {
  const box = fixtureSync<HTMLElement>(html`<div style="inline-size: 640px !important">${markup}</div>`);
  const session = await sessionOf(sessions, 'alice');
  session.show(fields);
  const element = box.firstElementChild as HTMLElement & { updateComplete: Promise<unknown> };
  await element.updateComplete;
  await waitUntil(() => element.shadowRoot!.querySelector('.base, button'));
  return [box, element, session];
}

/** What is loaded late is there, and what moves has arrived. */
async function settled(element: HTMLElement): Promise<void> {
  await Promise.all([import('../../../components/panel/moves.js'), import('../../../components/panel/voice-rings.js')]);
  await new Promise((resolve) => setTimeout(resolve));
  await (element as HTMLElement & { updateComplete?: Promise<unknown> }).updateComplete;
  for (const animation of element.shadowRoot!.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
}

for (const [kind, hostility] of Object.entries(HOSTILE)) {
  for (const [state, fields] of Object.entries(STATES)) {
    it(`In a page ${kind} a floating panel that is ${state} is as it is in any other, above everything, and can be pressed`, async () => {
      const [box, panel] = await inBox(html`<video-call-panel me="alice" ringtone="none" ringback="none"></video-call-panel>`, fields());
      await settled(panel);
      const at = () => part(panel, 'base')!.getBoundingClientRect().toJSON() as unknown;
      const calm = [...looksOf(panel), at()];
      const calmed = enrage(hostility, box);
      const angry = [...looksOf(panel), at()];
      const covered = controlsOf(panel).filter((button) => {
        const { x, y, width, height } = button.getBoundingClientRect();
        return !button.contains(panel.shadowRoot!.elementFromPoint(x + width / 2, y + height / 2));
      });
      calmed();
      expect(angry).to.deep.equal(calm);
      expect(covered).to.deep.equal([]);
    });
  }
}

const EVERYTHING = 'that styles everything for everybody';
const BACK = 'that takes all styles back';
const call = html`<video-call-panel me="alice" layout="inline" ringback="none"></video-call-panel>`;
const idle = html`<video-call-panel me="alice" peer="bob" layout="inline"></video-call-panel>`;
const list = html`<video-call-roster me="alice"></video-call-roster>`;
const history = html`<video-call-history me="alice"></video-call-history>`;

for (const [kind, name, markup, fields] of [
  [EVERYTHING, 'an idle panel in its place', idle, {}],
  [EVERYTHING, 'a call in its place', call, STATES.connected!()],
  [EVERYTHING, 'a list of people', list, {}],
  [EVERYTHING, 'a history without calls', history, {}],
  [EVERYTHING, 'a button', html`<video-call-button me="alice" peer="bob"></video-call-button>`, {}],
  // How much room a panel or a button in its place has is for such a page to say.
  [BACK, 'a call in its place', call, STATES.connected!()],
  [BACK, 'a list of people', list, {}],
  [BACK, 'a history without calls', history, {}],
] as const) {
  it(`In a page ${kind} ${name} is as it is in any other`, async () => {
    const [box, element, session] = await inBox(markup, { relayStatus: 'offline', ...fields });
    session.people = [{ peer: 'bob', name: 'Bob Marlowe', presence: 'online' }];
    session.setPresence('bob', 'online', 'Bob Marlowe');
    session.show({ relayStatus: 'online' });
    await settled(element);
    const calm = looksOf(element);
    expect(calm.length).to.be.greaterThan(3);
    const calmed = enrage(HOSTILE[kind]!, box);
    const angry = looksOf(element);
    calmed();
    expect(angry).to.deep.equal(calm);
  });
}

it('What stands in a part of the page that is hidden is hidden with it, and a call that comes in is not', async () => {
  const [box, panel, session] = await inBox(idle, {});
  box.style.visibility = 'hidden';
  expect(controlsOf(panel)).to.deep.equal([]);
  panel.setAttribute('layout', 'floating');
  session.show(STATES.incoming!());
  await settled(panel);
  expect(controlsOf(panel).map(({ textContent }) => textContent.trim())).to.include('Accept');
  expect(getComputedStyle(panel.shadowRoot!.querySelector('[role=alert]')!).visibility).to.equal('visible');
});
