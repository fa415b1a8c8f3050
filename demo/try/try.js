/** A piece of HTML that the reader edits, the page that it makes, and somebody to call. */
import { writeEvents } from '../events.js';
import { coloured, withAttribute } from './html.js';
import { show } from './page.js';

/** An ending of the IDs, so that visitors of one relay do not meet; the same while this tab is open. */
const ending = (sessionStorage.tryEnding ??= Math.random().toString(36).slice(2, 6));
const own = (text) => text.replace(/\b(alice|bob)\b(?=["']|$)/g, `$1.${ending}`);

const find = (id) => document.getElementById(id);
const [field, frame, trouble, list] = ['html', 'preview', 'trouble', 'events'].map(find);
const colours = document.querySelector('.code pre');
/** The example as it is written in the page, without the indentation that it has there. */
const indented = find('example').textContent.replace(/^\n+|\s+$/g, '');
const example = own(indented.replaceAll(new RegExp(`^${/^ */.exec(indented)[0]}`, 'gm'), ''));

/** The page in the frame, once it is there. */
const page = new Promise((resolve) => {
  const ready = () => frame.contentDocument?.querySelector('main');
  if (frame.contentDocument?.readyState === 'complete' && ready()) resolve(frame.contentDocument);
  else frame.addEventListener('load', () => resolve(frame.contentDocument), { once: true });
});

/** The attribute that is wrong now: `{ tag, name, value }`. */
let wrong;

async function update() {
  const { body } = await page;
  colours.replaceChildren(...coloured(field.value), '\n');
  show(body.querySelector('main'), field.value);
  const still = wrong && [...body.querySelectorAll(wrong.tag)].some((element) => element.getAttribute(wrong.name) === wrong.value);
  if (!still) trouble.textContent = '';
  for (const refresh of refreshes) refresh(body);
}

function write(text) {
  if (text === field.value) return;
  field.value = text;
  void update();
}

/** What follows the page when it changes. */
const refreshes = [];

/** Buttons for the values of an attribute. */
function offer(row) {
  const { of, attribute, values, list } = row.dataset;
  // Of a list any number of words may be there, else one value at a time.
  const wordsIn = (body) => (body.querySelector(of)?.getAttribute(attribute) ?? '').split(/\s+/).filter(Boolean);
  const group = document.createElement('div');
  group.className = 'values';
  group.role = 'group';
  group.ariaLabel = `Values of ${attribute}`;
  for (const value of values.split('|').map(own)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = value || 'on';
    const isSet = (body) =>
      list === undefined ? body.querySelector(of)?.getAttribute(attribute) === value : wordsIn(body).includes(value);
    const next = (body) => {
      if (list === undefined) return isSet(body) ? null : value;
      const words = isSet(body) ? wordsIn(body).filter((word) => word !== value) : [...wordsIn(body), value];
      return words.join(' ') || null;
    };
    button.addEventListener('click', async () => {
      const { body } = await page;
      write(withAttribute(field.value, of, attribute, next(body)));
    });
    refreshes.push((body) => (button.ariaPressed = String(isSet(body))));
    group.append(button);
  }
  row.lastElementChild.append(group);
}

/** The value that an attribute has by itself. */
function follow(row) {
  const { of, attribute } = row.dataset;
  const now = document.createElement('output');
  now.className = 'now';
  now.ariaLabel = `${attribute} now`;
  row.lastElementChild.append(now);
  refreshes.push((body) => {
    const value = body.querySelector(of)?.getAttribute(attribute) ?? null;
    const text = value === null ? 'not set' : value || 'set';
    if (now.textContent !== text) now.textContent = text;
  });
}

for (const row of document.querySelectorAll('tr[data-values]')) offer(row);
for (const row of document.querySelectorAll('tr[data-live]')) follow(row);

document.querySelector('.groups [aria-current]').scrollIntoView({ block: 'nearest', inline: 'center' });
field.value = example;
field.addEventListener('input', update);
find('reset').addEventListener('click', () => write(example));
find('clear').addEventListener('click', () => list.replaceChildren());
find('copy').addEventListener('click', async ({ currentTarget: button }) => {
  await navigator.clipboard.writeText(`<script type="module" src="${location.origin}/video-call.js"></script>\n\n${field.value}\n`);
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 2000);
});

// Bob is there once he has his ID. Somebody without an ID can call him, and cannot be called.
const other = document.createElement('video-call-panel');
const attributes = { id: 'other', me: own('bob'), 'display-name': 'Bob', layout: 'inline', 'virtual-camera': '' };
if (/\bme=/.test(example)) attributes.peer = own('alice');
for (const [name, value] of Object.entries(attributes)) other.setAttribute(name, value);
find('place').append(other);

writeEvents(list, document, () => 'bob');
void page.then((made) => {
  writeEvents(list, made, () => 'alice');
  made.addEventListener('call-error', ({ target, code, cause }) => {
    if (code !== 'bad-attribute') return;
    const name = /"(.+?)"/.exec(String(cause))?.[1] ?? '';
    wrong = { tag: target.localName, name, value: target.getAttribute(name) };
    trouble.textContent = String(cause);
  });
  new MutationObserver(() => refreshes.forEach((refresh) => refresh(made.body))).observe(made.body, { attributes: true, subtree: true });
});
void update();
