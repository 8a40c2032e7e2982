import type { Element } from './element.js';
import { escapeAttribute, escapeText } from './escape.js';
import { NS } from './namespaces.js';

/**
 * The element as XML, inside an element of namespace `contextNs`. A namespace is declared where it differs from the
 * parent's. With `streamPrefix`, the element itself is `<stream:…>` if it is of the streams' namespace, as clients
 * know `<stream:features/>` and `<stream:error/>`. Depth is limited by memory alone. Names are not escaped: they are
 * the program's own, or passed a parser.
 */
export function serialize(element: Element, contextNs: string, streamPrefix = false): string {
  const prefixed = streamPrefix && element.ns === NS.streams;
  const name = prefixed ? `stream:${element.name}` : element.name;
  let xml = startTag(element, name, prefixed ? element.ns : contextNs);
  if (element.children.length === 0) return `${xml}/>`;
  xml += '>';
  const open: Open[] = [{ element, name, ns: prefixed ? contextNs : element.ns, next: 0 }];
  for (let top = open[0]; top !== undefined; top = open[open.length - 1]) {
    const child = top.element.children[top.next++];
    if (child === undefined) {
      xml += `</${top.name}>`;
      open.pop();
    } else if (typeof child === 'string') xml += escapeText(child);
    else {
      xml += startTag(child, child.name, top.ns);
      if (child.children.length === 0) xml += '/>';
      else {
        xml += '>';
        open.push({ element: child, name: child.name, ns: child.ns, next: 0 });
      }
    }
  }
  return xml;
}

interface Open {
  readonly element: Element;
  readonly name: string;
  /** The default namespace inside. */
  readonly ns: string;
  next: number;
}

/** A start tag without its end. */
function startTag(element: Element, name: string, contextNs: string): string {
  let tag = `<${name}`;
  if (element.ns !== contextNs) tag += ` xmlns='${escapeAttribute(element.ns)}'`;
  const { attributes } = element;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) tag += ` ${key}='${escapeAttribute(value)}'`;
  }
  return tag;
}
