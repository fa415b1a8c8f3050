/** What the elements have, read from the docs in their sources: the one place that all typings, editors' data and pages are made from. */
import { fileURLToPath } from 'node:url';
import { cli as analyze } from '@custom-elements-manifest/analyzer/cli.js';
import { openTypes } from './types.mjs';

/** @import { Field, NamedType } from './types.mjs' */

/**
 * An attribute, or a property without one.
 *
 * @typedef {object} Setting
 * @property {string} name
 * @property {string} property The property of the same value; its own name where it is a property.
 * @property {string} type As it is written in the source.
 * @property {string[] | undefined} words What it may be, where that is a list of words.
 * @property {boolean} boolean
 * @property {boolean} number
 * @property {boolean} object Whether the property takes more than text: the attribute takes it as JSON.
 * @property {string} fallback What it is by default, as source; empty for nothing.
 * @property {string} description
 * @property {boolean} shared Whether all elements have it.
 */

/** @typedef {{ name: string, type?: string, description: string }} Sign An attribute that only the element writes. */
/** @typedef {{ name: string, signature: string, description: string }} Method */
/** @typedef {{ name: string, type: string, description: string, fields: Field[] }} EventDoc */
/** @typedef {{ name: string, description: string, fallback?: string }} Named */

/**
 * @typedef {object} ElementDoc
 * @property {string} tag
 * @property {string} className
 * @property {string} description
 * @property {Setting[]} attributes
 * @property {Sign[]} signs
 * @property {Setting[]} properties Those that can be read only.
 * @property {Method[]} methods
 * @property {EventDoc[]} events
 * @property {Named[]} slots
 * @property {Named[]} parts
 * @property {Named[]} cssProperties
 * @property {Named[]} states
 */

const ORDER = ['video-call-button', 'video-call-panel', 'video-call-roster', 'video-call-history'];
/** A tag that is not in the list comes last. */
const placeOf = (tag) => (ORDER.includes(tag) ? ORDER.indexOf(tag) : ORDER.length);

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @returns {Promise<{ manifest: object, elements: ElementDoc[], types: NamedType[] }>} */
export async function readElements() {
  const raw = await analyze({ argv: ['analyze', '--quiet'], cwd: root, noWrite: true });
  const types = openTypes(root);
  const manifest = published(raw, types);
  const classes = manifest.modules.flatMap(({ declarations }) => declarations).filter(({ tagName }) => tagName);
  classes.sort((one, other) => placeOf(one.tagName) - placeOf(other.tagName));
  const elements = classes.map((declaration) => elementOf(declaration, types));
  const around = new Set(elements.flatMap(({ className, events }) => [className, ...events.map(({ type }) => type)]));
  return { manifest, elements, types: types.typesAround(around) };
}

/** The manifest as the package has it: paths of modules that are in it, and what the events carry. */
function published(raw, types) {
  const manifest = JSON.parse(
    JSON.stringify(raw).replaceAll(/"\/?(components\/[\w./-]+)\.(?:ts|js)"/g, (_, path) => JSON.stringify(`dist/${path}.js`)),
  );
  for (const declaration of manifest.modules.flatMap(({ declarations }) => declarations)) {
    if (declaration.superclass?.name !== 'Event') continue;
    declaration.superclass = { name: 'Event', package: 'global:' };
    declaration.members = types.fieldsOf(declaration.name).map(({ name, type, description }) => ({
      kind: 'field',
      name,
      type: { text: type },
      ...(description && { description }),
      readonly: true,
    }));
  }
  return manifest;
}

const sentence = (text = '') => text.replaceAll(/\s*\n\s*/g, ' ').trim();
const named = ({ name, description, default: fallback }) => ({ name, description: sentence(description), ...(fallback && { fallback }) });

/** @returns {ElementDoc} */
function elementOf(declaration, types) {
  const { name: className, tagName: tag } = declaration;
  const fields = declaration.members.filter(({ kind, privacy, static: ofClass }) => kind === 'field' && !privacy && !ofClass);
  const setting = (field, name) => ({
    name,
    property: field.name,
    type: field.type?.text ?? 'unknown',
    ...types.memberOf(className, field.name),
    fallback: field.default ?? '',
    description: sentence(field.description),
    shared: !!field.inheritedFrom,
  });
  const settable = fields.filter(({ attribute, readonly }) => attribute && !readonly);
  const isSettable = ({ name }) => settable.some(({ attribute }) => attribute === name);
  return {
    tag,
    className,
    description: sentence(declaration.description),
    attributes: settable.map((field) => setting(field, field.attribute)),
    signs: (declaration.attributes ?? [])
      .filter((attribute) => !isSettable(attribute))
      .map(({ name, type, description }) => ({ name, type: type?.text, description: sentence(description) })),
    properties: fields.filter(({ readonly }) => readonly).map((field) => setting(field, field.name)),
    methods: declaration.members.filter(({ kind, privacy }) => kind === 'method' && !privacy).map(methodOf),
    events: (declaration.events ?? []).map(({ name, type, description }) => ({
      name,
      type: type.text,
      description: sentence(description),
      fields: types.fieldsOf(type.text),
    })),
    slots: (declaration.slots ?? []).map(named),
    parts: (declaration.cssParts ?? []).map(named),
    cssProperties: (declaration.cssProperties ?? []).map(named),
    states: (declaration.cssStates ?? []).map(named),
  };
}

/** @returns {Method} */
function methodOf({ name, parameters = [], return: answer, description }) {
  const list = parameters.map(({ name: parameter, type, optional, default: fallback }) => {
    // A parameter that is taken apart at once has no name of its own.
    const called = parameter.startsWith('{') ? 'options' : parameter;
    return `${called}${optional || fallback ? '?' : ''}: ${type.text}`;
  });
  return { name, signature: `${name}(${list.join(', ')}): ${answer?.type.text ?? 'void'}`, description: sentence(description) };
}
