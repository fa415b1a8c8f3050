/** A person who has nothing but a keyboard: goes from control to control, and looks where the focus is. */
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { CDPSession, KeyInput, Page } from 'puppeteer-core';
import { PATIENCE } from './person.js';
import type { Person } from './person.js';

/** Most presses of the Tab key from one control to another. */
const MOST_TABS = 30;

/** The browser's own tools, one connection for each page. */
const tools = new WeakMap<Page, Promise<CDPSession>>();
const toolsOf = (page: Page): Promise<CDPSession> => {
  const known = tools.get(page) ?? page.createCDPSession();
  tools.set(page, known);
  return known;
};

/** Expression for what has the focus, through every shadow root. */
const FOCUSED = `(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at ?? document.body;
})()`;

/** Where the focus is, as the browser tells a screen reader: `button Mute microphone`; `body` where it is nowhere. */
export async function focusOf({ page }: Person): Promise<string> {
  const session = await toolsOf(page);
  const { result } = await session.send('Runtime.evaluate', { expression: FOCUSED });
  if (result.className === 'HTMLBodyElement') return 'body';
  const { nodes } = await session.send('Accessibility.getPartialAXTree', { objectId: result.objectId!, fetchRelatives: false });
  return `${nodes[0]?.role?.value} ${nodes[0]?.name?.value ?? ''}`.trim();
}

/** What is wrong with how the focus is shown; runs in the page. */
function faultOfMark(): string {
  const kept = globalThis as unknown as { marked?: { element: Element; look: string } };
  const lookOf = (element: Element) =>
    [...(element.matches('input, textarea') ? [element.parentElement!] : []), element, ...element.querySelectorAll('*')]
      .map((each) => getComputedStyle(each))
      .map(({ outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow }) =>
        [outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow].join(' '),
      )
      .join();
  const isOutlined = (element: Element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
  };
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return 'nothing has it';
  const { width, height } = at.getBoundingClientRect();
  if (width < 2 || height < 2 || !at.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
    return `what has it cannot be seen: ${at.outerHTML.slice(0, 80)}`;
  }
  const { marked } = kept;
  if (marked && marked.element !== at && marked.element.checkVisibility() && lookOf(marked.element) === marked.look) {
    return `what had it before looks the same without it: ${marked.element.outerHTML.slice(0, 80)}`;
  }
  kept.marked = { element: at, look: lookOf(at) };
  // How a field shows it is its own matter; that it does is found when the focus leaves it.
  const outlined = [at, ...at.querySelectorAll('*')].some(isOutlined) || at.matches('input, textarea');
  return outlined ? '' : `what has it shows no outline: ${at.outerHTML.slice(0, 80)}`;
}

/**
 * Fails unless whoever looks sees where the focus is: by an outline at the control or in it, or for a field by anything that looks
 * otherwise without it. What is only faded in may take a moment.
 */
async function checkMark({ page, name }: Person): Promise<void> {
  let fault = await page.evaluate(faultOfMark);
  for (const until = Date.now() + 1000; fault && Date.now() < until; fault = await page.evaluate(faultOfMark)) await setTimeout(20);
  assert.equal(fault, '', `${name} sees what has the focus`);
}

/** Waits until the focus is there, as `focusOf` says it, and fails unless that is to be seen. */
export async function hasFocus(person: Person, where: string): Promise<void> {
  let now = await focusOf(person);
  for (const until = Date.now() + PATIENCE; now !== where && Date.now() < until; now = await focusOf(person)) await setTimeout(20);
  assert.equal(now, where, `the focus of ${person.name}`);
  await checkMark(person);
}

/** Goes on with the Tab key until what has this role and name has the focus; each stop on the way is to be seen. */
export async function tabTo(person: Person, where: string, { back = false } = {}): Promise<void> {
  const [role, ...name] = where.split(' ');
  await person.find(name.join(' '), role);
  const passed: string[] = [];
  for (let now = await focusOf(person); now !== where; now = await focusOf(person)) {
    if (passed.push(now) > MOST_TABS) assert.fail(`${person.name} comes to “${where}” by the Tab key, and not past ${passed.join(', ')}`);
    await strike(person, back ? 'Shift+Tab' : 'Tab');
    if ((await focusOf(person)) !== 'body') await checkMark(person);
  }
}

/** Presses a key, or several at once. */
export async function strike({ page }: Person, keys: string): Promise<void> {
  const [key, ...held] = keys.split('+').reverse() as KeyInput[];
  for (const each of held) await page.keyboard.down(each);
  await page.keyboard.press(key!);
  for (const each of held) await page.keyboard.up(each);
}
