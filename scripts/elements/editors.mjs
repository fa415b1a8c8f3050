/** What editors read to complete, explain and check the elements in HTML: VS Code's custom data and JetBrains' web-types, made from the elements' docs. */

/** @import { ElementDoc, Setting } from './model.mjs' */

const bare = (/** @type {string} */ source) => source.replaceAll(/^'|'$/g, '');
const usual = ({ fallback, boolean }) => (boolean || !bare(fallback) ? '' : `\n\nDefault: \`${bare(fallback)}\``);
const line = ({ name, description }) => `- \`${name || 'default'}\`: ${description}`;
const section = (title, list) => (list.length > 0 ? `\n\n**${title}**\n\n${list.map(line).join('\n')}` : '');

/** Custom data for HTML, format 1.1: only what belongs in markup, so none of the attributes that the elements write themselves. @param {ElementDoc[]} elements */
export function vscodeData(elements) {
  const attribute = ({ name, description, words, boolean, ...setting }) => ({
    name,
    description: { kind: 'markdown', value: description + usual({ boolean, ...setting }) },
    ...(boolean && { valueSet: 'v' }),
    ...(words && { values: words.map((word) => ({ name: word })) }),
  });
  return {
    version: 1.1,
    tags: elements.map(({ tag, description, attributes, events, slots }) => ({
      name: tag,
      description: { kind: 'markdown', value: description + section('Events', events) + section('Slots', slots) },
      attributes: attributes.map(attribute),
    })),
  };
}

/** @param {Setting} setting */
function valueOf({ words, boolean, number, fallback }) {
  const type = boolean ? 'boolean' : number ? 'number' : words ? words.map((word) => `'${word}'`).join(' | ') : 'string';
  return { value: { type, required: !boolean }, ...(bare(fallback) && { default: bare(fallback) }) };
}

const named = ({ name, description }) => ({ name, description });

/** Web-types, for the package of this name and version. @param {ElementDoc[]} elements @param {{ name: string, version: string }} package_ */
export function webTypes(elements, { name, version }) {
  const property = ({ property, type, description }) => ({ name: property, type, description });
  const element = ({ tag, description, attributes, properties, methods, events, slots, parts, cssProperties, className }) => ({
    name: tag,
    description,
    attributes: attributes.map((attribute) => ({ ...named(attribute), ...valueOf(attribute) })),
    slots: slots.map(named),
    js: {
      properties: [
        ...attributes.map(property),
        ...properties.map((setting) => ({ ...property(setting), 'read-only': true })),
        ...methods.map(({ name, signature, description }) => ({
          name,
          type: `${signature.slice(name.length).replace('): ', ') => ')}`,
          description,
        })),
      ],
      events: events.map(({ name, type, description }) => ({ name, type, description })),
    },
    css: {
      properties: cssProperties.map(({ name, description, fallback }) => ({ name, description, ...(fallback && { default: fallback }) })),
      parts: parts.map(named),
    },
    source: { module: name, symbol: className },
  });
  return {
    $schema: 'https://json.schemastore.org/web-types',
    name,
    version,
    'js-types-syntax': 'typescript',
    'description-markup': 'markdown',
    contributions: { html: { elements: elements.map(element) } },
  };
}
