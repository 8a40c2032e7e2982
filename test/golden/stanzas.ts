import { Element } from '../../src/xmpp/element.js';
import { afterLogin } from '../../src/xmpp/limits.js';
import { XmlParser } from '../../src/xmpp/parser.js';

const HEADER =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

/** The stanzas of a fixture, read as a stream is. A fixture that is no XML throws: it is never skipped. */
export function readStanzas(text: string): Element[] {
  const stanzas: Element[] = [];
  const parser = new XmlParser(afterLogin, {
    header: () => undefined,
    element: (stanza) => stanzas.push(stanza),
    end: () => undefined,
  });
  parser.write(Buffer.from(`${HEADER}${text.trim()}`));
  if (stanzas.length === 0) throw new Error('the fixture holds no stanza');
  return stanzas;
}

/** An element as plain data: attributes in order, text trimmed, "..." of the specification left out. */
export function plain(element: Element | undefined): unknown {
  if (element === undefined) return undefined;
  const children = element.children.map((child) =>
    child instanceof Element ? plain(child) : child.replaceAll('...', '').trim(),
  );
  return {
    name: element.name,
    ns: element.ns,
    attributes: Object.fromEntries(Object.entries(element.attributes).sort()),
    children: children.filter((child) => child !== ''),
  };
}
