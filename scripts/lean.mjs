/**
 * Leaves out of the script-tag build what is for people or for pages that nobody has: Rollup plugins that change the source text, each
 * with a source map of what it did.
 */
import MagicString from 'magic-string';

/** What a plugin answers for a text that it may have changed. */
export const edited = (text) => (text.hasChanged() ? { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) } : null);

/** A plugin that edits the text of those modules that need it: `edit` is given the text, the file and Rollup's context. */
const editing = (name, needs, edit) => ({
  name,
  transform(code, file) {
    if (!needs(code, file)) return null;
    const text = new MagicString(code);
    edit(text, file, this);
    return edited(text);
  },
});

const leanSheet = (sheet) =>
  sheet
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([:,]) /g, '$1')
    .replace(/([:,( ])0\.(?=\d)/g, '$1.')
    .replaceAll(' !important', '!important')
    .replaceAll(' > ', '>')
    .replaceAll(' / ', '/')
    .replaceAll(';}', '}')
    .trim();

/** Style sheets without the blanks and comments that are for people, and without the check of what is put into them. */
export const leanStyles = editing(
  'lean-styles',
  (code) => code.includes('css'),
  (text) =>
    text
      .replace(/\bcss\b(?=[^\n]* from 'lit';)/, 'unsafeCSS')
      .replace(/\bcss`([^`]*)`/g, (_, sheet) => `unsafeCSS(\`${leanSheet(sheet)}\`)`),
);

/** Every node of a syntax tree. */
function* nodesOf(node) {
  if (!node || typeof node !== 'object') return;
  if (typeof node.type === 'string') yield node;
  for (const value of Object.values(node)) yield* nodesOf(value);
}

/** Every class of a syntax tree that does not stand within another one. */
function* classesOf(node) {
  if (!node || typeof node !== 'object') return;
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') yield node;
  else for (const value of Object.values(node)) yield* classesOf(value);
}

/**
 * Private names that every class counts for itself, in the order in which they come: the minifier gives a name of the source the same short
 * one everywhere, so that most would have two letters. What is the same in many places is compressed better, too.
 */
export const countedPrivates = editing(
  'counted-privates',
  (code) => /#\w/.test(code),
  (text, file, rollup) => {
    for (const unit of classesOf(rollup.parse(text.original))) {
      const names = new Map();
      for (const { type, name, start, end } of nodesOf(unit)) {
        if (type !== 'PrivateIdentifier') continue;
        if (!names.has(name)) names.set(name, `#p${names.size}`);
        text.update(start, end, names.get(name), { storeName: true });
      }
    }
  },
);

const leanText = (text) => text.replace(/\s*\n\s*/g, ' ').replace(/(<\/[\w-]+) >/g, '$1>');

/** Markup without the line breaks and indents that are for people: one blank each, as a browser reads them. */
export const leanMarkup = editing(
  'lean-markup',
  (code) => /\b(?:html|svg)`/.test(code),
  (text, file, rollup) => {
    for (const { type, tag, quasi } of nodesOf(rollup.parse(text.original))) {
      if (type !== 'TaggedTemplateExpression' || !/^(?:html|svg)$/.test(tag.name)) continue;
      for (const { start, end } of quasi.quasis) {
        const before = text.original.slice(start, end);
        const after = leanText(before);
        if (after !== before) text.update(start, end, after);
      }
    }
  },
);

/** Lit's declared properties in place of its decorators: the same in a few hundred bytes less. */
export const declaredProperties = editing(
  'declared-properties',
  (code) => code.includes("from 'lit/decorators.js'"),
  (text, file, rollup) => {
    const options = [];
    const heads = text.original.match(/^export (?:abstract )?class \w+ extends \w+[^{]*\{/gm) ?? [];
    text
      .replace("import { property } from 'lit/decorators.js';", '')
      .replace(/@property\(([^()]*)\) ((?:override )?(\w+)[!?:= ])/g, (_, option, rest, name) => {
        options.push(`${name}: ${option || '{}'}`);
        return rest;
      });
    const odd = options.some((option) => /^(get|set|static|accessor|declare|readonly|private|protected|public):/.test(option));
    if (heads.length !== 1 || odd || /decorators\.js|@property\(|^ *@\w+\(/m.test(text.toString())) {
      rollup.error(`${file} must have one class, and no decorator but \`@property(…)\` before a plain field.`);
    }
    const body = text.original.indexOf(heads[0]) + heads[0].length;
    text.appendLeft(body, ` static properties = { ${options.join(', ')} };`);
  },
);

/** Lit without its doors for polyfills and for hydration, and without its list of copies: what runs this needs none of them. */
export const leanLit = editing(
  'lean-lit',
  (_, file) => /node_modules[\\/](?:@lit|lit-\w+)[\\/]/.test(file),
  (text, file, rollup) => {
    text.replace(/\b\w+\.\w+(?:Polyfill|Hydrate)Support\b/g, '(void 0)').replace(/\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[\d.]+"\)/g, '0');
    const left = /\w+(?:PolyfillSupport|HydrateSupport|Versions)\b/.exec(text.toString());
    if (left) rollup.error(`${file} has a hook of another form: ${left[0]}. Let the rule above find it, or drop the rule.`);
  },
);
