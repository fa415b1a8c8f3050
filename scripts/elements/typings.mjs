/** The typings of the elements for frameworks: what they take in the templates of React, Vue and Svelte, made from their docs. */

/** @import { ElementDoc, Setting } from './model.mjs' */

const MADE = '// Made from the docs of the elements by scripts/elements; do not edit.';

const quoted = (/** @type {string} */ word) => `'${word}'`;
const pascal = (/** @type {string} */ name) => name.replaceAll(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
const capital = (/** @type {string} */ name) => name[0].toUpperCase() + name.slice(1);
const key = (/** @type {string} */ name) => (/^\w+$/.test(name) ? name : quoted(name));

/** What may be written where text is meant: a list of words, a number, or text. */
function textType({ words, boolean, number }) {
  if (boolean) return 'boolean';
  if (number) return 'number | `${number}`';
  return words ? words.map(quoted).join(' | ') : 'string';
}

const doc = (description, { fallback = '' } = {}) => {
  const usual = ['', "''", 'false'].includes(fallback) ? '' : ` Default: \`${fallback.replaceAll("'", '')}\`.`;
  return `    /** ${description.replaceAll('*/', '*\\/')}${usual} */\n`;
};
const member = (name, type, description, setting) => `${doc(description, setting)}    ${key(name)}?: ${type} | undefined;\n`;

/** The settings of one element as members of an interface. @param {Setting[]} settings */
const attributes = (settings) => settings.map((setting) => member(setting.name, textType(setting), setting.description, setting)).join('');

/** Imports of what typings name, from the package's own modules. @param {ElementDoc[]} elements @param {string[]} more */
function imports(elements, more = []) {
  const names = new Set([...elements.flatMap(({ className, events }) => [className, ...events.map(({ type }) => type)]), ...more]);
  return `import type {\n${[...names]
    .sort()
    .map((name) => `  ${name},\n`)
    .join('')}} from '../components/video-call.js';\n`;
}

const HANDLER = `/** Hears an event of an element. */
type Listener<Target extends HTMLElement, Heard extends Event> = (event: Heard & { readonly currentTarget: Target }) => void;
`;

/** Listeners as React 19 and Svelte 5 take them: \`on\`, and the name of the event as it is. @param {ElementDoc} element */
const listeners = ({ className, events }) =>
  events.map(({ name, type, description }) => member(`on${name}`, `Listener<${className}, ${type}>`, description)).join('');

const interfaces = (elements, name, base, members) =>
  elements
    .map(
      (element) =>
        `/** What \`<${element.tag}>\` takes. ${element.description} */\nexport interface ${element.className}${name} extends ${base(element)} {\n` +
        `${members(element).replaceAll(/^ {4}/gm, '  ')}}\n`,
    )
    .join('\n');

/** Names of listeners that React would take and never call: the event's name has to be as it is. @param {ElementDoc} element */
const misnomers = ({ events }) =>
  events
    .map(
      ({ name }) =>
        `    /** @deprecated React would listen to \`${capital(name)}\`: write \`on${name}\`. */\n    'on${capital(name)}'?: never;\n`,
    )
    .join('');

/** Typings for React 19. @param {ElementDoc[]} elements */
export function reactTypings(elements) {
  return `${MADE}
/**
 * The elements in the JSX of React 19: \`import type {} from 'video-call-elements/react'\`, once in a project.
 *
 * Attributes have their names in HTML (\`display-name\`), and listeners those of the events (\`oncall-ended\`): React sets nothing else on an
 * element whose code has not been loaded yet. Objects go to properties, through a \`ref\`.
 */
import type { ClassAttributes, HTMLAttributes } from 'react';
${imports(elements)}
${HANDLER}
${interfaces(
  elements,
  'Props',
  ({ className }) => `HTMLAttributes<${className}>, ClassAttributes<${className}>`,
  (element) => attributes(element.attributes) + listeners(element) + misnomers(element),
)}
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elements.map(({ tag, className }) => `      '${tag}': ${className}Props;\n`).join('')}    }
  }
}
`;
}

/** Properties that take more than text, beside the attributes of theirs. */
const objects = (settings) =>
  settings
    .filter(({ object }) => object)
    .map((setting) => member(setting.property, setting.type.replace(' | undefined', ''), setting.description, setting))
    .join('');

const isTextOnly = ({ object, name, property }) => !object || name !== property;

/** Typings for Svelte 5. @param {ElementDoc[]} elements */
export function svelteTypings(elements) {
  return `${MADE}
/**
 * The elements in the templates of Svelte 5: \`import type {} from 'video-call-elements/svelte'\`, once in a project.
 *
 * Attributes have their names in HTML (\`display-name\`), and listeners those of the events (\`oncall-ended\`).
 */
import type { HTMLAttributes } from 'svelte/elements';
${imports(elements, ['WordChanges'])}
${HANDLER}
${interfaces(
  elements,
  'Attributes',
  ({ className }) => `Omit<HTMLAttributes<${className}>, 'lang'>`,
  (element) => attributes(element.attributes.filter(isTextOnly)) + objects(element.attributes) + listeners(element),
)}
declare module 'svelte/elements' {
  export interface SvelteHTMLElements {
${elements.map(({ tag, className }) => `    '${tag}': ${className}Attributes;\n`).join('')}  }
}
`;
}

/** Typings for Vue 3. @param {ElementDoc[]} elements */
export function vueTypings(elements) {
  const settings = (element) =>
    element.attributes
      // Vue writes an object into an attribute as "[object Object]". Its compiler knows `:words.prop` and `:words` by one type.
      .map((setting) => member(setting.property, setting.object ? 'string' : textType(setting), setting.description, setting))
      .join('');
  const handlers = ({ className, events }) =>
    events.map(({ name, type, description }) => member(`on${pascal(name)}`, `Listener<${className}, ${type}>`, description)).join('');
  return `${MADE}
/**
 * The elements in the templates of Vue 3: \`import type {} from 'video-call-elements/vue'\`, once in a project. Vue has to be told that they
 * are elements: \`compilerOptions.isCustomElement: (tag) => tag.startsWith('video-call-')\`.
 *
 * Objects go as JSON (\`:ice-servers="JSON.stringify(servers)"\`), or to properties through a template ref: bound as they are, Vue would
 * write "[object Object]" where the element's code has not been loaded yet. So the types take text alone.
 */
import type { HTMLAttributes, PublicProps } from 'vue';
${imports(elements)}
${HANDLER}
/** An element as Vue's tools know a component. */
type Element<Instance extends HTMLElement, Props> = new () => Instance & { readonly $props: Props & HTMLAttributes & PublicProps };

${interfaces(
  elements,
  'Props',
  () => `Omit<HTMLAttributes, 'lang'>`,
  (element) => settings(element) + handlers(element),
)}
declare module 'vue' {
  interface GlobalComponents {
${elements.map(({ tag, className }) => `    '${tag}': Element<${className}, ${className}Props>;\n`).join('')}  }
}
`;
}
