import type { Element } from '../../src/xmpp/element.js';
import { serialize } from '../../src/xmpp/serialize.js';
import { readStanzas } from '../golden/stanzas.js';

/** One stanza, written as XML. */
export function stanza(xml: string): Element {
  const [only, ...more] = readStanzas(xml);
  if (only === undefined || more.length > 0) throw new Error(`not one stanza: ${xml}`);
  return only;
}

/**
 * Whether a stanza fits a pattern: same name and namespace, every attribute of the pattern (`{any}` fits any value),
 * every child of the pattern in its order, and its text where it has some. What the pattern leaves out may be there.
 */
export function fits(actual: Element, pattern: Element): boolean {
  if (actual.name !== pattern.name || actual.ns !== pattern.ns) return false;
  for (const [name, value] of Object.entries(pattern.attributes)) {
    const found = actual.attribute(name);
    if (found === undefined || (value !== '{any}' && found !== value)) return false;
  }
  const text = pattern.text().trim();
  if (text !== '' && !actual.text().includes(text)) return false;
  const rest = actual.elements();
  for (const child of pattern.elements()) {
    const at = rest.findIndex((candidate) => fits(candidate, child));
    if (at < 0) return false;
    rest.splice(0, at + 1);
  }
  return true;
}

/** A stanza as text, for a message about what did not fit. */
export function show(element: Element): string {
  return serialize(element, 'jabber:client');
}
