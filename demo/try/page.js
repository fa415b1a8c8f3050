/** The page that is made of the reader's HTML. What stays as it was is left alone, so that a call goes on while attributes change. */

/** The attributes that the HTML has given to each element; others are the element's own. */
const given = new WeakMap();

/**
 * Makes the children of an element what this HTML says. Scripts in it do not run.
 *
 * @param {Element} parent
 * @param {string} html
 */
export function show(parent, html) {
  const template = parent.ownerDocument.createElement('template');
  template.innerHTML = html;
  adapt(parent, template.content);
}

function adapt(parent, wanted) {
  const nodes = [...wanted.childNodes];
  nodes.forEach((node, index) => {
    const there = parent.childNodes[index];
    if (!there) parent.append(copyOf(parent, node));
    else if (there.nodeName !== node.nodeName) there.replaceWith(copyOf(parent, node));
    else if (node.nodeType === Node.ELEMENT_NODE) renew(there, node);
    else if (there.data !== node.data) there.data = node.data;
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild.remove();
}

/** Brings attributes and children of an element up to date. */
function renew(element, wanted) {
  const before = given.get(element) ?? new Map();
  const now = attributesOf(wanted);
  for (const name of before.keys()) if (!now.has(name)) element.removeAttribute(name);
  for (const [name, value] of now) if (before.get(name) !== value) element.setAttribute(name, value);
  given.set(element, now);
  adapt(element, wanted);
}

function copyOf(parent, node) {
  const copy = parent.ownerDocument.importNode(node, true);
  for (const element of copy.querySelectorAll?.('*') ?? []) given.set(element, attributesOf(element));
  if (copy.nodeType === Node.ELEMENT_NODE) given.set(copy, attributesOf(copy));
  return copy;
}

const attributesOf = (element) => new Map([...element.attributes].map(({ name, value }) => [name, value]));
