/** Pieces of HTML as text: one attribute is written into it, and it is coloured for reading. Pure, but for the nodes that are made. */

const ATTRIBUTE = /\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/;
const opening = (tag) => new RegExp(`(<${tag})((?:${ATTRIBUTE.source})*)(\\s*/?>)`);

/** An attribute as it is written; the value in quotes that it does not have itself. */
function written(name, value) {
  if (value === '') return name;
  const quote = value.includes('"') ? "'" : '"';
  return `${name}=${quote}${quote === "'" ? value.replaceAll("'", '&#39;') : value}${quote}`;
}

/**
 * The text with this attribute on the first element of that name; without it where the value is null.
 *
 * @param {string} text
 * @param {string} tag
 * @param {string} name
 * @param {string | null} value
 * @returns {string} unchanged where there is no such element
 */
export function withAttribute(text, tag, name, value) {
  return text.replace(opening(tag), (_, start, attributes, end) => {
    const all = attributes.match(new RegExp(ATTRIBUTE.source, 'g')) ?? [];
    const at = all.findIndex((each) => each.trim().split(/[\s=]/, 1)[0] === name);
    if (value === null) return start + all.filter((_, index) => index !== at).join('') + end;
    // A new one stands where the last one does: below it, or beside it.
    const space = /^\s+/.exec(all[at] ?? all.at(-1) ?? ' ')[0];
    if (at >= 0) all[at] = space + written(name, value);
    else all.push(space + written(name, value));
    return start + all.join('') + end;
  });
}

const TOKENS = /(?<note><!--[^]*?(?:-->|$))|(?<tag><\/?[\w-]+|\/?>)|(?<value>"[^"]*"|'[^']*')|(?<name>[\w-]+(?==)|--[\w-]+(?=\s*:))/g;

/**
 * The same text in pieces, those that mean something in a `span` with a class: `note`, `tag`, `name` or `value`.
 *
 * @param {string} text
 * @returns {(string | HTMLSpanElement)[]}
 */
export function coloured(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [kind] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    const span = document.createElement('span');
    span.className = kind;
    span.textContent = match[0];
    pieces.push(text.slice(end, match.index), span);
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  return pieces;
}
