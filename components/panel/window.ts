/**
 * The call in a window of its own that stays in front of others: the card itself, with all its controls, moves there. The
 * element stays where it is, so that nothing that the page or a framework knows of it changes, and its sound stays with it,
 * so that nobody hears the move.
 *
 * Style sheets do not cross documents: the window has copies of the panel's. What the page gave the panel (tokens, language,
 * direction, icons, controls) is there as it is in the page.
 */
import { html, render } from 'lit';
import { icons } from '../icons/index.js';
import { fill } from '../locales/index.js';
import type { CompanionHost } from './companions.js';
import { face, pill, withName } from './view.js';
import type { PanelView } from './view.js';

/** A window that shows a call. */
export interface CallWindow {
  /** The root that the card is in. */
  readonly root: ShadowRoot;
  /** Brings the card back and closes the window. May be called twice. */
  close(): void;
}

const FILLS = `:host { display: block }
.base { position: fixed; inset: 0; display: grid }
.base > .card { inline-size: 100%; block-size: 100%; max-inline-size: none; max-block-size: none; border: 0; border-radius: 0; box-shadow: none; translate: none; transform: none; transition: none }`;

/**
 * Moves the card into a window that was opened for it.
 *
 * @param away whether the window is there only until the page is in front again
 * @param closed called when the card is back, whoever has closed the window
 */
export function furnishWindow(
  opened: Window & typeof globalThis,
  panel: CompanionHost,
  view: PanelView,
  away: boolean,
  closed: () => void,
): CallWindow {
  const { root, release } = furnish(opened, panel, view);
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    document.removeEventListener('visibilitychange', seen);
    comeBack();
    release();
    opened.close();
    closed();
  };
  const seen = () => document.visibilityState === 'visible' && close();
  if (away) document.addEventListener('visibilitychange', seen);
  const comeBack = move(panel, root, view, close);
  opened.addEventListener('pagehide', close, { once: true });
  return { root, close };
}

/** Makes the document of the window ready for the card. */
function furnish(opened: Window & typeof globalThis, panel: CompanionHost, view: PanelView) {
  const { document: page } = opened;
  const frame = page.createElement('div');
  const root = frame.attachShadow({ mode: 'open' });
  const sheets = panel.shadowRoot!.adoptedStyleSheets.map((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText).join('\n'));
  const styled = (text: string) => {
    const sheet = new opened.CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  };
  root.adoptedStyleSheets = [...sheets, FILLS].map(styled);
  page.adoptedStyleSheets = [styled('body { margin: 0; background: #14161c }')];
  const given = getComputedStyle(panel);
  for (const [token] of sheets.join().matchAll(/--video-call-[\w-]+/g)) frame.style.setProperty(token, given.getPropertyValue(token));
  page.documentElement.lang = view.lang;
  page.documentElement.dir = given.direction;
  page.documentElement.style.colorScheme = given.colorScheme;
  page.title = fill(view.words.callWith, { name: view.snapshot.call?.name ?? '' });
  const release = copyGiven(panel, frame);
  page.body.append(frame);
  return { root, release };
}

/** Copies what the page has put into the slots. A click on a copy is a click on what it is a copy of. */
function copyGiven(panel: Element, frame: Element): () => void {
  const originals = new Map<EventTarget | null, Element>();
  for (const given of panel.children) {
    const copy = given.cloneNode(true) as HTMLElement;
    const all = [given, ...given.querySelectorAll('*')];
    [copy, ...copy.querySelectorAll('*')].forEach((each, at) => originals.set(each, all[at]!));
    // Styles of the page do not reach the copy: a logo keeps at least its size.
    const { width, height } = given.getBoundingClientRect();
    if (given.matches('img, svg') && width) Object.assign(copy.style, { width: `${width}px`, height: `${height}px` });
    frame.append(copy);
  }
  const passOn = (event: Event) => {
    // Inside a picture nothing can be clicked but the picture's surroundings.
    const original = originals.get(event.target)?.closest<HTMLElement>(':not(svg, svg *)');
    if (!original || !panel.contains(original) || original === panel) return;
    event.preventDefault();
    original.click();
  };
  frame.addEventListener('click', passOn);
  return () => frame.removeEventListener('click', passOn);
}

/** Moves the card to the window, and leaves a word in its place. Answers the function that brings it back. */
function move(panel: CompanionHost, root: ShadowRoot, view: PanelView, close: () => void): () => void {
  const here = panel.shadowRoot!;
  const parts = [...here.children];
  const focused = here.activeElement;
  const holder = Object.assign(document.createElement('div'), { className: 'holder' });
  holder.style.display = 'contents';
  parts[0]!.before(holder);
  render(word(view, close), holder);
  const sounds = [...here.querySelectorAll('audio')].map((sound) => ({ sound, place: document.createComment('') }));
  for (const { sound, place } of sounds) {
    sound.before(place);
    // Within a document an element that is moved plays on.
    holder.append(sound);
  }
  // A popover that is not open has no place to be seen, nor to have the focus.
  for (const part of parts) part.removeAttribute('popover');
  root.append(...parts);
  (focused && root.contains(focused) ? (focused as HTMLElement) : root.querySelector<HTMLElement>('.card'))?.focus();
  holder.querySelector<HTMLElement>('[popover]')?.showPopover();
  return () => {
    const focused = root.activeElement ?? (holder.contains(here.activeElement) && root.querySelector('.card'));
    for (const { sound, place } of sounds) {
      if (place.isConnected) place.replaceWith(sound);
      else sound.srcObject = null;
    }
    holder.before(...parts);
    holder.remove();
    if (focused) (focused as HTMLElement).focus({ preventScroll: true });
  };
}

/** What stands in the page while the call is elsewhere. */
function word({ words, layout, snapshot, lang, root }: PanelView, close: () => void) {
  const { dir } = root.querySelector<HTMLElement>('.base')!;
  const back = pill('pip', words.bringBack, close, { icon: icons.pip, kind: layout === 'inline' ? 'quiet' : '' });
  const name = snapshot.call?.name ?? '';
  return layout === 'inline'
    ? html`<div part="base" class="base inline" lang=${lang} dir=${dir}>
        <section part="dialog" class="card sheet">
          <div class="who">
            ${face(name)}
            <div part="title" class="title small">${withName(words.inWindow, name)}</div>
          </div>
          ${back}
        </section>
      </div>`
    : html`<div part="base" class="base ${layout === 'fullscreen' ? 'floating' : layout}" lang=${lang} dir=${dir} popover="manual">
        ${back}
      </div>`;
}
