/** The pages that are made from the elements' docs: the reference for people, and llms.txt for programs that write code. */

/** @import { ElementDoc, Setting } from './model.mjs' */
/** @import { Field, NamedType } from './types.mjs' */

const code = (/** @type {string} */ text) => (text === '' ? '' : `\`${text}\``);
const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|');
const bare = (/** @type {string} */ source) => source.replaceAll(/^'|'$/g, '');

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |\n`;
  return `${line(head)}|${'---|'.repeat(head.length)}\n${rows.map(line).join('')}`;
}

/** A title with a table under it, or nothing where the table would be empty. */
const section = (title, head, rows) => (rows.length > 0 ? `\n${title}\n\n${table(head, rows)}` : '');

/** What the attribute takes, in words of HTML. @param {Setting} setting */
function takes({ words, boolean, number, object }) {
  if (boolean) return 'boolean';
  if (words) return words.map(code).join(' ');
  return number ? 'number' : object ? 'text: JSON' : 'text';
}

/** @param {Setting[]} settings */
const attributeRows = (settings) =>
  settings.map((setting) => [
    code(setting.name),
    takes(setting),
    setting.boolean ? 'off' : code(bare(setting.fallback)),
    setting.property === setting.name ? '' : code(setting.property),
    setting.description,
  ]);
const ATTRIBUTES = ['attribute', 'takes', 'default', 'property, if its name is another', 'meaning'];

const typed = (list) => list.map(({ name, type, description }) => [code(name), code(type ?? ''), description]);
const named = (list) => list.map(({ name, description }) => [code(name), description]);
const fieldRows = (/** @type {Field[]} */ fields) =>
  fields.map(({ name, type, description, optional }) => [code(name + (optional ? '?' : '')), code(type), description]);

/** @param {ElementDoc} element */
function elementSection({
  tag,
  description,
  attributes,
  signs,
  properties,
  methods,
  events,
  slots,
  parts,
  cssProperties,
  states,
  className,
}) {
  const own = attributes.filter(({ shared }) => !shared);
  return `
## \`<${tag}>\`

${description} Class: \`${className}\`, from \`video-call-elements/${tag.replace('video-call-', '')}\`.
${section('### Attributes', ATTRIBUTES, attributeRows(own))}\
${section('Written by the element itself, for your styles:', ['attribute', 'takes', 'meaning'], typed(signs.map(readable)))}\
${section('### Properties, read only', ['property', 'type', 'meaning'], typed(properties))}\
${section(
  '### Methods',
  ['method', 'what it does'],
  methods.map(({ signature, description: does }) => [code(signature), does]),
)}\
${section(
  '### Events',
  ['event', 'class', 'when'],
  events.map(({ name, type, description: when }) => [code(name), `[\`${type}\`](#${type.toLowerCase()})`, when]),
)}\
${section(
  '### Slots',
  ['slot', 'what goes in'],
  slots.map(({ name, description: what }) => [name ? code(name) : 'without a name', what]),
)}\
${section('### Parts, for `::part()`', ['part', 'what it is'], named(parts))}\
${section('### States, for `:state()`', ['state', 'when'], named(states))}\
${section(
  '### Custom properties of CSS',
  ['property', 'default', 'of what'],
  cssProperties.map(({ name, description: of, fallback = '' }) => [code(name), code(fallback), of]),
)}`;
}

/** The list of words in the docs of an attribute that has no property. */
const readable = (sign) => ({ ...sign, type: sign.type?.replaceAll('|', ' ') });

/** @param {NamedType} type */
function typeSection({ name, description, words, fields }) {
  const list = words ? `${description ? '\n' : ''}One of ${words.map(code).join(' ')}.\n` : '';
  return `\n### ${name}\n\n${description ? `${description}\n` : ''}${list}${fields ? `\n${table(['field', 'type', 'meaning'], fieldRows(fields))}` : ''}`;
}

/** Everything that the elements have. @param {ElementDoc[]} elements @param {NamedType[]} types */
export function referencePage(elements, types) {
  const events = new Map(elements.flatMap((element) => element.events.map((event) => [event.type, event])));
  const shared = elements[0].attributes.filter((attribute) => attribute.shared);
  return `<!-- Made from the docs of the elements: change those, then run \`npm run reference\`. -->

# Reference

Attributes have properties of the same name in camelCase, by which scripts set them; booleans are real booleans, and off by default. Nothing that
is changed ends a call. Typings for React, Vue and Svelte come with the package (\`video-call-elements/react\`, \`/vue\`, \`/svelte\`), as do data for
editors (\`video-call-elements/vscode.html-custom-data.json\`, \`/web-types.json\`, \`/custom-elements.json\`).

${elements.map(({ tag, description }) => `- [\`<${tag}>\`](#${tag}): ${description}`).join('\n')}
- [All of them](#all-of-them), [events](#events-and-their-fields), [types](#types)
${elements.map(elementSection).join('')}
## All of them

${table(ATTRIBUTES, attributeRows(shared))}
## Events and their fields

All of them bubble and cross shadow roots: listen on the element, on anything around it, on \`document\` or on \`window\`.
${[...events.values()]
  .map(({ type, name, fields }) => `\n### ${type}\n\n\`${name}\`\n\n${table(['field', 'type', 'meaning'], fieldRows(fields))}`)
  .join('')}
## Types

What \`import type { … } from 'video-call-elements'\` gives, and what those are made of.
${types
  .filter(({ name }) => !events.has(name))
  .map(typeSection)
  .join('')}`;
}

const item = (/** @type {string} */ name, /** @type {string} */ text) => `- \`${name}\`: ${text}\n`;
const list = (title, items) => (items.length > 0 ? `\n${title}:\n\n${items.join('')}` : '');

/** @param {ElementDoc} element */
function elementInShort({ tag, description, attributes, methods, properties, events, slots, parts }) {
  const own = attributes.filter(({ shared }) => !shared);
  return `
## \`<${tag}>\`

${description}
${list('Attributes', own.map(attributeInShort))}\
${list(
  'Properties, read only',
  properties.map(({ name, type, description: what }) => item(`${name}: ${type}`, what)),
)}\
${list(
  'Methods',
  methods.map(({ signature, description: does }) => item(signature, does)),
)}\
${list('Events', events.map(eventInShort))}
Slots: ${slots.map(({ name }) => (name ? `\`${name}\`` : 'the default one')).join(', ')}. Parts: ${parts.map(({ name }) => `\`${name}\``).join(', ')}.
`;
}

const attributeInShort = (/** @type {Setting} */ setting) =>
  item(
    setting.name,
    `${takes(setting)}${bare(setting.fallback) && !setting.boolean ? `, by default \`${bare(setting.fallback)}\`` : ''}. ${setting.description}`,
  );
const eventInShort = ({ name, description, fields }) =>
  item(name, `${description} Fields: ${fields.map((field) => `\`${field.name}: ${field.type}\``).join(', ')}.`);

const OPENING = `# video-call-elements

> One-to-one video and voice calls for any web page: custom elements (Lit), and a small relay for Node that brings two pages together. Media goes
> directly from browser to browser (WebRTC).

A page that calls somebody needs two lines; the widget finds its relay from the address of its script:

\`\`\`html
<script type="module" src="https://relay.example.com/video-call.js"></script>
<video-call-button peer="support">Talk to us</video-call-button>
\`\`\`

A page that can be called has a panel with an ID of its own:

\`\`\`html
<video-call-panel me="alice" display-name="Alice" token-src="/call-token"></video-call-panel>
\`\`\`

With a bundler: \`import 'video-call-elements'\`, and \`relay="wss://relay.example.com"\` on the elements. The relay: \`npx --package=video-call-elements video-call-relay\`, or
\`createRelay()\` from \`video-call-elements/relay\`. Importing a class, as from \`video-call-elements/panel\`, registers nothing.

Rules that are easily missed:

- Camera and microphone need \`https:\` or \`localhost\`; a page in a frame needs \`allow="camera; microphone; display-capture; autoplay; fullscreen"\`.
- Attributes have properties in camelCase; booleans are off by default. Changing one never ends a call.
- Events bubble; their fields are plain properties of the event, without \`detail\`. \`preventDefault()\` of \`call-request\` vetoes a call.
- React 19 and Svelte 5 listen with \`oncall-ended={…}\`, Vue 3 with \`@call-ended\`; typings are in \`video-call-elements/react\`, \`/svelte\`, \`/vue\`.
- Text from another person (\`call-message\`, names) is never markup.
- Without tokens a relay takes every ID on trust: for production, \`--auth-secret\` and \`token-src\`.
`;

/**
 * llms.txt (https://llmstxt.org): what a program that writes code must know.
 *
 * @param {ElementDoc[]} elements @param {NamedType[]} types
 * @param {{ title: string, url: string, what: string }[]} links where there is more
 */
export function llmsPage(elements, types, links) {
  const shared = elements[0].attributes.filter((attribute) => attribute.shared);
  const words = types.filter(({ words: some }) => some);
  return `${OPENING}${elements.map(elementInShort).join('')}
## Attributes of all elements

${shared.map(attributeInShort).join('')}
## Types

${types
  .filter(({ fields, name }) => fields && !name.endsWith('Event'))
  .map(
    ({ name, fields }) =>
      `- \`${name}\`: \`{ ${fields.map((field) => `${field.name}${field.optional ? '?' : ''}: ${field.type}`).join('; ')} }\`\n`,
  )
  .join('')}${words.map(({ name, words: some }) => `- \`${name}\`: ${some.map((word) => `\`${word}\``).join(' ')}\n`).join('')}
## More

${links.map(({ title, url, what }) => `- [${title}](${url}): ${what}\n`).join('')}`;
}
