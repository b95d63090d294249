// A tree of what is to be shown, and how a page is made to show it: only what differs is touched, so nothing
// flickers, and focus, selection and what a person has opened stay.

/** @import { Element, Node } from './types' */

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | Node[])} children
 * @returns {Element}
 */
export function h(tag, attributes = {}, ...children) {
  const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)]);
  return { tag, attributes: Object.fromEntries(texts), children: children.flat() };
}

/**
 * All text in it, as it would be read out.
 * @param {Node} node
 * @returns {string}
 */
export function textOf(node) {
  return typeof node === 'string' ? node : node.children.map(textOf).join(' ');
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes `parent` show `nodes` and nothing else.
 * @param {globalThis.Element} parent
 * @param {Node[]} nodes
 */
export function show(parent, nodes) {
  nodes.forEach((node, index) => {
    const there = parent.childNodes[index];
    if (typeof node === 'string') showText(parent, there, node);
    else showElement(parent, there, node);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild?.remove();
}

/**
 * @param {globalThis.Element} parent
 * @param {ChildNode | undefined} there
 * @param {string} text
 */
function showText(parent, there, text) {
  if (there?.nodeType !== 3) put(parent, there, document.createTextNode(text));
  else if (there.nodeValue !== text) there.nodeValue = text;
}

/**
 * @param {globalThis.Element} parent
 * @param {ChildNode | undefined} there
 * @param {Element} node
 */
function showElement(parent, there, node) {
  const isSame = there instanceof globalThis.Element && there.localName === node.tag;
  const isSvg = node.tag === 'svg' || parent.namespaceURI === SVG;
  const element = isSame
    ? there
    : isSvg
      ? document.createElementNS(SVG, node.tag)
      : document.createElement(node.tag);
  for (const [name, value] of Object.entries(node.attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  for (const name of element.getAttributeNames()) {
    // Whether <details> is open is the person's.
    if (!(name in node.attributes) && name !== 'open') element.removeAttribute(name);
  }
  show(element, node.children);
  if (!isSame) put(parent, there, element);
}

/**
 * @param {globalThis.Element} parent
 * @param {ChildNode | undefined} there
 * @param {globalThis.Node} node
 */
function put(parent, there, node) {
  if (there) there.replaceWith(node);
  else parent.append(node);
}
