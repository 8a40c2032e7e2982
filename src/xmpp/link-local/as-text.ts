import { Element, element } from '../element.js';

const XHTML_IM = 'http://jabber.org/protocol/xhtml-im';
const XHTML = 'http://www.w3.org/1999/xhtml';

/**
 * A message whose text is read as text. Pidgin and its kin take a plain body for markup on the link: what a thing wrote
 * into its tags would be links and pictures there, in the hub's name. They read XHTML (XEP-0071) first, but only as iChat
 * writes it, with a font; the text is escaped there. Where nothing looks like markup the body is enough.
 */
export function asText(stanza: Element): Element {
  const text = stanza.name === 'message' ? stanza.child('body')?.text() : undefined;
  if (text === undefined || !/[<>&]/.test(text) || stanza.child('html', XHTML_IM) !== undefined)
    return stanza;
  const lines = text
    .split('\n')
    .flatMap((line, place) => (place === 0 ? [line] : [element('br', XHTML), line]));
  const font = new Element('font', XHTML, {}, lines);
  const html = element('html', XHTML_IM, {}, element('body', XHTML, {}, font));
  return new Element(stanza.name, stanza.ns, stanza.attributes, [...stanza.children, html]);
}
